from __future__ import annotations

import datetime
from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar, Literal

from attrs import define, field
from attrs.setters import NO_OP

from ..types import Value, read_number, read_time, require, to_time


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Server(Value):
    """As much of a server as an image needs.

    :param id: Its id.
    :param name: Its name, unique in the project.
    :param status: What it is doing.
    :param created: RFC 3339; the seconds may be missing in old responses.
    :param labels: Key and value pairs that the user has chosen.
    """

    id: int | None = None
    name: str | None = None
    status: (
        Literal[
            "running", "initializing", "starting", "stopping", "off", "deleting", "migrating", "rebuilding", "unknown"
        ]
        | str
        | None
    ) = None
    created: datetime.datetime | None = field(default=None, converter=to_time)
    labels: dict[str, str] | None = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = ("created",)

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = dict(data)
        self.id = read_number(rest, "id", 1)
        self.name = rest.pop("name", None)
        value = rest.pop("status", None)
        self.status = intern(value) if value.__class__ is str else value
        self.created = read_time(rest, "created")
        value = rest.pop("labels", None)
        self.labels = value if value is None else require(dict, value, "labels")
        # A dict that was emptied keeps the memory of a full one.
        self.extra = dict(rest) if rest else {}
