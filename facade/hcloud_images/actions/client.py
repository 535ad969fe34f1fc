"""As ``hcloud.actions.client``."""

from __future__ import annotations

from hcloud_images._sync.actions import ActionsClient, ActionsPageResult, BoundAction, ResourceActionsClient

__all__ = [
    "ActionsClient",
    "ActionsPageResult",
    "BoundAction",
    "ResourceActionsClient",
]
