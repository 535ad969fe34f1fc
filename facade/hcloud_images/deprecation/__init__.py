"""Deprecations, as ``hcloud.deprecation`` has them."""

from .domain import DeprecationInfo

__all__ = ["DeprecationInfo"]
