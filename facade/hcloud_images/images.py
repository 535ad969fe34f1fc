"""Images, as ``hcloud.images`` has them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hcloud_images import aliases as _aliases
from hcloud_images._sync.bound_images import BoundImage, CreateImageResponse, ImagesPageResult
from hcloud_images._sync.images import ImagesClient
from hcloud_images.domain import Image
from hcloud_images.known import (
    Architecture,
    ConvertedImageType,
    ImageProtection,
    ImageSort,
    ImageStatus,
    ImageType,
    NewImageType,
)

if TYPE_CHECKING:
    from hcloud_images._async.bound_images import AsyncBoundImage, AsyncCreateImageResponse, AsyncImagesPageResult
    from hcloud_images._async.images import AsyncImagesClient
else:
    __getattr__ = _aliases.lazy(__name__, "hcloud_images._async.images")

_aliases.alias(f"{__name__}.domain", sys.modules[__name__])
_aliases.alias(f"{__name__}.client", sys.modules[__name__])

__all__ = [
    "Architecture",
    "AsyncBoundImage",
    "AsyncCreateImageResponse",
    "AsyncImagesClient",
    "AsyncImagesPageResult",
    "BoundImage",
    "ConvertedImageType",
    "CreateImageResponse",
    "Image",
    "ImageProtection",
    "ImageSort",
    "ImageStatus",
    "ImageType",
    "ImagesClient",
    "ImagesPageResult",
    "NewImageType",
]
