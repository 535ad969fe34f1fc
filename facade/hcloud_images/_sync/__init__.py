"""The sync clients, derived from ``_async`` by ``scripts/unasync.py``; never edited."""
