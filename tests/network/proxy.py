"""A proxy that opens tunnels, or doesn't, and a server that says which host it was asked for."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress

from socket_server import SocketServer


class Server(SocketServer):
    """Responds to one request of each connection with nothing, and keeps the requests."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        super().__init__(self._respond, context)

    def _respond(self, connection: socket.socket) -> None:
        self.requests.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        connection.recv(65536)


class Proxy(SocketServer):
    """Keeps the requests, and connects each to a server, or responds to it in a way of its own.

    :param upstream: The server's port; without one, nothing is connected.
    :param response: What it says.
    """

    def __init__(
        self,
        upstream: int | None = None,
        response: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n",
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.requests: list[bytes] = []
        #: Set when a connection was closed by whoever opened it.
        self.left = threading.Event()
        self._upstream, self._response = upstream, response
        super().__init__(self._connect, context)

    def _connect(self, connection: socket.socket) -> None:
        self.requests.append(connection.recv(65536))
        connection.sendall(self._response)
        if self._upstream is None:
            if self._response.startswith(b"HTTP/1.1 4") or not self._response:
                self._wait_until_left(connection)
            return
        with socket.create_connection(("127.0.0.1", self._upstream)) as upstream:
            back = threading.Thread(target=_copy, args=(upstream, connection))
            back.start()
            _copy(connection, upstream)
            back.join()

    def _wait_until_left(self, connection: socket.socket) -> None:
        with suppress(ConnectionError):
            assert connection.recv(1) == b""
        self.left.set()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
