"""Follows the pages of a list, and notices when they would never end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from hcloud_images.errors import Exchange, InvalidResponseException

# No list has more pages than this: fetching them would take the API's budget of a whole day.
_MAX_PAGES = 100_000
_MAX_REPEATED_PAGES = 3


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
