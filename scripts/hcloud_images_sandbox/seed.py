"""What the project holds at the start. Ids and times are fixed, so that tests may rely on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from hcloud_images_sandbox.clock import rfc3339, timestamp
from hcloud_images_sandbox.project import Action, Image, Project, Server
from hcloud_images_sandbox.servers import add_server

Seed = Literal["standard", "empty"]
SEEDS: tuple[Seed, ...] = get_args(Seed)

_FIRST_SYSTEM_ID = 1001
_ANNOUNCED, _UNAVAILABLE_AFTER = "2025-09-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00"
_DEPRECATION = {"announced": _ANNOUNCED, "unavailable_after": _UNAVAILABLE_AFTER}
#: Deprecation has two forms; responses may contain either or both.
_BOTH: Mapping[str, Any] = {"deprecated": _ANNOUNCED, "deprecation": _DEPRECATION}
_ONLY_OLD: Mapping[str, Any] = {"deprecated": _ANNOUNCED}
_ONLY_NEW: Mapping[str, Any] = {"deprecation": _DEPRECATION}
_NOT: Mapping[str, Any] = {}

#: Each exists once per architecture: name, flavor, version, description, created, how it is deprecated.
_SYSTEM = (
    ("ubuntu-20.04", "ubuntu", "20.04", "Ubuntu 20.04", "2020-04-24T09:00:00+00:00", _BOTH),
    ("ubuntu-22.04", "ubuntu", "22.04", "Ubuntu 22.04", "2022-04-22T09:00:00+00:00", _NOT),
    ("ubuntu-24.04", "ubuntu", "24.04", "Ubuntu 24.04", "2024-04-26T09:00:00+00:00", _NOT),
    ("debian-11", "debian", "11", "Debian 11", "2021-08-16T07:00:00+00:00", _BOTH),
    ("debian-12", "debian", "12", "Debian 12", "2023-06-13T07:00:00+00:00", _NOT),
    ("debian-13", "debian", "13", "Debian 13", "2025-08-12T06:00:00Z", _NOT),
    ("fedora-41", "fedora", "41", "Fedora 41", "2024-10-30T08:00:00Z", _ONLY_OLD),
    ("fedora-42", "fedora", "42", "Fedora 42", "2025-04-16T08:00:00Z", _NOT),
    ("rocky-8", "rocky", "8", "Rocky Linux 8", "2021-06-22T10:00:00+00:00", _ONLY_NEW),
    ("rocky-9", "rocky", "9", "Rocky Linux 9", "2022-07-15T10:00:00+00:00", _NOT),
    ("rocky-10", "rocky", "10", "Rocky Linux 10", "2025-06-12T10:00:00Z", _NOT),
    ("alma-9", "alma", "9", "AlmaLinux 9", "2022-05-27T11:00:00+00:00", _NOT),
    ("alma-10", "alma", "10", "AlmaLinux 10", "2025-05-28T11:00:00Z", _NOT),
    ("centos-stream-9", "centos", "stream9", "CentOS Stream 9", "2022-01-27T12:00:00+00:00", _NOT),
    ("opensuse-15", "opensuse", "15", "openSUSE Leap 15", "2018-06-01T12:00:00+02:00", _NOT),
)

#: id, name, status, created, labels, server type, location, backups, operating system, used; the image of one is gone
_SERVERS: tuple[tuple[int, str, str, str, dict[str, str], str, str, bool, tuple[str, str], float], ...] = (
    (42, "web-1", "running", "2024-01-07T08:30:00+00:00", {"role": "web"}, "cx22", "fsn1", True, ("debian", "12"), 2.3),
    (
        43,
        "db-1",
        "running",
        "2024-02-11T14:00:00+00:00",
        {"role": "db"},
        "cx32",
        "nbg1",
        True,
        ("ubuntu", "24.04"),
        17.5,
    ),
    (44, "build-1", "off", "2025-03-02T09:15:00+00:00", {}, "cax11", "fsn1", False, ("alma", "9"), 6.25),
    (45, "lab-1", "running", "2025-10-20T16:45:00Z", {"role": "lab"}, "cx11", "hel1", False, ("fedora", "42"), 1.5),
)
_WITHOUT_IMAGE = 44

#: id, server, description, created, labels, protected
_SNAPSHOTS: tuple[tuple[int, int, str, str, dict[str, str], bool], ...] = (
    (2001, 42, "web before upgrade", "2025-01-10T10:00:00+00:00", {"environment": "production", "role": "web"}, False),
    (2002, 42, "web staging", "2025-02-10T10:00:00+00:00", {"environment": "staging", "role": "web"}, False),
    (2003, 43, "golden db", "2025-03-10T10:00:00+00:00", {"environment": "production", "role": "db"}, True),
    # Old responses lack the seconds.
    (2004, 45, "from the old days", "2016-01-30T23:50+00:00", {}, False),
    (2005, 44, "build host", "2025-05-10T10:00:00Z", {"example.com/team": "platform", "keep": ""}, False),
    (2006, 45, "lab", "2025-06-10T10:00:00Z", {"environment": "testing", "role": "lab"}, False),
)

#: id, server, created
_BACKUPS = (
    (3001, 42, "2026-05-28T03:00:00Z"),
    (3002, 42, "2026-05-29T03:00:00Z"),
    (3003, 42, "2026-05-30T03:00:00Z"),
    (3004, 43, "2026-05-29T04:00:00Z"),
    (3005, 43, "2026-05-30T04:00:00Z"),
)

_FAILED = {"code": "action_failed", "message": "the disk could not be read"}
#: id, command, resources, started, seconds, error
_ACTIONS: tuple[tuple[int, str, list[tuple[int, str]], str, int, dict[str, str] | None], ...] = (
    (501, "create_image", [(42, "server"), (2001, "image")], "2025-01-10T10:00:00+00:00", 95, None),
    (502, "create_image", [(42, "server"), (2002, "image")], "2025-02-10T10:00:00+00:00", 80, None),
    (503, "change_protection", [(2003, "image")], "2025-03-11T10:00:00+00:00", 1, None),
    (504, "create_image", [(44, "server"), (2999, "image")], "2025-05-09T10:00:00Z", 30, _FAILED),
    (505, "start_server", [(45, "server")], "2025-10-20T16:46:00Z", 12, None),
    (506, "create_image", [(43, "server"), (3005, "image")], "2026-05-30T04:00:00Z", 240, None),
)

_FILL_FROM = timestamp("2024-01-01T00:00:00Z")
_FILL_EVERY = 60


def seeded_project(seed: Seed = "standard", size: int = 0) -> Project:
    """Make a new project, with snapshots added up to `size` images."""
    project = Project()
    if seed == "standard":
        _add_images_of_hetzner(project)
    _add_servers(project)
    if seed == "standard":
        _add_own_images(project)
        _add_actions(project)
    fill(project, size)
    return project


def fill(project: Project, size: int) -> None:
    """Add snapshots up to this number of images."""
    server = project.servers[42]
    for number in range(size - len(project.images)):
        created_at = _FILL_FROM + number * _FILL_EVERY
        data = {
            **_of_server(server, next(project.image_ids), f"snapshot {number}", rfc3339(created_at)),
            "labels": {"number": str(number), "parity": "odd" if number % 2 else "even"},
        }
        project.add_image(Image(data, created_at))


def _add_servers(project: Project) -> None:
    for server_id, name, status, created, labels, server_type, location, backups, os, used in _SERVERS:
        add_server(
            project,
            server_id,
            name,
            created=created,
            labels=labels,
            status=status,
            server_type=server_type,
            location=location,
            image=None if server_id == _WITHOUT_IMAGE or not project.images else "-".join(os),
            backups=backups,
            os=os,
            used=used,
        )


def _add_images_of_hetzner(project: Project) -> None:
    kinds = [(*image, architecture) for image in _SYSTEM for architecture in ("x86", "arm")]
    for image_id, (name, flavor, version, description, created, deprecation, arch) in enumerate(
        kinds, _FIRST_SYSTEM_ID
    ):
        _add(project, _image(image_id, "system", description, created, flavor, version, arch), name=name, **deprecation)
    for image_id, name, description in ((1101, "docker-ce", "Docker CE"), (1102, "wordpress", "WordPress")):
        app = _image(image_id, "app", description, "2024-07-01T09:00:00Z", "ubuntu", "24.04", "x86")
        _add(project, app, name=name)


def _add_own_images(project: Project) -> None:
    for image_id, server_id, description, created, labels, protected in _SNAPSHOTS:
        data = _of_server(project.servers[server_id], image_id, description, created)
        _add(project, data, labels=labels, protection={"delete": protected})
    for image_id, server_id, created in _BACKUPS:
        server = project.servers[server_id]
        data = _of_server(server, image_id, f"Backup of {server.data['name']}", created)
        _add(project, data, type="backup", bound_to=server_id)


def _add_actions(project: Project) -> None:
    for action_id, command, resources, started, seconds, error in _ACTIONS:
        started_at = timestamp(started)
        data = {
            "id": action_id,
            "command": command,
            "status": "running",
            "progress": 0,
            "started": started,
            "finished": None,
            "resources": [{"id": resource_id, "type": kind} for resource_id, kind in resources],
            "error": None,
        }
        action = Action(data, started_at, started_at + seconds, error)
        action.settle(action.ends_at)
        project.actions[action_id] = action


def _add(project: Project, data: dict[str, Any], **changes: Any) -> None:
    project.add_image(Image({**data, **changes}, timestamp(data["created"])))


def _of_server(server: Server, image_id: int, description: str, created: str) -> dict[str, Any]:
    """Make a snapshot of a server."""
    return {
        **_image(image_id, "snapshot", description, created, server.os_flavor, server.os_version, server.architecture),
        "image_size": server.used,
        "disk_size": server.disk_size,
        "created_from": {"id": server.id, "name": server.data["name"]},
        "rapid_deploy": False,
    }


def _image(
    image_id: int, kind: str, description: str, created: str, flavor: str, version: str, architecture: str
) -> dict[str, Any]:
    """Make an image as Hetzner provides them."""
    return {
        "id": image_id,
        "type": kind,
        "status": "available",
        "name": None,
        "description": description,
        "image_size": None,
        "disk_size": 5,
        "created": created,
        "created_from": None,
        "bound_to": None,
        "os_flavor": flavor,
        "os_version": version,
        "rapid_deploy": True,
        "protection": {"delete": False},
        "deprecated": None,
        "deprecation": None,
        "deleted": None,
        "labels": {},
        "architecture": architecture,
    }
