"""A server on plain sockets that does what a test says."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self


class SocketServer:
    """Hands each connection to a function, in a thread of its own; counts those that came and those that are open."""

    def __init__(
        self, serve: Callable[[socket.socket], object], tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self._serve, self._tls = serve, tls
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=100)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self.came = self.open = self.most = 0
        self.changed = threading.Condition()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._handle, args=(connection,), daemon=True)
            with self.changed:
                self.came, self.open = self.came + 1, self.open + 1
                self.most = max(self.most, self.open)
                self._connections[thread] = connection
            thread.start()

    def _handle(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._tls is None:
                self._serve(connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as encrypted:
                    self._connections[threading.current_thread()] = encrypted
                    self._serve(encrypted)
        with self.changed:
            self.open -= 1
            del self._connections[threading.current_thread()]
            self.changed.notify_all()

    def wait_until_open(self, count: int) -> bool:
        """Wait until so many connections are left."""
        with self.changed:
            return self.changed.wait_for(lambda: self.open == count, 5)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        with self.changed:
            left = list(self._connections.items())
        for thread, connection in left:
            with suppress(OSError):  # the client may have closed it
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)
