"""Until when a call has to end; one moment, for all that a call does."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from hcloud_images.errors import InvalidValueException

_end: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def deadline(seconds: float | None) -> Generator[None]:
    """Let everything inside end within so many seconds; of two such blocks, what ends earlier counts."""
    if seconds is None:
        yield
        return
    if not seconds > 0:
        raise InvalidValueException(f"a deadline of {seconds!r} seconds: has to be more than 0")
    end, outer = monotonic() + seconds, _end.get()
    token = _end.set(end if outer is None else min(end, outer))
    try:
        yield
    finally:
        _end.reset(token)


def time_left() -> float | None:
    """Return the seconds until the deadline, less than 0 when it is over; ``None`` where there is none."""
    end = _end.get()
    return None if end is None else end - monotonic()
