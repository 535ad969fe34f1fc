"""Actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from hcloud_images_api import models

from hcloud_images._values.base import BaseDomain
from hcloud_images.errors import ActionFailedException, ActionsException, ActionTimeoutException


# Without slots of its own: programs for the official client walk `__slots__` to list the fields.
class Action(models.Action, BaseDomain):
    __doc__ = models.Action.__doc__

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_SUCCESS: ClassVar[str] = "success"
    STATUS_ERROR: ClassVar[str] = "error"

    _columns: ClassVar[tuple[str, ...]] = ("id", "command", "status", "progress", "started", "finished")


def timed_out(action: Action, argument: str) -> ActionTimeoutException:
    """Build the exception for an action that is still running, with what to do."""
    error = ActionTimeoutException(action)
    error.add_note(f"Wait again, or set a higher {argument}.")
    return error


def actions_exception(actions: Sequence[Action]) -> ActionsException:
    """Build the exception for actions of which some failed, or are still running."""
    failed = [ActionFailedException(action) for action in actions if action.status == action.STATUS_ERROR]
    running = [timed_out(action, "deadline=") for action in actions if action.status == action.STATUS_RUNNING]
    finished = [action for action in actions if action.status not in {action.STATUS_ERROR, action.STATUS_RUNNING}]
    message = f"of {len(actions)} actions {len(failed)} failed, {len(running)} are still running"
    return ActionsException(message, [*failed, *running], finished)
