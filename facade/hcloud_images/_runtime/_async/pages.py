"""Lists that come in pages, and those whose pages would never end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hcloud_images._runtime._async.concurrency import fetch_concurrently
from hcloud_images.errors import Exchange, InvalidResponseException

if TYPE_CHECKING:
    from hcloud_images._runtime._async.caller import AsyncApiCaller

# Pages of a list that are fetched before the first is used.
_PREFETCH_LIMIT = 1_000

# No list has more pages than this: fetching them would take the API's budget of a whole day.
_MAX_PAGES = 100_000
_MAX_REPEATED_PAGES = 3

T = TypeVar("T")


class Meta(Protocol):
    """The metadata of a response that matters here."""

    pagination: Any
    exchange: Exchange | None


class Paginator:
    """Follows the pages of a list."""

    def __init__(self) -> None:
        self._firsts: set[Any] = set()
        self._repeated = 0

    def register(self, entries: Sequence[Any], meta: Meta) -> bool:
        """Register a page; return whether it is the last one."""
        if entries:  # a list that shrinks ends in empty pages
            first = entries[0].id
            # A page may begin like another if the list grows while it is read.
            self._repeated += first in self._firsts
            self._firsts.add(first)
        return self._repeated > _MAX_REPEATED_PAGES or not (meta.pagination and meta.pagination.next_page)

    def next_page(self, page: int, meta: Meta) -> int | None:
        """Return the page that a response names as the next one; pages only ever go up."""
        following: Any = meta.pagination and meta.pagination.next_page
        if not following:
            return None
        goes_up = isinstance(following, int) and page < following <= _MAX_PAGES
        if not goes_up or self._repeated > _MAX_REPEATED_PAGES:
            message = f"page {page} names page {following!s:.100} as the next one, so the list would never end"
            raise InvalidResponseException(message, meta.exchange)
        return int(following)

    @staticmethod
    def last_page(meta: Meta) -> int:
        """Return the number of the last page if a response has it, otherwise 0."""
        last = meta.pagination and meta.pagination.last_page
        return min(last, _MAX_PAGES) if isinstance(last, int) else 0


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
