from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import define
from attrs.setters import NO_OP

from ..types import NOTHING, Value


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Pagination(Value):
    """Number of a page, and of the other pages; null if the server didn't send it.

    :param page: Page.
    :param per_page: Per page.
    :param previous_page: Previous page.
    :param next_page: Next page.
    :param last_page: Last page.
    :param total_entries: Total entries.
    """

    page: int | None = None
    per_page: int | None = None
    previous_page: int | None = None
    next_page: int | None = None
    last_page: int | None = None
    total_entries: int | None = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = ()

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        self.page = pop("page", None)
        self.per_page = pop("per_page", None)
        self.previous_page = pop("previous_page", None)
        self.next_page = pop("next_page", None)
        self.last_page = pop("last_page", None)
        self.total_entries = pop("total_entries", None)
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING
