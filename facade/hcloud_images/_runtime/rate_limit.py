"""The project's budgets of requests, as responses report them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import monotonic

from attrs import field, frozen

from hcloud_images._runtime.lock import lock


@frozen
class RateLimit:
    """The project's budget of requests, as the newest response reported it.

    :param limit: Requests in the full budget.
    :param remaining: Requests left of it when the response came.
    :param reset: When the budget is full again, in seconds since 1970.
    :param seconds_per_request: Seconds until the budget gains one request.
    """

    limit: int
    remaining: int
    reset: int
    seconds_per_request: float
    _seen: float = field(repr=False, eq=False, alias="seen")

    @property
    def wait(self) -> float:
        """Seconds from now until one more request is free; 0 while some are left."""
        return self.wait_for(1)

    def wait_for(self, requests: int) -> float:
        """Return the seconds from now until a number of requests is free."""
        return max(0.0, (requests - self.remaining) * self.seconds_per_request - (monotonic() - self._seen))


def read_rate_limit(headers: Mapping[str, str], seen: float) -> RateLimit | None:
    """Read the headers of a response that came at a moment of ``monotonic()``; ``None`` when they don't report it."""
    try:
        limit, remaining = int(headers["RateLimit-Limit"]), int(headers["RateLimit-Remaining"])
        reset = int(headers["RateLimit-Reset"])
        # The budget refills evenly: the time until it is full, shared among the requests that are missing.
        per_request = max(reset - parse_http_date(headers["Date"]), 0.0) / max(limit - remaining, 1)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return RateLimit(limit, remaining, reset, per_request, seen)


class RateLimiter:
    """One budget as a client sees it, with all of its threads and tasks."""

    def __init__(self) -> None:
        self._under_way = 0
        self._unread: tuple[Mapping[str, str], float] | None = None
        self._newest: RateLimit | None = None

    @property
    def newest(self) -> RateLimit | None:
        """What the newest response reported; headers are only parsed when this is read."""
        with lock:  # otherwise a concurrent reader could see a stale value
            unread, self._unread = self._unread, None
            if unread:
                self._newest = read_rate_limit(*unread) or self._newest
            return self._newest

    def begin(self) -> int:
        """Count a request that is about to be sent; return how many are under way."""
        with lock:
            self._under_way += 1
            return self._under_way

    def wait_for(self, requests: int) -> float:
        """Return the seconds until the budget has room for a number of requests."""
        newest = self.newest
        return newest.wait_for(requests) if newest else 0.0

    def end(self, headers: Mapping[str, str] | None) -> None:
        """Stop counting a request.

        :param headers: Those of its response, if there is one.
        """
        with lock:
            self._under_way -= 1
            if headers:
                self._unread = headers, monotonic()


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds a response asks to wait before the next request."""
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        asked = headers["Retry-After"]
        # Seconds, or a time by the server's clock.
        seconds = float(int(asked)) if asked.isdecimal() else parse_http_date(asked) - parse_http_date(headers["Date"])
        if seconds >= 0:
            return seconds
    rate = read_rate_limit(headers, monotonic())
    return rate.wait if rate else None


def parse_http_date(text: str) -> float:
    """Turn an HTTP date into seconds since 1970."""
    time = parsedate_to_datetime(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
