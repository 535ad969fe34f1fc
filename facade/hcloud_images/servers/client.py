"""As ``hcloud.servers.client``."""

from hcloud_images._sync.servers import BoundServer, ServersClient, ServersPageResult

__all__ = ["BoundServer", "ServersClient", "ServersPageResult"]
