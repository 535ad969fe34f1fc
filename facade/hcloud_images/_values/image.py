"""Images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from hcloud_images_api import models

from hcloud_images._values.action import Action
from hcloud_images._values.base import BaseDomain, DomainIdentityMixin, coerce
from hcloud_images._values.server import Server


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

    def _to_deprecation_info(self, value: DeprecationInfo | dict[str, Any]) -> DeprecationInfo:
        """Convert it; it also replaces `deprecated`, which the API will remove."""
        deprecation = coerce(DeprecationInfo, value)
        if self.deprecated is None:
            self.deprecated = deprecation.announced
        return deprecation

    def _to_server(self, value: Server | dict[str, Any] | int) -> Server:
        return coerce(Server, {"id": value} if isinstance(value, int) else value)


class CreatedImage(BaseDomain):
    """What creating an image returned; read from JSON, without a client, it has plain values."""

    __slots__ = ()

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}
        state = {"action": Action.from_dict(rest.pop("action")), "image": Image.from_dict(rest.pop("image"))}
        self._set_state(state | {"extra": rest})
