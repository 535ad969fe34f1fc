"""The sandbox lists servers, lets tests add them, and doesn't pass over what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hcloud_images_sandbox import Sandbox, listing
from hcloud_images_sandbox.description import load_description
from token_leaks import TOKEN


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[httpx.Client]:
    sandbox.control.freeze()
    with httpx.Client(base_url=sandbox.url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client
    assert [request.contradiction for request in sandbox.control.log if request.contradiction] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [42, 43, 44, 45]),
        ("name=db-1", [43]),
        ("name=db", []),
        ("label_selector=role", [42, 43, 45]),
        ("label_selector=role in (web,lab)&sort=id:desc", [45, 42]),
        ("label_selector=!role", [44]),
        ("status=off", [44]),
        ("status=off&status=running&sort=name", [44, 43, 45, 42]),
        ("status=deleting", []),
        ("sort=created:desc", [45, 44, 43, 42]),
        ("sort=name:desc&per_page=3", [42, 45, 43]),
        ("sort=name:desc&per_page=3&page=2", [44]),
        ("page=9", []),
    ],
)
def test_listings(api: httpx.Client, query: str, expected: list[int]) -> None:
    response = api.get(f"/servers?{query}")
    assert [server["id"] for server in response.json()["servers"]] == expected


def test_meta(api: httpx.Client, sandbox: Sandbox) -> None:
    page = {"page": 2, "per_page": 3, "previous_page": 1, "next_page": None, "last_page": 2, "total_entries": 4}
    assert api.get("/servers?page=2&per_page=3").json()["meta"] == {"pagination": page}
    sandbox.control.null_totals()
    page |= {"last_page": None, "total_entries": None}
    assert api.get("/servers?page=2&per_page=3").json()["meta"] == {"pagination": page}


@pytest.mark.parametrize("query", ["status=on", "sort=size", "label_selector=((", "page=0", "per_page=51", "role=web"])
def test_refusals(api: httpx.Client, query: str) -> None:
    response = api.get(f"/servers?{query}")
    assert response.status_code == 422
    assert response.json()["error"]["details"]["fields"][0]["name"] == query.partition("=")[0]


def test_a_server(api: httpx.Client, sandbox: Sandbox) -> None:
    server = api.get("/servers/42").json()["server"]
    assert server == api.get("/servers?name=web-1").json()["servers"][0]
    assert server["image"] == api.get(f"/images/{server['image']['id']}").json()["image"]
    assert server["server_type"]["name"] == "cx22"
    assert server["location"]["name"] == "fsn1"
    assert server["locked"] is False
    assert api.get("/servers/44").json()["server"]["image"] is None
    api.post("/servers/42/actions/create_image", json={})
    assert api.get("/servers/42").json()["server"]["locked"] is True
    assert [one["locked"] for one in api.get("/servers").json()["servers"]] == [True, False, False, False]
    sandbox.control.advance(60)
    assert api.get("/servers/42").json()["server"]["locked"] is False


def test_servers_are_added(api: httpx.Client, sandbox: Sandbox) -> None:
    added = sandbox.control.add_server(
        "db-2", {"role": "db"}, status="off", server_type="cax11", location="hel1", image="ubuntu-24.04", backups=True
    )
    server = api.get("/servers?label_selector=role=db&status=off").json()["servers"][0]
    assert (server["id"], server["name"], server["labels"]) == (added, "db-2", {"role": "db"})
    assert (server["created"], server["location"]["city"]) == ("2026-06-01T12:00:00Z", "Helsinki")
    assert (server["image"]["name"], server["image"]["architecture"]) == ("ubuntu-24.04", "arm")
    image = api.post(f"/servers/{added}/actions/create_image", json={"type": "backup"}).json()["image"]
    assert (image["os_flavor"], image["architecture"], image["disk_size"]) == ("ubuntu", "arm", 40)
    control = httpx.URL(sandbox.origin + "/_control")
    assert httpx.post(control, json={"add_server": {"name": "db-3", "labels": {"role": "db"}}}).status_code == 204
    assert httpx.post(control, json={"add_server": "db-4"}).status_code == 204
    assert api.get("/servers?name=db-3").json()["servers"][0]["labels"] == {"role": "db"}
    for wrong in ({"name": "db-3"}, {"name": "x", "labels": {"-": ""}}, {"name": "x", "server_type": "huge"}):
        assert httpx.post(control, json={"add_server": wrong}).status_code == 422
    sandbox.control.reset()
    assert len(api.get("/servers").json()["servers"]) == 4


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"image": "nope"}, "image must be one of .*debian-13, .*got 'nope'"),
        ({"image": ""}, "image must be one of"),
        ({"server_type": "cx99"}, "server_type must be one of cax11, .*got 'cx99'"),
        ({"location": "mars"}, "location must be one of fsn1, hel1, nbg1, got 'mars'"),
        ({"status": "bogus"}, "status must be one of .*running, .*got 'bogus'"),
        ({"name": ""}, "name must be a host name, got ''"),
        ({"name": "a b"}, "name must be a host name, got 'a b'"),
        ({"name": None}, "name must be a host name, got None"),
    ],
    ids=repr,
)
def test_what_no_server_can_have(sandbox: Sandbox, wrong: dict[str, Any], message: str) -> None:
    before = sandbox.control.state()
    with pytest.raises(ValueError, match=message):
        sandbox.control.add_server(**{"name": "one", **wrong})
    assert sandbox.control.state()["servers"] == before["servers"]


def test_empty_sandbox_has_servers() -> None:
    sandbox = Sandbox(seed="empty")
    with httpx.Client(base_url="http://x/v1", transport=sandbox.transport()) as client:
        sandbox.control.add_server("one")
        servers = client.get("/servers", headers={"Authorization": f"Bearer {sandbox.token}"}).json()["servers"]
    assert [(server["name"], server["image"]) for server in servers][-2:] == [("lab-1", None), ("one", None)]


# --- what is described and has no effect ---


def described() -> list[tuple[str, str, str]]:
    description = load_description()
    operations = [one for path in description.document["paths"] for one in description.operations(path)]
    return [(one.id, one.path, name) for one in operations for name in one.query]


#: A query that changes the response, for parameters that ask for more than the value of a field of the same name.
CHANGING: dict[str, str] = {
    "page": "page=2&per_page=1",
    "per_page": "per_page=1",
    "sort": "sort=id:desc",
    "id": "id=503",
    "list_images status": "status=unavailable",
    "list_image_actions status": "status=error",
    "label_selector": "label_selector=role=db",
    "type": "type=backup",
    "bound_to": "bound_to=43",
    "include_deprecated": "include_deprecated=true",
}


def asking_for_a_value(operation: str, name: str, response: dict[str, Any]) -> str:
    """Ask for a value of a field that one entry has, and another hasn't."""
    (entries,) = (entries for entries in response.values() if isinstance(entries, list))
    field = load_description().query(operation)[name].field
    assert len({entry[field] for entry in entries}) > 1, f"name a query in CHANGING that shows what {name} does"
    return f"{name}={entries[0][field]}"


