"""As ``hcloud.core.domain``."""

from hcloud_images._values.base import BaseDomain, DomainIdentityMixin
from hcloud_images._values.meta import Meta, Pagination

__all__ = ["BaseDomain", "DomainIdentityMixin", "Meta", "Pagination"]
