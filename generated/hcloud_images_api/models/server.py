from __future__ import annotations

import datetime
from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar, Literal

from attrs import define, field
from attrs.setters import NO_OP

from ..models.server_protection import ServerProtection
from ..types import NOTHING, Value, read_time, to_time


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Server(Value):
    """The fields of a server that images need.

    :param id: Its id.
    :param name: Its name, unique in the project.
    :param status: State of the server.
    :param created: RFC 3339; the seconds may be missing in old responses.
    :param labels: Key and value pairs, chosen by the user.
    :param image: The image that it was created from or rebuilt with; null when that was deleted.
    :param server_type: CPU, memory and disk of a server.
    :param location: Where a server is.
    :param locked: Whether an action prevents changes to it.
    :param protection: What a server is protected from.
    :param backup_window: When backups are made, as hours of the day in UTC; null without backups.
    :param primary_disk_size: Size of its own disk, in GB.
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
    image: Any = None
    server_type: Any = None
    location: Any = None
    locked: bool | None = None
    protection: ServerProtection | None = None
    backup_window: str | None = None
    primary_disk_size: float | None = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = ("created",)

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        value = pop("id")
        if value.__class__ is not int or value < 1:
            raise ValueError(f'"id" is {value!r:.100}')
        self.id = value
        value = pop("name", None)
        self.name = intern(value) if value.__class__ is str else value
        if not rest:  # all that another object has of it
            self.status = self.created = self.labels = self.image = self.server_type = self.location = self.locked = (
                self.protection
            ) = self.backup_window = self.primary_disk_size = None
            self.extra = NOTHING
            return
        value = pop("status", None)
        self.status = intern(value) if value.__class__ is str else value
        value = pop("created", None)
        self.created = value if value is None else read_time(rest, "created", value)
        value = pop("labels", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"labels" is {value!r:.100}')
        self.labels = value
        value = pop("image", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"image" is {value!r:.100}')
        self.image = value if value is None else self._to_image(value)
        value = pop("server_type", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"server_type" is {value!r:.100}')
        self.server_type = value if value is None else self._to_server_type(value)
        value = pop("location", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"location" is {value!r:.100}')
        self.location = value if value is None else self._to_location(value)
        self.locked = pop("locked", None)
        value = pop("protection", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"protection" is {value!r:.100}')
        self.protection = value
        self.backup_window = pop("backup_window", None)
        self.primary_disk_size = pop("primary_disk_size", None)
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING

    def _convert(self) -> None:
        if self.image is not None:
            self.image = self._to_image(self.image)
        if self.server_type is not None:
            self.server_type = self._to_server_type(self.server_type)
        if self.location is not None:
            self.location = self._to_location(self.location)

    def _to_image(self, value: Any) -> Any:
        return value

    def _to_server_type(self, value: Any) -> Any:
        return value

    def _to_location(self, value: Any) -> Any:
        return value
