"""How long to wait between two looks at a running action."""

from __future__ import annotations

from time import monotonic
from typing import Protocol

from hcloud_images.deadlines import time_left
from hcloud_images.errors import InvalidValueException
from hcloud_images.lazily import lazily

with lazily():
    import random


class BackoffFunction(Protocol):
    """Tells how many seconds to wait."""

    def __call__(self, retries: int) -> float:
        """Return the seconds to wait.

        :param retries: How often was asked already.
        """
        ...


def constant_backoff_function(interval: float) -> BackoffFunction:
    """Wait the same time each time.

    :param interval: Seconds to wait, 0 at least.
    :raises InvalidValueException: when it is less.
    """
    if not interval >= 0:
        raise InvalidValueException(f"an interval of {interval!r} seconds: has to be at least 0")

    def constant(retries: int) -> float:  # noqa: ARG001 - the interface has it
        return interval

    return constant


def exponential_backoff_function(*, base: float, multiplier: int, cap: float, jitter: bool = False) -> BackoffFunction:
    """Wait longer each time.

    :param base: Seconds to begin with.
    :param multiplier: By how much each wait is longer than the one before.
    :param cap: Seconds to wait at most.
    :param jitter: Whether to wait a random time between ``base`` and what it would be otherwise.
    """

    def exponential(retries: int) -> float:
        interval: float = min(cap, base * multiplier**retries)
        return random.uniform(base, interval) if jitter else interval  # noqa: S311 - no secret

    return exponential


#: How ``actions.wait`` looks, unless told otherwise: often at first, and every 5 seconds in the end.
DEFAULT_BACKOFF = exponential_backoff_function(base=0.5, multiplier=2, cap=5.0)


class Patience:
    """How long and how often to look at what is running.

    :param interval: Seconds between two looks, or a function that tells them.
    :param deadline: Seconds after which no further look is taken; ``None`` sets no limit.
    :param looks: How often to look at most; ``None`` sets no limit.
    """

    def __init__(
        self, interval: float | BackoffFunction, deadline: float | None = None, looks: int | None = None
    ) -> None:
        self._interval = constant_backoff_function(interval) if isinstance(interval, int | float) else interval
        limits = [seconds for seconds in (deadline, time_left()) if seconds is not None]
        self._end = monotonic() + min(limits) if limits else None
        self._looks = looks
        self._looked = 0

    def pause(self) -> float | None:
        """Return the seconds until the next look; ``None`` when there is to be none."""
        self._looked += 1
        if self._looks is not None and self._looked >= self._looks:
            return None
        pause = self._interval(self._looked)
        if self._end is None:
            return pause
        left = self._end - monotonic()
        return min(pause, left) if left > 0 else None
