from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import define
from attrs.setters import NO_OP

from ..types import NOTHING, Value


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Meta(Value):
    """Metadata of a response; may be empty.

    :param pagination: Number of a page, and of the other pages; null if the server didn't send it.
    """

    pagination: Any = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = ()

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        value = pop("pagination", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"pagination" is {value!r:.100}')
        self.pagination = value if value is None else self._to_pagination(value)
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING

    def _convert(self) -> None:
        if self.pagination is not None:
            self.pagination = self._to_pagination(self.pagination)

    def _to_pagination(self, value: Any) -> Any:
        return value
