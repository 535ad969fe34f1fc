"""What the public modules with async names have in common: these are imported on first use, and ``dir()`` has them."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from hcloud_images._values.missing import ELSEWHERE


def module_hooks(module: dict[str, Any], source: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make a module's ``__getattr__`` and ``__dir__``.

    Hide them from type checkers, which would take any name for one of the module's.

    :param module: The module's ``globals()``.
    :param source: Where its async names are defined.
    """

    def load(name: str) -> Any:
        if not name.startswith("Async"):
            where = "" if name.startswith("_") else f": {ELSEWHERE}"
            raise AttributeError(f"module {module['__name__']!r} has no attribute {name!r}{where}", name=name)
        return getattr(import_module(source), name)

    def list_names() -> list[str]:
        """Return the exports and submodules, and names with an underscore."""
        shown = {name for name, value in module.items() if name.startswith("_") or isinstance(value, ModuleType)}
        return sorted(shown | set(module["__all__"]))

    return load, list_names
