"""Images, as ``hcloud.images`` has them."""

from typing import TYPE_CHECKING

from hcloud_images._lazy import module_hooks
from hcloud_images._values.literals import (
    Architecture,
    ConvertedImageType,
    ImageSort,
    ImageStatus,
    ImageType,
    NewImageType,
)

from .client import *
from .domain import *

if TYPE_CHECKING:
    from hcloud_images._async.images import (
        AsyncBoundImage,
        AsyncCreateImageResponse,
        AsyncImagesClient,
        AsyncImagesPageResult,
    )
else:
    __getattr__, __dir__ = module_hooks(globals(), "hcloud_images._async.images")

__all__ = ["BoundImage", "CreateImageResponse", "Image", "ImageProtection", "ImagesClient", "ImagesPageResult"]
__all__ += ["Architecture", "ConvertedImageType", "ImageSort", "ImageStatus", "ImageType", "NewImageType"]
__all__ += ["AsyncBoundImage", "AsyncCreateImageResponse", "AsyncImagesClient", "AsyncImagesPageResult"]
