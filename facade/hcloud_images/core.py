"""What everything is built on, as ``hcloud.core`` has it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hcloud_images import aliases as _aliases
from hcloud_images._sync.core import BoundModelBase, ResourceClientBase
from hcloud_images.base import BaseDomain, DomainIdentityMixin
from hcloud_images.domain import Meta, Pagination

if TYPE_CHECKING:
    from hcloud_images._async.core import AsyncBoundModelBase, AsyncResourceClientBase
else:
    __getattr__ = _aliases.lazy(__name__, "hcloud_images._async.core")

_aliases.alias(f"{__name__}.domain", sys.modules[__name__])
_aliases.alias(f"{__name__}.client", sys.modules[__name__])

__all__ = [
    "AsyncBoundModelBase",
    "AsyncResourceClientBase",
    "BaseDomain",
    "BoundModelBase",
    "DomainIdentityMixin",
    "Meta",
    "Pagination",
    "ResourceClientBase",
]
