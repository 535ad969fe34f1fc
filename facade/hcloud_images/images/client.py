"""As ``hcloud.images.client``."""

from hcloud_images._sync.images import BoundImage, ImagesClient, ImagesPageResult

__all__ = ["BoundImage", "ImagesClient", "ImagesPageResult"]
