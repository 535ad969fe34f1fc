"""The values that the API speaks of, as attrs classes. Nothing here does any I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self, cast

from attrs import define, field
from attrs.converters import optional
from attrs.setters import NO_OP
from hcloud_images_api.types import Unset

from hcloud_images import known
from hcloud_images.base import BaseDomain, DomainIdentityMixin, one_of, plain, reads_late, to_time
from hcloud_images.lazily import lazily

with lazily():
    from hcloud_images_api import models


def _time(_: object, value: Any) -> datetime:
    return to_time(value)


def _server(image: Image, value: Any) -> Server:
    # Bound images have a way of their own.
    return image._server_of(value)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def _json(_: object, value: Any) -> Any:
    return plain(value)


@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP, getstate_setstate=False)
class Pagination(BaseDomain):
    """Where a page stands among all pages; what the server didn't tell is ``None``."""

    page: int | None = None
    per_page: int | None = None
    previous_page: int | None = None
    next_page: int | None = None
    last_page: int | None = None
    total_entries: int | None = None

    _generated = staticmethod(lambda: models.MetaPaginationType0)


def _to_pagination(value: Any) -> Pagination:
    return one_of(Pagination, value)


@reads_late(Pagination, lambda _, value: Pagination.of(value), "pagination")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP, getstate_setstate=False)
class Meta(BaseDomain):
    """What an answer says of itself; empty when it said nothing."""

    pagination: Pagination | None = field(default=None, converter=optional(_to_pagination))

    _generated = staticmethod(lambda: models.Meta)

    @classmethod
    def of(cls, model: models.Meta | Unset) -> Self:
        """Map what an answer said of itself, which may be nothing."""
        return super().of(model) if model else cls()


@reads_late(datetime, _time, "announced", "unavailable_after")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP, getstate_setstate=False)
class DeprecationInfo(BaseDomain):
    """When a deprecation was announced, and until when the thing can still be used."""

    announced: datetime | None = field(default=None, converter=optional(to_time))
    unavailable_after: datetime | None = field(default=None, converter=optional(to_time))

    _generated = staticmethod(lambda: models.ImageDeprecationType0)


def _to_deprecation(value: Any) -> DeprecationInfo:
    return one_of(DeprecationInfo, value)


@reads_late(datetime, _time, "created")
@reads_late(dict, _json, "labels")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP, getstate_setstate=False)
class Server(BaseDomain, DomainIdentityMixin):
    """As much of a server as an image needs.

    :param id: Its id.
    :param name: Its name.
    :param status: One of the ``STATUS_`` values, or one that came later.
    :param created: When it was created.
    :param labels: Its labels.
    """

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_INIT: ClassVar[str] = "initializing"
    STATUS_STARTING: ClassVar[str] = "starting"
    STATUS_STOPPING: ClassVar[str] = "stopping"
    STATUS_OFF: ClassVar[str] = "off"
    STATUS_DELETING: ClassVar[str] = "deleting"
    STATUS_MIGRATING: ClassVar[str] = "migrating"
    STATUS_REBUILDING: ClassVar[str] = "rebuilding"
    STATUS_UNKNOWN: ClassVar[str] = "unknown"

    id: int | None = None
    name: str | None = None
    status: str | None = None
    created: datetime | None = field(default=None, converter=optional(to_time))
    labels: dict[str, str] | None = None

    _generated = staticmethod(lambda: models.Server)


def _to_server(value: Any) -> Server:
    return Server(id=value) if isinstance(value, int) else one_of(Server, value)


