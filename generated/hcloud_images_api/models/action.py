from __future__ import annotations

import datetime
from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar, Literal

from attrs import define, field
from attrs.setters import NO_OP

from ..models.action_error import ActionError
from ..models.action_resource import ActionResource
from ..types import NOTHING, Value, read_time, to_time


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Action(Value):
    """An operation of the API that takes time.

    :param id: Its id.
    :param command: What it does, such as ``create_image``.
    :param status: Whether it is running, or how it ended.
    :param progress: Progress, in percent.
    :param started: RFC 3339; the seconds may be missing in old responses.
    :param finished: When it ended; null while it runs.
    :param resources: The resources that it is about.
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
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        value = pop("id")
        if value.__class__ is not int or value < 1:
            raise ValueError(f'"id" is {value!r:.100}')
        self.id = value
        self.command = pop("command", None)
        value = pop("status", None)
        self.status = intern(value) if value.__class__ is str else value
        self.progress = pop("progress", None)
        value = pop("started", None)
        self.started = value if value is None else read_time(rest, "started", value)
        value = pop("finished", None)
        self.finished = value if value is None else read_time(rest, "finished", value)
        value = pop("resources", None)
        if value.__class__ is not list and value is not None:
            raise ValueError(f'"resources" is {value!r:.100}')
        self.resources = value
        value = pop("error", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"error" is {value!r:.100}')
        self.error = value
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING
