"""Servers, as much of them as images need."""

from __future__ import annotations

from typing import Any, ClassVar

from hcloud_images_api import models

from hcloud_images._values.base import BaseDomain, DomainIdentityMixin


class Server(models.Server, DomainIdentityMixin, BaseDomain):
    __doc__ = models.Server.__doc__
    __slots__ = ()

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_INIT: ClassVar[str] = "initializing"
    STATUS_STARTING: ClassVar[str] = "starting"
    STATUS_STOPPING: ClassVar[str] = "stopping"
    STATUS_OFF: ClassVar[str] = "off"
    STATUS_DELETING: ClassVar[str] = "deleting"
    STATUS_MIGRATING: ClassVar[str] = "migrating"
    STATUS_REBUILDING: ClassVar[str] = "rebuilding"
    STATUS_UNKNOWN: ClassVar[str] = "unknown"


def server_data(value: dict[str, Any] | int) -> dict[str, Any]:
    """Return the JSON object of what stands for a server: its id, or part of it."""
    return {"id": value} if isinstance(value, int) else value
