"""Base classes, as ``hcloud.core`` has them."""

from typing import TYPE_CHECKING

from hcloud_images._lazy import module_hooks

from .client import *
from .domain import *

if TYPE_CHECKING:
    from hcloud_images._async._base import AsyncBoundModelBase, AsyncResourceClientBase
else:
    __getattr__, __dir__ = module_hooks(globals(), "hcloud_images._async._base")

__all__ = ["AsyncBoundModelBase", "AsyncResourceClientBase", "BoundModelBase", "ResourceClientBase"]
__all__ += ["BaseDomain", "DomainIdentityMixin", "Meta", "Pagination"]
