"""Models served over HTTP by somebody else: one way to them, and what can go wrong on it."""
