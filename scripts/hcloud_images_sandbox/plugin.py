"""Fixtures for pytest: the sandbox, and clients of it.

In a ``conftest.py``: ``pytest_plugins = ["hcloud_images_sandbox.plugin"]``. A test asks for ``sandbox_client`` (or
``sandbox_async_client``), and for ``hcloud_sandbox`` to change what it does or to read what it received. Programs
that make their own client, in any language, take ``hcloud_sandbox.url`` and ``hcloud_sandbox.token``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hcloud_images import AsyncClient, Client

from hcloud_images_sandbox import Sandbox


@pytest.fixture(scope="session")
def hcloud_sandbox_server() -> Iterator[Sandbox]:
    """Run one sandbox for all tests; override it for other arguments."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def hcloud_sandbox(hcloud_sandbox_server: Sandbox) -> Sandbox:
    """Provide the sandbox, reset to its start.

    Its clock starts at noon (UTC) of June 1, 2026, and advances by a second with each request, so that actions end
    without waiting: ``control.advance(3600)`` lets an hour pass, ``control.unfreeze()`` and ``control.auto_advance(0)``
    go back to real time.
    """
    control = hcloud_sandbox_server.control
    control.reset()
    control.freeze()
    control.auto_advance(1)
    return hcloud_sandbox_server


@pytest.fixture
def sandbox_options(hcloud_sandbox: Sandbox) -> dict[str, Any]:
    """Provide the options of a client of the sandbox; override it to change or add some."""
    return {"token": hcloud_sandbox.token, "api_endpoint": hcloud_sandbox.url, "clock": hcloud_sandbox.control.clock}


@pytest.fixture
def sandbox_client(sandbox_options: dict[str, Any]) -> Iterator[Client]:
    """Provide a client of the sandbox."""
    with Client(**sandbox_options) as client:
        yield client


@pytest.fixture
def sandbox_async_client(sandbox_options: dict[str, Any]) -> AsyncClient:
    """Provide a client for async tests; open it with ``async with``."""
    return AsyncClient(**sandbox_options)
