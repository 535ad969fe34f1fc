from __future__ import annotations

import datetime
from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar, Literal

from attrs import define, field
from attrs.setters import NO_OP

from ..models.image_protection import ImageProtection
from ..types import NOTHING, Value, read_time, to_time


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Image(Value):
    """An image.

    :param id: Its id.
    :param name: Unique per architecture; only system images have one.
    :param type: Type of the image.
    :param created: RFC 3339; the seconds may be missing in old responses.
    :param description: The description, set by the user or chosen by the API.
    :param image_size: Size of the stored data, in GB; a snapshot is billed by it.
    :param disk_size: Size of the disk in the image, in GB.
    :param deprecated: When the deprecation was announced; replaced by ``deprecation``.
    :param bound_to: The server that a backup is bound to.
    :param os_flavor: Flavor of the operating system.
    :param os_version: Version of the operating system.
    :param architecture: CPU architecture that the image runs on.
    :param rapid_deploy: Whether servers are created from it faster than usual.
    :param created_from: The server that the image was created from, with its name at that time.
    :param protection: What an image is protected from.
    :param labels: Key and value pairs, chosen by the user.
    :param status: Whether it can be used.
    :param deprecation: When the deprecation was announced, and when the image is removed.
    :param deleted: When the image was deleted.
    """

    id: int | None = None
    name: str | None = None
    type: Literal["system", "app", "snapshot", "backup", "temporary"] | str | None = None
    created: datetime.datetime | None = field(default=None, converter=to_time)
    description: str | None = None
    image_size: float | None = None
    disk_size: float | None = None
    deprecated: datetime.datetime | None = field(default=None, converter=to_time)
    bound_to: Any = None
    os_flavor: Literal["ubuntu", "centos", "debian", "fedora", "rocky", "alma", "opensuse", "unknown"] | str | None = (
        None
    )
    os_version: str | None = None
    architecture: Literal["x86", "arm"] | str | None = None
    rapid_deploy: bool | None = None
    created_from: Any = None
    protection: ImageProtection | None = None
    labels: dict[str, str] | None = None
    status: Literal["available", "creating", "unavailable"] | str | None = None
    deprecation: Any = None
    deleted: datetime.datetime | None = field(default=None, converter=to_time)

    _ids: ClassVar[tuple[str, ...]] = ("bound_to",)
    _times: ClassVar[tuple[str, ...]] = (
        "created",
        "deprecated",
        "deleted",
    )

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        value = pop("id")
        if value.__class__ is not int or value < 1:
            raise ValueError(f'"id" is {value!r:.100}')
        self.id = value
        self.name = pop("name", None)
        if not rest:  # all that another object has of it
            self.type = self.created = self.description = self.image_size = self.disk_size = self.deprecated = (
                self.bound_to
            ) = self.os_flavor = self.os_version = self.architecture = self.rapid_deploy = self.created_from = (
                self.protection
            ) = self.labels = self.status = self.deprecation = self.deleted = None
            self.extra = NOTHING
            return
        value = pop("type", None)
        self.type = intern(value) if value.__class__ is str else value
        value = pop("created", None)
        self.created = value if value is None else read_time(rest, "created", value)
        self.description = pop("description", None)
        self.image_size = pop("image_size", None)
        self.disk_size = pop("disk_size", None)
        value = pop("deprecated", None)
        self.deprecated = value if value is None else read_time(rest, "deprecated", value)
        value = pop("bound_to", None)
        if value.__class__ is not int and value is not None:
            raise ValueError(f'"bound_to" is {value!r:.100}')
        self.bound_to = value if value is None else self._to_server(value)
        value = pop("os_flavor", None)
        self.os_flavor = intern(value) if value.__class__ is str else value
        value = pop("os_version", None)
        self.os_version = intern(value) if value.__class__ is str else value
        value = pop("architecture", None)
        self.architecture = intern(value) if value.__class__ is str else value
        self.rapid_deploy = pop("rapid_deploy", None)
        value = pop("created_from", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"created_from" is {value!r:.100}')
        self.created_from = value if value is None else self._to_server(value)
        value = pop("protection", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"protection" is {value!r:.100}')
        self.protection = value
        value = pop("labels", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"labels" is {value!r:.100}')
        self.labels = value
        value = pop("status", None)
        self.status = intern(value) if value.__class__ is str else value
        value = pop("deprecation", None)
        if value.__class__ is not dict and value is not None:
            raise ValueError(f'"deprecation" is {value!r:.100}')
        self.deprecation = value if value is None else self._to_deprecation_info(value)
        value = pop("deleted", None)
        self.deleted = value if value is None else read_time(rest, "deleted", value)
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING

    def _convert(self) -> None:
        if self.bound_to is not None:
            self.bound_to = self._to_server(self.bound_to)
        if self.created_from is not None:
            self.created_from = self._to_server(self.created_from)
        if self.deprecation is not None:
            self.deprecation = self._to_deprecation_info(self.deprecation)

    def _to_server(self, value: Any) -> Any:
        return value

    def _to_deprecation_info(self, value: Any) -> Any:
        return value
