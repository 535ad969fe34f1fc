"""Servers on plain sockets that do what a test says, and pools of each kind that talk to them.

Private names: the pools are driven without the client, as they are without its retries.
"""

from __future__ import annotations

import inspect
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import anyio
import attrs
import httpcore
import httpx
from hcloud_images._runtime._async.deadline_stream import AsyncDeadlineBackend
from hcloud_images._runtime._async.pool import AsyncConnectionPool
from hcloud_images._runtime._sync.deadline_stream import DeadlineBackend
from hcloud_images._runtime._sync.pool import ConnectionPool

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """Hands each connection to a function, in a thread of its own; counts those that came and those that ended."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve, self._listener = serve, socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._listener.getsockname()[1]
        self.came = self.open = self.most = 0
        self.changed = threading.Condition()

    def _handle(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self._serve(connection)
        with self.changed:
            self.open -= 1
            self.changed.notify_all()

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self.changed:
                self.came, self.open = self.came + 1, self.open + 1
                self.most = max(self.most, self.open)
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def wait_until_open(self, count: int) -> bool:
        """Wait until so many connections are left."""
        with self.changed:
            return self.changed.wait_for(lambda: self.open == count, 5)


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[Server]:
    running = Server(serve)
    threading.Thread(target=running.run, daemon=True).start()
    try:
        yield running
    finally:
        running.stop()


def respond(connection: socket.socket) -> None:
    """Respond to each request."""
    while received(connection):
        connection.sendall(RESPONSE)


def respond_once(connection: socket.socket) -> None:
    """Respond to one request, and close."""
    if received(connection):
        connection.sendall(RESPONSE)


def received(connection: socket.socket) -> bytes:
    """Read the head of a request."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        data = connection.recv(65536)
        if not data:
            return b""
        head += data
    return head


async def done(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


class Transport(httpx.HTTPTransport):
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool  # type: ignore[assignment]


class AsyncTransport(httpx.AsyncHTTPTransport):
    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool  # type: ignore[assignment]


class Calls:
    """Calls of one pool."""

    def __init__(
        self,
        kind: Kind,
        url: str,
        *,
        proxy: str | None = None,
        trust: ssl.SSLContext | None = None,
        expiry: float = 5,
        time_left: Callable[[], float | None] = lambda: None,
        **options: Any,
    ) -> None:
        self._url, self.sent = url, False
        arguments: dict[str, Any] = {"ssl_context": trust, "keepalive_expiry": expiry}
        if proxy:
            arguments["proxy"] = httpcore.Proxy(proxy)
        if kind.backend:
            made = httpcore.AsyncConnectionPool(network_backend=AsyncDeadlineBackend(time_left), **arguments)
            self.pool: Any = AsyncConnectionPool(made.create_connection, **options)
            self._transport: Any = AsyncTransport(self.pool)
        else:
            plain = httpcore.ConnectionPool(network_backend=DeadlineBackend(time_left), **arguments)
            self.pool = ConnectionPool(plain.create_connection, **options)
            self._transport = Transport(self.pool)

    async def begin(self, **timeout: float) -> httpx.Response:
        timeouts = {"connect": 10, "read": 10, "write": 10, "pool": 10, **timeout}
        request = httpx.Request("GET", self._url, extensions={"timeout": timeouts})
        try:
            if isinstance(self._transport, AsyncTransport):
                response: httpx.Response = await self._transport.handle_async_request(request)
            else:
                response = self._transport.handle_request(request)
        finally:
            self.sent = request.extensions.get("sent", False)
        return response

    async def end(self, response: httpx.Response) -> bytes:
        try:
            if isinstance(response.stream, httpx.AsyncByteStream):
                return b"".join([chunk async for chunk in response.stream])
            return b"".join(response.stream)
        finally:
            await done(response.aclose() if isinstance(response.stream, httpx.AsyncByteStream) else response.close())

    async def get(self, **timeout: float) -> bytes:
        return await self.end(await self.begin(**timeout))

    async def close(self) -> None:
        await done(self.pool.aclose() if hasattr(self.pool, "aclose") else self.pool.close())


@attrs.frozen
class Kind:
    """A kind of pool, and what runs it."""

    name: str
    backend: str | None

    def run(self, scenario: Callable[[], Any]) -> None:
        anyio.run(scenario, backend=self.backend or "asyncio")

    def calls(self, running: Server, scheme: str = "http", **options: Any) -> Calls:
        return Calls(self, f"{scheme}://127.0.0.1:{running.port}/", **options)


KINDS = [Kind("sync", None), Kind("asyncio", "asyncio"), Kind("trio", "trio")]
