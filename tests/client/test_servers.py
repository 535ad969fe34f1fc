"""Servers: listed as by the official client, read without a request; and what isn't here says where it is."""

from __future__ import annotations

import copy
import inspect
import pickle
import warnings
from collections.abc import Callable
from typing import Any
from unittest import mock

import anyio
import hcloud
import hcloud.actions
import hcloud.images
import hcloud.servers
import hcloud_images
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import InvalidValueException, RetryPolicy
from hcloud_images.actions import Action, ActionFailedException
from hcloud_images.images import BoundImage, Image
from hcloud_images.servers import BoundServer, Location, Server, ServersClient, ServerType
from hcloud_images_sandbox import Sandbox
from normalise import normalise, official_client, requests_of

Run = Callable[..., Any]
ELSEWHERE = "use the official client, hcloud"


@pytest.fixture(params=CLIENT_KINDS, ids=lambda one: one.name)
def run(request: pytest.FixtureRequest, sandbox: Sandbox) -> Run:
    client_kind: ClientKind = request.param
    prepare(sandbox)

    def start(scenario: Callable[[Any], Any]) -> Any:
        options: Any = {"poll_interval": 0, "retry": RetryPolicy(attempts=1)}
        return client_kind.run(scenario, sandbox.token, sandbox.url, **options)

    return start


def prepare(sandbox: Sandbox) -> None:
    sandbox.control.reset()
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)
    for number in range(60):
        sandbox.control.add_server(f"many-{number:02}", {"many": "yes", "half": str(number % 2)})


# --- as the official client ---

FIELDS = ["id", "name", "status", "created", "labels", "locked", "protection", "backup_window", "primary_disk_size"]
SERVER_TYPE = ["id", "name", "description", "category", "cores", "memory", "disk"]
SERVER_TYPE += ["storage_type", "cpu_type", "architecture"]
LOCATION = ["id", "name", "description", "country", "city", "latitude", "longitude", "network_zone"]


def comparable(value: Any) -> Any:
    """Make servers of both libraries comparable, field by field."""
    if isinstance(value, hcloud.servers.Server | Server):
        parts = {"server_type": SERVER_TYPE, "location": LOCATION}
        return {
            **{name: getattr(value, name) for name in FIELDS},
            **{part: {name: getattr(getattr(value, part), name) for name in names} for part, names in parts.items()},
            "image": normalise(value.image),
        }
    if hasattr(value, "_asdict"):
        return {name: comparable(one) for name, one in value._asdict().items()}
    return [comparable(one) for one in value] if isinstance(value, list) else normalise(value)


async def listing(client: Any, _: Any) -> Any:
    servers = client.servers
    return [
        await done(servers.get_list()),
        await done(servers.get_list("web-1")),
        await done(servers.get_list(None, "role in (web,db)", 1, 1, ["running"])),
        await done(servers.get_list(status=["off"], per_page=3)),
        await done(servers.get_list(label_selector="many", page=2, per_page=50)),
        await done(servers.get_all()),
        await done(servers.get_all("db-1")),
        await done(servers.get_all(None, "many,half=1", ["running", "off"])),
        await done(servers.get_by_name("lab-1")),
        await done(servers.get_by_name("nothing")),
        await done(servers.get_by_id(44)),
    ]


