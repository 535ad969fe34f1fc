"""As ``hcloud.servers.client``."""

from __future__ import annotations

from hcloud_images._sync.servers import BoundServer, ServersClient, ServersPageResult

__all__ = [
    "BoundServer",
    "ServersClient",
    "ServersPageResult",
]
