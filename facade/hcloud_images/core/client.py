"""As ``hcloud.core.client``."""

from hcloud_images._sync._base import BoundModelBase, ResourceClientBase

__all__ = ["BoundModelBase", "ResourceClientBase"]
