"""Waiting for many actions with few requests."""

from typing import Any

import pytest
from client_kinds import done as awaited
from hcloud_images import ActionFailedException, ActionsException, ActionTimeoutException, InvalidValueException
from hcloud_images.actions import Action
from hcloud_images.servers import Server
from hcloud_images_sandbox.server import Sandbox

from contract.conftest import Play
from contract.results import done, failing


async def created(client: Any, *servers: int) -> list[Any]:
    return [(await done(client.servers.create_image(Server(id=one)))).action for one in servers]


def test_wait(play: Play) -> None:
    async def scenario(client: Any) -> None:
        actions = await created(client, 42, 43, 44)
        seen: list[list[str]] = []
        ended = await done(
            client.actions.wait(
                actions, interval=0, on_progress=lambda every: seen.append([one.status for one in every])
            )
        )
        assert ended == actions
        assert [action.status for action in actions] == ["success"] * 3
        assert len(seen) > 1
        assert seen[-1] == ["success"] * 3
        assert await done(client.actions.wait([])) == []
        await done(client.actions.wait([Action(id=501), 502], interval=0))

    play(scenario)


def test_wait_when_some_fail(play: Play) -> None:
    async def scenario(client: Any) -> None:
        actions = await created(client, 42, 43, 44)
        error = await failing(lambda: client.actions.wait(actions, interval=0))
        assert isinstance(error, ActionsException)
        assert isinstance(error, ExceptionGroup)
        (failure,) = error.exceptions
        assert isinstance(failure, ActionFailedException)
        assert failure.action is actions[0]
        assert error.finished == actions[1:]

    play(scenario, lambda sandbox: sandbox.control.fail_next_action())


def test_wait_until_the_deadline(play: Play) -> None:
    async def scenario(client: Any) -> None:
        actions = await created(client, 42, 43)
        # The look at once is the only one: the next would come after the deadline.
        error = await failing(lambda: client.actions.wait([*actions, Action(id=504)], interval=9, deadline=1e-9))
        assert isinstance(error, ActionsException)
        assert [type(one) for one in error.exceptions] == [ActionFailedException, *[ActionTimeoutException] * 2]
        assert [one.action.id for one in error.exceptions] == [504, *(one.id for one in actions)]

    play(scenario, lambda sandbox: sandbox.control.durations(create_image=600))


def test_intervals_of_ones_own(play: Play) -> None:
    async def scenario(client: Any) -> None:
        response = await done(client.servers.create_image(42))
        polls: list[int] = []

        def interval(retries: int) -> float:
            polls.append(retries)
            return 0

        await done(client.images.wait_until_available([response], interval=interval))
        by_images = polls.copy()
        other = await done(client.servers.create_image(43))
        ended = client.actions.as_completed([other], interval=interval)
        assert [one.id async for one in each(ended)] == [other.action.id]
        last = await done(client.servers.create_image(44))
        await done(client.actions.wait([last], interval=interval))
        assert by_images
        assert polls == by_images * 3
        for wait in (client.images.wait_until_available, client.actions.wait):
            for name in ("interval", "deadline"):
                with pytest.raises(InvalidValueException, match=f"^{name} must be a .*, at least 0.*, got -1$"):
                    await awaited(wait([1], **{name: -1}))
        with pytest.raises(InvalidValueException, match=r"^max_retries must be a .*, at least 0.*, got -1$"):
            await awaited(last.action.wait_until_finished(-1))

    play(scenario)


def test_wait_with_no_time_left(play: Play) -> None:
    async def scenario(client: Any) -> None:
        known = await done(client.actions.get_by_id(501))
        with client.deadline(1e-9):
            error = await failing(lambda: client.actions.wait([502, Action(id=503), known]))
        assert [(one.action.id, one.action.complete) for one in error.exceptions] == [(502, False), (503, False)]
        assert error.finished == [known]

    play(scenario)


def test_as_completed(play: Play) -> None:
    async def scenario(client: Any) -> None:
        actions = [*(await created(client, 42, 43)), Action(id=504)]
        ended = [await done(action) async for action in each(client.actions.as_completed(actions, interval=0))]
        assert [action.status for action in ended] == ["error", "success", "success"]

    play(scenario)


def test_missing_action(play: Play) -> None:
    async def scenario(client: Any) -> None:
        error = await failing(lambda: client.actions.wait([501, 502], interval=0))
        assert "lacks action 502" in str(error)

    play(scenario, lambda sandbox: sandbox.control.fault(remove=["actions.1"]))


def test_iter_all(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.images.max_per_page = 3
        names = {"type": ["backup", "snapshot"], "sort": "id:desc", "architecture": "x86", "status": "available"}
        more = {"label_selector": "!temporary", "bound_to": ["42", "43"], "include_deprecated": True, "name": "x"}
        assert len([await done(image) async for image in each(client.images.iter_all(**names))]) > 6
        assert [image async for image in each(client.images.iter_all(**more))] == []
        client.images.actions.max_per_page = 2
        found = client.images.actions.iter_all(status=["error", "success"], sort="id")
        ids = [(await done(action)).id async for action in each(found)]
        assert ids == sorted(ids)

    play(scenario)


async def each(values: Any) -> Any:
    """Iterate over either kind."""
    if hasattr(values, "__aiter__"):
        async for value in values:
            yield value
    else:
        for value in values:
            yield value


def many(sandbox: Sandbox) -> None:
    sandbox.control.size(300)


def test_iter_all_stops_when_closed(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.images.max_per_page = 5
        images = client.images.iter_all(type="snapshot", sort="id")
        first = await done(await anext(images) if hasattr(images, "__anext__") else next(images))
        assert first.id == 2001
        await done(images.aclose() if hasattr(images, "aclose") else images.close())

    play(scenario, many)


def test_wait_until_available(play: Play) -> None:
    async def scenario(client: Any) -> None:
        labels = {"night": "1"}
        response = await done(client.servers.create_image(Server(id=42), labels=labels))
        error = await failing(lambda: client.images.wait_until_available([response], deadline=0))
        assert str(response.image.id) in str(error)
        images = await done(client.images.wait_until_available([response, 2001], interval=0))
        assert [(image.id, image.status) for image in images] == [
            (response.image.id, "available"),
            (2001, "available"),
        ]
        assert (await done(client.servers.find_created_image(Server(id=42), labels))).id == response.image.id
        assert await done(client.servers.find_created_image(43, labels)) is None
        assert await done(client.servers.find_created_image(42, labels, type="backup")) is None
        assert await done(client.servers.find_created_image(42, {"night": "2"})) is None

    play(scenario)
