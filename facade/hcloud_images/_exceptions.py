"""As ``hcloud._exceptions``."""

from hcloud_images.errors import APIException, HCloudException

__all__ = ["APIException", "HCloudException"]
