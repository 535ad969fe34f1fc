"""The sandbox, for all tests: one server for the whole run, as new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hcloud_images_sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    sandbox_server.control.reset()
    return sandbox_server
