"""Servers: the part of ``hcloud.servers`` that images need."""

from typing import TYPE_CHECKING

from hcloud_images._lazy import module_hooks
from hcloud_images._values.literals import ServerSort, ServerStatus
from hcloud_images._values.server import Location, ServerType

from .client import *
from .domain import Server, ServerProtection

if TYPE_CHECKING:
    from hcloud_images._async.servers import AsyncBoundServer, AsyncServersClient, AsyncServersPageResult
else:
    __getattr__, __dir__ = module_hooks(globals(), "hcloud_images._async.servers")

__all__ = ["BoundServer", "Server", "ServerProtection", "ServersClient", "ServersPageResult"]
__all__ += ["Location", "ServerSort", "ServerStatus", "ServerType"]
__all__ += ["AsyncBoundServer", "AsyncServersClient", "AsyncServersPageResult"]
