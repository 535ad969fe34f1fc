"""As ``hcloud._client``."""

from __future__ import annotations

from hcloud_images._sync.client import Client

__all__ = ["Client"]
