"""Loads the async names of a module when someone asks for them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load_async(module: str, source: str, name: str) -> Any:
    """Return an async name from where it is defined; for a module's ``__getattr__``."""
    if not name.startswith("Async"):
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return getattr(import_module(source), name)
