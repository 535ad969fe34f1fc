from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import define, field
from attrs.setters import NO_OP

from ..types import NOTHING, Value, read_time, to_time


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class DeprecationInfo(Value):
    """When the deprecation was announced, and when the image is removed.

    :param announced: RFC 3339; the seconds may be missing in old responses.
    :param unavailable_after: RFC 3339; the seconds may be missing in old responses.
    """

    announced: datetime.datetime | None = field(default=None, converter=to_time)
    unavailable_after: datetime.datetime | None = field(default=None, converter=to_time)

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = (
        "announced",
        "unavailable_after",
    )

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        value = pop("announced", None)
        self.announced = value if value is None else read_time(rest, "announced", value)
        value = pop("unavailable_after", None)
        self.unavailable_after = value if value is None else read_time(rest, "unavailable_after", value)
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING
