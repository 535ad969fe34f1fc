"""Fixtures for pytest: a client on a cassette.

A test asks for ``recorded_client`` (or ``recorded_async_client``). It replays ``cassettes/<module>/<test>.yaml`` next
to the test, with the network blocked. ``pytest --record-mode=once`` with ``HCLOUD_TOKEN`` set records it first. To
record from another URL than the real one, set ``HCLOUD_ENDPOINT``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pytest_recording.network import blocking_context

from hcloud_images import AsyncClient, Client, RetryPolicy
from hcloud_images.testing.cassettes import cassette
from hcloud_images.testing.scrubbing import ENDPOINT, Scrubber


class _StandingClock:
    """Advances by waits alone, so that none takes real time."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


@pytest.fixture
def cassette_path(request: pytest.FixtureRequest) -> Path:
    """Return the path of a test's cassette; override it to keep cassettes elsewhere."""
    # Two classes of a module may have a test of the same name.
    names = [*request.node.nodeid.split("::")[1:-1], request.node.name.removeprefix("test_")]
    name = re.sub(r"[^\w\[\].-]+", "-", ".".join(names))
    return request.path.parent / "cassettes" / request.path.stem / f"{name}.yaml"


@pytest.fixture
def recorded_options(record_mode: str, cassette_path: Path) -> Iterator[dict[str, Any]]:
    """Provide the options of a client on the cassette; override it to change or add some."""
    record = record_mode == "all" or (record_mode != "none" and not cassette_path.exists())
    with ExitStack() as stack:
        if record:
            token, endpoint = os.environ.get("HCLOUD_TOKEN"), os.environ.get("HCLOUD_ENDPOINT", ENDPOINT)
            if not token:
                pytest.fail("recording needs HCLOUD_TOKEN, the API token of a project to record from")
            options: dict[str, Any] = {"token": token, "api_endpoint": endpoint}
            scrubber = Scrubber(endpoint, (token,), private=True)
        else:
            stack.enter_context(blocking_context())
            options = {"token": "none-is-needed", "clock": _StandingClock(), "retry": RetryPolicy(attempts=1)}
            scrubber = Scrubber()
        stack.enter_context(cassette(cassette_path, record=record, scrubber=scrubber))
        yield options


@pytest.fixture
def recorded_client(recorded_options: dict[str, Any]) -> Iterator[Client]:
    """Provide a client on the cassette of this test."""
    with Client(**recorded_options) as client:
        yield client


@pytest.fixture
def recorded_async_client(recorded_options: dict[str, Any]) -> AsyncClient:
    """Provide a client for async tests; open it with ``async with``."""
    return AsyncClient(**recorded_options)
