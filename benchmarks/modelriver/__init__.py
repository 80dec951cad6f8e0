"""The river with a model measured over a scripted model server: what `benchmarks/models.py` runs."""
