"""As ``hcloud.images.domain``."""

from hcloud_images_api.models import ImageProtection

from hcloud_images._sync.images import CreateImageResponse
from hcloud_images._values.image import Image

__all__ = ["CreateImageResponse", "Image", "ImageProtection"]
