"""Actions, as ``hcloud.actions`` has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hcloud_images_api.models import ActionError, ActionResource

from hcloud_images._lazy import list_names, load_async
from hcloud_images._sync.actions import ActionsClient, ActionsPageResult, BoundAction, ResourceActionsClient
from hcloud_images._values.action import Action
from hcloud_images._values.literals import ActionSort, ActionStatus
from hcloud_images.actions import client as client
from hcloud_images.actions import domain as domain
from hcloud_images.errors import ActionException, ActionFailedException, ActionTimeoutException

if TYPE_CHECKING:
    from hcloud_images._async.actions import (
        AsyncActionsClient,
        AsyncActionsPageResult,
        AsyncBoundAction,
        AsyncResourceActionsClient,
    )


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

if not TYPE_CHECKING:  # which would make any name one of the module's

    def __getattr__(name: str) -> Any:
        return load_async(__name__, "hcloud_images._async.actions", name)


def __dir__() -> list[str]:
    return list_names(globals())
