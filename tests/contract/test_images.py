"""What each method asks and what it makes of the answer, on cassettes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flavours import done
from hcloud_images import ProtectedException

pytestmark = [pytest.mark.vcr, pytest.mark.block_network]
Play = Callable[..., Any]


def test_get_by_id(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        assert (image.id, image.type, image.status, image.name) == (2001, "snapshot", "available", None)
        assert image.labels == {"environment": "production", "role": "web"}
        assert image.created_from.id == 42
        assert image.created.tzinfo is not None

    play(scenario)


def test_get_list(play: Play) -> None:
    async def scenario(client: Any) -> None:
        images, meta = await done(
            client.images.get_list(
                type=["snapshot", "backup"], status="available", sort=["created:desc", "id"], page=2, per_page=4
            )
        )
        assert len(images) == 4
        assert {image.type for image in images} <= {"snapshot", "backup"}
        assert (meta.pagination.page, meta.pagination.previous_page, meta.pagination.per_page) == (2, 1, 4)
        created = [image.created for image in images]
        assert created == sorted(created, reverse=True)

    play(scenario)


def test_get_all(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.images.max_per_page = 5
        images = await done(client.images.get_all(type=["snapshot", "backup"], sort="id"))
        ids = [image.id for image in images]
        assert ids == sorted(set(ids))
        assert len(ids) == 11

    play(scenario)


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
        arm = await done(find("debian-13", "arm"))
        assert (arm.name, arm.architecture) == ("debian-13", "arm")
        assert await done(find("debian-11", "arm")) is None
        old = await done(find("debian-11", "arm", include_deprecated=True))
        assert old.deprecated == datetime(2025, 9, 1, tzinfo=UTC)

    play(scenario)


def test_update(play: Play) -> None:
    async def scenario(client: Any) -> None:
        backup = await done(client.images.get_by_id(3001))
        assert backup.bound_to.id == 42
        snapshot = await done(backup.update(description="kept", type="snapshot", labels={"keep": ""}))
        assert (snapshot.type, snapshot.description, snapshot.labels) == ("snapshot", "kept", {"keep": ""})
        assert (backup.type, snapshot.bound_to) == ("backup", None)
        cleared = await done(client.images.update(snapshot, labels={}))
        assert (cleared.labels, cleared.description) == ({}, "kept")

    play(scenario)


def test_delete(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        assert await done(image.delete()) is True

    play(scenario)


def test_change_protection(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2003))
        with pytest.raises(ProtectedException) as caught:
            await done(image.delete())
        assert (caught.value.code, caught.value.status_code, caught.value.method) == ("protected", 423, "DELETE")
        action = await done(image.change_protection(delete=False))
        assert action.command == "change_protection"
        await done(action.wait_until_finished())
        assert action.status == "success"
        await done(image.reload())
        assert image.protection == {"delete": False}

    play(scenario)


def test_get_actions(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        for delete in (True, False):
            await done((await done(image.change_protection(delete))).wait_until_finished())
        client.images.max_per_page = 2
        found = await done(image.get_actions(sort=["id:desc"], status=["success"]))
        assert [action.command for action in found][:2] == ["change_protection", "change_protection"]
        ids = [action.id for action in found]
        assert ids == sorted(ids, reverse=True)
        one = await done(client.images.actions.get_by_id(ids[0]))
        assert one == found[0]

    play(scenario)


def test_get_actions_list(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        actions, meta = await done(image.get_actions_list(sort="id", page=1, per_page=1, status=["success", "error"]))
        assert len(actions) == meta.pagination.per_page == 1
        everywhere, meta = await done(client.images.actions.get_list(status="error", per_page=3))
        assert {action.status for action in everywhere} == {"error"}
        assert everywhere[0].error["code"]
        assert len(await done(client.images.actions.get_all(sort="id"))) >= meta.pagination.total_entries

    play(scenario)


def test_create_image(play: Play) -> None:
    async def scenario(client: Any) -> None:
        server = await done(client.servers.get_by_id("42"))
        created = await done(server.create_image(description="now", type="snapshot", labels={"made": "here"}))
        assert (created.image.status, created.action.status) == ("creating", "running")
        await done(created.action.wait_until_finished())
        await done(created.image.reload())
        assert (created.image.status, created.image.labels) == ("available", {"made": "here"})
        assert created.image.image_size is not None

    play(scenario)
