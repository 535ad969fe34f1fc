"""As much of ``hcloud.servers`` as images need."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hcloud_images import aliases as _aliases
from hcloud_images._sync.servers import BoundServer, ServersClient
from hcloud_images.domain import Server

if TYPE_CHECKING:
    from hcloud_images._async.servers import AsyncBoundServer, AsyncServersClient
else:
    __getattr__ = _aliases.lazy(__name__, "hcloud_images._async.servers")

_aliases.alias(f"{__name__}.domain", sys.modules[__name__])
_aliases.alias(f"{__name__}.client", sys.modules[__name__])

__all__ = ["AsyncBoundServer", "AsyncServersClient", "BoundServer", "Server", "ServersClient"]
