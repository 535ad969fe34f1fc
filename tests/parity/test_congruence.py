"""The same scenario through the official client and through ours: the same requests, and the same values."""

import warnings
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import anyio
import hcloud
import hcloud_images
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import RetryPolicy
from hcloud_images_sandbox import Sandbox
from normalise import normalise, official_client, requests_of

Scenario = Callable[[Any, Any], Awaitable[Any]]


async def filters(client: Any, _: Any) -> Any:
    images = client.images
    return [
        await done(images.get_all()),
        await done(images.get_all(name="debian-13")),
        await done(images.get_all(label_selector="role in (web,db),environment")),
        await done(images.get_all(bound_to=["42", "43"])),
        await done(images.get_all(type=["system", "snapshot"])),
        await done(images.get_all(type="backup")),
        await done(images.get_all(architecture=["x86", "arm"], sort=["name:desc", "id"])),
        await done(images.get_list(sort=["created:desc"], page=2, per_page=7)),
        await done(images.get_list(name="nothing")),
    ]


async def finding(client: Any, _: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        by_name = [await done(client.images.get_by_name(name)) for name in ("debian-12", "nothing")]
    return [
        *by_name,
        await done(client.images.get_by_id(3001)),
        await done(client.images.get_by_id(1007)),
        await done(client.images.get_by_name_and_architecture("debian-12", "arm")),
        await done(client.images.get_by_name_and_architecture("debian-11", "arm")),
    ]


async def changing(client: Any, library: Any) -> Any:
    backup = await done(client.images.get_by_id(3001))
    updated = await done(backup.update(description="kept", type="snapshot", labels={"keep": "", "a/b": "c"}))
    plainly = await done(client.images.update(library.images.Image(id=2001), labels={}))
    nothing = await done(client.images.update(plainly))
    protection = await done(client.images.change_protection(updated, delete=True))
    await done(protection.wait_until_finished())
    unchanged = await done(updated.change_protection())
    await done(unchanged.wait_until_finished())
    lifted = await done(updated.change_protection(delete=False))
    await done(lifted.wait_until_finished())
    return [backup, updated, plainly, nothing, protection, lifted, await done(updated.delete())]


async def acting(client: Any, library: Any) -> Any:
    image = await done(client.images.get_by_id(2003))
    for delete in (False, True):
        await done((await done(image.change_protection(delete))).wait_until_finished())
    finished = await done(image.get_actions(sort=["id:desc"]))
    return [
        finished,
        await done(client.images.get_actions(library.images.Image(id=2003), status=["success"], sort=["id"])),
        await done(image.get_actions_list(status=["success"], sort=["started:asc"], page=1, per_page=1)),
        await done(client.images.get_actions_list(image, page=1, per_page=2)),
        await done(client.images.actions.get_list(status=["error"], sort=["id"], page=1, per_page=2)),
        await done(client.images.actions.get_all(sort=["command", "finished:desc"])),
        await done(client.images.actions.get_by_id(finished[0].id)),
        await done(client.actions.get_by_id(finished[0].id)),
    ]


async def creating(client: Any, library: Any) -> Any:
    server = await done(client.servers.get_by_id(42))
    created = await done(server.create_image("mine", "snapshot", {"made": "here"}))
    first = normalise(created)
    await done(created.action.wait_until_finished())
    await done(created.image.reload())
    backup = await done(client.servers.create_image(library.servers.Server(id=43), type="backup"))
    return [first, created.image, created.action, backup, (server.id, server.name, server.status, server.labels)]


async def failing(client: Any, library: Any) -> Any:
    caught: list[Any] = []
    for attempt in (
        lambda: client.images.get_by_id(99),
        lambda: client.images.get_list(per_page=51),
        lambda: client.images.get_list(sort=["size"]),
        lambda: client.images.delete(library.images.Image(id=1001)),
        lambda: client.images.delete(library.images.Image(id=2003)),
        lambda: client.images.update(library.images.Image(id=2001), labels={"hetzner.cloud/x": "y"}),
        lambda: client.images.change_protection(library.images.Image(id=3001), delete=True),
        lambda: client.servers.create_image(library.servers.Server(id=9)),
    ):
        with pytest.raises(library.APIException) as error:
            await done(attempt())
        caught.append(error.value)
    return caught


SCENARIOS: list[Scenario] = [filters, finding, changing, acting, creating, failing]


def prepare(sandbox: Sandbox) -> None:
    sandbox.control.reset()
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda one: one.name)
@pytest.mark.filterwarnings("ignore:The 'deprecated' property:DeprecationWarning")
def test_same_requests_and_same_values(sandbox: Sandbox, scenario: Scenario, client_kind: ClientKind) -> None:
    prepare(sandbox)

    async def official() -> Any:
        with official_client(sandbox) as client:
            return normalise(await scenario(client, hcloud))

    theirs = anyio.run(official)
    their_requests = requests_of(sandbox)
    prepare(sandbox)
    ours = client_kind.run(
        lambda client: scenario(client, hcloud_images),
        sandbox.token,
        sandbox.url,
        poll_interval=0,
        retry=RetryPolicy(attempts=1),
    )
    assert normalise(ours) == theirs
    assert requests_of(sandbox) == their_requests


# Where ours differs on purpose, and why.


@pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda one: one.name)
def test_status_filters(sandbox: Sandbox, client_kind: ClientKind) -> None:
    # The official client sends the value of per_page as status.
    with official_client(sandbox) as client, pytest.raises(hcloud.APIException, match="status"):
        client.images.get_list(status=["available"], per_page=2)

    async def scenario(client: Any) -> Any:
        return await done(client.images.get_list(status=["available", "creating"], per_page=2))

    sandbox.control.clear_log()
    assert len(client_kind.run(scenario, sandbox.token, sandbox.url).images) == 2
    assert parse_qs(sandbox.control.log[0].query) == {"status": ["available", "creating"], "per_page": ["2"]}


@pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda one: one.name)
def test_include_deprecated_is_a_json_boolean(sandbox: Sandbox, client_kind: ClientKind) -> None:
    # The official client sends True, which is no boolean of JSON.
    with official_client(sandbox) as client, pytest.raises(hcloud.APIException, match="include_deprecated"):
        client.images.get_list(include_deprecated=True)

    async def scenario(client: Any) -> Any:
        return await done(client.images.get_all(include_deprecated=True))

    deprecated = [image for image in client_kind.run(scenario, sandbox.token, sandbox.url) if image.deprecated]
    assert deprecated
    assert all(isinstance(image.deprecated, datetime) for image in deprecated)
