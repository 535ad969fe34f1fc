"""Actions, as ``hcloud.actions`` has them."""

from typing import TYPE_CHECKING

from hcloud_images._lazy import open_async

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
    __getattr__, __dir__ = open_async(globals(), "hcloud_images._async.actions")

__all__ = ["ActionSort", "ActionsClient", "ActionsPageResult", "BoundAction", "ResourceActionsClient"]
__all__ += ["Action", "ActionError", "ActionResource", "ActionStatus"]
__all__ += ["ActionException", "ActionFailedException", "ActionTimeoutException"]
__all__ += ["AsyncActionsClient", "AsyncActionsPageResult", "AsyncBoundAction", "AsyncResourceActionsClient"]
