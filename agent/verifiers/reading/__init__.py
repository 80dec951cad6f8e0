"""What a sentence says, taken apart by rules: its claims, words, numbers with units, dates, names and modality."""
