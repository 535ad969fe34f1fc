"""Deadlines: one point in time for everything that a call does; and the clock that waits go by."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Protocol

from hcloud_images.errors import TimeoutException

# Timers may end this much too early.
_ENDS_SOON = 0.01


class Clock(Protocol):
    """A clock for tests: with it, no wait of a client takes real time."""

    def now(self) -> float:
        """Return the time in seconds; only differences count."""
        ...

    def advance(self, seconds: float) -> None:
        """Let time pass instead of waiting."""
        ...


class Deadline:
    """A ``with`` block that bounds everything inside to a number of seconds; of nested ones, the earliest end counts.

    Blocks may be left in any order, so each knows whether it was. Threads with its context keep to it, too. A block
    can be entered once.

    :param seconds: How many; ``None`` sets no limit.
    :param now: Returns the time in seconds.
    """

    def __init__(self, seconds: float | None = None, now: Callable[[], float] = monotonic) -> None:
        self._seconds, self.now = inf if seconds is None else seconds, now
        self.end = inf
        self.outer: Deadline | None = None
        self.entered = self.left = False

    def __enter__(self) -> None:
        if self.entered:  # what began in the first block may still go by it
            raise RuntimeError("a deadline can be used once; make another one")
        self.end = self.now() + self._seconds
        self.outer, self.entered = _open(_innermost.get()), True
        _innermost.set(self)

    def cancel(self) -> None:
        """End it at once."""
        self.end = -inf

    def __exit__(self, *_: object) -> None:
        # A cancelled one still counts: threads that began in it may go on for a while.
        self.left = self.end > -inf
        if _innermost.get() is self:
            _innermost.set(self.outer)


_innermost: ContextVar[Deadline | None] = ContextVar("innermost", default=None)


def _open(block: Deadline | None) -> Deadline | None:
    while block is not None and block.left:
        block = block.outer
    return block


def remaining_time() -> float | None:
    """Return the seconds until the deadline, negative when it is over; ``None`` without one."""
    left = inf
    block = _open(_innermost.get())
    while block is not None:
        left = min(left, block.end - block.now())
        block = _open(block.outer)
    return None if left == inf else left


def is_over() -> bool:
    """Return whether there is a deadline, and it is over."""
    left = remaining_time()
    return left is not None and left <= _ENDS_SOON


@contextmanager
def until_over() -> Generator[None]:
    """End what is inside without an error when the deadline is over, so that the caller can say what is left to do."""
    try:
        yield
    except TimeoutException:
        if not is_over():
            raise
