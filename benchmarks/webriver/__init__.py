"""The web river measured over a small internet on loopback: what `benchmarks/web.py` runs."""
