"""The river and its doors: graph, steps, models, verifiers, settings, command line and SDK."""
