"""The differences that are known and wanted; each stands in spec/deviations.yaml with its reason and its date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
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

    def as_finding(self, outlines: Mapping[str, str]) -> Finding:
        """Say that it explains nothing any more.

        :param outlines: What ours has, by name; so that what hides in an entry is reported by all of its names.
        """
        place = f"{self.change}, since {self.date}: {self.reason}"
        old, new = self.old or outlines.get(self.name, ""), self.new or ""
        change, operations = "deviation explains nothing", ", ".join(self.operations) or "*"
        return Finding("deviations", place, self.name, change, old, new, Verdict.HARMLESS, operations)


def load_deviations(path: Path) -> list[Deviation]:
    """Read the deviations.

    :raises ComparisonError: when one lacks something, or has what nobody reads.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8")) if path.exists() else None
    except (OSError, yaml.YAMLError) as error:
        raise ComparisonError(f"can't read {path.name}: {error}") from error
    if not isinstance(entries, list | None):
        raise ComparisonError(f"{path.name} isn't a list")
    return [_deviation(entry, f"{path.name}, entry {number}") for number, entry in enumerate(entries or (), 1)]


def _deviation(entry: Any, place: str) -> Deviation:
    if not isinstance(entry, dict) or not set(_NEEDED) <= entry.keys() <= {*_NEEDED, *_OPTIONAL}:
        raise ComparisonError(f"{place}: needs {', '.join(_NEEDED)}, may have {', '.join(_OPTIONAL)}, and no more")
    if entry["change"] not in ADVICE:
        raise ComparisonError(f"{place}: there is no change called {entry['change']!r}")
    if not str(entry["reason"]).strip() or not isinstance(entry["date"], dt.date):
        raise ComparisonError(f"{place}: needs a reason in words, and a date such as 2026-05-04")
    old, new = (None if entry.get(key) is None else str(entry[key]) for key in ("old", "new"))
    change, name, reason, date = (str(entry[key]) for key in _NEEDED)
    return Deviation(change, name, reason, date, tuple(map(str, entry.get("operations", ()))), old, new)


def unexplained(
    findings: Iterable[Finding], deviations: Iterable[Deviation], outlines: Mapping[str, str] = MappingProxyType({})
) -> list[Finding]:
    """Leave out what is known; add the deviations that explain nothing any more."""
    found, deviations = list(findings), list(deviations)
    left = [finding for finding in found if not any(deviation.explains(finding) for deviation in deviations)]
    stale = [deviation for deviation in deviations if not any(map(deviation.explains, found))]
    return left + [deviation.as_finding(outlines) for deviation in stale]
