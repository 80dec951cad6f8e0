"""What several sources say together: where they conflict, which of them copy, and when what they say holds."""
