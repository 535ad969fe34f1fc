"""The differences that are known and wanted; each stands in spec/deviations.yaml with its reason and its date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from comparison.findings import ADVICE, Finding, Verdict
from comparison.reading import ComparisonError

_NEEDED = ("change", "name", "reason", "date")
_OPTIONAL = ("operations", "old", "new")


@dataclass(frozen=True)
class Deviation:
    change: str
    #: As drift shows it; ``*`` stands for anything.
    name: str
    reason: str
    date: str
    #: By their ids; all unless given.
    operations: tuple[str, ...] = ()
    #: As drift shows them; whatever they are unless given.
    old: str | None = None
    new: str | None = None

    def explains(self, finding: Finding) -> bool:
        pattern = ".*".join(map(re.escape, self.name.split("*")))
        return (
            self.change == finding.change
            and re.fullmatch(pattern, finding.name) is not None
            and (not self.operations or finding.operation_id in self.operations)
            and self.old in {None, finding.old}
            and self.new in {None, finding.new}
        )


def load_deviations(path: Path) -> list[Deviation]:
    """Read the deviations.

    :raises ComparisonError: when one lacks something, or has what nobody reads.
    """
    if not path.exists():
        return []
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ComparisonError(f"can't read {path.name}: {error}") from error
    if entries is None:  # no more than comments
        return []
    if not isinstance(entries, list):
        raise ComparisonError(f"{path.name} isn't a list")
    return [_deviation(entry, f"{path.name}, entry {number}") for number, entry in enumerate(entries, 1)]


def _deviation(entry: Any, place: str) -> Deviation:
    if not isinstance(entry, dict) or not set(_NEEDED) <= entry.keys() <= {*_NEEDED, *_OPTIONAL}:
        raise ComparisonError(f"{place}: needs {', '.join(_NEEDED)}, may have {', '.join(_OPTIONAL)}, and no more")
    if entry["change"] not in ADVICE:
        raise ComparisonError(f"{place}: there is no change called {entry['change']!r}")
    if not str(entry["reason"]).strip() or not isinstance(entry["date"], dt.date):
        raise ComparisonError(f"{place}: needs a reason in words, and a date such as 2026-05-04")
    return Deviation(
        entry["change"],
        str(entry["name"]),
        str(entry["reason"]),
        entry["date"].isoformat(),
        tuple(map(str, entry.get("operations", ()))),
        *(None if entry.get(key) is None else str(entry[key]) for key in ("old", "new")),
    )


def unexplained(findings: Iterable[Finding], deviations: Iterable[Deviation]) -> list[Finding]:
    """Leave out what is known; add the deviations that explain nothing any more."""
    found = list(findings)
    deviations = list(deviations)
    left = [one for one in found if not any(deviation.explains(one) for deviation in deviations)]
    for deviation in deviations:
        if not any(deviation.explains(one) for one in found):
            operation_id = ", ".join(deviation.operations) or "*"
            left.append(
                Finding(
                    "deviations",
                    f"{deviation.change}, since {deviation.date}",
                    deviation.name,
                    "deviation explains nothing",
                    deviation.reason,
                    "",
                    Verdict.HARMLESS,
                    operation_id,
                )
            )
    return left
