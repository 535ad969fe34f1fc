"""Metadata of a response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hcloud_images_api import models

from hcloud_images._values.base import BaseDomain, coerce
from hcloud_images.errors import Exchange


class Pagination(models.Pagination, BaseDomain):
    __doc__ = models.Pagination.__doc__
    __slots__ = ()


class Meta(models.Meta, BaseDomain):
    __doc__ = models.Meta.__doc__
    __slots__ = ("exchange",)

    pagination: Pagination | None
    #: The request and what is known about its response; ``None`` if this didn't come with one.
    exchange: Exchange | None

    def _read(self, data: Mapping[str, Any]) -> None:
        self.exchange = None
        super()._read(data)

    def _convert(self) -> None:
        self.exchange = None
        super()._convert()

    def _to_pagination(self, value: Pagination | dict[str, Any]) -> Pagination:
        return coerce(Pagination, value)


def to_meta(data: Any, exchange: Exchange) -> Meta:
    """Build the metadata of a response, which may have none."""
    meta = Meta.from_dict(data or {})
    meta.exchange = exchange
    return meta
