"""Base classes, as ``hcloud.core`` has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hcloud_images._lazy import list_names, load_async
from hcloud_images._sync._base import BoundModelBase, ResourceClientBase
from hcloud_images._values.base import BaseDomain, DomainIdentityMixin
from hcloud_images._values.meta import Meta, Pagination
from hcloud_images.core import client as client
from hcloud_images.core import domain as domain

if TYPE_CHECKING:
    from hcloud_images._async._base import AsyncBoundModelBase, AsyncResourceClientBase


__all__ = [
    "AsyncBoundModelBase",
    "AsyncResourceClientBase",
    "BaseDomain",
    "BoundModelBase",
    "DomainIdentityMixin",
    "Meta",
    "Pagination",
    "ResourceClientBase",
]

if not TYPE_CHECKING:  # which would make any name one of the module's

    def __getattr__(name: str) -> Any:
        return load_async(__name__, "hcloud_images._async._base", name)


def __dir__() -> list[str]:
    return list_names(globals())
