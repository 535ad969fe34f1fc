"""Options for some calls, exchanges without a hook, waits by a clock, and the right kind of argument."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from typing import Any

import hcloud
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud.images import Image as OfficialImage
from hcloud.servers import Server as OfficialServer
from hcloud_images import (
    AsyncClient,
    Client,
    HCloudException,
    InvalidValueException,
    NotFoundException,
    RetryPolicy,
    TimeoutException,
)
from hcloud_images.actions import Action, ActionsClient
from hcloud_images.images import Image, ImagesClient
from hcloud_images.servers import Server, ServersClient
from hcloud_images_sandbox import Sandbox

client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)


@client_kinds
def test_options_for_some_calls(client_kind: ClientKind, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        narrow = client.with_options(query={"type": "app"}, headers={"X-Run": "7"}, timeout=5)
        apps = await done(narrow.images.get_list())
        assert {image.type for image in apps.images} == {"app"}
        assert len((await done(client.images.get_list())).images) > len(apps.images)
        assert narrow.rate_limit == client.rate_limit
        with pytest.raises(NotFoundException):
            await done(client.with_options(retry=RetryPolicy(attempts=1)).images.get_by_id(1))

    client_kind.run(scenario, sandbox.token, sandbox.url)
    assert "type=app" in sandbox.control.log[0].query


@client_kinds
@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": -1},
        {"retry": 3},
        {"headers": 5},
        {"headers": {"x": None}},
        {"query": "x"},
        {"query": {"x": None}},
        {"query": {"x": {"y": 1}}},
        {"query": {"x": ["y", None]}},
        {"query": {"x": object()}},
        {"query": {None: "x"}},
        {"query": {"x": "\ud800"}},
    ],
    ids=repr,
)
def test_wrong_options(client_kind: ClientKind, sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    async def scenario(client: Any) -> None:
        with pytest.raises(InvalidValueException, match=next(iter(wrong))):
            client.with_options(**wrong)

    client_kind.run(scenario, sandbox.token, sandbox.url)


@client_kinds
@pytest.mark.parametrize(
    "unknown", ["endpoint", "token", "verify", "max_body", "on_response", "poll_interval", "timout"]
)
def test_no_other_options(client_kind: ClientKind, sandbox: Sandbox, unknown: str) -> None:
    async def scenario(client: Any) -> None:
        with pytest.raises(InvalidValueException, match=f"takes timeout, retry, headers, query, got {unknown}$"):
            client.with_options(**{unknown: "http://example.com/v1"})

    client_kind.run(scenario, sandbox.token, sandbox.url)


@client_kinds
def test_options_add_up_and_give_way_to_the_call(client_kind: ClientKind, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        narrow = client.with_options(query={"name": "debian-12", "per_page": 3, "page": 9, "type": ["system", "app"]})
        narrow = narrow.with_options(timeout=5).with_options(query={"architecture": "arm", "include_deprecated": True})
        assert [image.architecture for image in await done(narrow.images.get_all())] == ["arm"]

    client_kind.run(scenario, sandbox.token, sandbox.url)
    query = "name=debian-12&per_page=50&page=1&type=system&type=app&architecture=arm&include_deprecated=true"
    assert sandbox.control.log[0].query == query


@client_kinds
def test_a_client_of_a_class_of_ones_own_stays_one(client_kind: ClientKind, sandbox: Sandbox) -> None:
    own = type("Own", (client_kind.client,), {})

    async def scenario(client: Any) -> None:
        client.project = "p"  # as its constructor may
        narrow = client.with_options(query={"name": "debian-12"})
        assert (type(narrow), narrow.project) == (own, "p")
        assert {image.name for image in await done(narrow.images.get_all())} == {"debian-12"}
        assert len(await done(client.images.get_all())) > 2
        with pytest.raises(HCloudException, match="can't be copied"):
            copy.copy(client)

    ClientKind("own", own, client_kind.backend).run(scenario, sandbox.token, sandbox.url)


def test_client_outlives_the_one_it_came_from(sandbox: Sandbox) -> None:
    narrow = Client(sandbox.token, sandbox.url).with_options(timeout=5)
    assert narrow.images.get_by_id(1001).id == 1001
    narrow.close()


@client_kinds
def test_exchanges_without_a_hook(client_kind: ClientKind, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        with client.exchanges() as outer, client.exchanges() as inner:
            await done(client.images.get_by_id(1001))
        await done(client.images.get_by_id(1001))
        [exchange] = inner
        assert outer == inner
        assert (exchange.status_code, exchange.path) == (200, "/v1/images/1001")
        assert exchange.correlation_id
        assert exchange.seconds is not None

    client_kind.run(scenario, sandbox.token, sandbox.url)


@client_kinds
def test_waits_go_by_the_clock(client_kind: ClientKind, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.durations(create_image=7200)

    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        with pytest.raises(TimeoutException, match="still being created"):
            await done(client.images.wait_until_available([created.image], deadline=3600))
        for one in created.image.id, created:
            [image] = await done(client.images.wait_until_available([one], deadline=None))
            assert (image.id, image.status) == (created.image.id, "available")
        await done(client.actions.wait([created.action]))

    client_kind.run(scenario, sandbox.token, sandbox.url, clock=sandbox.control.clock, poll_interval=60)


@client_kinds
def test_deadline_of_a_block_goes_by_the_clock(client_kind: ClientKind, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.durations(create_image=7200)

    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        with client.deadline(600), pytest.raises(TimeoutException):
            await done(client.images.wait_until_available([created.image], deadline=None))

    client_kind.run(scenario, sandbox.token, sandbox.url, clock=sandbox.control.clock, poll_interval=60)


@client_kinds
@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (Server(id=2001), "server"),
        (Action(id=2001), "action"),
        (OfficialServer(id=2001), "server"),
    ],
)
def test_the_wrong_object_is_refused(client_kind: ClientKind, sandbox: Sandbox, wrong: Any, kind: str) -> None:
    async def scenario(client: Any) -> None:
        for call in (client.images.delete, client.images.update, client.images.change_protection):
            with pytest.raises(InvalidValueException, match=kind):
                await done(call(wrong))
        with pytest.raises(InvalidValueException, match="image"):
            await done(client.servers.create_image(Image(id=43)))
        with pytest.raises(InvalidValueException, match="image"):
            await done(client.servers.create_image(OfficialImage(id=43)))

    client_kind.run(scenario, sandbox.token, sandbox.url)
    assert sandbox.control.count == 0


@client_kinds
@pytest.mark.parametrize("name", [None, ""])
def test_no_name_is_no_filter(client_kind: ClientKind, sandbox: Sandbox, name: Any) -> None:
    async def scenario(client: Any) -> None:
        with pytest.raises(InvalidValueException, match="name must not be empty"):
            await done(client.servers.get_by_name(name))
        with pytest.raises(InvalidValueException, match="name must not be empty"):
            await done(client.images.get_by_name_and_architecture(name, "x86"))
        with pytest.raises(InvalidValueException, match="name must not be empty"), pytest.deprecated_call():
            await done(client.images.get_by_name(name))

    client_kind.run(scenario, sandbox.token, sandbox.url)
    assert sandbox.control.count == 0


@pytest.mark.parametrize("kind", [ImagesClient, ServersClient, ActionsClient])
def test_resource_clients_are_for_our_client(kind: Any, sandbox: Sandbox) -> None:
    with pytest.raises(InvalidValueException, match=r"got hcloud\._client\.Client; Client\.beside"):
        kind(hcloud.Client(sandbox.token, sandbox.url))
    with pytest.raises(InvalidValueException, match="expected a client"):
        kind("token")
    with Client(sandbox.token, sandbox.url) as client:
        assert kind(client).get_by_id({ImagesClient: 1001, ServersClient: 42}.get(kind, 501)).id


@client_kinds
def test_results_are_whole_where_a_program_replaced_a_resource_client(
    client_kind: ClientKind, sandbox: Sandbox
) -> None:
    async def scenario(client: Any) -> None:
        servers = client.servers
        client.images = client.actions = client.servers = object()
        created = await done(servers.create_image(42))
        await done(created.image.reload())
        await done(created.image.created_from.reload())
        assert created.image.created_from.image.name == "debian-12"

    client_kind.run(scenario, sandbox.token, sandbox.url)


@client_kinds
def test_any_other_object_with_an_id_is_fine(client_kind: ClientKind, sandbox: Sandbox) -> None:
    class Row:
        id = 2001

    async def scenario(client: Any) -> None:
        for good in (Row(), OfficialImage(id=2001), "2001", 2001):
            await done(client.images.update(good, description="x"))

    client_kind.run(scenario, sandbox.token, sandbox.url)


def test_beside_the_official_client(sandbox: Sandbox) -> None:
    official = hcloud.Client(sandbox.token, sandbox.url, application_name="nightly", application_version="2")
    with Client.beside(official) as client:
        assert client.images.get_by_id(1001).id == 1001
    for kind in (Client, AsyncClient):
        with pytest.raises(InvalidValueException, match="beside"):
            kind(official)  # type: ignore[arg-type]
        with pytest.raises(InvalidValueException, match=r"hcloud\.Client"):
            kind.beside(5)


@client_kinds
def test_values_go_to_json_and_back(client_kind: ClientKind, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        for value in [*await done(client.images.get_all()), *await done(client.servers.get_all())]:
            plain = value.data_model
            assert type(plain).from_dict(json.loads(json.dumps(plain.to_dict()))) == plain
            assert copy.copy(plain) == plain

    client_kind.run(scenario, sandbox.token, sandbox.url)


@pytest.mark.parametrize("setup", ["", "import logging; logging.basicConfig(level='INFO'); "])
@pytest.mark.parametrize(
    ("level", "lines"), [("info", 1), ("INFO", 1), ("debug", 1), ("warning", 0), ("", None), ("1", None)]
)
def test_log_by_the_environment(sandbox: Sandbox, level: str, lines: int | None, setup: str) -> None:
    lines = bool(setup) if lines is None else lines
    code = f"{setup}from hcloud_images import Client; Client({sandbox.token!r}, {sandbox.url!r}).images.get_by_id(1001)"
    environment = {"HCLOUD_LOG": level}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stderr.count("GET /v1/images/1001 returned 200") == lines
    assert ("HCLOUD_LOG must be debug, info or warning, got '1'" in result.stderr) == (level == "1")
    assert len(result.stderr.splitlines()) == lines + (level == "1")
