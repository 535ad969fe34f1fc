"""Ctrl-C and cancellation end a call at once, send nothing more, and say what may have been paid for."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hcloud_images import AsyncClient, Client
from hcloud_images.servers import Server
from socket_server import SocketServer
from token_leaks import TOKEN

FIRST_PAGE = {"images": [{"id": 1}], "meta": {"pagination": {"page": 1, "next_page": 2, "last_page": 40}}}


class Silent(SocketServer):
    """Responds to requests for a first page, and leaves all others waiting; calls ``then`` at one of these.

    :param then: What to do when so many requests wait.
    :param at: How many.
    """

    def __init__(self, then: Callable[[], object], at: int = 1) -> None:
        super().__init__(self._respond)
        self._then, self._at = then, at
        self._lock = threading.Lock()
        self.requests = self.waiting = 0

    def _respond(self, connection: socket.socket) -> None:
        while request := connection.recv(65536):
            with self._lock:
                self.requests += 1
                first = b"page=1&" in request or b"page=1 " in request
                self.waiting += not first
                due = not first and self.waiting == self._at
            if first:
                body = json.dumps(FIRST_PAGE).encode()
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            elif due:
                self._then()


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_ends_a_list_and_nothing_more_is_sent() -> None:
    before = set(threading.enumerate())
    with Silent(interrupt, at=5) as server, Client(TOKEN, server.url, timeout=0.3, page_window=5) as client:
        with pytest.raises(KeyboardInterrupt):
            client.images.get_all()
        sent = server.requests
        for thread in set(threading.enumerate()) - before:
            if "work" in repr(getattr(thread, "_args", "")):  # those of the list; the server's go on
                thread.join(10)
        assert server.requests == sent == 6


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda client: client.servers.create_image(Server(id=42)), "find_created_image"),
        (lambda client: client.images.update(5, type="snapshot"), "snapshot now"),
    ],
)
def test_what_may_be_paid_for_is_said(call: Callable[[Any], Any], advice: str) -> None:
    with Silent(interrupt) as server, Client(TOKEN, server.url) as client:
        with pytest.raises(KeyboardInterrupt) as caught:
            call(client)
        assert advice in "".join(caught.value.__notes__)


def test_nothing_is_said_where_nothing_is_paid_for() -> None:
    with Silent(interrupt) as server, Client(TOKEN, server.url) as client:
        with pytest.raises(KeyboardInterrupt) as caught:
            client.images.update(5, description="x")
        assert not hasattr(caught.value, "__notes__")


def test_a_cancelled_creation_says_so() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        asked = asyncio.Event()
        with Silent(lambda: loop.call_soon_threadsafe(asked.set)) as server:
            async with AsyncClient(TOKEN, server.url) as client:
                task = asyncio.create_task(client.servers.create_image(Server(id=42)))
                await asked.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError) as caught:
                    await task
                assert "find_created_image" in "".join(caught.value.__notes__)

    asyncio.run(main())
