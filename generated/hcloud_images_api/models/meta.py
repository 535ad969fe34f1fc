from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import define
from attrs.setters import NO_OP

from ..types import Value, require


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Meta(Value):
    """What a response says of itself; empty when it says nothing.

    :param pagination: Where a page stands among all pages; what the server didn't send is null.
    """

    pagination: Value | dict[str, Any] | None = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = ()

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = dict(data)
        value = rest.pop("pagination", None)
        self.pagination = value if value is None else require(dict, value, "pagination")
        # A dict that was emptied keeps the memory of a full one.
        self.extra = dict(rest) if rest else {}
