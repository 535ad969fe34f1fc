"""``typing.get_type_hints`` works on all that is public: beartype, typeguard and others need it at run time."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_type_hints

import hcloud_images
import pytest

MODULES = [
    "hcloud_images",
    *(
        module.name
        for module in pkgutil.walk_packages(hcloud_images.__path__, "hcloud_images.")
        if not any(part.startswith("_") for part in module.name.split("."))
    ),
]


def exports(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield what a module has of its own, or of private modules."""
    for name in dir(module):
        value = getattr(module, name)
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("hcloud_images"):
            yield name, value


def callables(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a class and its methods, those that it inherits too, or a function."""
    yield name, inspect.unwrap(value)
    for attribute in dir(value) if isinstance(value, type) else ():
        member = inspect.getattr_static(value, attribute)
        member = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        member = inspect.unwrap(member) if callable(member) else member
        if inspect.isfunction(member) and (member.__module__ or "").startswith("hcloud_images"):
            yield f"{name}.{attribute}", member


@pytest.mark.parametrize("module", MODULES)
def test_type_hints(module: str) -> None:
    unknown = {}
    for name, value in exports(import_module(module)):
        for path, function in callables(name, value) if callable(value) else ():
            try:
                get_type_hints(function)
            except Exception as error:  # noqa: BLE001 - whatever it is
                unknown[path] = repr(error)
    assert not unknown


def test_both_kinds_are_looked_at() -> None:
    found = {path for name, value in exports(hcloud_images.images) for path, _ in callables(name, value)}
    assert {
        "ImagesClient.get_all",
        "AsyncImagesClient.get_all",
        "Image",
        "BoundImage.__init__",
        "Image.from_dict",
    } <= found
    hints = get_type_hints(hcloud_images.actions.ActionsClient.wait)["actions"]
    assert "Action" in str(hints)
