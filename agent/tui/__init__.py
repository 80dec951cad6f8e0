"""The chat in the terminal: `fontes chat`."""
