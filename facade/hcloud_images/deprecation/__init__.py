"""Deprecations, as ``hcloud.deprecation`` has them."""

from __future__ import annotations

from hcloud_images._values.image import DeprecationInfo
from hcloud_images.deprecation import domain as domain

__all__ = [
    "DeprecationInfo",
]
