"""Images."""

from __future__ import annotations

from typing import Any, ClassVar

from hcloud_images_api import models

from hcloud_images._values.base import BaseDomain, DomainIdentityMixin, coerce
from hcloud_images._values.server import Server, server_data


class DeprecationInfo(models.DeprecationInfo, BaseDomain):
    __doc__ = models.DeprecationInfo.__doc__
    __slots__ = ()


class Image(models.Image, DomainIdentityMixin, BaseDomain):
    __doc__ = models.Image.__doc__
    __slots__ = ()

    # As both the constructor and from_dict() leave them.
    bound_to: Server | None
    created_from: Server | None
    deprecation: DeprecationInfo | None

    _columns: ClassVar[tuple[str, ...]] = (
        "id",
        "type",
        "status",
        "name",
        "description",
        "image_size",
        "created",
        "labels",
    )

    def _convert(self) -> None:
        """Convert nested objects; `deprecation` replaces `deprecated`, which the API will remove."""
        if self.bound_to is not None:
            self.bound_to = self._to_server(self.bound_to)
        if self.created_from is not None:
            self.created_from = self._to_server(self.created_from)
        if self.deprecation is not None:
            self.deprecation = coerce(DeprecationInfo, self.deprecation)
            if self.deprecated is None:
                self.deprecated = self.deprecation.announced

    def _to_server(self, value: Server | dict[str, Any] | int) -> Server:
        return value if isinstance(value, Server) else Server.from_dict(server_data(value))
