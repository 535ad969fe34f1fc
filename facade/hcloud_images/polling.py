"""How long to wait between two looks at a running action."""

from __future__ import annotations

from random import uniform
from typing import Protocol


class BackoffFunction(Protocol):
    """Tells how many seconds to wait."""

    def __call__(self, retries: int) -> float:
        """Return the seconds to wait.

        :param retries: How often was asked already.
        """
        ...


def constant_backoff_function(interval: float) -> BackoffFunction:
    """Wait the same time each time.

    :param interval: Seconds to wait.
    """

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
        return uniform(base, interval) if jitter else interval  # noqa: S311 - no secret

    return exponential
