"""Turns the description into ``generated/``; the verb is ``regenerate.py``."""
