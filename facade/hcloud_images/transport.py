"""The one door to httpx: sends requests, reads answers, and turns what can go wrong into errors of this library.

Of httpx its requests, answers and transports are used, and not its client: that does much for each request which has no
place here (redirects, cookies, authentication flows), and takes as long for it as all the rest.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

import anyio
import anyio.lowlevel

# With httpx comes its command line, and with that click, rich and pygments where they are installed: as much to load as
# all the rest. While httpx is loaded for the first time, it looks as if they weren't there.
_first = "httpx" not in sys.modules
if _first:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
import httpx

if _first:
    del sys.modules["httpx._main"]
from hcloud_images_api.models import ErrorEnvelope

from hcloud_images.checks import Token
from hcloud_images.deadlines import time_left
from hcloud_images.errors import (
    ClientClosedException,
    ConnectionException,
    Exchange,
    HCloudException,
    InvalidValueException,
    TimeoutException,
    UnexpectedAnswerException,
    api_exception,
)
from hcloud_images.exchange import UNREADABLE, forgotten, heads, newest
from hcloud_images.network import Network, Verify, proxy_for, verified
from hcloud_images.rates import wait_asked
from hcloud_images.watching import log, told

#: What ``Client(transport=)`` and ``AsyncClient(transport=)`` take.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport
# Both are read by the same code.
_ENCODINGS = {"gzip", "x-gzip", "deflate"}


def _error(content: bytes) -> tuple[str, str, Any] | None:
    """Read an error of the API; ``None`` when it is none."""
    with suppress(*UNREADABLE):
        error = ErrorEnvelope.from_dict(json.loads(content)).error
        if isinstance(error.code, str) and isinstance(error.message, str):
            return error.code, error.message, error.details.to_dict() if error.details else None
    return None


class _Answer:
    """As much of an answer as the generated functions look at."""

    __slots__ = ("content", "headers", "status_code")

    def __init__(self, status_code: int, headers: httpx.Headers, content: bytes) -> None:
        self.status_code: int = status_code
        self.headers: httpx.Headers = headers
        self.content: bytes = content

    def json(self) -> Any:
        return json.loads(self.content)


@contextmanager
def _translated(exchange: Exchange) -> Generator[None]:
    """Turn errors of httpx into errors of this library."""
    try:
        yield
    except httpx.TimeoutException as error:
        cause: Exception = error
        kind: type[ConnectionException] = TimeoutException
        if isinstance(error, httpx.ConnectTimeout):
            text, sent = "no connection in time; is the address right?", False
        elif isinstance(error, httpx.PoolTimeout):
            text, sent = "all connections were busy; use fewer at once", False
        else:
            text, sent = "no answer in time; raise timeout= or the deadline if that is normal", True
    except httpx.TransportError as error:
        cause, kind = error, ConnectionException
        sent = not isinstance(error, httpx.ConnectError | httpx.ProxyError)
        text = f"the connection broke: {error}" if sent else f"no connection: {error}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnexpectedAnswerException(f"the answer can't be read: {error}", exchange) from forgotten(error)
    else:
        return
    raise kind(text, exchange, sent=sent) from forgotten(cause)


class _HttpClient:
    """What both kinds of client have in common; what they are for is ``request()``, which the generated code calls.

    :param token: Shows requests to the API.
    :param endpoint: Address of the API.
    :param headers: Sent with each request.
    :param timeout: What ``check_timeout`` gives.
    :param max_body: Bytes of an answer's body that are read at most.
    :param on_request: Called before each request.
    :param on_response: Called after each answer.
    """

    _transport: Any
    _own: bool

    def __init__(
        self,
        token: Token,
        endpoint: str,
        headers: dict[str, str],
        timeout: dict[str, float | None],
        max_body: int,
        on_request: Callable[[Exchange], object] | None,
        on_response: Callable[[Exchange], object] | None,
    ) -> None:
        self._token = token
        self._endpoint = endpoint
        self._path = urlsplit(endpoint).path
        # Nothing is asked to be inflated, so that nothing small becomes huge.
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        self._timeout = timeout
        self._max_body = max_body
        self._on_request, self._on_response = on_request, on_response
        self._process = os.getpid()
        self._left_behind: list[Any] = []
        self.is_closed = False

    def _use(self, verify: Verify, transport: Any, kind: type) -> None:
        if not isinstance(transport, kind | None):
            raise InvalidValueException(
                f"transport={transport!r} is no {kind.__name__} of httpx, which this client needs"
            )
        self._verify, self._own = verify, transport is None
        self._transport = transport or self._made()

    def _made(self) -> Any:
        """Make a transport; of the kind that the client needs."""
        raise NotImplementedError

    @contextmanager
    def _proxy(self) -> Generator[str | None]:
        proxy = proxy_for(self._endpoint)
        try:
            yield proxy
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            if proxy is None or isinstance(error, HCloudException):
                raise
            # Without the address, which may have a password in it.
            raise InvalidValueException(
                "the proxy that the environment names (HTTPS_PROXY, ALL_PROXY) can't be used; it has to be an http or"
                " https address, or with httpx[socks] installed a socks5 one; correct it, or set NO_PROXY"
            ) from None

    def _begin(self, method: str, url: str) -> Exchange:
        newest.set(None)
        exchange = Exchange(method.upper(), self._path + url)
        if self.is_closed:
            raise ClientClosedException(f"{exchange}: this client is closed; make a new one")
        if self._process != os.getpid():
            # The connections are the parent's: whatever was sent on them would be mixed up with its own requests.
            if not self._own:
                raise ClientClosedException(f"{exchange}: this client came from another process; make a new one")
            self._left_behind.append(self._transport)
            self._transport, self._process = self._made(), os.getpid()
        return exchange

    def _request(self, exchange: Exchange, url: str, options: dict[str, Any]) -> httpx.Request:
        timeout = self._timeout
        left = time_left()
        if left is not None:
            timeout = {name: left if one is None else min(one, left) for name, one in timeout.items()}
        headers = {**self._headers, **options.pop("headers", {})}
        request = httpx.Request(
            exchange.method, self._endpoint + url, headers=headers, **options, extensions={"timeout": timeout}
        )
        # In no variable: tracebacks show those. httpx hides it where its headers are shown.
        request.headers["Authorization"] = self._token.header()
        newest.set(exchange)
        told(self._on_request, exchange)
        return request

    def _too_large(self, exchange: Exchange) -> NoReturn:
        raise UnexpectedAnswerException(f"the body is larger than {self._max_body} bytes", exchange)

    def _accepted(self, exchange: Exchange, response: httpx.Response, content: bytes, seconds: float) -> _Answer:
        """Hand on a success; raise what any other status stands for."""
        status, headers = response.status_code, response.headers
        heads.set(headers)
        correlation_id = headers.get("X-Correlation-Id")
        wait = None if response.is_success else wait_asked(headers)
        exchange = Exchange(exchange.method, exchange.path, status, correlation_id, wait, seconds)
        newest.set(exchange)
        log.info("%s in %.3f s%s", exchange, seconds, f" ({correlation_id})" if correlation_id else "")
        told(self._on_response, exchange)
        encoding = headers.get("Content-Encoding", "").strip().lower()
        if encoding in _ENCODINGS:
            content = self._inflated(content, exchange)
        elif encoding not in {"", "identity"} and response.is_success:
            raise UnexpectedAnswerException(f"the body is encoded as {encoding}, which wasn't asked for", exchange)
        if response.is_success:
            return _Answer(status, headers, content)
        if not response.is_error:
            raise UnexpectedAnswerException("a redirect isn't followed; is api_endpoint right?", exchange)
        error = _error(content)
        if error is None:
            # Something in between answered, not the API.
            raise api_exception(status, response.reason_phrase, {"content": content}, exchange)
        raise api_exception(*error, exchange)

    def _inflated(self, content: bytes, exchange: Exchange) -> bytes:
        """Inflate what nobody asked to be compressed, as far as it may become large."""
        inflater = zlib.decompressobj(47)  # either of the two
        try:
            content = inflater.decompress(content, self._max_body + 1)
        except zlib.error as error:
            raise UnexpectedAnswerException(f"the body can't be inflated: {error}", exchange) from error
        if len(content) > self._max_body:
            self._too_large(exchange)
        if not inflater.eof:
            raise ConnectionException("the body was cut off", exchange)
        return content

    def __reduce__(self) -> NoReturn:
        raise HCloudException("a client can't be pickled: it holds a token and connections; make one where you need it")


class HttpClient(_HttpClient):
    """Sends requests, reads answers whole, and raises errors of this library alone."""

    def __init__(self, *arguments: Any, transport: Transport | None = None, verify: Verify = True) -> None:
        super().__init__(*arguments)
        self._use(verify, transport, Transport)

    def _made(self) -> httpx.HTTPTransport:
        with self._proxy() as proxy:
            transport = httpx.HTTPTransport(verified(self._verify, self._endpoint), proxy=proxy)
        pool = cast("Any", transport)._pool  # noqa: SLF001 - httpx has no way to hand it in
        pool._network_backend = Network(pool._network_backend)  # noqa: SLF001 - nor has httpcore for all its pools
        return transport

    def request(self, method: str, url: str, **options: Any) -> _Answer:
        """Send a request and read its answer; as httpx's own."""
        exchange = self._begin(method, url)
        request = self._request(exchange, url, options)
        begun = monotonic()
        with _translated(exchange):
            response: httpx.Response = self._transport.handle_request(request)
            try:
                content = b"".join(self._chunks(exchange, cast("Any", response.stream)))
            finally:
                response.close()
        return self._accepted(exchange, response, content, monotonic() - begun)

    def _chunks(self, exchange: Exchange, stream: Iterable[bytes]) -> Generator[bytes]:
        size = 0
        for chunk in stream:
            size += len(chunk)
            if size > self._max_body:
                self._too_large(exchange)
            yield chunk

    def close(self) -> None:
        """Close all connections."""
        self.is_closed = True
        if self._process == os.getpid():
            self._transport.close()

    def __del__(self) -> None:
        # The official client needs no closing, so programs written for it don't.
        with suppress(Exception):
            self.close()


