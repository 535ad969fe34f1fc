"""Whatever changes something: images, protection, new images."""

from typing import Any

from hcloud_images import ProtectedException
from hcloud_images.images import Image
from hcloud_images.servers import Server

from contract.conftest import Play
from contract.results import done, failing


def test_update_each_alone(play: Play) -> None:
    async def scenario(client: Any) -> None:
        backup = await done(client.images.get_by_id(3001))
        await done(client.images.update(backup, description="text"))
        await done(client.images.update(backup, labels={"a": "b", "c": ""}))
        await done(client.images.update(backup, labels={}))
        snapshot = await done(client.images.update(backup, type="snapshot"))
        assert (snapshot.type, snapshot.description, snapshot.labels) == ("snapshot", "text", {})
        assert backup.type == "backup"
        await done(client.images.update(Image(id=3001)))

    play(scenario)


def test_update_all_together(play: Play) -> None:
    async def scenario(client: Any) -> None:
        one = await done(client.images.update(Image(id=3002), "kept", "snapshot", {"keep": "1"}))
        assert (one.description, one.type, one.labels) == ("kept", "snapshot", {"keep": "1"})

    play(scenario)


def test_update_of_a_bound_image(play: Play) -> None:
    async def scenario(client: Any) -> None:
        backup = await done(client.images.get_by_id(3003))
        await done(backup.update("first"))
        await done(backup.update(labels={"x": "y"}))
        await done(backup.update(type="snapshot"))
        await done(backup.update("last", "snapshot", {"z": ""}))

    play(scenario)


def test_delete(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        assert await done(image.delete()) is True
        assert await done(client.images.delete(Image(id=3001))) is True
        assert (await failing(lambda: client.images.get_by_id(2001))).code == "not_found"

    play(scenario)


def test_protection(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2003))
        refused = await failing(image.delete)
        assert isinstance(refused, ProtectedException)
        action = await done(image.change_protection(delete=False))
        assert action.command == "change_protection"
        await done(action.wait_until_finished())
        await done(image.reload())
        assert image.protection == {"delete": False}
        await done(client.images.change_protection(Image(id=2001), True))
        await done(client.images.change_protection(image))
        await done(image.change_protection())
        await done(image.delete())

    play(scenario)


def test_create_image_to_finished(play: Play) -> None:
    async def scenario(client: Any) -> None:
        server = await done(client.servers.get_by_id(42))
        created = await done(server.create_image(description="now", type="snapshot", labels={"made": "here"}))
        assert (created.image.status, created.action.status) == ("creating", "running")
        await done(created.action.wait_until_finished())
        await done(created.image.reload())
        assert (await done(created.image)).status == "available"
        assert (await done(created.action)).progress == 100

    play(scenario)


def test_create_image_each_argument(play: Play) -> None:
    async def scenario(client: Any) -> None:
        await done(client.servers.create_image(Server(id=42)))
        await done(client.servers.create_image(Server(id=44), description="text"))
        await done(client.servers.create_image(Server(id=43), type="backup"))
        await done(client.servers.create_image(Server(id=45), labels={"a": "b"}))

    play(scenario)


def test_create_image_together(play: Play) -> None:
    async def scenario(client: Any) -> None:
        await done(client.servers.create_image(Server(id=43), "text", "backup", {"k": "v"}))
        bound = (await done(client.images.get_by_id(2001))).created_from
        await done(bound.create_image("again", "snapshot", {"l": "w"}))

    play(scenario)
