"""As ``hcloud.actions.client``."""

from hcloud_images._sync.actions import ActionsClient, ActionsPageResult, BoundAction, ResourceActionsClient
from hcloud_images._values.literals import ActionSort

__all__ = ["ActionSort", "ActionsClient", "ActionsPageResult", "BoundAction", "ResourceActionsClient"]
