"""The time that waits use."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """A clock for tests: with it, no wait of a client takes real time."""

    def now(self) -> float:
        """Return the time in seconds; only differences count."""
        ...

    def advance(self, seconds: float) -> None:
        """Let time pass instead of waiting."""
        ...
