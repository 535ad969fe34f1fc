"""Sends requests and reads responses whole.

The backend's requests, responses and transports are used, and not its client: redirects, cookies and authentication
flows aren't needed here, and take as long as everything else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from http import HTTPStatus
from importlib import import_module
from time import monotonic
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

from hcloud_images._runtime._sync.concurrency import (
    close_at_collection,
    current_loop,
    within_deadline,
)
from hcloud_images._runtime._sync.deadline_stream import DeadlineBackend
from hcloud_images._runtime._sync.pool import ConnectionPool
from hcloud_images._runtime.backend import Transport, httpcore, httpx
from hcloud_images._runtime.deadline import remaining_time
from hcloud_images._runtime.hooks import call_hook, logger, record
from hcloud_images._runtime.lock import lock
from hcloud_images._runtime.options import UNPICKLABLE, HttpOptions, Token
from hcloud_images._runtime.proxies import Proxy, proxy_for
from hcloud_images._runtime.rate_limit import retry_after
from hcloud_images._runtime.response import Response, too_large
from hcloud_images._runtime.tls import Verify, ssl_context_for
from hcloud_images._runtime.wire_errors import refusal, target_of, wire_error
from hcloud_images.errors import (
    ClientClosedException,
    Exchange,
    HCloudException,
    InvalidValueException,
    TimeoutException,
)


class PooledTransport(httpx.HTTPTransport):
    """The backend's transport over our own pool; it inherits its methods, so plain vcrpy records it."""

    def __init__(self, verify: Verify, endpoint: str) -> None:
        import_module("encodings.idna")  # a name lookup imports it, which fails once no file can be opened
        self.proxy = proxy = proxy_for(endpoint)
        connections = httpcore.ConnectionPool(
            ssl_context_for(verify, endpoint),
            httpcore.Proxy(proxy.address, proxy.auth, ssl_context=ssl_context_for(verify, proxy.address))
            if proxy
            else None,
            keepalive_expiry=5.0,
            network_backend=DeadlineBackend(remaining_time),
        )
        # The one private name of another library: the backend has no public way to hand in a pool.
        self._pool = cast(
            "Any", ConnectionPool(connections.create_connection, brackets=proxy is not None and proxy.speaks_http)
        )


class Connections:
    """A transport, and where it may be used; shared by clients that differ in their options.

    :param options: The options of our own transport.
    :param transport: A transport to use instead of our own.
    """

    def __init__(self, options: HttpOptions, transport: Any) -> None:
        if not isinstance(transport, Transport | None):
            raise InvalidValueException(f"transport must be an httpx {Transport.__name__}, got {transport!r}")
        self.own = transport is None
        self.is_closed = False
        self._options = options
        self._transport: Transport = self._new_transport() if transport is None else transport
        self._process = os.getpid()
        self._forked_transports: list[Transport] = []
        self._loop: object = None

    def _new_transport(self) -> Transport:
        made = PooledTransport(self._options.verify, self._options.endpoint)
        close_at_collection(self, made.close)
        return made

    def transport(self, exchange: Exchange) -> Transport:
        """Return the transport, where this process and event loop may use it."""
        if self.is_closed:
            raise ClientClosedException(f"{exchange}: the client is closed; make a new one")
        if self._process != os.getpid():
            # The connections are the parent's: what is sent on them would be mixed up with its own requests.
            if not self.own:
                raise ClientClosedException(f"{exchange}: the client was made in another process; make a new one")
            with lock:  # threads of this process may come here at once
                if self._process != os.getpid():
                    self._forked_transports.append(self._transport)
                    self._transport = self._new_transport()
                    self._process, self._loop = os.getpid(), None
        loop = current_loop()
        if self._loop not in {None, loop}:
            raise ClientClosedException(f"{exchange}: the client belongs to another event loop; make one for each")
        self._loop = loop
        return self._transport

    def close(self) -> None:
        """Close all of them; where the event loop is gone, there is nothing to close but the sockets."""
        self.is_closed = True
        if self._process == os.getpid():
            with suppress(Exception):
                self._transport.close()


