"""Decides which failure is retried, and when."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import monotonic
from typing import Any

from attrs import frozen

from hcloud_images._checks import check_count, check_kind, check_limit, invalid_value
from hcloud_images._runtime.api_errors import BY_CODE
from hcloud_images._runtime.hooks import call_hook, logger
from hcloud_images._runtime.lock import lock
from hcloud_images.errors import (
    APIException,
    ConnectionException,
    HCloudException,
    InvalidResponseException,
    RateLimitException,
    ServerErrorException,
    TimeoutException,
    TransportException,
)

# Sending these again changes nothing that the first request didn't.
_IDEMPOTENT = {"GET", "HEAD", "PUT", "DELETE"}
_TRANSIENT_STATUS = {502, 503, 504}
_SERVER_ERRORS = 500
_TRANSIENT_CODES = {"conflict", "locked", "bad_gateway", "unavailable", "timeout"}
# Seconds: the longest wait before the first retry, and before any, on top of what the server asks for.
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
# The longest wait that is granted to a server: an empty budget of requests is full again after an hour.
LONGEST_ASKED = 3600.0
# What a retry takes out of the budget, what one after a timeout does, and what a success puts back.
_RETRY, _RETRY_AFTER_TIMEOUT, _SUCCESS = 5, 14, 1


def is_retryable(error: HCloudException) -> bool:
    """Decide whether a request that ended in this error may be sent again.

    What may have taken effect is only repeated when the method allows it: a creation whose response got lost is never
    sent twice.
    """
    if not isinstance(error, APIException | TransportException):
        return False
    if isinstance(error, RateLimitException):
        return True
    if isinstance(error, ConnectionException) and (error.permanent or not error.sent):
        return not error.permanent
    if error.method not in _IDEMPOTENT:
        return False
    if isinstance(error, APIException):
        # The code takes precedence; a response of a proxy has none.
        return error.code in _TRANSIENT_CODES or (error.code not in BY_CODE and error.status_code in _TRANSIENT_STATUS)
    return isinstance(error, ConnectionException)


def is_ambiguous(error: HCloudException) -> bool:
    """Return whether a request may have taken effect despite this error."""
    if isinstance(error, ServerErrorException | InvalidResponseException):
        return True
    if isinstance(error, APIException):
        return (error.status_code or 0) >= _SERVER_ERRORS
    return isinstance(error, ConnectionException) and error.sent


@frozen
class Retry:
    """A retry that is about to happen.

    :param error: What the last attempt ended in; names the request.
    :param attempt: Which attempt that was, counted from 1.
    :param wait: Seconds until the next one.
    """

    error: APIException | TransportException
    attempt: int
    wait: float


@frozen
class RetryPolicy:
    """How often and how long a client tries to get a response to a request.

    GET, PUT and DELETE are repeated after connection errors, timeouts, 502, 503, 504, and while a resource is locked or
    changing; a POST only after a failure that guarantees it had no effect. The wait before a retry is what the server
    asks for, plus a random part of a time that doubles with each retry: 0.5 seconds at first, 20 at most.

    :param attempts: How often a request is sent at most; 1 switches retries off. Waiting for the rate limit doesn't
        count: only the deadline ends it, or a server that asks for more than an hour.
    :param deadline: Seconds for each request, with its retries, the waits between them and the body of its response;
        a list sends one request for each page, a wait one for each poll. ``None`` sets no limit. To bound all of them
        together, use ``client.deadline()``.
    :param wait_for_rate_limit: Whether to wait before the rate limit is hit instead of after; all requests of the
        client that are under way count.
    :param budget: Shared by the retries of all requests of a client: one costs 5, or 14 after a timeout, and a success
        returns 1. While a server is down, this keeps a client from making it worse. ``None``: no limit.
    :param on_retry: Called before each wait. Its errors are logged, and change nothing.
    """

    attempts: int = 6
    deadline: float | None = 60.0
    wait_for_rate_limit: bool = False
    budget: int | None = 500
    on_retry: Callable[[Retry], object] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what isn't valid."""
        check_count("attempts", self.attempts)
        check_limit("deadline", self.deadline, or_zero=False)
        check_count("budget", self.budget, least=0, or_none=True)
        if self.on_retry is not None and not callable(self.on_retry):
            raise invalid_value("on_retry", "a function, or None", self.on_retry)


