"""Actions, as ``hcloud.actions`` has them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hcloud_images import aliases as _aliases
from hcloud_images._sync.actions import ActionsClient, ActionsPageResult, BoundAction, ResourceActionsClient
from hcloud_images.domain import Action
from hcloud_images.errors import ActionException, ActionFailedException, ActionTimeoutException
from hcloud_images.known import ActionError, ActionResource, ActionSort, ActionStatus

if TYPE_CHECKING:
    from hcloud_images._async.actions import (
        AsyncActionsClient,
        AsyncActionsPageResult,
        AsyncBoundAction,
        AsyncResourceActionsClient,
    )
else:
    __getattr__ = _aliases.lazy(__name__, "hcloud_images._async.actions")

_aliases.alias(f"{__name__}.domain", sys.modules[__name__])
_aliases.alias(f"{__name__}.client", sys.modules[__name__])

__all__ = [
    "Action",
    "ActionError",
    "ActionException",
    "ActionFailedException",
    "ActionResource",
    "ActionSort",
    "ActionStatus",
    "ActionTimeoutException",
    "ActionsClient",
    "ActionsPageResult",
    "AsyncActionsClient",
    "AsyncActionsPageResult",
    "AsyncBoundAction",
    "AsyncResourceActionsClient",
    "BoundAction",
    "ResourceActionsClient",
]