class HttpClient:
    """Sends requests, reads responses whole, and raises errors of this library alone.

    :param options: What requests are sent with.
    :param connections: What they are sent on.
    :param owns_connections: Whether closing this closes them.
    """

    def __init__(self, options: HttpOptions, connections: Connections, *, owns_connections: bool = True) -> None:
        self._options, self._connections = options, connections
        self._owns_connections = owns_connections
        self._path, self._target = urlsplit(options.endpoint).path, target_of(options.endpoint)
        self._headers = httpx.Headers(options.headers)

    def with_options(self, **options: Any) -> HttpClient:
        """Return one with other options that shares the connections."""
        options["headers"] = {**self._options.headers, **options.get("headers", {})}
        options["query"] = {**self._options.query, **options.get("query", {})}
        return HttpClient(self._options._replace(**options), self._connections, owns_connections=False)

    def request(self, method: str, url: str, extensions: dict[str, Any], **options: Any) -> Response:
        """Send a request and read its response.

        :param extensions: Where the transport says whether any of it was sent.
        """
        exchange = Exchange(method.upper(), self._path + url)
        transport = self._connections.transport(exchange)
        token = self._options.token.of_request()
        request = self._build_request(exchange, url, extensions, options, token)
        call_hook(self._options.on_request, exchange)
        proxy = transport.proxy if isinstance(transport, PooledTransport) else None
        started = monotonic()
        handled = sys.exception()
        try:
            received, content = self._send(transport, request, exchange)
        except HCloudException:  # some are an OSError, too
            raise
        except (httpx.HTTPError, OSError) as error:  # OSError: of a transport of the user's own
            failure = wire_error(error, exchange, self._target, extensions, proxy, token.mask, handled)
            if self._connections.is_closed and not extensions["sent"]:
                raise ClientClosedException(f"{exchange}: the client was closed before the request was sent") from None
            raise failure from error
        forwarder = proxy if proxy and proxy.speaks_http and request.url.scheme == "http" else None
        exchange = self._report(exchange, received, monotonic() - started, token, forwarder)
        return self._to_response(exchange, received, content, token, forwarder)

    def _build_request(
        self, exchange: Exchange, url: str, extensions: dict[str, Any], options: dict[str, Any], token: Token
    ) -> httpx.Request:
        left = remaining_time()
        if left is not None and left <= 0:  # which a transport of a user's own may not notice
            raise TimeoutException("the deadline is over", exchange, sent=False)
        timeout = self._options.timeout
        if left is not None:
            timeout = {name: left if seconds is None else min(seconds, left) for name, seconds in timeout.items()}
        extensions |= {"sent": not self._connections.own, "timeout": timeout}  # our own transport knows better
        params = {**self._options.query, **options.pop("params", {})}
        headers = self._headers  # the request copies them
        if own := options.pop("headers", None):
            headers = httpx.Headers({**self._options.headers, **own})
        address = self._options.endpoint + url
        try:
            request = httpx.Request(exchange.method, address, headers=headers, params=params or None, **options)
        except httpx.InvalidURL as error:
            raise InvalidValueException(f"{exchange}: the arguments make an invalid URL: {error}") from None
        request.extensions = extensions
        # In no variable: tracebacks show those. httpx hides it where its headers are shown.
        request.headers["Authorization"] = token.header()
        return request

    def _send(self, transport: Transport, request: httpx.Request, exchange: Exchange) -> tuple[httpx.Response, bytes]:
        try:
            with within_deadline():
                response = transport.handle_request(request)
                try:
                    content = self._read_body(iter(cast("httpx.SyncByteStream", response.stream)), exchange)
                finally:
                    response.close()
        except HCloudException:  # some are a TimeoutError, too
            raise
        except TimeoutError:
            raise httpx.ReadTimeout("the deadline is over") from None
        return response, content

    def _read_body(self, chunks: Iterator[bytes], exchange: Exchange) -> bytes:
        content = bytearray()
        try:
            for chunk in chunks:
                content += chunk
                if len(content) > self._options.max_body:
                    raise too_large(self._options.max_body, exchange)
        finally:
            if isinstance(chunks, Generator):
                chunks.close()
        return bytes(content)

    def _report(
        self, exchange: Exchange, received: httpx.Response, seconds: float, token: Token, forwarder: Proxy | None
    ) -> Exchange:
        """Tell log and hooks of a response; return what is known of it, without secrets that it repeats."""
        correlation_id = token.mask(received.headers.get("X-Correlation-Id"))
        if forwarder and correlation_id:
            correlation_id = forwarder.mask(correlation_id)
        wait = None if received.is_success else retry_after(received.headers)
        exchange = Exchange(exchange.method, exchange.path, received.status_code, correlation_id, wait, seconds)
        logger.info("%s in %.3f s%s", exchange, seconds, f" ({correlation_id})" if correlation_id else "")
        record(exchange)
        call_hook(self._options.on_response, exchange)
        return exchange

    def _to_response(
        self, exchange: Exchange, received: httpx.Response, content: bytes, token: Token, forwarder: Proxy | None
    ) -> Response:
        """Keep what is needed of a response; of one that a proxy may have made, without its password."""
        reason = token.mask(received.reason_phrase)
        if forwarder and not received.is_success:
            if received.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                raise refusal(f"407 {reason}", exchange, self._target, forwarder)
            reason = f"{forwarder.mask(reason) or 'no message'}, from the API or the proxy {forwarder}"
            content = forwarder.mask_bytes(content)
        response = Response(exchange, received.headers, content, reason, token)
        response.decompress(self._options.max_body)
        return response

    def close(self) -> None:
        """Close all connections."""
        if self._owns_connections:
            self._connections.close()

    def __reduce__(self) -> NoReturn:
        raise HCloudException(UNPICKLABLE)
