"""The sandbox, for all tests: one server for the whole run, as new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import anyio.lowlevel
import pytest
from hcloud_images_sandbox import Sandbox
from token_leaks import TOKEN, TokenLeakDetector

DETECTOR = pytest.StashKey[TokenLeakDetector]()
CASSETTES = Path(__file__).parent / "contract" / "cassettes"


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    with Sandbox(token=TOKEN) as sandbox:
        yield sandbox


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let retries and polls go on at once; private names, since users have no reason to do this."""
    monkeypatch.setattr("hcloud_images._runtime._sync.caller.sleep", lambda _: None)
    monkeypatch.setattr("hcloud_images._runtime._async.caller.sleep", lambda _: anyio.lowlevel.checkpoint())


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


def pytest_configure(config: pytest.Config) -> None:
    config.stash[DETECTOR] = TokenLeakDetector()
    config.stash[DETECTOR].watch()


@pytest.fixture(autouse=True)
def no_token_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Look for the token in the errors and clients that a test leaves."""
    yield
    request.config.stash[DETECTOR].check_new_objects(request.node.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    for name, text in report.sections:
        item.config.stash[DETECTOR].check("output", text, f"{item.nodeid}, {name}")
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    detector = session.config.stash[DETECTOR]
    # A private name of pytest: fixtures are gone by now.
    made = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    detector.check_files([*CASSETTES.rglob("*.yaml"), *made.rglob("*.yaml")])
    if detector.hits:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    detector = config.stash[DETECTOR]
    checked = ", ".join(f"{count} of {kind}" for kind, count in sorted(detector.checked.items()))
    terminalreporter.write_line(f"token looked for: {checked}; {len(detector.hits)} hits")
    for hit in detector.hits[:20]:
        terminalreporter.write_line(f"token shown: {hit}", red=True)