def check_policy(retry: Any) -> RetryPolicy:
    """Refuse what isn't a policy."""
    return check_kind("retry", retry, RetryPolicy, "a RetryPolicy (attempts=1 switches retries off)")


class RetryBudget:
    """The retries that the requests of a client share."""

    def __init__(self) -> None:
        #: How much of it is spent.
        self.spent = 0

    def refund(self) -> None:
        """Note a success."""
        with lock:
            self.spent = max(self.spent - _SUCCESS, 0)

    def spend(self, error: HCloudException, limit: int | None) -> bool:
        """Take the cost of a retry after this error; return whether there was enough."""
        # The server itself says when to come back from a rate limit.
        if limit is None or isinstance(error, RateLimitException):
            return True
        cost = _RETRY_AFTER_TIMEOUT if isinstance(error, TimeoutException) else _RETRY
        with lock:
            enough = self.spent + cost <= limit
            self.spent += cost if enough else 0
        return enough


def retry_wait(policy: RetryPolicy, error: HCloudException, attempt: int, left: float | None) -> float | None:
    """Decide whether to send a request again, and when.

    :param error: What it ended in.
    :param attempt: Which attempt that was, counted from 1.
    :param left: Seconds until the deadline; ``None`` without one.
    :returns: Seconds to wait before; ``None`` for no retry.
    """
    limited = isinstance(error, RateLimitException)
    if policy.attempts == 1 or (attempt >= policy.attempts and not limited) or not is_retryable(error):
        return None
    exchange = getattr(error, "exchange", None)
    asked = (exchange and exchange.wait) or 0.0
    if asked > LONGEST_ASKED:  # no server may make a client sleep for a year
        return None
    # At random, so that those who failed together don't come back together.
    wait: float = asked + random.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempt - 1, 30)))
    # A wait that outlasts the deadline can't help.
    return None if left is not None and wait >= left else wait


def note_ambiguity(error: BaseException, check_first: str | None) -> None:
    """Say that a request may have taken effect."""
    note = f"It may have taken effect, so check before you send it again{f': {check_first}' * bool(check_first)}."
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)


class Retries:
    """The retries of one call: decides, logs, and says in a note why there is none.

    :param policy: How often and how long.
    :param budget: What the calls of the client share.
    :param check_first: What to check before the request is sent again, where that costs money.
    """

    def __init__(self, policy: RetryPolicy, budget: RetryBudget, check_first: str | None) -> None:
        self._policy, self._budget, self._check_first = policy, budget, check_first
        self._attempt = self._tried = 0
        self._started = monotonic()
        #: Whether an attempt may have taken effect.
        self.ambiguous = False

    def next_wait(self, error: HCloudException, left: float | None) -> float | None:
        """Return the seconds to wait before the next attempt; ``None`` when the error is to be raised."""
        self._tried += 1
        # Waiting for the rate limit doesn't count.
        self._attempt += not isinstance(error, RateLimitException)
        self.ambiguous = self.ambiguous or is_ambiguous(error)
        # An odd answer isn't retried; to a DELETE it may mean anything.
        unsafe = {"POST", "DELETE"} if isinstance(error, InvalidResponseException) else {"POST"}
        if self.ambiguous and (self._check_first or getattr(error, "method", None) in unsafe):
            note_ambiguity(error, self._check_first)
        wait = retry_wait(self._policy, error, max(self._attempt, 1), left)
        if wait is None and self._tried > 1 and isinstance(error, TransportException):
            error.message += f" (tried {self._tried} times in {monotonic() - self._started:.1f} s)"
            error.args = (f"{error.exchange}: {error.message}" if error.exchange else error.message,)
        if wait is None or not isinstance(error, APIException | TransportException):
            return None
        if not self._budget.spend(error, self._policy.budget):
            error.add_note("Not retried: too many requests of this client failed recently (RetryPolicy.budget).")
            return None
        logger.warning("attempt %d: %s; retrying in %.2f s", self._tried, error, wait)
        call_hook(self._policy.on_retry, Retry(error, self._tried, wait))
        return wait
