"""Shows findings: a table for people, JSON and markdown for machines."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comparison.findings import ORDER, Finding, Verdict

_COLOURS = {Verdict.BREAKS: "red", Verdict.NEW: "green", Verdict.HARMLESS: "dim"}
_MAX_TEXT = 600
# A name from outside mustn't become a link, a mention or another column.
_MARKUP = str.maketrans({"|": "\\|", "\n": "<br>", "<": "&lt;", ">": "&gt;", "`": "'", "@": "@\u200b"})


def as_json(findings: list[Finding], known: list[Finding]) -> str:
    report = {
        "findings": [finding.as_json() for finding in _ordered(findings)],
        "explained": len(known),
        "known": [finding.as_json() for finding in _ordered(known)],
    }
    return json.dumps(report, indent=2)


def _ordered(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda it: (ORDER.index(it.verdict), it.name, it.change, it.operation))


def _rows(findings: list[Finding]) -> Iterator[tuple[Finding, list[str]]]:
    """Put together what is the same in several operations: the difference, where it is, whom it touches, advice."""
    groups: dict[object, list[Finding]] = {}
    for finding in _ordered(findings):
        same = (finding.verdict, finding.name, finding.change, finding.old, finding.new)
        groups.setdefault(same, []).append(finding)
    for group in groups.values():
        first = group[0]
        difference = " → ".join(map(_shortened, filter(None, (first.old, first.new))))
        where = dict.fromkeys(f"{finding.operation}, {finding.place}" for finding in group)
        fields = sorted({name for finding in group for name in finding.fields})
        methods = sorted({name for finding in group for name in finding.methods})
        touched = [f"fields: {', '.join(fields)}"] * bool(fields) + [f"methods: {', '.join(methods)}"] * bool(methods)
        yield first, [f"{first.change}: {difference}", "\n".join(where), "\n".join([*touched, first.advice])]


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… (all with FORMAT=json)"


def _summary(findings: list[Finding], known: list[Finding]) -> str:
    counts = Counter(finding.verdict for finding in findings)
    parts = [f"{counts[verdict]} {verdict}" for verdict in ORDER if counts[verdict]]
    explained = f"; {len(known)} known and wanted (spec/deviations.yaml)" if known else ""
    return (f"{len(findings)} findings: {', '.join(parts)}" if parts else "nothing new") + explained


def as_table(findings: list[Finding], known: list[Finding]) -> None:
    # Without a terminal to fit into, wide enough to be read and searched.
    console = Console(width=None if sys.stdout.isatty() else 180)
    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    for heading in ("verdict", "what", "where", "touches, and what to do"):
        table.add_column(heading, overflow="fold")
    for finding, (difference, *cells) in _rows(findings):
        verdict = f"[{_COLOURS[finding.verdict]}]{finding.verdict}[/]"
        table.add_row(verdict, *map(escape, (f"{finding.name}\n{difference}", *cells)))
    if findings:
        console.print(table)
    console.print(_summary(findings, known), highlight=False)


def as_markdown(findings: list[Finding], known: list[Finding]) -> str:
    lines = ["# Drift of the official description", "", _summary(findings, known) + "."]
    verdict = None
    for finding, cells in _rows(findings):
        if finding.verdict != verdict:
            verdict = finding.verdict
            lines += ["", f"## {verdict.capitalize()}", "", "| what | change | where | touches, and what to do |"]
            lines += ["| --- | --- | --- | --- |"]
        row = [f"`{finding.name.translate(_MARKUP)}`", *(cell.translate(_MARKUP) for cell in cells)]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join([*lines, ""])
