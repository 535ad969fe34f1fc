"""The project's budgets of requests, as answers tell of them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic

from attrs import field, frozen


@frozen
class RateLimit:
    """The project's budget of requests, as the newest answer told.

    :param limit: Requests that the full budget has.
    :param remaining: Requests left of it, when the answer came.
    :param reset: When the budget is full again, in seconds since 1970.
    :param each: Seconds in which one more request becomes free.
    """

    limit: int
    remaining: int
    reset: int
    each: float
    _seen: float = field(repr=False, eq=False, alias="seen")

    @classmethod
    def of(cls, headers: Mapping[str, str], seen: float) -> RateLimit | None:
        """Read the headers of an answer; ``None`` when it doesn't tell."""
        try:
            limit, remaining = int(headers["RateLimit-Limit"]), int(headers["RateLimit-Remaining"])
            reset = int(headers["RateLimit-Reset"])
            # The budget refills evenly: the time until it is full, shared among the requests that are missing.
            each = max(reset - _moment(headers["Date"]), 0.0) / max(limit - remaining, 1)
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        return cls(limit, remaining, reset, each, seen)

    @property
    def wait(self) -> float:
        """Seconds from now until one more request is free; 0 while some are left."""
        return self.wait_for(1)

    def wait_for(self, requests: int) -> float:
        """Return the seconds from now until so many more requests have become free."""
        return max(0.0, (requests - self.remaining) * self.each - (monotonic() - self._seen))


class Pace:
    """One budget as a client sees it, with all of its threads and tasks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way = 0
        self._heads: tuple[Mapping[str, str], float] | None = None
        self._newest: RateLimit | None = None

    @property
    def newest(self) -> RateLimit | None:
        """What the newest answer told; read when someone asks."""
        with self._lock:  # who asks while another reads would get the one before
            heads, self._heads = self._heads, None
            if heads:
                self._newest = RateLimit.of(*heads) or self._newest
            return self._newest

    def begin(self) -> int:
        """Count a request that is about to be sent; return how many are under way with it."""
        with self._lock:
            self._under_way += 1
            return self._under_way

    def wait(self, number: int) -> float:
        """Return the seconds until the budget has room for so many."""
        newest = self.newest
        return newest.wait_for(number) if newest else 0.0

    def end(self, headers: Mapping[str, str] | None) -> None:
        """Count it no longer.

        :param headers: Those of its answer, if there is one.
        """
        with self._lock:
            self._under_way -= 1
            if headers:
                self._heads = headers, monotonic()


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds an answer asks to wait before the next request."""
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        asked = headers["Retry-After"]
        # Seconds, or a moment by the server's clock.
        seconds = float(int(asked)) if asked.isdecimal() else _moment(asked) - _moment(headers["Date"])
        if seconds >= 0:
            return seconds
    rate = RateLimit.of(headers, monotonic())
    return rate.wait if rate else None


def _moment(text: str) -> float:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - takes a while to load

    return parsedate_to_datetime(text).timestamp()
