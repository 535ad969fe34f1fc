"""The way from a generated function to the wire and back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import copy
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from hcloud_images._runtime._sync.concurrency import sleep
from hcloud_images._runtime.backoff import BackoffFunction, PollSchedule, to_backoff_function
from hcloud_images._runtime.deadline import Clock, Deadline, remaining_time
from hcloud_images._runtime.rate_limit import RateLimiter
from hcloud_images._runtime.response import DECODE_ERRORS, decode_error, strip_tracebacks
from hcloud_images._runtime.retry import LONGEST_ASKED, Retries, RetryBudget, RetryPolicy, note_ambiguity
from hcloud_images.errors import (
    Exchange,
    HCloudException,
    NotFoundException,
    TimeoutException,
    TransportException,
)

if TYPE_CHECKING:
    from hcloud_images_api.types import Response as GeneratedResponse

    from hcloud_images._runtime._sync.transport import HttpClient
    from hcloud_images._runtime.rate_limit import RateLimit
    from hcloud_images._runtime.response import Response

T = TypeVar("T")
R = TypeVar("R")

#: Whose budget a request is counted in: reads of actions have one of their own, since clients are meant to poll them.
RateBudget = Literal["default", "actions"]


class _Attempt:
    """What a generated function takes for its client: sends its one request, and keeps the response."""

    raise_on_unexpected_status = False

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self.response: Response | None = None
        #: Those of its request; ``sent`` says whether any of it may have reached the server.
        self.extensions: dict[str, Any] = {}

    def get_httpx_client(self) -> _Attempt:
        return self

    def request(self, method: str, url: str, **options: Any) -> Response:
        self.response = self._http.request(method, url, self.extensions, **options)
        self.response.raise_for_status()
        return self.response


class ApiCaller:
    """Calls generated functions, with retries and rate limits; one for each client.

    :param http: Sends requests.
    :param retry: How often and how long.
    :param page_window: Maximum number of pages fetched concurrently.
    :param poll_interval: Seconds between two polls of a running action.
    :param poll_max_retries: Maximum number of polls of a wait for one action.
    :param clock: What waits go by in tests.
    """

    def __init__(
        self,
        http: HttpClient,
        retry: RetryPolicy,
        page_window: int,
        poll_interval: BackoffFunction,
        poll_max_retries: int,
        clock: Clock | None,
    ) -> None:
        self._http = http
        self._retry = retry
        self._budget = RetryBudget()
        self._page_window = page_window
        self.poll_interval = poll_interval
        self.poll_max_retries = poll_max_retries
        self._clock = clock
        #: Returns the time in seconds.
        self.now = clock.now if clock else monotonic
        self._limiters: dict[RateBudget, RateLimiter] = {"default": RateLimiter(), "actions": RateLimiter()}

    @property
    def rate_limit(self) -> RateLimit | None:
        """The default budget of requests, as the newest response reported it."""
        return self._limiters["default"].newest

    def max_concurrency(self) -> int:
        """Return how many pages may be fetched concurrently now: no more than the rate limit lets through."""
        rate = self.rate_limit
        return max(1, min(self._page_window, rate.remaining if rate else self._page_window))

    def call(
        self,
        function: partial[GeneratedResponse[Any]],
        response_type: type[T],
        to_result: Callable[[T, Exchange], R],
        *,
        rate_budget: RateBudget = "default",
        check_first: str | None = None,
    ) -> R:
        """Call a generated function, as often as the retry policy allows, and map its response.

        :param function: With its arguments; a partial, so that type checkers hold these against the function.
        :param response_type: What a success is parsed into.
        :param to_result: Maps that, and the exchange.
        :param rate_budget: Whose budget it is counted in.
        :param check_first: What to check before the request is sent again, where that costs money.
        """
        retries = Retries(self._retry, self._budget, check_first)
        try:
            with Deadline(self._retry.deadline, self.now):
                while True:
                    try:
                        result = self._attempt(
                            function, response_type, to_result, self._limiters[rate_budget], check_first
                        )
                    except HCloudException as error:
                        if retries.ambiguous and isinstance(error, NotFoundException) and error.method == "DELETE":
                            # Already deleted, by an attempt whose response was lost.
                            return to_result(cast("T", None), cast("Exchange", error.exchange))
                        wait = retries.next_wait(error, remaining_time())
                        if wait is None:
                            raise
                    else:
                        if self._budget.spent:
                            self._budget.refund()
                        return result
                    self.sleep(wait)
        except BaseException as error:  # an interruption of the wait before a retry, too
            if check_first and retries.ambiguous:
                note_ambiguity(error, check_first)
            raise

    def _attempt(
        self,
        function: partial[GeneratedResponse[Any]],
        response_type: type[T],
        to_result: Callable[[T, Exchange], R],
        limiter: RateLimiter,
        check_first: str | None,
    ) -> R:
        handled = sys.exception()
        attempt = _Attempt(self._http)
        under_way = limiter.begin()
        try:
            if self._retry.wait_for_rate_limit and (wait := limiter.wait_for(under_way)):
                left = remaining_time()
                if wait <= LONGEST_ASKED and (left is None or wait < left):
                    self.sleep(wait)
            parsed = (function(client=cast("Any", attempt))).parsed
            response = attempt.response
            if response is None or not isinstance(parsed, response_type):
                raise TypeError(f"expected {response_type.__name__}, got {type(parsed).__name__}")
            if parsed is None and response.status_code != HTTPStatus.NO_CONTENT:  # parsers return None for any other
                raise TypeError("expected status 204 and no body")
            return to_result(parsed, response.exchange)
        except DECODE_ERRORS as error:
            # Without a response, the error is about something before it, such as an argument.
            if attempt.response is None:
                raise
            raise decode_error(error, attempt.response.exchange) from strip_tracebacks(error, handled)
        except TransportException as error:
            strip_tracebacks(error, handled)  # the frames hold the body, which may repeat the token
            raise
        except BaseException as error:
            if check_first and attempt.extensions.get("sent") and not isinstance(error, HCloudException):
                note_ambiguity(error, check_first)  # interrupted, cancelled, or of a transport of a user's own
            raise
        finally:
            limiter.end(attempt.response.headers if attempt.response else None)

    def sleep(self, seconds: float) -> None:
        """Wait, until the deadline at most.

        :raises TimeoutException: when that comes first.
        """
        left = remaining_time()
        pause = max(0.0, seconds if left is None else min(seconds, left))
        if self._clock is None:
            sleep(pause)
        else:
            self._clock.advance(pause)
        if left is not None and left < seconds:
            raise TimeoutException("the deadline is over", sent=False)

    def schedule(
        self, interval: float | BackoffFunction | None, deadline: float | None = None, max_polls: int | None = None
    ) -> PollSchedule:
        """Plan the polls of a wait; by default at the client's interval."""
        backoff = self.poll_interval if interval is None else to_backoff_function(interval)
        return PollSchedule(backoff, deadline, max_polls, self.now)

    def with_options(self, retry: RetryPolicy | None, **options: Any) -> ApiCaller:
        """Return one with other options that shares connections, rate limits and the retry budget."""
        shared = copy(self)
        shared._retry = retry or self._retry
        shared._http = self._http.with_options(**options)
        return shared

    def close(self) -> None:
        """Close all connections."""
        self._http.close()
