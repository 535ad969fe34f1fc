"""Servers: the part of ``hcloud.servers`` that images need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hcloud_images_api.models import ServerProtection

from hcloud_images._lazy import list_names, load_async
from hcloud_images._sync.servers import BoundServer, ServersClient, ServersPageResult
from hcloud_images._values.literals import ServerSort, ServerStatus
from hcloud_images._values.server import Location, Server, ServerType
from hcloud_images.servers import client as client
from hcloud_images.servers import domain as domain

if TYPE_CHECKING:
    from hcloud_images._async.servers import AsyncBoundServer, AsyncServersClient, AsyncServersPageResult


__all__ = [
    "AsyncBoundServer",
    "AsyncServersClient",
    "AsyncServersPageResult",
    "BoundServer",
    "Location",
    "Server",
    "ServerProtection",
    "ServerSort",
    "ServerStatus",
    "ServerType",
    "ServersClient",
    "ServersPageResult",
]

if not TYPE_CHECKING:  # which would make any name one of the module's

    def __getattr__(name: str) -> Any:
        return load_async(__name__, "hcloud_images._async.servers", name)


def __dir__() -> list[str]:
    return list_names(globals())
