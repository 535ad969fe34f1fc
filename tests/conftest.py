"""The sandbox, for all tests: one server for the whole run, as new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import anyio.lowlevel
import pytest
from canary import TOKEN, Lookout
from hcloud_images_sandbox import Sandbox

LOOKOUT = pytest.StashKey[Lookout]()
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
    config.stash[LOOKOUT] = Lookout()
    config.stash[LOOKOUT].watch()


@pytest.fixture(autouse=True)
def token_is_nowhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """Look for the token in the errors and clients that a test leaves."""
    yield
    request.config.stash[LOOKOUT].look_back(request.node.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    for name, text in report.sections:
        item.config.stash[LOOKOUT].look("output", text, f"{item.nodeid}, {name}")
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    lookout = session.config.stash[LOOKOUT]
    made = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    lookout.look_at_files([*CASSETTES.rglob("*.yaml"), *made.rglob("*.yaml")])
    if lookout.hits:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lookout = config.stash[LOOKOUT]
    looked = ", ".join(f"{count} of {kind}" for kind, count in sorted(lookout.looked.items()))
    terminalreporter.write_line(f"token looked for: {looked}; {len(lookout.hits)} hits")
    for hit in lookout.hits[:20]:
        terminalreporter.write_line(f"token shown: {hit}", red=True)
