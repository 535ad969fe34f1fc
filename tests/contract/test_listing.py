"""Lists: filters, order, pages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hcloud_images_sandbox.server import Sandbox

from contract.conftest import Play
from contract.results import done


def test_get_list_plain(play: Play) -> None:
    async def scenario(client: Any) -> None:
        images, meta = await done(client.images.get_list())
        assert (len(images), meta.pagination.per_page, meta.pagination.page) == (25, 25, 1)

    play(scenario)


FILTERS = {
    "name": "debian-13",
    "label_selector": "role in (web,db),!temporary",
    "bound_to": ["43", 42],
    "type": ["snapshot", "backup"],
    "architecture": ["x86", "arm"],
    "sort": ["name:desc", "created", "id:desc"],
    "page": 2,
    "per_page": 2,
    "status": ["creating", "available"],
    "include_deprecated": True,
}
SINGLE = {"bound_to": 42, "type": "backup", "architecture": "arm", "sort": "created:asc", "status": "available"}


@pytest.mark.parametrize("name", FILTERS)
def test_filter(play: Play, name: str) -> None:
    async def scenario(client: Any) -> None:
        assert (await done(client.images.get_list(**{name: FILTERS[name]}))).images

    play(scenario)


@pytest.mark.parametrize("name", SINGLE)
def test_single_value(play: Play, name: str) -> None:
    async def scenario(client: Any) -> None:
        assert (await done(client.images.get_list(**{name: SINGLE[name]}))).images

    play(scenario)


def test_all_filters_together(play: Play) -> None:
    async def scenario(client: Any) -> None:
        everything = {
            "label_selector": "environment=production",
            "bound_to": ["42", "43", "44"],
            "type": ["backup", "snapshot"],
            "architecture": ["arm", "x86"],
            "sort": ["created:desc", "name", "id:asc"],
            "status": ["available", "creating"],
            "include_deprecated": False,
        }
        await done(client.images.get_list(name="none", page=2, per_page=7, **everything))
        await done(client.images.get_list(page=1, per_page=3, **everything))
        await done(client.images.get_all(name="debian-12", **everything))
        await done(client.images.get_all(**everything))

    play(scenario)


def test_empty_list(play: Play) -> None:
    async def scenario(client: Any) -> None:
        images, meta = await done(client.images.get_list(name="plan9"))
        assert (images, meta.pagination.total_entries) == ([], 0)
        assert await done(client.images.get_all(label_selector="no=such")) == []

    play(scenario)


def test_several_pages(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.images.max_per_page = 4
        images = await done(client.images.get_all(type=["snapshot", "backup"], sort="id"))
        assert [image.id for image in images] == [2001, 2002, 2003, 2004, 2005, 2006, 3001, 3002, 3003, 3004, 3005]

    play(scenario)


def test_several_pages_without_totals(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.images.max_per_page = 4
        images = await done(client.images.get_all(type=["snapshot", "backup"], sort="id:desc"))
        assert len(images) == 11

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.null_totals()

    play(scenario, prepare)


def test_get_by_name(play: Play) -> None:
    async def scenario(client: Any) -> None:
        with pytest.warns(DeprecationWarning, match="get_by_name_and_architecture"):
            image = await done(client.images.get_by_name("debian-13"))
        assert image.name == "debian-13"
        with pytest.warns(DeprecationWarning, match="get_by_name"):
            assert await done(client.images.get_by_name("plan9")) is None

    play(scenario)


def test_get_by_name_and_architecture(play: Play) -> None:
    async def scenario(client: Any) -> None:
        find = client.images.get_by_name_and_architecture
        assert (await done(find("debian-13", "arm"))).architecture == "arm"
        assert await done(find("debian-11", "arm")) is None
        assert (await done(find("debian-11", "arm", include_deprecated=True))).deprecated

    play(scenario)


def test_servers(play: Play) -> None:
    async def scenario(client: Any) -> None:
        options = {"status": ["running", "off"], "sort": "name:desc", "per_page": 2, "label_selector": "role"}
        assert len((await done(client.servers.get_list(**options))).servers) == 2
        assert len(await done(client.servers.get_all())) == 4
        assert (await done(client.servers.get_by_name("web-1"))).id == 42

    play(scenario)


async def listed(entries: Any) -> list[Any]:
    return [one async for one in entries] if isinstance(entries, AsyncIterator) else list(entries)


def test_iter_all(play: Play) -> None:
    async def scenario(client: Any) -> None:
        for resource in (client.images, client.images.actions, client.servers):
            resource.max_per_page = 2
        snapshots = await done(listed(client.images.iter_all(type="snapshot", sort="id", label_selector="environment")))
        assert [image.id for image in snapshots] == sorted(image.id for image in snapshots)
        for filters in ({"name": "debian-12"}, {"bound_to": 42}, {"architecture": "arm"}, {"status": "available"}):
            assert await done(listed(client.images.iter_all(sort="id:desc", include_deprecated=True, **filters)))
        assert await done(listed(client.images.actions.iter_all(status="success", sort="id:desc")))
        servers = await done(listed(client.servers.iter_all(label_selector="role", status="running", sort="name:desc")))
        assert len(servers) > 2
        assert await done(listed(client.servers.iter_all(name="web-1")))

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.add_server("more-1", {"role": "more"})

    play(scenario, prepare)
