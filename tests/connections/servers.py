"""Servers on plain sockets that do what a test says, and pools of each kind that talk to them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import anyio
import attrs
from stressing.pools import PoolCalls

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


@attrs.frozen
class Kind:
    """A kind of pool, and what runs it."""

    name: str
    backend: str | None

    def run(self, scenario: Callable[[], Any]) -> None:
        anyio.run(scenario, backend=self.backend or "asyncio")

    def calls(self, running: Server, scheme: str = "http", **options: Any) -> PoolCalls:
        return self.calls_to(f"{scheme}://127.0.0.1:{running.port}/", **options)

    def calls_to(self, url: str, **options: Any) -> PoolCalls:
        return PoolCalls(url, sync=self.backend is None, **options)


KINDS = [Kind("sync", None), Kind("asyncio", "asyncio"), Kind("trio", "trio")]
