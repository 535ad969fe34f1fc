"""The sandbox's time: real, or frozen and moved by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime

#: The time of a clock that is frozen without a time.
START = datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp()


def timestamp(value: str | float) -> float:
    """Make seconds since 1970 of a time in RFC 3339."""
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return float(value)


def rfc3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    def __init__(self) -> None:
        self._frozen: float | None = None
        self._offset = 0.0

    @property
    def frozen(self) -> bool:
        return self._frozen is not None

    def now(self) -> float:
        return (time.time() if self._frozen is None else self._frozen) + self._offset

    def freeze(self, at: float) -> None:
        self._frozen, self._offset = at, 0.0

    def run(self) -> None:
        """Go back to real time."""
        self._frozen, self._offset = None, 0.0

    def advance(self, seconds: float) -> None:
        self._offset += seconds
