"""Which operation was played with which end, by which kind of client."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from client_kinds import ClientKind
from hcloud_images.testing import StrictCassette
from hcloud_images_sandbox.description import load_description

ASYNC = {"asyncio", "trio"}


def operation_of(request: Any) -> Any:
    """Return the operation that a recorded request means."""
    return load_description().match(request.method, request.path.removeprefix("/v1")).operation


def codes() -> list[str]:
    """Return the documented error codes."""
    schema = load_description().document["components"]["schemas"]["Error"]
    return schema["properties"]["code"]["x-known-values"]


def left_out() -> set[str]:
    """Return the operations that the facade doesn't call on purpose."""
    paths = load_description().document["paths"].values()
    return {one["operationId"] for item in paths for one in item.values() if "x-left-out" in one}


def end_of(response: Any) -> str:
    """Return ``success``, the error code, or what else came."""
    if response["status"]["code"] < 300:
        return "success"
    try:
        return str(json.loads(response["body"]["string"])["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return "no error of the API"


class Coverage:
    def __init__(self) -> None:
        self._ends: Counter[tuple[str, str, str]] = Counter()
        self._played: set[Path] = set()

    def add(self, path: Path, client_kind: ClientKind, tape: StrictCassette) -> None:
        self._played.add(path)
        for request, response in tape.data:
            self._ends[operation_of(request).id, end_of(response), client_kind.name] += 1

    def unused(self, folder: Path) -> list[Path]:
        """Return the cassettes, and what stands beside them, that nothing has played."""
        known = {file for path in self._played for file in (path, path.with_suffix(".json"))}
        return sorted(path for path in folder.rglob("*.*") if path not in known)

    @staticmethod
    def _operations() -> list[str]:
        document = load_description().document
        methods = [one for item in document["paths"].values() for one in item.values() if isinstance(one, dict)]
        return [one["operationId"] for one in methods if one["operationId"] not in left_out()]

    def rows(self) -> list[tuple[str, list[int]]]:
        """Return a line for each end and kind of client, with a number for each operation."""
        operations = self._operations()
        rows = [
            (end, [sum(self._ends[one, end, name] for name in ("sync", *ASYNC)) for one in operations])
            for end in ("success", *codes())
        ]
        for title, names in (("sync", {"sync"}), ("async", ASYNC), ("interactions", {"sync"})):
            counts = [
                sum(count for (id_, _, name), count in self._ends.items() if id_ == one and name in names)
                for one in operations
            ]
            rows.append((title, counts))
        return rows

    def empty_cells(self) -> list[str]:
        return [
            f"{operation}: nothing played with {title}"
            for title, counts in self.rows()
            for operation, count in zip(self._operations(), counts, strict=True)
            if not count
        ]

    def show(self) -> None:
        """Print the table: how often each cell was played, over all kinds of client; the last line counts each once."""
        from rich.console import Console  # noqa: PLC0415 - only for the table
        from rich.table import Table  # noqa: PLC0415

        table = Table(title="how often each was played, by all kinds of client; the last line counts what is recorded")
        table.add_column("", no_wrap=True)
        for operation in self._operations():
            table.add_column(operation.replace("_", " "), justify="right")
        for title, counts in self.rows():
            table.add_row(title, *(str(count) if count else "-" for count in counts))
        total = sum(self.rows()[-1][1])
        console = Console(width=150)
        console.print(table)
        console.print(
            f"{len(left_out())} operations are left out on purpose; {len(self._played)} cassettes, {total} interactions"
        )
