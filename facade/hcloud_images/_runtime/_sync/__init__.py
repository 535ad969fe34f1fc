"""What waits for the network, derived from ``_async`` by ``scripts/unasync.py``; never edited."""
