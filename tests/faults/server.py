"""A server of raw sockets that does to its clients whatever a fault says, and logs what it read."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

IMAGE = {
    "id": 1,
    "type": "snapshot",
    "status": "available",
    "description": "x",
    "labels": {},
    "created": "2026-05-04T10:00:00Z",
}
ACTION = {"id": 1, "command": "create_image", "status": "success", "progress": 100, "started": "2026-05-04T10:00:00Z"}
ACTION |= {"finished": "2026-05-04T10:00:01Z", "error": None, "resources": [{"id": 1, "type": "image"}]}
META = {
    "pagination": {
        "page": 1,
        "per_page": 50,
        "previous_page": None,
        "next_page": None,
        "last_page": 1,
        "total_entries": 1,
    }
}


class Link:
    """A connection to a client, for a fault to use.

    :param server: Whose connection it is.
    :param sock: The connection.
    """

    def __init__(self, server: FaultServer, sock: socket.socket) -> None:
        self.server, self.sock = server, sock
        self.method = self.target = ""
        self._rest = b""

    def read(self) -> bool:
        """Read a request; tell whether there was a whole one."""
        text = self._rest
        while b"\r\n\r\n" not in text:
            chunk = self.sock.recv(65536)
            if not chunk:
                return False
            text += chunk
        head, _, body = text.partition(b"\r\n\r\n")
        found = re.search(rb"(?i)content-length: (\d+)", head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            chunk = self.sock.recv(65536)
            if not chunk:
                return False
            body += chunk
        self._rest = body[length:]
        self.method, self.target = head.decode().split(" ")[:2]
        self.server.note(self.method, self.target)
        return True

    def right(self) -> dict[str, Any]:
        """Return what the API would respond."""
        if self.method == "POST":
            return {"action": ACTION, "image": IMAGE}
        if "/actions" in self.target:
            return {"actions": [ACTION], "meta": META}
        return {"images": [IMAGE], "meta": META} if re.search(r"/images(\?|$)", self.target) else {"image": IMAGE}

    def status(self) -> str:
        """Return the status that the API would give."""
        return {"POST": "201 Created", "DELETE": "204 No Content"}.get(self.method, "200 OK")

    def send(self, data: bytes) -> None:
        """Send anything."""
        self.sock.sendall(data)

    def respond(
        self, body: Any = None, status: str | None = None, headers: tuple[str, ...] = (), length: int | None = None
    ) -> None:
        """Send a response: by default the right one."""
        status = status or self.status()
        if body is None:
            body = b"" if status.startswith("204") else self.right()
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status}", *headers]
        if not any(line.lower().startswith("content-type") for line in headers):
            lines.append("Content-Type: application/json")
        if not status.startswith("204"):
            lines.append(f"Content-Length: {len(content) if length is None else length}")
        self.send("\r\n".join([*lines, "", ""]).encode() + content)

    def drip(self, data: bytes) -> None:
        """Send a byte at a time, until nobody listens any more."""
        for byte in data:
            self.send(bytes([byte]))
            if self.server.ended.wait(0.05):
                return

    def wait(self) -> None:
        """Say nothing until the test is over."""
        self.server.ended.wait(20)

    def reset(self) -> None:
        """End the connection the hard way."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.sock.close()


class FaultServer:
    """Listens on a port of its own.

    :param fault: What to do to each connection.
    :param times: To how many connections; those that follow are served rightly. ``None``: to all.
    :param tls: How to encrypt.
    """

    def __init__(
        self, fault: Callable[[Link], object], times: int | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._fault, self._times, self._tls = fault, times, tls
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._socks: list[socket.socket] = []
        self._connections = 0
        self.ended = threading.Event()
        #: Requests that were read as a whole.
        self.requests: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def note(self, method: str, target: str) -> None:
        with self._lock:
            self.requests.append(f"{method} {target}")

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections += 1
                self._socks.append(sock)
                strike = self._times is None or self._connections <= self._times
            thread = threading.Thread(target=self._serve, args=(sock, strike), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, strike: bool) -> None:
        with suppress(OSError, ValueError, IndexError), sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._encrypted(sock) as talking:
                link = Link(self, talking)
                if strike:
                    self._fault(link)
                else:
                    while link.read():
                        link.respond()

    def _encrypted(self, sock: socket.socket) -> socket.socket:
        if self._tls is None:
            return sock
        made = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._socks.append(made)  # which has taken over the connection
        made.do_handshake()
        return made

    def close(self) -> None:
        """End all connections, and wait for all threads."""
        self.ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for sock in self._socks:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for sock in self._socks:
            sock.close()
