"""Loads the async names of a module when someone asks for them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hcloud_images._missing import ELSEWHERE


def load_async(module: str, source: str, name: str) -> Any:
    """Return an async name from where it is defined; for a module's ``__getattr__``."""
    if not name.startswith("Async"):
        where = "" if name.startswith("_") else f": {ELSEWHERE}"
        raise AttributeError(f"module {module!r} has no attribute {name!r}{where}", name=name)
    return getattr(import_module(source), name)
