"""Tables and progress bars in the terminal; needs rich, which the extra ``rich`` brings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hcloud_images._terminal.listing import table_rows
from hcloud_images._values.action import Action

try:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.table import Table
    from rich.text import Text
except ImportError as _missing:
    raise ImportError("hcloud_images.terminal needs rich: pip install 'hcloud-images[rich]'") from _missing

_SHORT = 16


def table(values: Iterable[Any]) -> Table:
    """Make a table of images or actions; ``rich.print`` does the same for a list that the API returned.

    :param values: The images or actions.
    """
    made = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    rows = list(table_rows(list(values)))
    for head, *cells in zip(*rows, strict=True):
        # Only free text wraps on narrow terminals; ids and names stay whole.
        widest = max(map(len, cells))
        made.add_column(head, no_wrap=widest <= _SHORT, min_width=widest if head == "id" else None)
    for row in rows[1:]:
        made.add_row(*map(Text, row))  # as text: square brackets in it aren't markup
    return made


class ProgressBar:
    """Shows the progress of actions, a line for each; a wait closes it at its end.

    :param console: Where to print; by default rich's own console.
    """

    def __init__(self, console: Console | None = None) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console)
        self._lines: dict[int, TaskID] = {}

    def __call__(self, actions: Sequence[Action]) -> None:
        """Show the newest values."""
        if not self._lines:
            self._progress.start()
        for action in actions:
            if action.id not in self._lines:
                self._lines[action.id] = self._progress.add_task("", total=100)
            state = "" if action.status == action.STATUS_RUNNING else f", {action.status}"
            done = 100 if action.status == action.STATUS_SUCCESS else action.progress
            description = f"{action.command or 'action'} {action.id}{state}"
            self._progress.update(self._lines[action.id], completed=done, description=description)
        self._progress.refresh()

    def close(self) -> None:
        """Leave the lines as they are, and restore the cursor."""
        if self._lines:
            self._progress.stop()


def progress_bar(console: Console | None = None) -> ProgressBar:
    """Make a progress bar for ``client.actions.wait(…, on_progress=…)``; one for each wait.

    :param console: Where to show it; by default rich's own console.
    """
    return ProgressBar(console)
