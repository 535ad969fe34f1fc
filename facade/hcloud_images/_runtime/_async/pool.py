"""The connections of a client to the one address it talks to, over httpcore's ``create_connection()``.

httpcore's own pools leak connections when calls are cancelled. Here one object holds everything that a request has
taken, and is released in one place, no matter how and how often the request is interrupted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, cast
from weakref import WeakSet

from hcloud_images._runtime._async.concurrency import Lock, Turn, shield
from hcloud_images._runtime._async.deadline_stream import AsyncDeadlineStream
from hcloud_images._runtime.backend import httpcore, raise_translated


class AsyncConnectionPool:
    """Sends each request on its own connection, an idle one if possible.

    Only HTTP/1.1; responses have to be closed. For each request, ``request.extensions["sent"]`` says whether any of it
    may have reached the server. A pool must not be touched in a child process; it is the parent's.

    :param connect: Makes a connection, which connects with its first request.
    :param max_connections: Maximum number of open connections.
    :param max_idle: Maximum number of idle ones among them.
    :param brackets: Put the host of a URL in brackets when it is an IPv6 address, as HTTP proxies require and
        httpcore doesn't.
    """

    def __init__(
        self,
        connect: Callable[[httpcore.Origin], httpcore.AsyncConnectionInterface],
        *,
        max_connections: int = 100,
        max_idle: int = 20,
        brackets: bool = False,
    ) -> None:
        self._connect = connect
        self._max_connections, self._max_idle, self._brackets = max_connections, max_idle, brackets
        self._lock = Lock()
        # Weak, so that a second interruption during the release leaks nothing.
        self._active: WeakSet[_Lease] = WeakSet()
        self._waiting: dict[_Lease, Turn] = {}
        # The one that was used last is at the end, and taken first.
        self._idle: deque[httpcore.AsyncConnectionInterface] = deque()
        self._closed = False

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; raises errors of httpcore."""
        url = request.url
        if self._brackets and b":" in url.host and not url.host.startswith(b"["):
            url.host = b"[%b]" % url.host
        lease = _Lease(self, request)
        try:
            await self._enter(lease, lease.extensions.get("timeout", {}).get("pool"))
            response = await self._send(lease, request)
            lease.body, response.stream = response.stream, lease
            stream = _extensions(response).get("network_stream")
            if isinstance(stream, AsyncDeadlineStream):
                lease.has_surplus = partial(stream.has_surplus, response.headers)
        except BaseException:
            await self.give_back(lease)
            raise
        return response

    async def aclose(self) -> None:
        """Close what is idle; what is in use is closed when it is given back."""
        with self._lock:
            self._closed = True
            idle = list(self._idle)
            self._idle.clear()
        await _close(idle)

    async def _enter(self, lease: _Lease, timeout: float | None) -> None:
        """Wait until one more connection may be in use."""
        with self._lock:
            if len(self._active) < self._max_connections:
                self._active.add(lease)
                return
            turn = self._waiting[lease] = Turn()
        if not await turn.wait(timeout):
            raise httpcore.PoolTimeout

    def _leave(self, lease: _Lease) -> None:
        with self._lock:
            self._active.discard(lease)
            self._waiting.pop(lease, None)
            while self._waiting and len(self._active) < self._max_connections:
                following = next(iter(self._waiting))
                self._active.add(following)
                self._waiting.pop(following).give()

    async def _send(self, lease: _Lease, request: httpcore.Request) -> httpcore.Response:
        while True:
            if self._closed:
                raise httpcore.ConnectError("the connections of this client are closed")
            with self._lock:
                idle = self._idle.pop() if self._idle else None
            lease.connection = idle or self._connect(request.url.origin)
            if idle is None:
                lease.extensions["trace"] = _tracing(lease.extensions, lease.streams)
            elif not _usable(idle):
                await _close([idle])
                continue
            lease.extensions["sent"] = idle is not None
            try:
                return await lease.connection.handle_async_request(request)
            except httpcore.ConnectionNotAvailable:
                await _close([lease.connection])
            except Exception as error:  # what those who speak to proxies let through
                raise_translated(error, httpcore.ConnectError)

    async def give_back(self, lease: _Lease) -> None:
        """Release everything that a request holds, even if that is nothing yet, or nothing any more."""
        clean = False
        try:
            lease.extensions.pop("trace", None)
            with shield():
                if lease.body is not None:
                    await lease.body.aclose()
                    clean = lease.read and not lease.has_surplus()
        finally:
            try:
                await _close([*lease.chunks, *self._put_by(lease, clean)])
            finally:
                self._leave(lease)

    def _put_by(self, lease: _Lease, clean: bool) -> list[Any]:
        """Keep the connection for another request, unless anything went wrong; return what has to be closed."""
        connection, lease.connection = lease.connection, None
        if connection is None:
            return []
        with self._lock:
            if self._closed or not clean or not connection.is_available():  # looked at again before it is used
                # An unfinished connection doesn't know its stream.
                return [connection, *lease.streams]
            self._idle.append(connection)
            surplus: list[Any] = []
            while len(self._idle) > self._max_idle or (len(self._idle) > 1 and not _usable(self._idle[0])):
                surplus.append(self._idle.popleft())
            return surplus


class _Lease:
    """What a request has taken from a pool; also the body of its response."""

    def __init__(self, pool: AsyncConnectionPool, request: httpcore.Request) -> None:
        self._owner = pool
        self.extensions = _extensions(request)
        self.connection: httpcore.AsyncConnectionInterface | None = None
        self.streams: list[httpcore.AsyncNetworkStream] = []
        self.body: Any = None
        #: What reads the body, once begun: closed here, since the event loop would do so some time later.
        self.chunks: list[Any] = []
        self.read = False
        self.has_surplus: Callable[[], bool] = bool
        self.extensions["sent"] = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        self.chunks.append(aiter(self.body))
        return self

    async def __anext__(self) -> bytes:
        try:
            return cast("bytes", await anext(self.chunks[0]))
        except StopAsyncIteration:
            self.read = True
            raise

    async def aclose(self) -> None:
        await self._owner.give_back(self)


def _tracing(
    extensions: dict[str, Any], streams: list[httpcore.AsyncNetworkStream]
) -> Callable[[str, dict[str, Any]], Awaitable[None]]:
    """Make the trace function of httpcore, for a request that must connect first."""

    async def trace(step: str, info: dict[str, Any]) -> None:
        if step == "http11.send_request_headers.started":
            # That the proxy is asked for a tunnel sends nothing of the request itself.
            extensions["sent"] = info["request"].method != b"CONNECT"
        elif step.endswith(("connect_tcp.complete", "start_tls.complete")):
            streams.append(info["return_value"])

    return trace


def _extensions(message: Any) -> dict[str, Any]:
    """Return those of a request or response, which httpcore has no types for."""
    extensions: dict[str, Any] = message.extensions
    return extensions


def _usable(connection: httpcore.AsyncConnectionInterface) -> bool:
    return connection.is_available() and not connection.has_expired()


async def _close(closing: list[Any]) -> None:
    """Close all of them, also when cancelled: each is closed before it waits for the first time."""
    while closing:
        one = closing.pop()
        try:
            with suppress(Exception), shield():
                await one.aclose()
        except BaseException:
            await _close(closing)
            raise
