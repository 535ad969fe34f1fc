"""Shows findings: a table for people, JSON and markdown for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comparison.findings import ORDER, Finding, Verdict

_COLOURS = {Verdict.BREAKS: "red", Verdict.NEW: "green", Verdict.HARMLESS: "dim"}


def as_json(findings: list[Finding], explained: int) -> str:
    report = {"findings": [finding.as_json() for finding in ordered(findings)], "explained": explained}
    return json.dumps(report, indent=2)


# A name from outside mustn't become a link, a mention or another column.
_MARKUP = str.maketrans({"|": "\\|", "\n": "<br>", "<": "&lt;", ">": "&gt;", "`": "'", "@": "@\u200b"})


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (ORDER.index(one.verdict), one.name, one.change, one.operation))


def summary(findings: list[Finding], explained: int) -> str:
    counts = Counter(finding.verdict for finding in findings)
    parts = [f"{counts[verdict]} {verdict}" for verdict in ORDER if counts[verdict]]
    known = f"; {explained} known and wanted (spec/deviations.yaml)" if explained else ""
    return (f"{len(findings)} findings: " + ", ".join(parts) if parts else "nothing new") + known


def grouped(findings: list[Finding]) -> list[list[Finding]]:
    """Put together what is the same in several operations."""
    groups: dict[object, list[Finding]] = {}
    for one in ordered(findings):
        groups.setdefault((one.verdict, one.name, one.change, one.old, one.new), []).append(one)
    return list(groups.values())


def _where(group: list[Finding]) -> list[str]:
    return list(dict.fromkeys(f"{one.operation}, {one.place}" for one in group))


def _touched(group: list[Finding]) -> tuple[str, str]:
    fields = sorted({name for one in group for name in one.fields})
    methods = sorted({name for one in group for name in one.methods})
    return ", ".join(fields), ", ".join(methods)


def _difference(one: Finding) -> str:
    return f"{_short(one.old)} → {_short(one.new)}" if one.old and one.new else _short(one.old or one.new)


def _short(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def as_table(findings: list[Finding], explained: int, console: Console) -> None:
    if findings:
        table = Table(box=box.SIMPLE_HEAD, show_lines=True)
        for heading in ("verdict", "what", "where", "touches, and what to do"):
            table.add_column(heading, overflow="fold")
        for group in grouped(findings):
            one = group[0]
            fields, methods = _touched(group)
            touches = [f"fields: {fields}"] * bool(fields) + [f"methods: {methods}"] * bool(methods)
            table.add_row(
                f"[{_COLOURS[one.verdict]}]{one.verdict}[/]",
                escape(f"{one.name}\n{one.change}: {_difference(one)}"),
                escape("\n".join(_where(group))),
                escape("\n".join([*touches, one.advice])),
            )
        console.print(table)
    console.print(summary(findings, explained), highlight=False)


def as_markdown(findings: list[Finding], explained: int) -> str:
    lines = ["# Drift of the official description", "", summary(findings, explained) + ".", ""]
    for verdict in ORDER:
        groups = [group for group in grouped(findings) if group[0].verdict == verdict]
        if not groups:
            continue
        lines += [f"## {verdict.capitalize()}", "", "| what | change | where | touches | what to do |"]
        lines += ["| --- | --- | --- | --- | --- |"]
        for group in groups:
            one = group[0]
            cells = [
                f"`{_cell(one.name)}`",
                f"{one.change}: {_cell(_difference(one))}",
                _cell("\n".join(_where(group))),
            ]
            cells += [_cell("\n".join(filter(None, _touched(group)))), _cell(one.advice)]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Write text from outside so that it stays text."""
    return text.translate(_MARKUP)
