"""Deadlines: one point in time for everything that a call does."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic

from hcloud_images.errors import InvalidValueException


class _Block:
    """A ``with`` block and the ones around it; knows whether it has ended, since blocks may end in any order."""

    def __init__(self, end: float, outer: _Block | None) -> None:
        self.end, self.outer = end, outer
        self.over = False


_innermost: ContextVar[_Block | None] = ContextVar("innermost", default=None)


@contextmanager
def deadline(seconds: float | None) -> Generator[None]:
    """Bound everything inside to a number of seconds; of nested blocks, the earliest end counts."""
    if seconds is None:
        yield
        return
    if not seconds > 0:
        raise InvalidValueException(f"deadline must be more than 0 seconds, got {seconds!r}")
    with _entered(monotonic() + seconds):
        yield


@contextmanager
def cancellable() -> Generator[Callable[[], None]]:
    """Yield a function that ends the deadline of everything inside at once; threads with this context see it."""
    with _entered(inf) as block:

        def cancel() -> None:
            block.end = -inf

        yield cancel


@contextmanager
def _entered(end: float) -> Generator[_Block]:
    block = _Block(end, _open(_innermost.get()))
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
    end = inf
    block = _open(_innermost.get())
    while block is not None:
        end = min(end, block.end)
        block = _open(block.outer)
    return None if end == inf else end - monotonic()


def elapse(seconds: float) -> None:
    """Bring all deadlines nearer, when the clock of a test advances."""
    block = _open(_innermost.get())
    while block is not None:
        block.end -= seconds
        block = _open(block.outer)


def shorten(timeout: float | None) -> float | None:
    """Return the timeout, or what is left until the deadline if that is less."""
    left = remaining_time()
    return timeout if left is None else left if timeout is None else min(timeout, left)
