"""Helpers of the public modules: async names, which are imported on first use, and ``__dir__``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from hcloud_images._values.missing import ELSEWHERE


def load_async(module: str, source: str, name: str) -> Any:
    """Import an async name from where it is defined; for a module's ``__getattr__``."""
    if not name.startswith("Async"):
        where = "" if name.startswith("_") else f": {ELSEWHERE}"
        raise AttributeError(f"module {module!r} has no attribute {name!r}{where}", name=name)
    return getattr(import_module(source), name)


def list_names(names: Mapping[str, Any]) -> list[str]:
    """Return the exports and submodules of a module, and names with an underscore; for its ``__dir__``.

    :param names: The module's ``globals()``.
    """
    shown = {name for name, value in names.items() if name.startswith("_") or isinstance(value, ModuleType)}
    return sorted(shown | set(names["__all__"]))
