"""What a question says by its words alone: its kind, time, place, parts, and what it refers to."""
