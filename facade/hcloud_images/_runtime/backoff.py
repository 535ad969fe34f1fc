"""How long to wait between two polls of a running action."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from hcloud_images._checks import check_interval, check_limit


class BackoffFunction(Protocol):
    """Returns how many seconds to wait before the next poll."""

    def __call__(self, retries: int) -> float:
        """Return the seconds to wait.

        :param retries: Number of polls so far.
        """
        ...


def constant_backoff_function(interval: float) -> BackoffFunction:
    """Return a function for a constant interval.

    :param interval: Seconds to wait, at least 0.
    :raises InvalidValueException: when it is less, or infinite.
    """
    check_interval("interval", interval)

    def constant(retries: int) -> float:  # noqa: ARG001 - the interface has it
        return interval

    return constant


def exponential_backoff_function(*, base: float, multiplier: int, cap: float, jitter: bool = False) -> BackoffFunction:
    """Return a function for intervals that grow.

    :param base: The first interval, in seconds.
    :param multiplier: Factor between two intervals.
    :param cap: The longest interval, in seconds.
    :param jitter: Whether to choose at random between ``base`` and the interval.
    :raises InvalidValueException: when a number of seconds is less than 0, or infinite.
    """
    check_interval("base", base)
    check_interval("cap", cap)

    def exponential(retries: int) -> float:
        try:
            interval = min(cap, base * multiplier**retries)
        except OverflowError:  # after a thousand polls
            interval = cap
        return random.uniform(base, interval) if jitter else interval

    return exponential


def to_backoff_function(interval: float | BackoffFunction, name: str = "interval") -> BackoffFunction:
    """Turn a number of seconds into a function."""
    return interval if callable(interval) else constant_backoff_function(check_interval(name, interval))


class PollSchedule:
    """How long and how often to poll.

    :param interval: Seconds between two polls.
    :param deadline: Seconds after which polling stops; ``None`` sets no limit.
    :param max_polls: Maximum number of polls; ``None`` sets no limit.
    :param now: Returns the time in seconds.
    """

    def __init__(
        self,
        interval: BackoffFunction,
        deadline: float | None = None,
        max_polls: int | None = None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._interval, self._now = interval, now
        self._end = now() + check_limit("deadline", deadline)
        self._max_polls = check_limit("max_retries", max_polls, "number")
        self._polls = 0

    def pause(self) -> float | None:
        """Return the seconds until the next poll; ``None`` when polling is over."""
        self._polls += 1
        if self._polls >= self._max_polls:
            return None
        pause = self._interval(self._polls)
        left = self._end - self._now()
        return min(pause, left) if left > 0 else None
