"""A proxy that opens tunnels, or doesn't, and a server that says which host it was asked for."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from select import select

from socket_server import SocketServer


class Server(SocketServer):
    """Responds to one request of each connection with nothing, and keeps the requests."""

    def __init__(self, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.requests: list[bytes] = []
        super().__init__(self._respond, context, host)

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
            if self._response[-4:] in {b"", b"\r\n\r\n"}:
                self._wait_until_left(connection)
        else:
            self._copy_both(connection, self._upstream)

    def _copy_both(self, connection: socket.socket, port: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as upstream:
            other = {connection: upstream, upstream: connection}
            while True:  # in one thread: two can't use a TLS connection at once
                for source in select(list(other), [], [], 5)[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    other[source].sendall(data)

    def _wait_until_left(self, connection: socket.socket) -> None:
        with suppress(ConnectionError):
            assert connection.recv(1) == b""
        self.left.set()


class SocksProxy(Proxy):
    """Speaks SOCKS5, with a user name and a password.

    :param reply: What becomes of the connection; 0: it is made.
    :param method: How it wants to know who asks; by default as it is offered.
    :param rejects: Whether it rejects the password.
    """

    def __init__(
        self, upstream: int | None = None, reply: int = 0, *, method: bytes = b"", rejects: bool = False
    ) -> None:
        self._reply, self._method, self._rejects = reply, method, rejects
        super().__init__(upstream)

    def _connect(self, connection: socket.socket) -> None:
        methods = connection.recv(65536)
        connection.sendall(b"\5" + (self._method or methods[2:3]))
        if methods[2] == 2:
            self.requests.append(connection.recv(65536))
            connection.sendall(b"\1%c" % self._rejects)
        self.requests.append(connection.recv(65536))
        connection.sendall(b"\5%c\0\1\0\0\0\0\0\0" % self._reply)
        if self._upstream is None:
            self._wait_until_left(connection)
        else:
            self._copy_both(connection, self._upstream)
