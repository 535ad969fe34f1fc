"""As ``hcloud.servers.domain``."""

from hcloud_images_api.models import ServerProtection

from hcloud_images._sync.images import CreateImageResponse
from hcloud_images._values.server import Server

__all__ = ["CreateImageResponse", "Server", "ServerProtection"]
