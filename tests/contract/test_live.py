"""What can be recorded against the real API as well: it needs a server, and no state that only the sandbox can have."""

from __future__ import annotations

from typing import Any

from hcloud_images import NotFoundException, ProtectedException

from contract.conftest import Play
from contract.results import done, failing


def test_snapshot_from_creation_to_deletion(play_live: Play) -> None:
    async def scenario(client: Any, server_id: int) -> None:
        server = await done(client.servers.get_by_id(server_id))
        created = await done(server.create_image("a recording", "snapshot", {"purpose": "recording"}))
        await done(created.action.wait_until_finished())
        await done(created.image.reload())
        assert (created.image.status, created.image.labels) == ("available", {"purpose": "recording"})
        listed = await done(client.images.get_all(type="snapshot", label_selector="purpose=recording"))
        assert created.image.id in [image.id for image in listed]
        changed = await done(created.image.update("renamed", labels={"purpose": "recording", "step": "2"}))
        await done((await done(changed.change_protection(delete=True))).wait_until_finished())
        assert isinstance(await failing(changed.delete), ProtectedException)
        await done((await done(changed.change_protection(delete=False))).wait_until_finished())
        assert len(await done(changed.get_actions(sort="id"))) >= 2
        assert await done(changed.delete())
        assert isinstance(await failing(lambda: client.images.get_by_id(changed.id)), NotFoundException)

    play_live(scenario)


def test_system_images(play_live: Play) -> None:
    async def scenario(client: Any, _: int) -> None:
        page = await done(client.images.get_list(type="system", architecture="x86", sort="id", per_page=2))
        assert {image.type for image in page.images} == {"system"}
        image = await done(client.images.get_by_name_and_architecture("debian-13", "x86"))
        assert image.os_flavor == "debian"

    play_live(scenario)