@pytest.mark.parametrize(("operation", "path", "name"), described())
def test_every_described_parameter_changes_an_answer(api: httpx.Client, operation: str, path: str, name: str) -> None:
    assert name in listing.implemented(operation), (
        f"the sandbox has no {name}: if it asks for the value of a field, name it in the description as `x-field`;"
        " else write what it does in scripts/hcloud_images_sandbox/listing.py, and a query in CHANGING"
    )
    path = path.format(id=2001)
    if operation == "list_image_actions":  # one action isn't enough to see an order or a second page
        api.post(f"{path}/change_protection", json={"delete": True})
    plain = api.get(path, params={})
    query = CHANGING.get(f"{operation} {name}") or CHANGING.get(name)
    query = query or asking_for_a_value(operation, name, plain.json())
    changed = api.get(f"{path}?{query}")
    assert plain.status_code == changed.status_code == 200, changed.text
    assert plain.json() != changed.json()
    without = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
    assert changed.json() != api.get(f"{path}?{without}").json(), "it is this one that does it"


def test_there_is_something_described() -> None:
    assert len(described()) >= 30
    assert listing.implemented("get_image") == frozenset()


def test_not_implemented_is_told(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(listing._FILTERS["list_servers"], "status")  # type: ignore[arg-type]
    response = api.get("/servers?status=off")
    assert (response.status_code, response.json()["error"]["code"]) == (501, "unsupported")
    assert "'status' of list_servers" in response.json()["error"]["message"]
    assert api.get("/servers?name=db-1").status_code == 200


def test_not_implemented_is_no_reason_to_try_again(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from hcloud_images import Client, ServerErrorException  # noqa: PLC0415

    monkeypatch.delitem(listing._FILTERS["list_servers"], "status")  # type: ignore[arg-type]
    with (
        Client(sandbox.token, sandbox.url) as client,
        pytest.raises(ServerErrorException, match="doesn't implement the parameter 'status'"),
    ):
        client.servers.get_list(status="off")
    assert sandbox.control.count == 1
