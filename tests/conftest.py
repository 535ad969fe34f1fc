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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--coverage-table", action="store_true", help="print which operation was played with which end")
    parser.addoption("--source", default=None, help="an official description to hold the cassettes against as well")
    parser.addoption(
        "--fault-table", action="store_true", help="print what became of the faults, and fail where too late"
    )
