"""Plays scenarios on cassettes: strictly, with all kinds of client, and with all that comes out of it written down.

Recorded against the sandbox, cassettes name the address of the real API, which the replaying clients use. Beside each
cassette is what the calls of the scenario gave, as JSON: a replay that gives anything else fails.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client_kinds import CLIENT_KINDS, ClientKind
from hcloud_images import RetryPolicy
from hcloud_images.testing import Scrubber, cassette
from hcloud_images_sandbox.server import Sandbox
from pytest_recording.network import blocking_context
from token_leaks import TOKEN

from contract.coverage import Coverage
from contract.results import results, watch

ENDPOINT = "https://api.hetzner.cloud/v1"
SERVER = 42
QUICK: dict[str, Any] = {"poll_interval": 0, "retry": RetryPolicy(attempts=1)}
CASSETTES = Path(__file__).parent / "cassettes"
Scenario = Callable[[Any], Any]
Prepare = Callable[[Sandbox], None]
Play = Callable[..., Any]
COVERAGE = pytest.StashKey[Coverage]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COVERAGE] = Coverage()


@pytest.fixture(params=CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
def client_kind(request: pytest.FixtureRequest) -> ClientKind:
    return request.param


@pytest.fixture
def cassette_path(request: pytest.FixtureRequest) -> Path:
    # The kinds of client share a cassette: they have to ask for the same. Cases of a table have one each.
    case = getattr(request.node, "callspec", None)
    cases = [] if case is None else [str(value) for name, value in case.params.items() if name != "client_kind"]
    name = "-".join([request.function.__name__.removeprefix("test_"), *cases])
    return CASSETTES / request.path.stem.removeprefix("test_") / f"{name}.yaml"


@pytest.fixture
def play(request: pytest.FixtureRequest, client_kind: ClientKind, record_mode: str, cassette_path: Path) -> Play:
    """Run a scenario on its cassette, or on a sandbox when recording; ``prepare`` sets up the latter."""

    def run(scenario: Scenario, prepare: Prepare | None = None, **options: Any) -> None:
        if record_mode == "none":
            replay(request.config, client_kind, cassette_path, scenario, options)
            return
        with Sandbox(token=TOKEN) as sandbox:
            sandbox.control.freeze()
            sandbox.control.auto_advance(1)
            if prepare:
                prepare(sandbox)
            scrubber = Scrubber(sandbox.url, (sandbox.token,))
            record(client_kind, cassette_path, scenario, scrubber, sandbox.token, sandbox.url, **{**QUICK, **options})

    return run


@pytest.fixture
def play_live(request: pytest.FixtureRequest, play: Play, client_kind: ClientKind, cassette_path: Path) -> Play:
    """The same for scenarios that take the id of a server, and can be recorded against the real API."""

    def run(scenario: Callable[[Any, int], Any]) -> None:
        server = os.environ.get("HCLOUD_RECORDING_SERVER")
        if not server:
            play(lambda client: scenario(client, SERVER))
            return
        token, endpoint = os.environ["HCLOUD_TOKEN"], os.environ.get("HCLOUD_ENDPOINT", ENDPOINT)
        scrubber = Scrubber(endpoint, (token,), private=True, known={server: SERVER})
        record(client_kind, cassette_path, lambda client: scenario(client, int(server)), scrubber, token, endpoint)

    return run


def seen_by(client_kind: ClientKind, scenario: Scenario, *arguments: str, **options: Any) -> dict[str, Any]:
    """Run a scenario, and return all that came out of it."""
    responses: list[Any] = []

    async def watched(client: Any) -> None:
        nonlocal responses
        responses = watch(client)
        await scenario(client)

    with results() as calls:
        client_kind.run(watched, *arguments, **options)
    return {"calls": calls, "responses": responses}


def ordered(seen: dict[str, Any]) -> dict[str, Any]:
    """Put the responses in an order of their own: pages may arrive in any."""
    return {**seen, "responses": sorted(seen["responses"], key=json.dumps)}


def replay(
    config: pytest.Config, client_kind: ClientKind, path: Path, scenario: Scenario, options: dict[str, Any]
) -> None:
    with blocking_context(), cassette(path) as tape:
        seen = seen_by(client_kind, scenario, TOKEN, ENDPOINT, **{**QUICK, **options})
    config.stash[COVERAGE].add(path, client_kind, tape)
    recorded = json.loads(path.with_suffix(".json").read_text())
    assert ordered(seen) == recorded, "other results than recorded; where that is meant, `make record` (3 minutes)"


def record(
    client_kind: ClientKind, path: Path, scenario: Scenario, scrubber: Scrubber, *arguments: str, **options: Any
) -> None:
    with cassette(path, record=True, scrubber=scrubber):
        # One page after the other: side by side, their order would differ from recording to recording.
        seen = seen_by(client_kind, scenario, *arguments, **options, page_window=1)
    seen = ordered(json.loads(scrubber.clean(json.dumps(seen, ensure_ascii=False))))
    path.with_suffix(".json").write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of the whole suite that leaves cassettes unused."""
    whole = not session.config.option.keyword and session.config.getoption("--record-mode") is None
    items = [item for item in session.items if item.path.parent == Path(__file__).parent]
    collected = {item.path for item in items}
    if not whole or session.testsfailed or collected != set(Path(__file__).parent.glob("test_*.py")):
        return
    coverage = session.config.stash[COVERAGE]
    problems = [f"no test plays {path.relative_to(CASSETTES)}" for path in coverage.unused(CASSETTES)]
    problems += coverage.empty_cells()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--coverage-table"):
        coverage.show()
    for problem in problems:
        reporter.write_line(problem, red=True)
    if problems:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
