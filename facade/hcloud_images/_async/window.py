"""Several pages at once, on tasks; ``_sync/window.py`` does it on threads. Both are written by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

import anyio

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Fetch(Protocol[T_co]):
    def __call__(self, *, page: int) -> Awaitable[T_co]: ...


async def side_by_side(
    fetch: _Fetch[T], pages: Iterable[int], width: Callable[[], int], is_last: Callable[[T], bool]
) -> list[T]:
    """Fetch pages side by side, and return them in order.

    The first error ends all of it. So does a page that is the last one, for what wasn't asked for by then.

    :param width: How many may be under way at once, asked again and again.
    """
    waiting = iter(pages)
    found: dict[int, T] = {}
    errors: list[Exception] = []
    workers = 0
    ended = False

    async def work() -> None:
        nonlocal workers, ended
        workers += 1
        try:
            for page in waiting:
                found[page] = await fetch(page=page)
                ended = ended or is_last(found[page])
                if ended or workers > width():
                    break
        except Exception as error:  # noqa: BLE001 - raised below, without a group around it
            errors.append(error)
            group.cancel_scope.cancel()
        workers -= 1

    async with anyio.create_task_group() as group:
        for _ in range(width()):
            group.start_soon(work)
    if errors:
        raise errors[0]
    return [found[page] for page in sorted(found)]
