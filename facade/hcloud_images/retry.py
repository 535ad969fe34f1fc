"""Which failure is worth another try, and when."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import UnionType
from typing import TYPE_CHECKING, Any, Protocol, cast

from attrs import Attribute, field, frozen

from hcloud_images.deadlines import time_left
from hcloud_images.errors import (
    APIException,
    ConnectionException,
    InvalidValueException,
    RateLimitException,
    ServerErrorException,
    TimeoutException,
    TransportException,
    UnexpectedAnswerException,
)
from hcloud_images.lazily import lazily

with lazily():
    import random

    from hcloud_images import watching

if TYPE_CHECKING:
    from stamina import Attempt


class _Attempts(Protocol):
    """What stamina gives: the attempts of one call, for ``for`` and for ``async for``."""

    def __iter__(self) -> Iterator[Attempt]: ...
    def __aiter__(self) -> AsyncIterator[Attempt]: ...


# Asking again for these changes nothing that the first request didn't.
_REPEATABLE = {"GET", "HEAD", "PUT", "DELETE"}
_PASSING_STATUS = {502, 503, 504}
_PASSING_CODES = {"conflict", "locked"}
# Seconds: what the first retry waits at most, and what any does beyond what the server asks for.
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
# What a retry takes out of the budget, what one after a timeout does, and what a success puts back.
_RETRY, _RETRY_AFTER_TIMEOUT, _SUCCESS = 5, 14, 1


def worth_a_retry(error: Exception) -> bool:
    """Decide whether a request that ended in this error may be sent again.

    Whatever may have taken effect already is only repeated when the method allows it: a creation whose answer got
    lost is never sent twice.
    """
    if not isinstance(error, APIException | TransportException):
        return False
    if isinstance(error, RateLimitException):
        return True
    if isinstance(error, ConnectionException) and not error.sent:
        return True
    if error.method not in _REPEATABLE:
        return False
    if isinstance(error, APIException):
        return error.code in _PASSING_CODES or error.status_code in _PASSING_STATUS
    return isinstance(error, ConnectionException)


def may_have_taken_effect(error: Exception) -> bool:
    """Tell whether a request may have taken effect although it ended in this error."""
    if isinstance(error, ServerErrorException | UnexpectedAnswerException):
        return True
    return isinstance(error, ConnectionException) and error.sent


def _number(kind: type | UnionType, least: float, what: str) -> Callable[[object, Attribute[Any], Any], None]:
    def check(_: object, attribute: Attribute[Any], value: Any) -> None:
        if value is None and attribute.name != "attempts":
            return
        if not isinstance(value, kind) or not cast("Any", value) >= least:
            raise InvalidValueException(f"{attribute.name}={value!r}: has to be {what}")

    return check


def _function(_: object, attribute: Attribute[Any], value: Any) -> None:
    if not (value is None or callable(value)):
        raise InvalidValueException(f"{attribute.name}={value!r}: has to be a function, or None")


@frozen
class Retry:
    """A retry that is about to happen.

    :param error: What the last try ended in; names the request.
    :param attempt: Which try that was, counted from 1.
    :param wait: Seconds until the next one.
    """

    error: APIException | TransportException
    attempt: int
    wait: float


@frozen
class RetryPolicy:
    """How often and how long a client tries.

    Reads, PUT and DELETE are repeated after connection errors, timeouts, 502, 503, 504, and while a resource is locked
    or changing; a POST only after a failure that tells for sure that it had no effect. The wait before a retry is what
    the server asks for, plus a random part of a time that doubles with each retry: 0.5 seconds at first, 20 at most.

    :param attempts: How often a request is sent at most; 1 switches retries off. Waiting for the rate limit doesn't
        count: only the deadline ends it.
    :param deadline: Seconds that a call takes at most, with all that belongs to it: connecting, retries, the waits
        between them, and the body of the answer. ``None`` sets no limit; ``client.deadline()`` sets one of its own.
    :param pace: Whether to wait for the rate limit before it is hit, instead of after; all calls of the client that are
        under way count.
    :param budget: How many retries all calls of a client may make in a row, times 5; a success gives 1 back, and one
        after a timeout takes 14. While a server is down, this keeps a client from making it worse. ``None``: no limit.
    :param on_retry: Called before each wait. What it raises is logged, and changes nothing.
    """

    attempts: int = field(default=6, validator=_number(int, 1, "a whole number, at least 1"))
    deadline: float | None = field(default=60.0, validator=_number(int | float, 1e-9, "seconds, more than 0, or None"))
    pace: bool = False
    budget: int | None = field(default=500, validator=_number(int, 0, "a whole number, at least 0, or None"))
    on_retry: Callable[[Retry], object] | None = field(default=None, validator=_function)

    def wait(self, error: Exception, attempt: int, left: float | None) -> float | None:
        """Decide whether to send a request again, and when.

        :param error: What it ended in.
        :param attempt: Which try that was, counted from 1.
        :param left: Seconds until the deadline; ``None`` where there is none.
        :returns: Seconds to wait before; ``None`` for no further try.
        """
        limited = isinstance(error, RateLimitException)
        if self.attempts == 1 or (attempt >= self.attempts and not limited) or not worth_a_retry(error):
            return None
        exchange = getattr(error, "exchange", None)
        asked = (exchange and exchange.wait) or 0.0
        # At random, so that those who failed together don't come back together.
        wait: float = asked + random.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempt - 1, 30)))  # noqa: S311 - no secret
        # A wait that outlasts the deadline can't help, and a server must not make anyone sleep for a year.
        return None if left is not None and wait >= left else wait

    def pause(self, wait: float) -> float:
        """Return how long to wait before a request, when the rate limit lets the next one through after ``wait``."""
        left = time_left()
        return wait if left is None or wait < left else 0.0


class Budget:
    """The retries that the calls of a client share."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._full = self._level = policy.budget
        self._lock = threading.Lock()

    def give_back(self) -> None:
        """Note a success."""
        if self._level != self._full:
            with self._lock:
                self._level = min((self._level or 0) + _SUCCESS, self._full or 0)

    def take(self, error: Exception) -> bool:
        """Take out of it what a retry after this error costs; tell whether there was enough."""
        # The server itself says when to come back from a rate limit.
        if self._level is None or isinstance(error, RateLimitException):
            return True
        cost = _RETRY_AFTER_TIMEOUT if isinstance(error, TimeoutException) else _RETRY
        with self._lock:
            enough = self._level >= cost
            self._level -= cost if enough else 0
        return enough


def retries(policy: RetryPolicy, budget: Budget) -> _Attempts:
    """Begin the attempts of a call; the first of them may raise again what a try before this ended in."""
    # Imported when first needed: few calls fail.
    from stamina import retry_context  # noqa: PLC0415

    watching.quiet("stamina")  # it tells of each retry, too
    attempt = 0

    def decide(error: Exception) -> float | bool:
        nonlocal attempt
        attempt += 1
        wait = policy.wait(error, attempt, time_left())
        if may_have_taken_effect(error) and getattr(error, "method", None) == "POST":
            error.add_note(
                "It may have taken effect, so look before you send it again: for a new image, with"
                " client.servers.find_created_image()."
            )
        if wait is None:
            return False
        if not budget.take(error):
            error.add_note("It isn't sent again: too many calls of this client failed lately (RetryPolicy.budget).")
            return False
        if isinstance(error, APIException | TransportException):
            watching.log.warning("try %d: %s; again in %.2f s", attempt, error, wait)
            watching.told(policy.on_retry, Retry(error, attempt, wait))
        return wait

    return retry_context(on=decide, attempts=None, timeout=None)
