"""Lists of servers: filters, order, pages, and what their entries have."""

from typing import Any

import pytest
from hcloud_images_sandbox.server import Sandbox

from contract.conftest import Play
from contract.results import done

FILTERS = {
    "name": "db-1",
    "label_selector": "role in (web,db),!temporary",
    "page": 2,
    "per_page": 2,
    "status": ["running", "off"],
    "sort": ["name:desc", "created", "id:desc"],
}
SINGLE = {"status": "off", "sort": "created:asc"}


def test_filters(play: Play) -> None:
    async def scenario(client: Any) -> None:
        for name, value in FILTERS.items():
            page = await done(client.servers.get_list(**{name: value}))
            assert page.servers or name == "page"
        for name, value in SINGLE.items():
            assert (await done(client.servers.get_list(**{name: value}))).servers
        assert len((await done(client.servers.get_list(**FILTERS | {"name": None, "page": 1}))).servers) == 2

    play(scenario)


def test_all(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.servers.max_per_page = 2
        servers = await done(client.servers.get_all(label_selector="role", status=["running"], sort="name"))
        assert [server.name for server in servers] == ["db-1", "lab-1", "more-1", "more-2", "web-1"]
        assert await done(client.servers.get_all("nothing")) == []

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.add_server("more-1", {"role": "more"})
        sandbox.control.add_server("more-2", {"role": "more"}, image=None)

    play(scenario, prepare)


def test_get_by_name(play: Play) -> None:
    async def scenario(client: Any) -> None:
        server = await done(client.servers.get_by_name("web-1"))
        assert (server.image.name, server.server_type.name, server.location.name) == ("debian-12", "cx22", "fsn1")
        assert await done(client.servers.get_by_name("plan9")) is None

    play(scenario)


LEFT_OPEN = ["name", "status", "created", "labels", "image", "server_type", "location", "locked", "protection"]
LEFT_OPEN += ["backup_window", "primary_disk_size"]


def test_missing_fields(play: Play) -> None:
    async def scenario(client: Any) -> None:
        server = await done(client.servers.get_by_id(43))
        assert {getattr(server, name) for name in LEFT_OPEN} == {None}

    play(scenario, lambda sandbox: sandbox.control.fault(remove=[f"server.{name}" for name in LEFT_OPEN]))


def test_unknown_fields_and_values(play: Play) -> None:
    async def scenario(client: Any) -> None:
        (server,) = (await done(client.servers.get_list(name="web-1"))).servers
        assert (server.status, server.extra["rack"], server.image.extra) == ("frozen", 7, {"encrypted": True})
        assert (server.server_type.architecture, server.server_type.extra["watts"]) == ("riscv", 5)
        assert (server.location.network_zone, server.location.extra) == ("moon", {"altitude": 1})

    def prepare(sandbox: Sandbox) -> None:
        new = {
            "status": "frozen",
            "rack": 7,
            "image.encrypted": True,
            "server_type.architecture": "riscv",
            "server_type.watts": 5,
            "location.network_zone": "moon",
            "location.altitude": 1,
        }
        sandbox.control.fault(set={f"servers.*.{name}": value for name, value in new.items()})

    play(scenario, prepare)


def test_all_actions(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.actions.max_per_page = 3
        with pytest.warns(DeprecationWarning, match="images"):
            page = await done(client.actions.get_list(status="success", sort="id:desc", page=2, per_page=2))
        assert len(page.actions) == 2
        with pytest.warns(DeprecationWarning, match="images"):
            assert len(await done(client.actions.get_all())) == 6

    play(scenario)
