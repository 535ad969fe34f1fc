"""The one door to httpx: builds its clients, and turns what can go wrong there into errors of this library."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from attrs import define, evolve

# With httpx comes its command line, and with that click, rich and pygments where they are installed: as much to load as
# all the rest. While httpx is loaded for the first time, it looks as if they weren't there.
_first = "httpx" not in sys.modules
if _first:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
import httpx

if _first:
    del sys.modules["httpx._main"]
from hcloud_images_api.models import ErrorEnvelope

from hcloud_images.errors import (
    APIException,
    ClientClosedException,
    ConnectionException,
    Exchange,
    InvalidValueException,
    TimeoutException,
    TransportException,
    UnexpectedAnswerException,
    api_exception,
)
from hcloud_images.version import __version__

#: What ``Client(transport=)`` and ``AsyncClient(transport=)`` take.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport

#: Bytes of an answer's body, decoded, that are read at most.
MAX_BODY = 64 * 1024 * 1024
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)

_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def check_token(token: str) -> str:
    """Refuse what can't be a token, without showing it."""
    if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValueException(
            "the token is empty, or has spaces, line breaks or characters outside ASCII;"
            " pass it as the console shows it"
        )
    return token


def check_endpoint(endpoint: str) -> str:
    """Refuse what can't be the address of the API, and drop a slash at its end."""
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except (ValueError, TypeError, AttributeError):
        sound = False
    else:
        sound = sound and not (parts.query or parts.fragment or "@" in parts.netloc or "?" in endpoint)
    if not sound or not re.fullmatch(r"[!-~]+", endpoint):
        raise InvalidValueException(
            "api_endpoint has to be an http or https address without user name, password and query,"
            " such as https://api.hetzner.cloud/v1"
        )
    return endpoint.rstrip("/")


def user_agent(application_name: str | None, application_version: str | None) -> str:
    """Name the application, where given, and this library."""
    own = f"hcloud-images/{__version__}"
    if application_name is None:
        return own
    name = application_name if application_version is None else f"{application_name}/{application_version}"
    if not re.fullmatch(r"[ -~]+", name):
        raise InvalidValueException("application_name and application_version have to be printable ASCII")
    return f"{name} {own}"


def check_timeout(timeout: float | tuple[float, float] | None) -> httpx.Timeout:
    """Make httpx's form of a number of seconds, or of a (connect, read) pair."""
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    for seconds in (connect, read):
        if seconds is not None and not seconds > 0:
            raise InvalidValueException(f"timeout={timeout!r}: a timeout has to be more than 0 seconds")
    return httpx.Timeout(read, connect=connect)


class _BearerAuth(httpx.Auth):
    """Adds the token when a request leaves, so that no header set of ours ever holds it."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request


def httpx_arguments(
    token: str,
    api_endpoint: str,
    application_name: str | None,
    application_version: str | None,
    timeout: float | tuple[float, float] | None,
) -> dict[str, Any]:
    """Check what a client is made of, and return the arguments for either kind of httpx client."""
    return {
        "base_url": check_endpoint(api_endpoint),
        "auth": _BearerAuth(check_token(token)),
        "timeout": check_timeout(timeout),
        "headers": {
            "User-Agent": user_agent(application_name, application_version),
            "Accept": "application/json",
            # Nothing is inflated, so nothing small can become huge.
            "Accept-Encoding": "identity",
        },
    }


@define
class RateLimit:
    """The project's budget of requests, as the newest answer told.

    :param limit: Requests that the full budget has.
    :param remaining: Requests left of it.
    :param wait: Seconds until one more request is free; 0 while some are left.
    """

    limit: int
    remaining: int
    wait: float

    @classmethod
    def of(cls, headers: httpx.Headers) -> RateLimit | None:
        """Read the headers of an answer; ``None`` when it doesn't tell."""
        try:
            limit, remaining = int(headers["RateLimit-Limit"]), int(headers["RateLimit-Remaining"])
            seconds = int(headers["RateLimit-Reset"]) - parsedate_to_datetime(headers["Date"]).timestamp()
        except (KeyError, TypeError, ValueError):
            return None
        # The budget refills evenly: the time until it is full, shared among the requests that are missing.
        wait = 0.0 if remaining > 0 else max(seconds, 0.0) / max(limit - remaining, 1)
        return cls(limit, remaining, wait)


class _RateLimited:
    """Knows what the newest answer told of the rate limit; it is read when someone asks."""

    _newest: httpx.Headers | None = None
    _read: RateLimit | None = None

    @property
    def rate_limit(self) -> RateLimit | None:
        """The budget of requests, as the newest answer that told of it had it."""
        newest, self._newest = self._newest, None
        if newest is not None:
            self._read = RateLimit.of(newest) or self._read
        return self._read


