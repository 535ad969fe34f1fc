"""As ``hcloud.deprecation.domain``."""

from __future__ import annotations

from hcloud_images._values.image import DeprecationInfo

__all__ = [
    "DeprecationInfo",
]
