"""Development sets, measures, and the scripts that fit what ships with weights."""
