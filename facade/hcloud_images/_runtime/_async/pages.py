"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hcloud_images._runtime._async.concurrency import fetch_concurrently
from hcloud_images._runtime.paginator import Meta, Paginator

if TYPE_CHECKING:
    from hcloud_images._runtime._async.caller import AsyncApiCaller

# Pages of a list that are fetched before the first is used.
_PREFETCH_LIMIT = 1_000

T = TypeVar("T")


class PageFetcher(Protocol[T]):
    """A ``get_list`` with its filters."""

    def __call__(self, *, page: int, per_page: int) -> Awaitable[tuple[list[T], Any]]:
        """Fetch one page."""
        ...


async def iter_pages(
    fetch: PageFetcher[T], per_page: int, caller: AsyncApiCaller, *, all_at_once: bool = False
) -> AsyncIterator[T]:
    """Yield the entries of all pages, in order.

    Once a page says which is the last, the rest is fetched concurrently, a few pages at a time or all at once.
    If the server doesn't say, one page after the other.
    """
    page: int | None = 1
    paginator = Paginator()
    meta: Meta
    while page:
        entries, meta = await fetch(page=page, per_page=per_page)
        for entry in entries:
            yield entry
        paginator.register(entries, meta)
        page = paginator.next_page(page, meta)
        last = paginator.last_page(meta)
        while page and page < last:
            end = min(last, page + (_PREFETCH_LIMIT if all_at_once else caller.max_concurrency()) - 1)
            fetched = await fetch_concurrently(
                lambda number: fetch(page=number, per_page=per_page),
                range(page, end + 1),
                caller.max_concurrency,
                # A list that shrank ends earlier; pages beyond its end are empty.
                lambda found: paginator.register(*found),
            )
            for number, (entries, meta) in enumerate(fetched, page):
                for entry in entries:
                    yield entry
                page = paginator.next_page(number, meta)
                if not page:
                    break


async def collect_pages(fetch: PageFetcher[T], per_page: int, caller: AsyncApiCaller) -> list[T]:
    """Collect the entries of all pages; one that moved to another page is included once."""
    found: dict[Any, T] = {}
    async for entry in iter_pages(fetch, per_page, caller, all_at_once=True):
        found[getattr(entry, "id", None)] = entry
    return list(found.values())
