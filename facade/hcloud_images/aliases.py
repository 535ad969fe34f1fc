"""Names that are found without being loaded before someone asks for them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any


def alias(name: str, module: ModuleType) -> None:
    """Let a module be imported under another name as well, below a module that need not be a package.

    The official package has such paths, and programs import from them.
    """
    parent, _, last = name.rpartition(".")
    sys.modules[name] = module
    setattr(sys.modules[parent], last, module)


def lazy(module: str, place: str) -> Callable[[str], Any]:
    """Make a module's ``__getattr__`` that loads the async names from their place on first use."""

    def getattribute(name: str) -> Any:
        if not name.startswith("Async"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        value = getattr(import_module(place), name)
        setattr(sys.modules[module], name, value)
        return value

    return getattribute
