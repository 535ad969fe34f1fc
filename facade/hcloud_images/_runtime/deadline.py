"""Deadlines: one point in time for everything that a call does; and the clock that waits go by."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Protocol

from hcloud_images._checks import check_limit
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


class _Block:
    """A ``with`` block and the ones around it; knows whether it has ended, since blocks may end in any order."""

    def __init__(self, end: float, outer: _Block | None, now: Callable[[], float]) -> None:
        self.end, self.outer, self.now = end, outer, now
        self.over = False


_innermost: ContextVar[_Block | None] = ContextVar("innermost", default=None)


@contextmanager
def deadline(seconds: float | None, now: Callable[[], float] = monotonic) -> Generator[None]:
    """Bound everything inside to a number of seconds; of nested blocks, the earliest end counts.

    :param seconds: How many; ``None`` sets no limit.
    :param now: Returns the time in seconds.
    """
    with _entered(now() + check_limit("deadline", seconds, or_zero=False), now):
        yield


@contextmanager
def cancellable() -> Generator[Callable[[], None]]:
    """Yield a function that ends the deadline of everything inside at once; threads with this context see it."""
    with _entered(inf) as block:

        def cancel() -> None:
            block.end = -inf

        yield cancel


@contextmanager
def _entered(end: float, now: Callable[[], float] = monotonic) -> Generator[_Block]:
    block = _Block(end, _open(_innermost.get()), now)
    _innermost.set(block)
    try:
        yield block
    finally:
        # A cancelled one still counts: threads that began in it may go on for a while.
        block.over = block.end > -inf
        if _innermost.get() is block:
            _innermost.set(block.outer)


def _open(block: _Block | None) -> _Block | None:
    while block is not None and block.over:
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
