"""One image, one server: each kind, and what the server leaves open."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hcloud_images_sandbox.description import load_description
from hcloud_images_sandbox.server import Sandbox

from contract.conftest import Play
from contract.results import done

KINDS = {"system": 1001, "app": 1101, "snapshot": 2001, "backup": 3001, "protected": 2003}


@pytest.mark.parametrize("kind", KINDS)
def test_get_by_id(play: Play, kind: str) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(KINDS[kind]))
        assert image.id == KINDS[kind]
        assert image.type == ("snapshot" if kind == "protected" else kind)

    play(scenario)


def test_deprecated_the_new_way(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_name_and_architecture("debian-11", "x86", include_deprecated=True))
        assert image.deprecation.announced == image.deprecated
        assert image.deprecation.unavailable_after > image.deprecated

    play(scenario)


def test_deprecated_the_old_way(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(1001))
        assert (image.deprecated, image.deprecation) == (datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC), None)

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.fault(set={"image.deprecated": "2025-02-03T04:05:06Z", "image.deprecation": None})

    play(scenario, prepare)


def test_deprecation_alone(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(1002))
        assert image.deprecated == image.deprecation.announced == datetime(2025, 6, 1, tzinfo=UTC)

    def prepare(sandbox: Sandbox) -> None:
        new = {"announced": "2025-06-01T00:00:00Z", "unavailable_after": "2025-12-01T00:00:00+00:00"}
        sandbox.control.fault(set={"image.deprecation": new}, remove=["image.deprecated"])

    play(scenario, prepare)


DESCRIBED = load_description().properties("Image")
IMAGE = DESCRIBED.keys() - {"id"}
NULLABLE = [name for name, described in DESCRIBED.items() if described.get("nullable")]


def test_null_fields(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(3002))
        assert {getattr(image, name) for name in NULLABLE} == {None}

    play(scenario, lambda sandbox: sandbox.control.fault(set={f"image.{name}": None for name in NULLABLE}))


def test_missing_fields(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(3003))
        assert {getattr(image, name) for name in IMAGE} == {None}

    play(scenario, lambda sandbox: sandbox.control.fault(remove=[f"image.{name}" for name in sorted(IMAGE)]))


def test_unknown_fields_and_values(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2002))
        assert (image.type, image.status, image.architecture, image.deleted.year) == ("disk", "frozen", "riscv", 2031)
        assert image.extra == {"encrypted": True, "regions": [{"name": "moon"}]}
        assert image.deprecation.extra == {"successor": 7}

    def prepare(sandbox: Sandbox) -> None:
        new = {
            "type": "disk",
            "status": "frozen",
            "architecture": "riscv",
            "deleted": "2031-01-01T00:00:00Z",
            "encrypted": True,
            "regions": [{"name": "moon"}],
            "deprecation": {"announced": "2030-01-01T00:00:00Z", "successor": 7},
            "created_from": {"id": 42, "name": "web-1", "region": "moon"},
        }
        sandbox.control.fault(set={f"image.{name}": value for name, value in new.items()})

    play(scenario, prepare)


def test_unknown_fields_in_lists(play: Play) -> None:
    async def scenario(client: Any) -> None:
        page = await done(client.images.get_list(type="snapshot", per_page=2))
        assert [image.extra for image in page.images] == [{"encrypted": False}] * 2
        assert page.meta.extra == {"cached": True}

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.fault(set={"images.*.encrypted": False, "meta.cached": True, "meta.pagination.cursor": "x"})

    play(scenario, prepare)


def test_list_without_meta(play: Play) -> None:
    async def scenario(client: Any) -> None:
        page = await done(client.images.get_list(type="snapshot", per_page=1))
        assert page.meta.pagination is None
        assert len(await done(client.images.get_all(type="backup"))) == 5

    play(scenario, lambda sandbox: sandbox.control.fault(remove=["meta"], times=2))


def test_reload(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        await done(client.images.update(image, description="new"))
        await done(image.reload())
        assert (await done(image)).description == "new"

    play(scenario)


def test_partial_servers(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(3001))
        for server in (image.bound_to, image.created_from):
            assert (server.id, server.complete, server.status) == (42, False, None)
            await done(server.reload())
            assert (await done(server)).status == "running"

    play(scenario)


@pytest.mark.parametrize("id_", [42, "43"])
def test_get_server(play: Play, id_: Any) -> None:
    async def scenario(client: Any) -> None:
        server = await done(client.servers.get_by_id(id_))
        assert (server.id, server.complete) == (int(id_), True)

    play(scenario)
