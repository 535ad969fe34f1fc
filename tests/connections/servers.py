"""What servers on plain sockets do, and pools of each kind that talk to them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import anyio
import attrs
from socket_server import SocketServer
from stressing.pools import PoolCalls

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


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

    def calls(self, running: SocketServer, scheme: str = "http", **options: Any) -> PoolCalls:
        return self.calls_to(f"{scheme}://127.0.0.1:{running.port}/", **options)

    def calls_to(self, url: str, **options: Any) -> PoolCalls:
        return PoolCalls(url, sync=self.backend is None, **options)


KINDS = [Kind("sync", None), Kind("asyncio", "asyncio"), Kind("trio", "trio")]