async def actions(client: Any, _: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return [
            await done(client.actions.get_list()),
            await done(client.actions.get_list(["success"], ["id:desc"], 2, 2)),
            await done(client.actions.get_all(status=["error"])),
            await done(client.actions.get_all(sort=["command", "finished:desc"])),
        ]


@pytest.mark.parametrize("scenario", [listing, actions], ids=lambda one: one.__name__)
@pytest.mark.filterwarnings("ignore:The 'deprecated' property:DeprecationWarning")
def test_same_requests_and_same_values(sandbox: Sandbox, run: Run, scenario: Any) -> None:
    async def official() -> Any:
        with official_client(sandbox) as client:
            return comparable(await scenario(client, hcloud))

    theirs = anyio.run(official)
    their_requests = requests_of(sandbox)
    prepare(sandbox)
    assert comparable(run(lambda client: scenario(client, hcloud_images))) == theirs
    assert sorted(requests_of(sandbox), key=str) == sorted(their_requests, key=str), (
        "pages may be asked for in any order"
    )


OWN = {"sort": "the API has it, the official client doesn't take it"}


@pytest.mark.parametrize(
    "name",
    [f"ServersClient.{name}" for name in ("get_list", "get_all", "get_by_name", "get_by_id", "create_image")]
    + ["ServersPageResult", "BoundServer.create_image"],
)
def test_names_and_order_of_arguments(name: str) -> None:
    ours, theirs = hcloud_images.servers, hcloud.servers
    for part in name.split("."):
        ours, theirs = getattr(ours, part), getattr(theirs, part)
    found = [(one.name, one.kind, one.default) for one in inspect.signature(ours).parameters.values()]
    wanted = [(one.name, one.kind, one.default) for one in inspect.signature(theirs).parameters.values()]
    assert [one for one in found if one[0] not in OWN] == wanted
    assert found[: len(wanted)] == wanted, "what is new comes last"


@pytest.mark.parametrize("name", ["get_list", "get_all"])
def test_listing_all_actions_is_deprecated(run: Run, name: str) -> None:
    async def scenario(client: Any) -> None:
        with pytest.warns(DeprecationWarning, match=r"client\.images\.actions") as caught:
            await done(getattr(client.actions, name)())
        assert len(caught) == 1
        assert caught[0].filename.endswith(("test_servers.py", "client_kinds.py")), "who called, or awaited"

    run(scenario)


# --- what ours has besides ---


def test_sort_and_single_values(run: Run, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        page = await done(client.servers.get_list(sort="name:desc", status="running", per_page=1))
        assert [one.name for one in page.servers] == ["web-1"]
        servers = await done(client.servers.get_all(sort=["created:desc", "id"], label_selector="role"))
        assert [one.id for one in servers] == [45, 43, 42]

    run(scenario)


def test_iter_all(run: Run, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        client.servers.max_per_page = 7
        entries = client.servers.iter_all(label_selector="many", status=["running"], sort="name")
        names = [one.name async for one in entries] if hasattr(entries, "__aiter__") else [one.name for one in entries]
        assert names == [f"many-{number:02}" for number in range(60)]

    run(scenario)


def test_what_a_server_has(run: Run, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        server = await done(client.servers.get_by_id(42))
        count = sandbox.control.count
        assert isinstance(server.image, Image)
        assert (server.image.name, server.image.created_from) == ("debian-12", None)
        assert isinstance(server.server_type, ServerType)
        assert (server.server_type.name, server.server_type.extra["prices"]) == ("cx22", [])
        assert isinstance(server.location, Location)
        assert (server.location.name, server.location.id_or_name) == ("fsn1", 1)
        assert (server.locked, server.protection) == (False, {"delete": False, "rebuild": False})
        assert (server.backup_window, server.primary_disk_size) == ("22-02", 40)
        assert server.extra["volumes"] == []
        assert sandbox.control.count == count
        await done(server.image.reload())
        await done(server.create_image())
        await done(server.reload())
        assert server.locked is True
        assert (await done(client.servers.get_by_id(44))).image is None

    run(scenario)


def test_copies_and_json(run: Run, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        server = await done(client.servers.get_by_id(43))
        count = sandbox.control.count
        for again in (copy.copy(server), copy.deepcopy(server), pickle.loads(pickle.dumps(server))):
            assert again == server
            assert again.image == server.image
        assert repr(server).startswith(type(server).__name__ + "(id=43, ")
        plainly = Server.from_dict(server.to_dict())
        assert plainly == server.data_model
        assert plainly.to_dict() == server.to_dict()
        assert (type(plainly.image), type(plainly.location)) == (Image, Location)
        assert Server(1, server_type={"id": 3, "new": 4}).server_type == ServerType(3, extra={"new": 4})  # type: ignore[call-arg]
        assert sandbox.control.count == count

    run(scenario)


def test_images_of_servers(run: Run) -> None:
    async def scenario(client: Any) -> None:
        servers = await done(client.servers.get_all(label_selector="role"))
        for several in (servers, [Server(42), "43", 45], iter(servers)):
            images = await done(client.images.get_all(bound_to=several))
            assert [one.id for one in images] == [3001, 3002, 3003, 3004, 3005]
        for one in (Server(43), servers[1], 43, "43"):
            assert len((await done(client.images.get_list(bound_to=one))).images) == 2
        for wrong in (Image(42), [Server(name="web-1")], servers[0].server_type, [servers[0].location]):
            with pytest.raises(InvalidValueException, match="server"):
                await done(client.images.get_list(bound_to=wrong))
        with pytest.raises(InvalidValueException, match="got server_type"):
            await done(client.servers.create_image(servers[0].server_type))

    run(scenario)


def test_waits_take_what_creating_gave(run: Run, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        created = [await done(client.servers.create_image(one)) for one in (Server(42), Server(43))]
        mixed = [created[0], 501, Action(502), created[1].action]
        ended = await done(client.actions.wait(mixed))
        assert [one.id for one in ended] == [created[0].action.id, 501, 502, created[1].action.id]
        assert ended[0] is created[0].action
        assert created[0].action.status == "success"
        sandbox.control.fail_next_action()
        failing = await done(client.servers.create_image(Server(44)))
        with pytest.raises(BaseExceptionGroup) as caught:
            await done(client.actions.wait([failing]))
        assert isinstance(caught.value.exceptions[0], ActionFailedException)
        entries = client.actions.as_completed([await done(client.servers.create_image(Server(45)))])
        ends = [one async for one in entries] if hasattr(entries, "__aiter__") else list(entries)
        assert [one.status for one in ends] == ["success"]

    run(scenario)


CALLS: list[tuple[type, str, dict[str, Any]]] = [
    (BoundImage, "update", {"description": "x", "type": "snapshot", "labels": {"a": "b"}}),
    (BoundImage, "change_protection", {"delete": True}),
    (BoundImage, "get_actions_list", {"status": ["success"], "sort": ["id"], "page": 1, "per_page": 2}),
    (BoundImage, "get_actions", {"status": ["success"], "sort": ["id"]}),
    (BoundImage, "delete", {}),
    (BoundServer, "create_image", {"description": "x", "type": "backup", "labels": {}}),
]


@pytest.mark.parametrize(("cls", "method", "arguments"), CALLS, ids=[call[1] for call in CALLS])
def test_bound_objects_call_their_client_as_the_official_ones_do(
    cls: type[Any], method: str, arguments: dict[str, Any]
) -> None:
    seen = []
    for kind in (cls, getattr(hcloud.images, cls.__name__, None) or getattr(hcloud.servers, cls.__name__)):
        client = mock.MagicMock()
        bound = kind(client, {"id": 1})
        getattr(bound, method)(**arguments)
        (call,) = getattr(client, method).call_args_list
        assert call.args == (bound,)
        seen.append(call.kwargs)
    assert seen[0] == seen[1] == arguments


# --- what isn't here ---


def missing(ours: Any, theirs: Any) -> list[str]:
    """Name what the official client has publicly, as attribute of an object or its class, and ours hasn't."""
    names = {*dir(theirs), *getattr(getattr(theirs, "model", None), "__api_properties__", ())}
    return sorted(name for name in names if not name.startswith("_") and not hasattr(ours, name))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_missing_says_where_it_is(run: Run, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        with official_client(sandbox) as official:
            server = await done(client.servers.get_by_id(42))
            image = await done(client.images.get_by_id(3001))
            count = sandbox.control.count
            pairs = [
                (client, official),
                (client.servers, official.servers),
                (client.images, official.images),
                (client.actions, official.actions),
                (server, official.servers.get_by_id(42)),
                (server.data_model, hcloud.servers.Server(1)),
                (server.server_type, official.servers.get_by_id(42).server_type),
                (image.bound_to, official.servers.get_by_id(42)),
            ]
            lost = {type(ours).__name__: missing(ours, theirs) for ours, theirs in pairs}
            sandbox.control.clear_log()
        assert {"volumes", "server_types", "request"} <= set(lost[type(client).__name__])
        assert {"power_off", "volumes", "private_net_for", "actions"} & set(lost[type(server).__name__])
        assert count
        for ours, theirs in pairs:
            for name in missing(ours, theirs):
                assert getattr(ours, name, 4) == 4
                with pytest.raises(AttributeError) as caught:
                    getattr(ours, name)
                text = str(caught.value)
                assert f"'{type(ours).__name__}' has no attribute '{name}'" in text
                if isinstance(ours, Server | ServerType) and name in ours.extra:
                    assert f'extra["{name}"]' in text
                else:
                    assert ELSEWHERE in text
        assert sandbox.control.log == []
        with pytest.raises(AttributeError, match=r"reload\(\).*official client"):
            image.bound_to.volumes  # noqa: B018
        # A private name is nowhere else.
        with pytest.raises(AttributeError, match=r"no attribute '_private'$"):
            server._private  # noqa: B018

    run(scenario)


def test_half_made_objects_are_no_trap() -> None:
    for cls in (Server, Image, BoundServer, ServersClient, hcloud_images.Client):
        empty = cls.__new__(cls)
        for name in ("extra", "complete", "id", "_client", "anything"):
            assert getattr(empty, name, 4) == 4


MODULES = ["server_types", "volumes", "locations", "isos", "exp", "helpers", "networks"]


@pytest.mark.parametrize("name", MODULES)
def test_modules_that_are_missing(name: str) -> None:
    assert not hasattr(hcloud_images, name)
    with pytest.raises(AttributeError, match=ELSEWHERE):
        getattr(hcloud_images, name)
    with pytest.raises(ImportError, match=name):
        __import__(f"hcloud_images.{name}")


@pytest.mark.parametrize("name", ["BoundVolume", "CreateServerResponse", "PublicNetwork"])
def test_names_that_modules_lack(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'hcloud_images.servers' has no attribute '{name}'.*{ELSEWHERE}"):
        getattr(hcloud_images.servers, name)