class _Counter:
    """Adds up the bytes of a body and refuses one that is too large."""

    def __init__(self) -> None:
        self.size = 0

    def add(self, chunk: bytes) -> bytes:
        """Count a chunk, and hand it on."""
        self.size += len(chunk)
        if self.size > MAX_BODY:
            raise UnexpectedAnswerException(f"the body is larger than {MAX_BODY} bytes", _exchange.get())
        return chunk


@contextmanager
def _translated(request: httpx.Request, *, closed: bool) -> Generator[None]:
    """Turn errors of httpx into errors of this library."""
    exchange = Exchange(request.method, request.url.path)
    if closed:
        raise ClientClosedException(f"{exchange}: this client is closed; make a new one")
    _exchange.set(exchange)
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise TimeoutException("no connection in time; is the address right?", exchange, sent=False) from error
    except httpx.PoolTimeout as error:
        raise TimeoutException("all connections were busy; use fewer at once", exchange, sent=False) from error
    except httpx.TimeoutException as error:
        raise TimeoutException("no answer in time; raise timeout= if that is normal", exchange) from error
    except httpx.ConnectError as error:
        raise ConnectionException(f"no connection: {error}", exchange, sent=False) from error
    except httpx.TransportError as error:
        raise ConnectionException(f"the connection broke: {error}", exchange) from error
    except httpx.HTTPError as error:
        raise UnexpectedAnswerException(f"the answer can't be read: {error}", exchange) from error


def _whole(response: httpx.Response, body: bytes) -> httpx.Response:
    """Make an answer that holds its body; httpx's own way to read it knows no limit of size."""
    whole = httpx.Response(response.status_code, extensions=response.extensions, content=body)
    # The body is decoded already, so what the headers say of its form doesn't count any more; they are ours to read.
    whole.headers = response.headers
    return whole


def _accept(request: httpx.Request, response: httpx.Response, body: bytes) -> httpx.Response:
    """Hand on a success; raise what any other status stands for."""
    exchange = Exchange(
        request.method, request.url.path, response.status_code, response.headers.get("X-Correlation-Id")
    )
    _exchange.set(exchange)
    if response.is_success:
        return response
    rate = RateLimit.of(response.headers)
    exchange = evolve(exchange, wait=rate.wait if rate else None)
    if not response.is_error:
        raise UnexpectedAnswerException("a redirect isn't followed; is api_endpoint right?", exchange)
    try:
        error = ErrorEnvelope.from_dict(json.loads(body)).error
        code, message, details = error.code, error.message, error.details
        if not isinstance(code, str) or not isinstance(message, str):
            raise TypeError(code, message)
    except _UNREADABLE:
        # Something in between answered, not the API.
        raise api_exception(response.status_code, response.reason_phrase, {"content": body}, exchange) from None
    raise api_exception(code, message, details.to_dict() if details else None, exchange)


@contextmanager
def readable() -> Generator[None]:
    """Around a generated function and a mapping: an answer that they can't take becomes an error of this library."""
    try:
        yield
    except (APIException, TransportException, ClientClosedException):
        raise
    except _UNREADABLE as error:
        raise UnexpectedAnswerException(
            f"the answer isn't what the API describes: {error!r}", _exchange.get()
        ) from error


def unexpected(message: str) -> UnexpectedAnswerException:
    """Make an error about the newest answer."""
    return UnexpectedAnswerException(message, _exchange.get())


class HttpClient(_RateLimited, httpx.Client):
    """Sends requests, reads answers whole, and raises errors of this library alone."""

    def __del__(self) -> None:
        # The official client needs no closing, so programs written for it don't.
        with suppress(Exception):
            self.close()

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request and read its answer."""
        options |= {"stream": True, "follow_redirects": False}
        counter = _Counter()
        with _translated(request, closed=self.is_closed):
            response = super().send(request, **options)
            try:
                body = b"".join(counter.add(chunk) for chunk in response.iter_bytes())
            finally:
                response.close()
        self._newest = response.headers
        return _accept(request, _whole(response, body), body)


class AsyncHttpClient(_RateLimited, httpx.AsyncClient):
    """The same for asyncio and trio."""

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request and read its answer."""
        options |= {"stream": True, "follow_redirects": False}
        counter = _Counter()
        with _translated(request, closed=self.is_closed):
            response = await super().send(request, **options)
            try:
                body = b"".join([counter.add(chunk) async for chunk in response.aiter_bytes()])
            finally:
                await response.aclose()
        self._newest = response.headers
        return _accept(request, _whole(response, body), body)
