"""What tasks and threads do differently: the one pair of modules that is written twice, by hand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import copy_context
from typing import Protocol, TypeVar

from hcloud_images._runtime.backend import httpcore
from hcloud_images._runtime.deadline_stream import DeadlineBackend

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

sleep = time.sleep


def within_deadline() -> AbstractContextManager[object]:
    """Nothing: a thread can't be interrupted, so the connection itself keeps to the deadline."""
    return nullcontext()


def current_loop() -> object:
    """Nothing: threads share a client."""
    return None


#: A thread can't be cancelled, so connections keep to the deadline.
NETWORK_BACKEND: httpcore.NetworkBackend = DeadlineBackend()


def close_at_collection(close: Callable[[], None]) -> None:
    """Close a client that nobody uses any more: the official client needs no closing, so programs for it don't."""
    with suppress(Exception):
        close()


class _Fetch(Protocol[T_co]):
    def __call__(self, *, page: int) -> T_co: ...


def fetch_concurrently(
    fetch: _Fetch[T], pages: Iterable[int], max_concurrency: Callable[[], int], is_last: Callable[[T], bool]
) -> list[T]:
    """Fetch pages concurrently, and return them in order.

    The first error ends all of it. A page that is the last one ends it for what wasn't requested by then.

    :param max_concurrency: How many requests may be under way, asked again and again.
    """
    pending = iter(pages)
    found: dict[int, T] = {}
    errors: list[BaseException] = []
    lock = threading.Lock()
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
                found[page] = fetch(page=page)
                ended = ended or is_last(found[page])
        except BaseException as error:  # noqa: BLE001 - raised below, in the caller's thread
            errors.append(error)
            ended = True

    threads = [threading.Thread(target=copy_context().run, args=(work,), daemon=True) for _ in range(workers - 1)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [found[page] for page in sorted(found)]
