"""One file a step; each reads State, uses Deps and returns the fields it changes."""
