"""As ``hcloud.actions.domain``."""

from hcloud_images_api.models import ActionError, ActionResource

from hcloud_images._values.action import Action
from hcloud_images._values.literals import ActionStatus
from hcloud_images.errors import ActionException, ActionFailedException, ActionTimeoutException

__all__ = ["Action", "ActionError", "ActionResource", "ActionStatus"]
__all__ += ["ActionException", "ActionFailedException", "ActionTimeoutException"]
