"""The project's budget of requests, as answers tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime

from attrs import define


@define
class RateLimit:
    """The project's budget of requests, as the newest answer told.

    :param limit: Requests that the full budget has.
    :param remaining: Requests left of it.
    :param reset: When the budget is full again, in seconds since 1970.
    :param wait: Seconds until one more request is free; 0 while some are left.
    """

    limit: int
    remaining: int
    reset: int
    wait: float

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> RateLimit | None:
        """Read the headers of an answer; ``None`` when it doesn't tell."""
        try:
            limit, remaining = int(headers["RateLimit-Limit"]), int(headers["RateLimit-Remaining"])
            reset = int(headers["RateLimit-Reset"])
            seconds = reset - _moment(headers["Date"])
            # The budget refills evenly: the time until it is full, shared among the requests that are missing.
            wait = 0.0 if remaining > 0 else max(seconds, 0.0) / max(limit - remaining, 1)
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        return cls(limit, remaining, reset, wait)


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds an answer asks to wait before the next request."""
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        asked = headers["Retry-After"]
        # Seconds, or a moment by the server's clock.
        seconds = float(int(asked)) if asked.isdecimal() else _moment(asked) - _moment(headers["Date"])
        if seconds >= 0:
            return seconds
    rate = RateLimit.of(headers)
    return rate.wait if rate else None


def _moment(text: str) -> float:
    return parsedate_to_datetime(text).timestamp()
