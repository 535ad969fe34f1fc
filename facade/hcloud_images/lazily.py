"""Modules that are loaded when something in them is first used: not every import leads to a request."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from importlib.util import LazyLoader
from types import ModuleType

_lock = threading.Lock()
_waiting: list[ModuleType] = []


class _Finder:
    """Finds what the others find, and has it loaded later."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        for finder in sys.meta_path:
            spec = None if finder is _Finder else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = LazyLoader(spec.loader)
                return spec
        return None


@contextmanager
def lazily() -> Generator[None]:
    """Around imports of modules as a whole: load them later."""
    before = set(sys.modules)
    sys.meta_path.insert(0, _Finder)
    try:
        yield
    finally:
        sys.meta_path.remove(_Finder)
        _waiting.extend(sys.modules[name] for name in sys.modules.keys() - before)


def load() -> None:
    """Load them now; before threads could do it side by side, which Python's own way doesn't stand."""
    with _lock:
        while _waiting:
            _ = _waiting[-1].__doc__
            _waiting.pop()
