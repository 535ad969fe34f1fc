"""The official client, at the sandbox: each of its methods for images gives what is in the sandbox."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import hcloud
import pytest
from hcloud.actions.client import ResourceActionsClient
from hcloud.images import BoundImage, Image, ImagesClient
from hcloud.servers import Server
from hcloud_images_sandbox import Sandbox
from normalise import official_client

CLASSES = (ImagesClient, BoundImage, ResourceActionsClient)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[hcloud.Client]:
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)
    with official_client(sandbox) as client:
        # Finished actions to look at: the first has id 20001.
        for delete in (False, True):
            client.images.change_protection(Image(id=2003), delete=delete).wait_until_finished()
        sandbox.control.clear_log()
        yield client


def ids(found: Any) -> list[int]:
    return [one.id for one in found]


def updated(image: BoundImage) -> Any:
    changed = image.update(description="kept", type="snapshot", labels={"a": "b"})
    return changed.description, changed.type, changed.labels, changed.bound_to


def reloaded(client: hcloud.Client) -> Any:
    image = client.images.get_by_id(2001)
    client.images.update(Image(id=2001), description="changed meanwhile")
    before = image.description
    image.reload()
    return before, image.description


def protected(client: hcloud.Client, act: Callable[[], Any]) -> Any:
    action = act()
    action.wait_until_finished()
    return action.command, action.status, client.images.get_by_id(2001).protection


def deleted(client: hcloud.Client, act: Callable[[], Any]) -> Any:
    assert act() is True
    with pytest.raises(hcloud.APIException, match="not_found"):
        client.images.get_by_id(2001)


def by_name(client: hcloud.Client) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return client.images.get_by_name("debian-12").os_version, client.images.get_by_name("nothing")


PROTECTED = ("change_protection", "success", {"delete": True})
UPDATED = ("kept", "snapshot", {"a": "b"}, None)
#: Each method: how it is called, what comes of it, and the requests that it takes.
CALLS: dict[str, tuple[Callable[[hcloud.Client], Any], Any, list[str]]] = {
    "ImagesClient.get_list": (
        lambda client: ids(client.images.get_list(type=["snapshot"], sort=["id"], page=2, per_page=2).images),
        [2003, 2004],
        ["GET /v1/images"],
    ),
    "ImagesClient.get_all": (
        lambda client: ids(client.images.get_all(label_selector="role in (web,db)", sort=["id:desc"])),
        [2003, 2002, 2001],
        ["GET /v1/images"],
    ),
    "ImagesClient.get_by_id": (
        lambda client: client.images.get_by_id(2001).description,
        "web before upgrade",
        ["GET /v1/images/2001"],
    ),
    "ImagesClient.get_by_name": (by_name, ("12", None), ["GET /v1/images"] * 2),
    "ImagesClient.get_by_name_and_architecture": (
        lambda client: client.images.get_by_name_and_architecture("debian-13", "arm").architecture,
        "arm",
        ["GET /v1/images"],
    ),
    "ImagesClient.get_actions_list": (
        lambda client: ids(client.images.get_actions_list(Image(id=2003), sort=["id:desc"], per_page=1).actions),
        [20002],
        ["GET /v1/images/2003/actions"],
    ),
    "ImagesClient.get_actions": (
        lambda client: ids(client.images.get_actions(Image(id=2003), status=["success"], sort=["id"])),
        [503, 20001, 20002],
        ["GET /v1/images/2003/actions"],
    ),
    "ImagesClient.update": (
        lambda client: updated(client.images.update(Image(id=3001))),
        UPDATED,
        ["PUT /v1/images/3001"] * 2,
    ),
    "ImagesClient.delete": (
        lambda client: deleted(client, lambda: client.images.delete(Image(id=2001))),
        None,
        ["DELETE /v1/images/2001", "GET /v1/images/2001"],
    ),
    "ImagesClient.change_protection": (
        lambda client: protected(client, lambda: client.images.change_protection(Image(id=2001), delete=True)),
        PROTECTED,
        ["POST /v1/images/2001/actions/change_protection", "GET /v1/actions/20003", "GET /v1/images/2001"],
    ),
    "BoundImage.update": (
        lambda client: updated(client.images.get_by_id(3001)),
        UPDATED,
        ["GET /v1/images/3001", "PUT /v1/images/3001"],
    ),
    "BoundImage.delete": (
        lambda client: deleted(client, client.images.get_by_id(2001).delete),
        None,
        ["GET /v1/images/2001", "DELETE /v1/images/2001", "GET /v1/images/2001"],
    ),
    "BoundImage.reload": (
        reloaded,
        ("web before upgrade", "changed meanwhile"),
        ["GET /v1/images/2001", "PUT /v1/images/2001", "GET /v1/images/2001"],
    ),
    "BoundImage.has_id_or_name": (
        lambda client: list(map(client.images.get_by_id(1001).has_id_or_name, (1001, "1001", "nothing"))),
        [True, True, False],
        ["GET /v1/images/1001"],
    ),
    "BoundImage.get_actions_list": (
        lambda client: ids(client.images.get_by_id(2003).get_actions_list(sort=["id"], page=2, per_page=1).actions),
        [20001],
        ["GET /v1/images/2003", "GET /v1/images/2003/actions"],
    ),
    "BoundImage.get_actions": (
        lambda client: ids(client.images.get_by_id(2003).get_actions(sort=["id"])),
        [503, 20001, 20002],
        ["GET /v1/images/2003", "GET /v1/images/2003/actions"],
    ),
    "BoundImage.change_protection": (
        lambda client: protected(client, lambda: client.images.get_by_id(2001).change_protection(delete=True)),
        PROTECTED,
        [
            "GET /v1/images/2001",
            "POST /v1/images/2001/actions/change_protection",
            "GET /v1/actions/20003",
            "GET /v1/images/2001",
        ],
    ),
    "ResourceActionsClient.get_by_id": (
        lambda client: client.images.actions.get_by_id(20001).command,
        "change_protection",
        ["GET /v1/images/actions/20001"],
    ),
    "ResourceActionsClient.get_list": (
        lambda client: ids(client.images.actions.get_list(sort=["id:desc"], page=1, per_page=2).actions),
        [20002, 20001],
        ["GET /v1/images/actions"],
    ),
    "ResourceActionsClient.get_all": (
        lambda client: ids(client.images.actions.get_all(status=["success"], sort=["id:desc"]))[:2],
        [20002, 20001],
        ["GET /v1/images/actions"],
    ),
}


def test_no_method_is_left_out() -> None:
    methods = {
        f"{cls.__name__}.{name}"
        for cls in CLASSES
        for name, _ in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_")
    }
    assert set(CALLS) == methods


@pytest.mark.parametrize("method", CALLS)
def test_method(client: hcloud.Client, sandbox: Sandbox, method: str) -> None:
    call, result, requests = CALLS[method]
    assert call(client) == result
    log = sandbox.control.log
    assert [f"{one.method} {one.path}" for one in log] == requests
    assert not [one.contradiction for one in log if one.contradiction]


def test_creating_an_image(client: hcloud.Client) -> None:
    created = client.servers.create_image(Server(id=42), description="mine", type="snapshot", labels={"a": "b"})
    created.action.wait_until_finished()
    created.image.reload()
    assert (created.action.status, created.image.status, created.image.description) == ("success", "available", "mine")
    assert ids(client.images.get_all(label_selector="a=b")) == [created.image.id]
