"""The async recipes, written by hand; ``_sync`` is derived from this by ``scripts/unasync.py``."""
