"""Servers: what images need of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hcloud_images_api import models

from hcloud_images._values.base import BaseDomain, DomainIdentityMixin, coerce

if TYPE_CHECKING:
    from hcloud_images._values.image import Image
else:  # for typing.get_type_hints(); an image has servers itself
    from hcloud_images_api.models import Image


class ServerType(models.ServerType, DomainIdentityMixin, BaseDomain):
    __doc__ = models.ServerType.__doc__
    __slots__ = ()


class Location(models.Location, DomainIdentityMixin, BaseDomain):
    __doc__ = models.Location.__doc__
    __slots__ = ()


class Server(models.Server, DomainIdentityMixin, BaseDomain):
    __doc__ = models.Server.__doc__
    __slots__ = ()

    # As both the constructor and from_dict() leave them.
    image: Image | None
    server_type: ServerType | None
    location: Location | None

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_INIT: ClassVar[str] = "initializing"
    STATUS_STARTING: ClassVar[str] = "starting"
    STATUS_STOPPING: ClassVar[str] = "stopping"
    STATUS_OFF: ClassVar[str] = "off"
    STATUS_DELETING: ClassVar[str] = "deleting"
    STATUS_MIGRATING: ClassVar[str] = "migrating"
    STATUS_REBUILDING: ClassVar[str] = "rebuilding"
    STATUS_UNKNOWN: ClassVar[str] = "unknown"

    _columns: ClassVar[tuple[str, ...]] = ("id", "name", "status", "created", "labels")

    def _to_server_type(self, value: ServerType | dict[str, Any]) -> ServerType:
        return coerce(ServerType, value)

    def _to_location(self, value: Location | dict[str, Any]) -> Location:
        return coerce(Location, value)

    def _to_image(self, value: Image | dict[str, Any]) -> Image:
        from hcloud_images._values.image import Image  # an image has servers itself

        return coerce(Image, value)
