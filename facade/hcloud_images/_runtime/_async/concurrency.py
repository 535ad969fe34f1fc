"""What tasks and threads do differently: the one pair of modules that is written twice, by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

import anyio
import anyio.lowlevel

from hcloud_images._runtime.backend import httpcore
from hcloud_images._runtime.deadline import remaining_time

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

sleep = anyio.sleep
#: Names the event loop that this runs in.
current_loop = anyio.lowlevel.current_token


#: The backend picks one for the event loop; cancelling keeps it to the deadline.
NETWORK_BACKEND: httpcore.AsyncNetworkBackend | None = None


def close_at_collection(aclose: Callable[[], Awaitable[None]]) -> None:
    """Nothing: closing needs the event loop, which may be gone."""


def within_deadline() -> AbstractContextManager[object]:
    """End what is inside at the deadline, with a ``TimeoutError``.

    A little later than the steps of the backend, which tidies up after its own timeouts, but not always after being
    cancelled.
    """
    left = remaining_time()
    return nullcontext() if left is None else anyio.fail_after(max(left, 0.0) + 0.1)


class _Fetch(Protocol[T_co]):
    def __call__(self, *, page: int) -> Awaitable[T_co]: ...


async def fetch_concurrently(
    fetch: _Fetch[T], pages: Iterable[int], max_concurrency: Callable[[], int], is_last: Callable[[T], bool]
) -> list[T]:
    """Fetch pages concurrently, and return them in order.

    The first error ends all of it. A page that is the last one ends it for what wasn't requested by then.

    :param max_concurrency: How many requests may be under way, asked again and again.
    """
    pending = iter(pages)
    found: dict[int, T] = {}
    errors: list[Exception] = []
    workers = 0
    ended = False

    async def work() -> None:
        nonlocal workers, ended
        workers += 1
        try:
            for page in pending:
                found[page] = await fetch(page=page)
                ended = ended or is_last(found[page])
                if ended or workers > max_concurrency():
                    break
        except Exception as error:  # noqa: BLE001 - raised below, without a group around it
            errors.append(error)
            group.cancel_scope.cancel()
        workers -= 1

    async with anyio.create_task_group() as group:
        for _ in range(max_concurrency()):
            group.start_soon(work)
    if errors:
        raise errors[0]
    return [found[page] for page in sorted(found)]
