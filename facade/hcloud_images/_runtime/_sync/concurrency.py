"""What tasks and threads do in ways of their own; here for threads. ``_async/concurrency.py`` does it for tasks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from contextlib import nullcontext
from time import monotonic

import httpcore

#: A signal handler may make a call in the middle of another.
Lock = threading.RLock


def shield() -> nullcontext[None]:
    """Do nothing: threads aren't cancelled."""
    return nullcontext()


class Turn:
    """Waits until it is given."""

    def __init__(self) -> None:
        # A lock, since the classes of threading can be left in between when Ctrl-C comes.
        self._gate = threading.Lock()
        self._gate.acquire()

    def give(self) -> None:
        """End the waiting."""
        self._gate.release()

    def wait(self, timeout: float | None) -> bool:
        """Return whether it was given in time."""
        return self._gate.acquire(timeout=-1 if timeout is None else min(max(timeout, 0), threading.TIMEOUT_MAX))


def current_loop() -> object:
    """Return nothing: threads have none."""
    return None


def close_stream(stream: httpcore.NetworkStream, _loop: object) -> None:
    """Close a stream."""
    stream.close()


def new_backend() -> httpcore.NetworkBackend:
    """Return what opens connections."""
    return _Backend()


class _Backend(httpcore.SyncBackend):
    """Lets the addresses of a name share the time; httpcore's own gives all of it to each."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers within its share of what is left."""
        end = None if timeout is None else monotonic() + timeout
        addresses = [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        first: Exception = httpcore.ConnectTimeout("the name look-up took all the time")
        for index, address in enumerate(addresses):
            left = None if end is None else end - monotonic()
            if left is not None and left <= 0:
                break
            share = None if left is None else left / (len(addresses) - index)
            try:
                return super().connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                first = error if index == 0 else first
        raise first
