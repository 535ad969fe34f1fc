"""As ``hcloud._exceptions``."""

from __future__ import annotations

from hcloud_images.errors import APIException, HCloudException

__all__ = ["APIException", "HCloudException"]
