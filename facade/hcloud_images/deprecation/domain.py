"""As ``hcloud.deprecation.domain``."""

from hcloud_images._values.image import DeprecationInfo

__all__ = ["DeprecationInfo"]
