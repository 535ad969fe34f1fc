"""Shows findings: a table for people, JSON and markdown for machines."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comparison.findings import ORDER, Finding, Verdict

_COLOURS = {Verdict.BREAKS: "red", Verdict.NEW: "green", Verdict.HARMLESS: "dim"}
_MAX_TEXT = 300
# A name from outside mustn't become a link, a mention or another column.
_MARKUP = str.maketrans({"|": "\\|", "\n": "<br>", "<": "&lt;", ">": "&gt;", "`": "'", "@": "@\u200b"})


@dataclass
class _Row:
    """What is the same in several operations."""

    first: Finding
    where: str
    fields: str
    methods: str

    @property
    def difference(self) -> str:
        old, new = (
            text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… (whole with FORMAT=json)"
            for text in (self.first.old, self.first.new)
        )
        return f"{old} → {new}" if old and new else old or new


def as_json(findings: list[Finding], known: list[Finding]) -> str:
    report = {
        "findings": [finding.as_json() for finding in _ordered(findings)],
        "explained": len(known),
        "known": [finding.as_json() for finding in _ordered(known)],
    }
    return json.dumps(report, indent=2)


def _ordered(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (ORDER.index(one.verdict), one.name, one.change, one.operation))


def _rows(findings: list[Finding]) -> list[_Row]:
    groups: dict[object, list[Finding]] = {}
    for one in _ordered(findings):
        groups.setdefault((one.verdict, one.name, one.change, one.old, one.new), []).append(one)
    return [
        _Row(
            group[0],
            "\n".join(dict.fromkeys(f"{one.operation}, {one.place}" for one in group)),
            ", ".join(sorted({name for one in group for name in one.fields})),
            ", ".join(sorted({name for one in group for name in one.methods})),
        )
        for group in groups.values()
    ]


def _summary(findings: list[Finding], known: list[Finding]) -> str:
    counts = Counter(finding.verdict for finding in findings)
    parts = [f"{counts[verdict]} {verdict}" for verdict in ORDER if counts[verdict]]
    explained = f"; {len(known)} known and wanted (spec/deviations.yaml)" if known else ""
    return (f"{len(findings)} findings: {', '.join(parts)}" if parts else "nothing new") + explained


def as_table(findings: list[Finding], known: list[Finding], console: Console) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    for heading in ("verdict", "what", "where", "touches, and what to do"):
        table.add_column(heading, overflow="fold")
    for row in _rows(findings):
        one = row.first
        touches = [f"{name}: {text}" for name, text in (("fields", row.fields), ("methods", row.methods)) if text]
        cells = [f"{one.name}\n{one.change}: {row.difference}", row.where, "\n".join([*touches, one.advice])]
        table.add_row(f"[{_COLOURS[one.verdict]}]{one.verdict}[/]", *map(escape, cells))
    if findings:
        console.print(table)
    console.print(_summary(findings, known), highlight=False)


def as_markdown(findings: list[Finding], known: list[Finding]) -> str:
    lines = ["# Drift of the official description", "", _summary(findings, known) + ".", ""]
    for verdict in ORDER:
        rows = [row for row in _rows(findings) if row.first.verdict == verdict]
        if rows:
            lines += [f"## {verdict.capitalize()}", "", "| what | change | where | touches | what to do |"]
            lines += ["| --- | --- | --- | --- | --- |"]
        for row in rows:
            one = row.first
            touches = "\n".join(filter(None, (row.fields, row.methods)))
            cells = [f"{one.change}: {row.difference}", row.where, touches, one.advice]
            lines.append(" | ".join([f"| `{_escaped(one.name)}`", *map(_escaped, cells)]) + " |")
    return "\n".join([*lines, ""])


def _escaped(text: str) -> str:
    """Write text from outside so that it stays text."""
    return text.translate(_MARKUP)
