"""The page for those who come from the official client has each of its names."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import hcloud
import hcloud_images

PAGE = Path(__file__).parents[2] / "docs" / "migrating.md"
TABLES = "\n".join(line for line in PAGE.read_text().splitlines() if line.startswith("|"))
#: What stands there in code, with and without what it belongs to.
NAMED = {part for text in re.findall(r"`([^`]+)`", TABLES) for part in (text, text.rpartition(".")[2])}


def official_names() -> Iterator[str]:
    yield from hcloud.__all__
    yield from inspect.signature(hcloud.Client).parameters
    for package in ("images", "actions", "core", "deprecation"):
        module = importlib.import_module(f"hcloud.{package}")
        for name in module.__all__:
            yield name
            bases = getattr(getattr(module, name), "__mro__", ())
            own = [base for base in bases if base.__module__.startswith("hcloud")]
            yield from (part for base in own for part in vars(base) if not part.startswith("_"))


def test_official_names_are_in_a_table() -> None:
    names = set(official_names())
    assert len(names) > 80
    assert not names - NAMED


def test_new_arguments_of_the_client_are_named() -> None:
    assert not set(inspect.signature(hcloud_images.Client).parameters) - NAMED