@reads_late(datetime, _time, "created", "deprecated", "deleted")
@reads_late(Server, _server, "bound_to", "created_from")
@reads_late(DeprecationInfo, lambda _, value: DeprecationInfo.of(value), "deprecation")
@reads_late(dict, _json, "protection", "labels")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP, getstate_setstate=False)
class Image(BaseDomain, DomainIdentityMixin):
    """An image.

    :param id: Its id.
    :param name: Its name, unique per architecture; only system images have one.
    :param type: ``system``, ``app``, ``snapshot``, ``backup``, or what came later.
    :param created: When it was created; text is parsed.
    :param description: Text for people.
    :param image_size: Size of what is stored, in GB; a snapshot is billed by it.
    :param disk_size: Size of the disk in it, in GB.
    :param deprecated: Since when it is deprecated; when missing, taken from ``deprecation``.
    :param bound_to: The server that a backup is bound to.
    :param os_flavor: Flavor of the operating system, such as ``debian``.
    :param os_version: Version of the operating system.
    :param architecture: ``x86``, ``arm``, or what came later.
    :param rapid_deploy: Whether servers are made from it especially fast.
    :param created_from: The server that it was created from.
    :param protection: What it is protected from.
    :param labels: Its labels.
    :param status: ``creating``, ``available``, ``unavailable``, or what came later.
    :param deprecation: When the deprecation was announced, and when the image goes.
    :param deleted: When it was deleted.
    """

    id: int | None = None
    name: str | None = None
    type: known.ImageType | None = None
    created: datetime | None = field(default=None, converter=optional(to_time))
    description: str | None = None
    image_size: float | None = None
    disk_size: float | None = None
    deprecated: datetime | None = field(default=None, converter=optional(to_time))
    bound_to: Server | None = field(default=None, converter=optional(_to_server))
    os_flavor: str | None = None
    os_version: str | None = None
    architecture: known.Architecture | None = None
    rapid_deploy: bool | None = None
    created_from: Server | None = field(default=None, converter=optional(_to_server))
    protection: known.ImageProtection | None = None
    labels: dict[str, str] | None = None
    status: known.ImageStatus | None = None
    deprecation: DeprecationInfo | None = field(default=None, converter=optional(_to_deprecation))
    deleted: datetime | None = field(default=None, converter=optional(to_time))

    columns: ClassVar[tuple[str, ...]] = (
        "id",
        "type",
        "status",
        "name",
        "description",
        "image_size",
        "created",
        "labels",
    )
    _generated = staticmethod(lambda: models.Image)
    _repeated = frozenset({"type", "status", "os_flavor", "os_version", "architecture"})

    def __attrs_post_init__(self) -> None:
        if self.deprecation is not None and self.deprecated is None:
            self.deprecated = self.deprecation.announced

    def fill(self, model: models.Image) -> None:
        """Take over what a generated object holds."""
        super().fill(model)
        if model.deprecation and not model.deprecated:
            self.deprecated = cast("Any", model.deprecation.announced or None)

    def _server_of(self, value: Any) -> Server:
        """Make a server of what the API tells of it."""
        return Server.of(value) if isinstance(value, models.ImageCreatedFromType0) else _to_server(value)


@reads_late(datetime, _time, "started", "finished")
@reads_late(dict, _json, "error")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP, getstate_setstate=False)
class Action(BaseDomain):
    """Something that the API does and that takes a while.

    :param id: Its id.
    :param command: What it does, such as ``create_image``.
    :param status: One of the ``STATUS_`` values, or one that came later.
    :param progress: How far it is, in percent.
    :param started: When it started; text is parsed.
    :param finished: When it ended; ``None`` while it runs.
    :param resources: What it works on.
    :param error: Why it failed.
    """

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_SUCCESS: ClassVar[str] = "success"
    STATUS_ERROR: ClassVar[str] = "error"

    id: int
    command: str | None = None
    status: known.ActionStatus | None = None
    progress: int | None = None
    started: datetime | None = field(default=None, converter=optional(to_time))
    finished: datetime | None = field(default=None, converter=optional(to_time))
    resources: list[known.ActionResource] | None = None
    error: known.ActionError | None = None

    columns: ClassVar[tuple[str, ...]] = ("id", "command", "status", "progress", "started", "finished")
    _generated = staticmethod(lambda: models.Action)

    def fill(self, model: models.Action) -> None:
        """Take over what a generated object holds."""
        super().fill(model)
        self.resources = plain(self.resources)
