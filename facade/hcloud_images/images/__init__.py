"""Images, as ``hcloud.images`` has them."""

from typing import TYPE_CHECKING

from hcloud_images._lazy import open_async
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
    __getattr__, __dir__ = open_async(globals(), "hcloud_images._async.images")

__all__ = ["BoundImage", "CreateImageResponse", "Image", "ImageProtection", "ImagesClient", "ImagesPageResult"]
__all__ += ["Architecture", "ConvertedImageType", "ImageSort", "ImageStatus", "ImageType", "NewImageType"]
__all__ += ["AsyncBoundImage", "AsyncCreateImageResponse", "AsyncImagesClient", "AsyncImagesPageResult"]
