"""The sync recipes, derived from ``_async`` by ``scripts/unasync.py``; never edited."""
