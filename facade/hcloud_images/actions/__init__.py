"""Actions, as ``hcloud.actions`` has them."""

from typing import TYPE_CHECKING

from hcloud_images._lazy import module_hooks

from .client import *
from .domain import *

if TYPE_CHECKING:
    from hcloud_images._async.actions import (
        AsyncActionsClient,
        AsyncActionsPageResult,
        AsyncBoundAction,
        AsyncResourceActionsClient,
    )
else:
    __getattr__, __dir__ = module_hooks(globals(), "hcloud_images._async.actions")

__all__ = ["ActionSort", "ActionsClient", "ActionsPageResult", "BoundAction", "ResourceActionsClient"]
__all__ += ["Action", "ActionError", "ActionResource", "ActionStatus"]
__all__ += ["ActionException", "ActionFailedException", "ActionTimeoutException"]
__all__ += ["AsyncActionsClient", "AsyncActionsPageResult", "AsyncBoundAction", "AsyncResourceActionsClient"]
