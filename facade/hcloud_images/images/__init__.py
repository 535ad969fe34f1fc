"""Images, as ``hcloud.images`` has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hcloud_images_api.models import ImageProtection

from hcloud_images._lazy import list_names, load_async
from hcloud_images._sync.images import BoundImage, CreateImageResponse, ImagesClient, ImagesPageResult
from hcloud_images._values.image import Image
from hcloud_images._values.literals import (
    Architecture,
    ConvertedImageType,
    ImageSort,
    ImageStatus,
    ImageType,
    NewImageType,
)
from hcloud_images.images import client as client
from hcloud_images.images import domain as domain

if TYPE_CHECKING:
    from hcloud_images._async.images import (
        AsyncBoundImage,
        AsyncCreateImageResponse,
        AsyncImagesClient,
        AsyncImagesPageResult,
    )


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

if not TYPE_CHECKING:  # which would make any name one of the module's

    def __getattr__(name: str) -> Any:
        return load_async(__name__, "hcloud_images._async.images", name)


def __dir__() -> list[str]:
    return list_names(globals())
