"""What tests put into the project of the sandbox, and what they read there.

Private names of the sandbox: no request could make most of these images.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hcloud_images_sandbox import Sandbox
from hcloud_images_sandbox.project import Image

START = datetime(2026, 5, 1, 3, tzinfo=UTC)


def add(sandbox: Sandbox, id: int, days: float = 0, **fields: Any) -> int:
    """Add an image, by default a snapshot of server 42 that could be deleted."""
    created = START + timedelta(days=days)
    data = {
        "id": id,
        "type": "snapshot",
        "status": "available",
        "name": None,
        "description": f"image {id}",
        "image_size": 2.3,
        "disk_size": 40,
        "created": created.isoformat(),
        "created_from": {"id": 42, "name": "web-1"},
        "bound_to": None,
        "os_flavor": "debian",
        "os_version": "12",
        "rapid_deploy": False,
        "protection": {"delete": False},
        "deprecated": None,
        "deprecation": None,
        "deleted": None,
        "labels": {"test": "yes"},
        "architecture": "x86",
    }
    state = sandbox.control._state
    with state.lock:
        state.project.add_image(Image({**data, **fields}, created.timestamp()))
    return id


def images(sandbox: Sandbox) -> dict[int, dict[str, Any]]:
    return {image["id"]: image for image in sandbox.control.state()["images"]}


def sent(sandbox: Sandbox, method: str) -> list[str]:
    return [one.path for one in sandbox.control.log if one.method == method]


def ids(several: Any) -> set[int]:
    return {image.id for image in several}


#: What must never be deleted, whatever else is true of an image.
UNTOUCHABLE: dict[str, dict[str, Any]] = {
    "protected": {"protection": {"delete": True}},
    "protection null": {"protection": None},
    "protection empty": {"protection": {}},
    "protection odd": {"protection": {"delete": 0}},
    "being created": {"status": "creating"},
    "failed": {"status": "unavailable"},
    "new status": {"status": "frozen"},
    "a backup": {"type": "backup", "bound_to": 42},
    "a system image": {"type": "system"},
    "another server": {"created_from": {"id": 43, "name": "db-1"}},
    "no server": {"created_from": None},
    "other labels": {"labels": {"test": "no"}},
    "no labels": {"labels": None},
    "unreadable time": {"created": "some day"},
    "no time": {"created": None},
    "deleted before": {"deleted": "2026-05-20T00:00:00Z"},
}


def snapshots_by_night(sandbox: Sandbox, job: str = "nightly") -> dict[tuple[str, int], list[int]]:
    """Return the ids of the snapshots that can be used, by night and server."""
    found: dict[tuple[str, int], list[int]] = {}
    for id, image in images(sandbox).items():
        night = (image["labels"] or {}).get(f"{job}/night")
        if night and image["created_from"] and image["status"] == "available":
            found.setdefault((night, image["created_from"]["id"]), []).append(id)
    return found
