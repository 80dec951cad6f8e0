"""Measures of answers, one idea a file, each with its source; `METRICS` has them all by name."""
