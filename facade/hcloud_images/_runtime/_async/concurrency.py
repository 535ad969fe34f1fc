"""What tasks and threads do differently: the one pair of modules that is written twice, by hand."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TypeVar, cast

import anyio
import anyio.lowlevel

from hcloud_images._runtime.backend import httpcore
from hcloud_images._runtime.deadline import remaining_time

T = TypeVar("T")

sleep = anyio.sleep


def close_at_collection(owner: object, aclose: Callable[[], Awaitable[None]]) -> None:
    """Nothing: closing needs the event loop, which may be gone."""


#: Between two ``await`` no other task runs.
Lock = nullcontext[None]


def shield() -> anyio.CancelScope:
    """Let the block end before the task is cancelled; asyncio's own cancellation gets through."""
    return anyio.CancelScope(shield=True)


def new_backend() -> httpcore.AsyncNetworkBackend:
    """Return what opens connections, on trio as well. It tries the addresses of a name concurrently."""
    return cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())


class Turn:
    """Waits until it is given."""

    def __init__(self) -> None:
        self._given = anyio.Event()

    def give(self) -> None:
        """End the waiting."""
        self._given.set()

    async def wait(self, timeout: float | None) -> bool:
        """Return whether it was given in time."""
        with anyio.move_on_after(timeout):
            await self._given.wait()
            return True
        return False


def current_loop() -> object:
    """Return what runs this task; ``None``: nothing does."""
    with suppress(RuntimeError):
        return anyio.lowlevel.current_token()
    return None


async def close_stream(stream: httpcore.AsyncNetworkStream, loop: object) -> None:
    """Close a stream of an event loop that may be over or run elsewhere: then only notify the peer."""
    if current_loop() == loop:
        await stream.aclose()
        return
    with suppress(Exception):
        own = stream.get_extra_info("socket")
        with socket.fromfd(own.fileno(), own.family, own.type) as duplicate:
            duplicate.shutdown(socket.SHUT_RDWR)


def within_deadline() -> AbstractContextManager[object]:
    """End what is inside at the deadline, with a ``TimeoutError``.

    A little later than the steps of the backend, which tidies up after its own timeouts, but not always after being
    cancelled.
    """
    left = remaining_time()
    return nullcontext() if left is None else anyio.fail_after(max(left, 0.0) + 0.1)


async def fetch_concurrently(
    fetch: Callable[[int], Awaitable[T]],
    pages: Iterable[int],
    max_concurrency: Callable[[], int],
    is_last: Callable[[T], bool],
) -> list[T]:
    """Fetch pages concurrently, and return them in order.

    The first error ends everything. Once a page is the last one, no further page is requested.

    :param max_concurrency: How many requests may be under way, asked again and again.
    """
    pending = iter(pages)
    found: dict[int, T] = {}
    errors: list[BaseException] = []
    workers = 0
    ended = False

    async def work() -> None:
        nonlocal workers, ended
        workers += 1
        try:
            for page in pending:
                found[page] = await fetch(page)
                ended = ended or is_last(found[page])
                if ended or workers > max_concurrency():
                    break
        except anyio.get_cancelled_exc_class():
            raise
        except BaseException as error:  # raised below, without a group around it
            errors.append(error)
            group.cancel_scope.cancel()
        workers -= 1

    async with anyio.create_task_group() as group:
        for _ in range(max_concurrency()):
            group.start_soon(work)
    if errors:
        raise errors[0]
    return [found[page] for page in sorted(found)]
