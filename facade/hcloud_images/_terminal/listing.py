"""Lists that notebooks, and terminals with rich, show as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")


class Listing(list[T]):
    """A list of what the API returned, which shows as a table."""

    def _repr_html_(self) -> str | None:
        from html import escape

        lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in table_rows(self)]
        return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>" if lines else None

    def __rich__(self) -> Table | str:
        from hcloud_images._terminal.rich import table

        return table(self) if self else repr(self)

    def __getitem__(self, index: Any) -> Any:
        found = cast("Any", super()).__getitem__(index)
        return Listing[T](found) if isinstance(index, slice) else found


def _cell(entry: Any, name: str) -> str:
    value: Any = getattr(entry, name)
    if isinstance(value, datetime):
        value = f"{value:%Y-%m-%d %H:%M}"
    elif isinstance(value, Mapping):
        value = ", ".join(f"{key}={one}" for key, one in cast("Mapping[str, Any]", value).items())
    elif isinstance(value, float):
        value = f"{value:g}"
    # Text that others wrote must not control the terminal.
    return "".join(
        one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in str("" if value is None else value)
    )


def table_rows(entries: Sequence[Any]) -> Iterator[list[str]]:
    """Return the rows of a table as text, the names of the columns first."""
    if entries:
        columns: tuple[str, ...] = entries[0]._columns
        yield [name.replace("_", " ") for name in columns]
        for entry in entries:
            yield [_cell(entry, name) for name in columns]
