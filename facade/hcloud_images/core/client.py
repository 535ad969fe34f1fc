"""As ``hcloud.core.client``."""

from __future__ import annotations

from hcloud_images._sync._base import BoundModelBase, ResourceClientBase

__all__ = [
    "BoundModelBase",
    "ResourceClientBase",
]
