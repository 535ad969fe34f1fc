"""The page of all names has each public one."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest
from hcloud_images import Client
from hcloud_images.actions import BoundAction
from hcloud_images.images import BoundImage
from hcloud_images.servers import BoundServer

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "names.md").read_text()
MODULES = re.findall(r"`(hcloud_images[\w.]*)`", PAGE)


def named(text: str) -> set[str]:
    found = re.findall(r"`(\w+)`(\\\*)?", text)
    return {name for name, _ in found} | {f"Async{name}" for name, has_twin in found if has_twin}


def row(start: str) -> set[str]:
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| {start} ")]
    return named(line)


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith((".aio", ".plugin", ".Client"))])
def test_names_of_a_module(module: str) -> None:
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"- **`{module}`**")]
    names = line.partition(": ")[2].partition("; fixtures in")[0]
    if module == "hcloud_images":
        names += PAGE.partition("Exceptions, which")[2].partition("##")[0]
    assert named(names) == set(importlib.import_module(module).__all__)


def test_methods() -> None:
    client = Client("a-token-of-no-project")
    parts = {
        "`Client`": Client,
        "`client.images`": type(client.images),
        "an image": BoundImage,
        "`client.servers`": type(client.servers),
        "a server": BoundServer,
        "`client.actions`": type(client.actions),
        "`client.images.actions`": type(client.images.actions),
        "an action": BoundAction,
    }
    for start, kind in parts.items():
        own = [base for base in kind.__mro__ if base.__module__.startswith("hcloud_images._")]
        functions = {name for base in own for name, value in vars(base).items() if inspect.isroutine(value)}
        assert {name for name in functions if name[0] != "_"} - row(start) <= {"has_id_or_name"}, start
    client.close()
