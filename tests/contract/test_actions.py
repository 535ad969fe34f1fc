"""Actions: lists of them, and waiting for one that runs, succeeds, fails."""

from typing import Any

import pytest
from hcloud_images import ActionFailedException, ActionTimeoutException
from hcloud_images.images import Image
from hcloud_images.servers import Server
from hcloud_images_sandbox.server import Sandbox

from contract.conftest import Play
from contract.results import done, failing

FILTERS: dict[str, dict[str, Any]] = {
    "none": {},
    "sort": {"sort": ["status:desc", "id"]},
    "page": {"page": 2},
    "per_page": {"per_page": 3},
    "status": {"status": ["success", "error"]},
    "single_values": {"sort": "started", "status": "error"},
    "together": {"sort": ["finished:desc", "id:asc"], "page": 2, "per_page": 1, "status": ["success", "error"]},
}


@pytest.mark.parametrize("filters", FILTERS)
def test_list_of_all_images(play: Play, filters: str) -> None:
    async def scenario(client: Any) -> None:
        await done(client.images.actions.get_list(**FILTERS[filters]))

    play(scenario)


@pytest.mark.parametrize("filters", FILTERS)
def test_list_of_one_image(play: Play, filters: str) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        for protected in (True, False, True):
            await done(image.change_protection(protected))
        await done(client.images.get_actions_list(Image(id=2001), **FILTERS[filters]))
        await done(image.get_actions_list(**FILTERS[filters]))

    play(scenario)


def test_all_of_one_image(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        for delete in (True, False, True):
            await done(client.images.change_protection(image, delete))
        client.images.max_per_page = 2
        found = await done(image.get_actions(sort=["id:desc"], status=["success", "running"]))
        assert [action.command for action in found][:3] == ["change_protection"] * 3
        await done(image.get_actions(sort="id"))
        await done(image.get_actions(status="success"))
        await done(client.images.get_actions(image, ["id:asc"], "success"))
        await done(client.images.get_actions(Image(id=2002), status=["error"]))
        assert await done(client.images.get_actions(Image(id=1001))) == []

    play(scenario)


def test_all_of_all_images(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.images.actions.max_per_page = 2
        await done(client.images.actions.get_all(sort=["command", "finished:desc"]))
        await done(client.images.actions.get_all(status=["error", "running"]))
        await done(client.images.actions.get_all("success", "id:desc"))

    play(scenario)


def test_one(play: Play) -> None:
    async def scenario(client: Any) -> None:
        one = await done(client.images.actions.get_by_id(501))
        assert one == await done(client.actions.get_by_id(501))
        failed = await done(client.actions.get_by_id(504))
        assert failed.error["code"]

    play(scenario)


def test_running_then_finished(play: Play) -> None:
    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        seen = []
        while created.action.status == "running":
            await done(created.action.reload())
            seen.append((await done(created.action)).progress)
        assert seen == sorted(seen)
        assert len(seen) > 2

    play(scenario)


def test_one_that_fails(play: Play) -> None:
    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        error = await failing(created.action.wait_until_finished)
        assert isinstance(error, ActionFailedException)
        assert (await done(error.action)).error == {"code": "no_space", "message": "the disk is full"}
        assert (await done(client.images.get_by_id(created.image.id))).status == "unavailable"

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.fail_next_action("no_space", "the disk is full")

    play(scenario, prepare)


def test_one_that_takes_too_long(play: Play) -> None:
    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        error = await failing(lambda: created.action.wait_until_finished(max_retries=2))
        assert isinstance(error, ActionTimeoutException)

    play(scenario, lambda sandbox: sandbox.control.durations(create_image=600))


def test_unknown_fields_and_values(play: Play) -> None:
    async def scenario(client: Any) -> None:
        action = await done(client.actions.get_by_id(504))
        assert (action.status, action.command, action.finished) == ("paused", "teleport", None)
        assert action.extra == {"mood": "good"}
        assert action.resources[0]["region"] == "moon"
        assert action.error["hint"] == "wait"

    def prepare(sandbox: Sandbox) -> None:
        new = {
            "status": "paused",
            "command": "teleport",
            "finished": None,
            "mood": "good",
            "resources": [{"id": 1, "type": "image", "region": "moon"}],
            "error": {"code": "c", "message": "m", "hint": "wait"},
        }
        sandbox.control.fault(set={f"action.{name}": value for name, value in new.items()})

    play(scenario, prepare)


def test_missing_fields(play: Play) -> None:
    async def scenario(client: Any) -> None:
        action = await done(client.actions.get_by_id(501))
        assert (action.id, action.command, action.status, action.resources, action.error) == (501, *[None] * 4)

    names = ("command", "status", "progress", "started", "finished", "resources", "error")
    play(scenario, lambda sandbox: sandbox.control.fault(remove=[f"action.{name}" for name in names]))
