"""Collects what became of each fault, and shows it."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator

import attrs
import pytest

#: Seconds that a call may take beyond its deadline.
OVERRUN = 0.25


@attrs.define
class Result:
    """What became of a call under a fault."""

    fault: str
    operation: str
    mode: str
    end: str
    overrun: float


RESULTS = pytest.StashKey[list[Result]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RESULTS] = []


@pytest.fixture(autouse=True, scope="package")
def little_to_collect() -> Iterator[None]:
    """Collecting garbage, as each test here does, needn't look at what was there before."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def results(pytestconfig: pytest.Config) -> list[Result]:
    return pytestconfig.stash[RESULTS]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Show the table where it is asked for, and hold the times against the limit."""
    results = session.config.stash[RESULTS]
    if not session.config.getoption("--fault-table") or not results:
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    rows: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in results:
        rows[one.operation, one.mode].append(one)
    reporter.write_line("")
    reporter.write_line(
        f"{'operation':10} {'mode':8} {'faults':>7} {'value':>7} {'error':>7}  worst time over deadline"
    )
    for (operation, mode), found in rows.items():
        worst = max(found, key=lambda one: one.overrun)
        values = sum(one.end == "value" for one in found)
        counts = f"{len(found):7} {values:7} {len(found) - values:7}"
        reporter.write_line(f"{operation:10} {mode:8} {counts}  {worst.overrun:.3f} s, {worst.fault}")
    late = [one for one in results if one.overrun > OVERRUN]
    reporter.write_line(
        f"{len({one.fault for one in results})} faults, {len(results)} calls, {len(late)} ended too late"
    )
    for one in late:
        reporter.write_line(f"too late: {one}", red=True)
    if late:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
