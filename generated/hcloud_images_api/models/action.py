from __future__ import annotations

import datetime
from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar, Literal

from attrs import define, field
from attrs.setters import NO_OP

from ..models.action_error import ActionError
from ..models.action_resource import ActionResource
from ..types import Value, read_number, read_time, require, to_time


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Action(Value):
    """Something that the API does and that takes a while.

    :param id: Its id.
    :param command: What it does, such as ``create_image``.
    :param status: Whether it still runs, and how it ended.
    :param progress: How far it is, in percent.
    :param started: RFC 3339; the seconds may be missing in old responses.
    :param finished: When it ended; null while it runs.
    :param resources: What it works on.
    :param error: Why it failed.
    """

    id: int
    command: str | None = None
    status: Literal["running", "success", "error"] | str | None = None
    progress: int | None = None
    started: datetime.datetime | None = field(default=None, converter=to_time)
    finished: datetime.datetime | None = field(default=None, converter=to_time)
    resources: list[ActionResource] | None = None
    error: ActionError | None = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = (
        "started",
        "finished",
    )

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = dict(data)
        self.id = read_number(rest, "id", 1)
        self.command = rest.pop("command", None)
        value = rest.pop("status", None)
        self.status = intern(value) if value.__class__ is str else value
        self.progress = rest.pop("progress", None)
        self.started = read_time(rest, "started")
        self.finished = read_time(rest, "finished")
        value = rest.pop("resources", None)
        self.resources = value if value is None else require(list, value, "resources")
        value = rest.pop("error", None)
        self.error = value if value is None else require(dict, value, "error")
        # A dict that was emptied keeps the memory of a full one.
        self.extra = dict(rest) if rest else {}
