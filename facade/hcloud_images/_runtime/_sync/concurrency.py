"""What tasks and threads do differently: the one pair of modules that is written twice, by hand."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from contextvars import copy_context
from time import monotonic
from typing import TypeVar
from weakref import finalize

from hcloud_images._runtime.backend import NO_ADDRESS, httpcore
from hcloud_images._runtime.deadline import Deadline

T = TypeVar("T")


def sleep(seconds: float) -> None:
    """Wait; forever, if an interval is more than the system can wait."""
    time.sleep(min(seconds, threading.TIMEOUT_MAX))


#: A signal handler may make a call in the middle of another.
Lock = threading.RLock


#: Threads aren't cancelled; the connection itself keeps to the deadline.
shield = within_deadline = nullcontext[None]


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
        if not addresses:
            raise httpcore.ConnectError(NO_ADDRESS)
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


def close_at_collection(owner: object, close: Callable[[], None]) -> None:
    """Close what nobody uses any more: the official client needs no closing, so programs for it don't.

    Not in ``__del__``: where all of a client is collected at once, its sockets may come first, and warn.
    """
    finalize(owner, _close_own, os.getpid(), close)


def _close_own(process: int, close: Callable[[], None]) -> None:
    """Close what was opened in this process."""
    if process == os.getpid():
        with suppress(Exception):
            close()


def fetch_concurrently(
    fetch: Callable[[int], T], pages: Iterable[int], max_concurrency: Callable[[], int], is_last: Callable[[T], bool]
) -> list[T]:
    """Fetch pages concurrently, and return them in order.

    The first error ends everything. Once a page is the last one, no further page is requested.

    :param max_concurrency: How many requests may be under way, asked again and again.
    """
    pending = iter(pages)
    found: dict[int, T] = {}
    errors: list[BaseException] = []
    lock = threading.Lock()
    finished = threading.Semaphore(0)
    workers = max_concurrency()
    ended = False

    def next_page() -> int | None:
        nonlocal workers
        with lock:
            page = None if ended or workers > max_concurrency() else next(pending, None)
            if page is None:
                workers -= 1
            return page

    def work() -> None:
        nonlocal ended
        try:
            while (page := next_page()) is not None:
                found[page] = fetch(page)
                ended = ended or is_last(found[page])
        except BaseException as error:  # raised below, in the caller's thread
            ended = True
            errors.append(error)
        finally:
            finished.release()

    block = Deadline()
    with block:
        running, wanted = 1, workers
        try:
            with suppress(RuntimeError):  # no room for another thread, or the interpreter ends
                while running < wanted:
                    threading.Thread(target=copy_context().run, args=(work,), daemon=True).start()
                    running += 1
            with lock:
                workers -= wanted - running
            work()
            while running and not errors:
                finished.acquire()
                running -= 1
            if errors:
                raise errors[0]
        except BaseException:
            # When one failed or this is interrupted, nobody needs what the others wait for: they send nothing more.
            block.cancel()
            raise
    return [found[page] for page in sorted(found)]
