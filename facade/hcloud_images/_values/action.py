"""Actions."""

from __future__ import annotations

from typing import ClassVar

from hcloud_images_api import models

from hcloud_images._values.base import BaseDomain


# Without slots of its own: programs for the official client walk `__slots__` to list the fields.
class Action(models.Action, BaseDomain):
    __doc__ = models.Action.__doc__

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_SUCCESS: ClassVar[str] = "success"
    STATUS_ERROR: ClassVar[str] = "error"

    _columns: ClassVar[tuple[str, ...]] = ("id", "command", "status", "progress", "started", "finished")
