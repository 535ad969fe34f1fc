"""Which failure is worth another try, and when."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from attrs import Attribute, field, frozen

from hcloud_images.errors import (
    APIException,
    ConnectionException,
    InvalidValueException,
    RateLimitException,
    TransportException,
)

if TYPE_CHECKING:
    from stamina import Attempt


class _Attempts(Protocol):
    """What stamina gives: the attempts of one call, for ``for`` and for ``async for``."""

    def __iter__(self) -> Iterator[Attempt]: ...
    def __aiter__(self) -> AsyncIterator[Attempt]: ...


# stamina tells of each retry at level WARNING; in a program that has no logging set up, that would land on stderr.
logging.getLogger("stamina").addHandler(logging.NullHandler())

# Asking again for these changes nothing that the first request didn't.
_REPEATABLE = {"GET", "HEAD", "PUT", "DELETE"}
_PASSING_STATUS = {502, 503, 504}
_PASSING_CODES = {"conflict", "locked"}


def worth_a_retry(error: Exception) -> bool | float:
    """Decide whether a request that ended in this error is sent again; a number is the seconds to wait before.

    Whatever may have taken effect already is only repeated when the method allows it: a creation whose answer got
    lost is never sent twice.
    """
    if not isinstance(error, APIException | TransportException):
        return False
    if isinstance(error, RateLimitException):
        return (error.exchange and error.exchange.wait) or True
    if isinstance(error, ConnectionException) and not error.sent:
        return True
    if error.method not in _REPEATABLE:
        return False
    if isinstance(error, APIException):
        return error.code in _PASSING_CODES or error.status_code in _PASSING_STATUS
    return isinstance(error, ConnectionException)


def _positive(_: object, attribute: Attribute[Any], value: Any) -> None:
    if value is not None and not value > 0:
        raise InvalidValueException(f"{attribute.name}={value!r}: has to be more than 0 seconds, or None")


def _count(_: object, attribute: Attribute[Any], value: Any) -> None:
    if value < 1:
        raise InvalidValueException(f"{attribute.name}={value!r}: has to be at least 1")


@frozen
class RetryPolicy:
    """How often and how long a client tries.

    :param attempts: How often a request is sent at most; 1 switches retries off.
    :param deadline: Seconds after which no further attempt is started; ``None`` sets no limit.
    :param pace: Whether to wait for the rate limit before it is hit, instead of after.
    """

    attempts: int = field(default=6, validator=_count)
    deadline: float | None = field(default=60.0, validator=_positive)
    pace: bool = False

    def _decide(self, error: Exception) -> bool | float:
        wait = worth_a_retry(error)
        # A wait that outlasts the deadline can't help, and a server must not make anyone sleep for a year.
        return wait if self.deadline is None or wait <= self.deadline else False

    def pause(self, wait: float) -> float:
        """Return how long to wait before a request, when the rate limit lets the next one through after ``wait``."""
        if not self.pace:
            return 0.0
        return wait if self.deadline is None else min(wait, self.deadline)

    def start(self) -> _Attempts:
        """Begin the attempts of one call."""
        # Imported when first needed: it takes longer to load than all of this package.
        from stamina import retry_context  # noqa: PLC0415

        return retry_context(
            on=self._decide, attempts=self.attempts, timeout=self.deadline, wait_initial=0.5, wait_max=20.0
        )
