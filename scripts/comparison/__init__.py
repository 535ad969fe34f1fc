"""Compares an official description with ours, by meaning; the verbs are ``drift.py`` and ``adopt.py``."""
