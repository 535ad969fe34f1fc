"""As ``hcloud._client``."""

from hcloud_images._sync.client import Client

__all__ = ["Client"]
