"""Plays scenarios on cassettes: strictly, in all flavours, and with all that comes out of it written down.

Recorded against the sandbox, cassettes name the address of the real API, which the replaying clients use. Beside each
cassette is what the calls of the scenario gave, as JSON: a replay that gives anything else fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flavours import FLAVOURS, Flavour
from hcloud_images import RetryPolicy
from hcloud_images.testing import Scrubber, cassette
from hcloud_images_sandbox.server import Sandbox
from pytest_recording.network import blocking_context

from contract.coverage import Coverage
from contract.outcomes import outcomes

ENDPOINT = "https://api.hetzner.cloud/v1"
CASSETTES = Path(__file__).parent / "cassettes"
Scenario = Callable[[Any], Any]
Prepare = Callable[[Sandbox], None]
Play = Callable[..., Any]
COVERAGE = pytest.StashKey[Coverage]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COVERAGE] = Coverage()


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    return request.param


@pytest.fixture
def cassette_path(request: pytest.FixtureRequest) -> Path:
    # The flavours share a cassette: they have to ask for the same. Cases of a table have one each.
    case = getattr(request.node, "callspec", None)
    cases = [] if case is None else [str(value) for name, value in case.params.items() if name != "flavour"]
    name = "-".join([request.function.__name__.removeprefix("test_"), *cases])
    return CASSETTES / request.path.stem.removeprefix("test_") / f"{name}.yaml"


@pytest.fixture
def play(request: pytest.FixtureRequest, flavour: Flavour, record_mode: str, cassette_path: Path) -> Play:
    """Run a scenario on its cassette, or on a sandbox when recording; ``prepare`` sets up the latter."""

    def run(scenario: Scenario, prepare: Prepare | None = None, **options: Any) -> Any:
        options = {"poll_interval": 0, "retry": RetryPolicy(attempts=1), **options}
        values = cassette_path.with_suffix(".json")
        if record_mode == "none":
            with blocking_context(), cassette(cassette_path) as tape, outcomes() as seen:
                result = flavour.run(scenario, "token", ENDPOINT, **options)
            request.config.stash[COVERAGE].add(cassette_path, flavour, tape)
            assert seen == json.loads(values.read_text())
            return result
        with Sandbox() as sandbox:
            sandbox.control.freeze()
            sandbox.control.auto_advance(1)
            if prepare:
                prepare(sandbox)
            scrubber = Scrubber(sandbox.url, (sandbox.token,))
            with cassette(cassette_path, record=True, scrubber=scrubber), outcomes() as seen:
                result = flavour.run(scenario, sandbox.token, sandbox.url, **options)
        values.write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n")
        return result

    return run


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
