"""The sync half, derived from ``_async`` by ``scripts/unasync.py``; never edited."""
