"""Measures of retrieval, one a file, each with its source."""
