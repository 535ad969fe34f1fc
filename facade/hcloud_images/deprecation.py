"""Deprecations, as ``hcloud.deprecation`` has them."""

from __future__ import annotations

import sys

from hcloud_images import aliases as _aliases
from hcloud_images.domain import DeprecationInfo

_aliases.alias(f"{__name__}.domain", sys.modules[__name__])

__all__ = ["DeprecationInfo"]