class AsyncHttpClient(_HttpClient):
    """The same for asyncio and trio."""

    def __init__(self, *arguments: Any, transport: AsyncTransport | None = None, verify: Verify = True) -> None:
        super().__init__(*arguments)
        self._use(verify, transport, AsyncTransport)
        self._loop: object = None

    def _made(self) -> httpx.AsyncHTTPTransport:
        with self._proxy() as proxy:
            return httpx.AsyncHTTPTransport(verified(self._verify, self._endpoint), proxy=proxy)

    async def request(self, method: str, url: str, **options: Any) -> _Answer:
        """Send a request and read its answer; as httpx's own."""
        exchange = self._begin(method, url)
        loop = anyio.lowlevel.current_token()
        if self._loop not in {None, loop}:
            raise ClientClosedException(f"{exchange}: this client belongs to another event loop; make one for each")
        self._loop = loop
        request = self._request(exchange, url, options)
        begun = monotonic()
        left = time_left()
        with _translated(exchange):
            try:
                # A little later than the steps of the backend, which tidies up after its own timeouts, but not always
                # after being cancelled.
                with anyio.fail_after(None if left is None else max(left, 0.0) + 0.1):
                    response: httpx.Response = await self._transport.handle_async_request(request)
                    try:
                        content = b"".join(
                            [chunk async for chunk in self._chunks(exchange, cast("Any", response.stream))]
                        )
                    finally:
                        await response.aclose()
            except TimeoutError as error:
                if isinstance(error, HCloudException):
                    raise
                raise httpx.ReadTimeout("the deadline is over") from None
        return self._accepted(exchange, response, content, monotonic() - begun)

    async def _chunks(self, exchange: Exchange, stream: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
        size = 0
        async for chunk in stream:
            size += len(chunk)
            if size > self._max_body:
                self._too_large(exchange)
            yield chunk

    async def aclose(self) -> None:
        """Close all connections."""
        self.is_closed = True
        if self._process == os.getpid():
            await self._transport.aclose()
