"""Several pages at once, on threads; ``_async/window.py`` does it on tasks. Both are written by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextvars import copy_context
from typing import Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Fetch(Protocol[T_co]):
    def __call__(self, *, page: int) -> T_co: ...


def side_by_side(
    fetch: _Fetch[T], pages: Iterable[int], width: Callable[[], int], is_last: Callable[[T], bool]
) -> list[T]:
    """Fetch pages side by side, and return them in order.

    The first error ends all of it. So does a page that is the last one, for what wasn't asked for by then.

    :param width: How many may be under way at once, asked again and again.
    """
    waiting = iter(pages)
    found: dict[int, T] = {}
    errors: list[BaseException] = []
    lock = threading.Lock()
    workers = width()
    ended = False

    def take() -> int | None:
        nonlocal workers, ended
        with lock:
            page = None if ended or workers > width() else next(waiting, None)
            if page is None:
                workers -= 1
            return page

    def work() -> None:
        nonlocal ended
        try:
            while (page := take()) is not None:
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
