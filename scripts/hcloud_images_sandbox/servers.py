"""Servers as JSON has them, complete with what isn't described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hcloud_images_sandbox.description import load_description
from hcloud_images_sandbox.project import Project, Server

#: Images of servers that tests add, unless they say another; an empty sandbox doesn't have it.
DEFAULT_IMAGE = "debian-12"

_SERVER_TYPE = "id", "name", "category", "cores", "memory", "disk", "cpu_type", "architecture"
SERVER_TYPES: Mapping[str, Mapping[str, Any]] = {
    str(row[1]): {
        **dict(zip(_SERVER_TYPE, row, strict=True)),
        "description": str(row[1]).upper(),
        "storage_type": "local",
        "deprecated": False,
        "prices": [],
        "locations": [],
    }
    for row in (
        (1, "cx11", "Shared vCPU", 1, 2.0, 20, "shared", "x86"),
        (22, "cx22", "Shared vCPU", 2, 4.0, 40, "shared", "x86"),
        (32, "cx32", "Shared vCPU", 4, 8.0, 80, "shared", "x86"),
        (45, "cax11", "Shared vCPU", 2, 4.0, 40, "shared", "arm"),
        (96, "ccx13", "Dedicated vCPU", 2, 8.0, 80, "dedicated", "x86"),
    )
}
_LOCATION = "id", "name", "city", "country", "latitude", "longitude"
LOCATIONS: Mapping[str, Mapping[str, Any]] = {
    str(row[1]): {
        **dict(zip(_LOCATION, row, strict=True)),
        "description": f"{row[2]} DC Park 1",
        "network_zone": "eu-central",
    }
    for row in (
        (1, "fsn1", "Falkenstein", "DE", 50.47612, 12.370071),
        (2, "nbg1", "Nuremberg", "DE", 49.452102, 11.076665),
        (3, "hel1", "Helsinki", "FI", 60.169855, 24.938379),
    )
}


def add_server(
    project: Project,
    server_id: int,
    name: str,
    *,
    created: str,
    labels: Mapping[str, str],
    status: str = "running",
    server_type: str = "cx22",
    location: str = "fsn1",
    image: str | None = None,
    backups: bool = False,
    os: tuple[str, str] = ("debian", "12"),
    used: float = 1.5,
) -> int:
    """Add a server, and return its id.

    :param image: The name of the image that it was created from, as far as there is one.
    :param os: Flavor and version of the operating system, without an image.
    :param used: What an image of it takes, in GB.
    :raises ValueError: when something isn't known; says what is.
    """
    _check("status", status, load_description().query("list_servers")["status"].known or ())
    _check("server_type", server_type, SERVER_TYPES)
    _check("location", location, LOCATIONS)
    hardware = SERVER_TYPES[server_type]
    known = [one.data for one in project.images.values() if one.data["architecture"] == hardware["architecture"]]
    if image not in {None, DEFAULT_IMAGE}:
        _check("image", image, {data["name"] for data in known if data["name"] is not None})
    origin = next((data for data in known if image is not None and data["name"] == image), None)
    flavor, version = os if origin is None else (origin["os_flavor"], origin["os_version"])
    address = f"192.0.2.{server_id % 256}"
    data = {
        "id": server_id,
        "name": name,
        "status": status,
        "created": created,
        "labels": dict(labels),
        "image": origin,
        "server_type": hardware,
        "location": LOCATIONS[location],
        "protection": {"delete": False, "rebuild": False},
        "backup_window": "22-02" if backups else None,
        "primary_disk_size": hardware["disk"],
        "rescue_enabled": False,
        "iso": None,
        "volumes": [],
        "load_balancers": [],
        "placement_group": None,
        "private_net": [],
        "public_net": {
            "ipv4": {"id": server_id, "ip": address, "blocked": False, "dns_ptr": f"{name}.example.com"},
            "ipv6": None,
            "floating_ips": [],
            "firewalls": [],
        },
        "included_traffic": 0,
        "ingoing_traffic": None,
        "outgoing_traffic": None,
    }
    project.servers[server_id] = Server(data, flavor, version, used)
    return server_id


def _check(name: str, value: object, known: Iterable[str]) -> None:
    names = sorted(known)
    if value not in names:
        raise ValueError(f"{name} must be one of {', '.join(names)}, got {value!r}")
