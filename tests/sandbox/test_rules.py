"""The sandbox keeps the rules of the API, seen over HTTP with a plain client."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hcloud_images_sandbox import READONLY_TOKEN, Sandbox
from token_leaks import TOKEN

START = "2026-06-01T12:00:00Z"


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[httpx.Client]:
    sandbox.control.freeze(START)
    with httpx.Client(base_url=sandbox.url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client
    assert [request.contradiction for request in sandbox.control.log if request.contradiction] == []


def ids(response: httpx.Response, key: str = "images") -> list[int]:
    assert response.status_code == 200, response.text
    return [entry["id"] for entry in response.json()[key]]


def refusal(response: httpx.Response) -> tuple[int, str]:
    error = response.json()["error"]
    assert set(error) == {"code", "message", "details"}
    assert error["message"]
    return response.status_code, error["code"]


# Errors


@pytest.mark.parametrize(
    ("method", "path", "options", "expected"),
    [
        ("GET", "/images", {"headers": {"Authorization": ""}}, (401, "unauthorized")),
        ("GET", "/images", {"headers": {"Authorization": "Bearer wrong"}}, (401, "unauthorized")),
        ("DELETE", "/images/2001", {"headers": {"Authorization": f"Bearer {READONLY_TOKEN}"}}, (401, "token_readonly")),
        ("GET", "/nowhere", {}, (404, "not_found")),
        ("GET", "/no%0Awhere", {}, (404, "not_found")),
        ("GET", "/images/%0A9", {}, (422, "invalid_input")),
        ("GET", "/images/9%3F", {}, (422, "invalid_input")),
        ("GET", "/images/9", {}, (404, "not_found")),
        ("GET", "/images/9/actions", {}, (404, "not_found")),
        ("GET", "/images/2001/actions/503", {}, (404, "not_found")),
        ("GET", "/images/actions/505", {}, (404, "not_found")),
        ("GET", "/actions/9", {}, (404, "not_found")),
        ("GET", "/servers/9", {}, (404, "not_found")),
        ("POST", "/servers/9/actions/create_image", {"json": {}}, (404, "not_found")),
        ("PATCH", "/images/2001", {}, (405, "method_not_allowed")),
        ("POST", "/images", {"json": {}}, (405, "method_not_allowed")),
        ("PUT", "/images/2001", {"content": b'{"labels":'}, (400, "json_error")),
        ("PUT", "/images/2001", {"content": b""}, (400, "json_error")),
        ("PUT", "/images/2001", {"json": [1]}, (422, "invalid_input")),
        ("PUT", "/images/2001", {"json": {"labels": {"a": 1}}}, (422, "invalid_input")),
        ("PUT", "/images/2001", {"json": {"description": 1}}, (422, "invalid_input")),
        ("PUT", "/images/2001", {"json": {"description": None}}, (422, "invalid_input")),
        ("PUT", "/images/2001", {"json": {"type": "backup"}}, (422, "invalid_input")),
        ("PUT", "/images/2001", {"content": b"{}"}, (422, "invalid_input")),
        ("PUT", "/images/1001", {"json": {"description": "mine"}}, (422, "unsupported_error")),
        ("DELETE", "/images/1001", {}, (422, "unsupported_error")),
        ("DELETE", "/images/2003", {}, (423, "protected")),
        ("POST", "/images/2001/actions/change_protection", {"json": {"delete": "yes"}}, (422, "invalid_input")),
        ("POST", "/images/3001/actions/change_protection", {"json": {"delete": True}}, (422, "unsupported_error")),
        ("POST", "/servers/42/actions/create_image", {"json": {"type": "system"}}, (422, "invalid_input")),
        ("POST", "/servers/44/actions/create_image", {"json": {"type": "backup"}}, (422, "unsupported_error")),
        ("GET", "/images/abc", {}, (422, "invalid_input")),
        ("GET", "/images/0", {}, (422, "invalid_input")),
    ],
)
def test_refusals(
    api: httpx.Client, method: str, path: str, options: dict[str, Any], expected: tuple[int, str]
) -> None:
    before = api.get("/images?per_page=50").content
    assert refusal(api.request(method, path, **options)) == expected
    assert api.get("/images?per_page=50").content == before


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/images?sort=size", "sort"),
        ("/images?sort=id:up", "sort"),
        ("/images?type=disk", "type"),
        ("/images?status=gone", "status"),
        ("/images?status=25", "status"),
        ("/images?architecture=sparc", "architecture"),
        ("/images?bound_to=web-1", "bound_to"),
        ("/images?include_deprecated=True", "include_deprecated"),
        ("/images?include_deprecated=1", "include_deprecated"),
        ("/images?per_page=51", "per_page"),
        ("/images?page=0", "page"),
        ("/images?page=1_0", "page"),
        ("/images?page=x", "page"),
        ("/images?page=1&page=2", "page"),
        ("/images?name=", "name"),
        ("/images?colour=red", "colour"),
        ("/images/actions?id=x", "id"),
        ("/images/actions?sort=name", "sort"),
        ("/images/2001/actions?status=done", "status"),
        ("/images/2001?page=1", "page"),
    ],
)
def test_bad_queries_name_the_parameter(api: httpx.Client, path: str, field: str) -> None:
    response = api.get(path)
    assert refusal(response) == (422, "invalid_input")
    assert [entry["name"] for entry in response.json()["error"]["details"]["fields"]] == [field]


def test_the_allowed_methods_are_told(api: httpx.Client) -> None:
    response = api.post("/images/2001", json={})
    assert "DELETE, GET, PUT" in response.json()["error"]["message"]


# Listing


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("environment==production", [2001, 2003]),
        ("environment=production", [2001, 2003]),
        ("environment = production , role == db", [2003]),
        ("environment!=production,environment", [2002, 2006]),
        ("environment", [2001, 2002, 2003, 2006]),
        ("!environment,keep", [2005]),
        ("!environment", [2004, 2005]),
        ("role!=web", [2003, 2004, 2005, 2006]),
        ("environment in (staging, testing)", [2002, 2006]),
        ("environment notin (staging,testing)", [2001, 2003, 2004, 2005]),
        ("environment in (production,staging),role notin (db),role", [2001, 2002]),
        ("example.com/team=platform", [2005]),
        ("keep=", [2005]),
        ("role=nobody", []),
    ],
)
def test_label_selectors(api: httpx.Client, selector: str, expected: list[int]) -> None:
    assert ids(api.get("/images", params={"type": "snapshot", "label_selector": selector})) == expected


@pytest.mark.parametrize(
    "selector",
    [",", "a,", "a=b=c", "a in b", "a in (b", "a within (b)", "-a", "a=-b", "!a=b", "a b", "A_.b/c", "in(a)"],
)
def test_bad_label_selectors(api: httpx.Client, selector: str) -> None:
    response = api.get("/images", params={"label_selector": selector})
    assert refusal(response) == (422, "invalid_input")
    assert response.json()["error"]["details"]["fields"][0]["name"] == "label_selector"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=snapshot", [2001, 2002, 2003, 2004, 2005, 2006]),
        ("type=app&type=backup", [1101, 1102, 3001, 3002, 3003, 3004, 3005]),
        ("bound_to=43", [3004, 3005]),
        ("bound_to=43&bound_to=42", [3001, 3002, 3003, 3004, 3005]),
        ("name=debian-12", [1009, 1010]),
        ("name=debian-12&architecture=arm", [1010]),
        ("name=debian-12&architecture=arm&architecture=x86", [1009, 1010]),
        ("name=debian-11", []),
        ("name=debian-11&include_deprecated=true", [1007, 1008]),
        ("name=debian-11&include_deprecated=false", []),
        ("name=rocky-8", []),
        ("name=fedora-41", []),
        ("status=creating&status=unavailable", []),
        ("type=snapshot&sort=created", [2004, 2001, 2002, 2003, 2005, 2006]),
        ("type=snapshot&sort=id:desc", [2006, 2005, 2004, 2003, 2002, 2001]),
        ("type=app&type=backup&sort=name:asc&sort=id:desc", [1101, 1102, 3005, 3004, 3003, 3002, 3001]),
        ("type=app&type=backup&sort=name:desc", [3001, 3002, 3003, 3004, 3005, 1102, 1101]),
        ("type=backup&sort=name&sort=created:desc", [3005, 3003, 3004, 3002, 3001]),
    ],
)
def test_filters_and_sorting(api: httpx.Client, query: str, expected: list[int]) -> None:
    assert ids(api.get(f"/images?{query}")) == expected


def test_deprecated_images_are_listed_only_on_request(api: httpx.Client) -> None:
    shown = api.get("/images?type=system&per_page=50").json()["images"]
    every = api.get("/images?type=system&per_page=50&include_deprecated=true").json()["images"]
    assert (len(shown), len(every)) == (22, 30)
    hidden = {image["name"]: image for image in every if image not in shown}
    assert set(hidden) == {"ubuntu-20.04", "debian-11", "fedora-41", "rocky-8"}
    assert api.get(f"/images/{hidden['rocky-8']['id']}").status_code == 200


def test_pages(api: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.control.size(120)
    seen: list[int] = []
    page: int | None = 1
    while page is not None:
        response = api.get("/images", params={"page": page, "per_page": 50, "include_deprecated": "true"})
        seen += ids(response)
        pagination = response.json()["meta"]["pagination"]
        assert pagination["page"] == page
        assert pagination["previous_page"] == (page - 1 or None)
        assert (pagination["last_page"], pagination["total_entries"], pagination["per_page"]) == (3, 120, 50)
        page = pagination["next_page"]
    assert seen == sorted(set(seen))
    assert len(seen) == 120
    beyond = api.get("/images?page=9&per_page=50&include_deprecated=true").json()
    assert beyond["images"] == []
    assert beyond["meta"]["pagination"]["previous_page"] == 3
    assert api.get("/images").json()["meta"]["pagination"]["per_page"] == 25


def test_actions_may_name_only_the_server(api: httpx.Client, sandbox: Sandbox) -> None:
    for number, named in enumerate((True, False)):
        sandbox.control.image_resources(named)
        created = api.post(f"/servers/{42 + number}/actions/create_image", json={}).json()
        kinds = [resource["type"] for resource in created["action"]["resources"]]
        assert kinds == ["server", "image"] if named else ["server"]
        assert api.get(f"/actions/{created['action']['id']}").json()["action"]["resources"][0]["id"] == 42 + number


def test_totals_can_be_left_open(api: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.control.null_totals()
    pagination = api.get("/images?per_page=5").json()["meta"]["pagination"]
    assert pagination == {
        "page": 1,
        "per_page": 5,
        "previous_page": None,
        "next_page": 2,
        "last_page": None,
        "total_entries": None,
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/images/actions", [501, 502, 503, 504, 506]),
        ("/images/actions?status=error", [504]),
        ("/images/actions?id=501&id=503&sort=id:desc", [503, 501]),
        ("/images/actions?sort=command&sort=started:desc", [503, 506, 504, 502, 501]),
        ("/images/actions?sort=progress&sort=finished:desc", [504, 506, 503, 502, 501]),
        ("/images/2003/actions", [503]),
        ("/actions?id=505&id=501&id=9", [501, 505]),
    ],
)
def test_action_listings(api: httpx.Client, path: str, expected: list[int]) -> None:
    response = api.get(path)
    assert ids(response, "actions") == expected
    assert ("meta" in response.json()) is not path.startswith("/actions")


# Changes


def test_updates_replace_labels_and_turn_backups_into_snapshots(api: httpx.Client) -> None:
    image = api.put("/images/2001", json={"labels": {"only": "one"}}).json()["image"]
    assert (image["labels"], image["description"]) == ({"only": "one"}, "web before upgrade")
    assert api.put("/images/2001", json={"description": ""}).json()["image"]["labels"] == {"only": "one"}
    image = api.put("/images/3001", json={"type": "snapshot"}).json()["image"]
    assert (image["type"], image["bound_to"], image["created_from"]["id"]) == ("snapshot", None, 42)
    assert api.get("/images?bound_to=42&type=backup").json()["meta"]["pagination"]["total_entries"] == 2


@pytest.mark.parametrize(
    ("labels", "sound"),
    [
        ({"a": "b"}, True),
        ({"a" * 63: "b" * 63, "example.com/a_b.c-d": ""}, True),
        ({"a" * 64: "b"}, False),
        ({"a": "b" * 64}, False),
        ({"-a": "b"}, False),
        ({"a": "b."}, False),
        ({"": "b"}, False),
        ({"Example_/a": "b"}, False),
        ({f"{'a.' * 127}a/a": "b"}, False),
        ({"hetzner.cloud/a": "b"}, False),
    ],
)
def test_labels(api: httpx.Client, labels: dict[str, str], *, sound: bool) -> None:
    for response in (
        api.put("/images/2001", json={"labels": labels}),
        api.post("/servers/42/actions/create_image", json={"labels": labels}),
    ):
        assert response.is_success if sound else refusal(response) == (422, "invalid_input")


def test_protection_keeps_from_deletion(api: httpx.Client) -> None:
    response = api.post("/images/2003/actions/change_protection", json={"delete": False})
    assert response.status_code == 201
    assert (response.json()["action"]["status"], response.json()["action"]["finished"]) == ("success", START)
    response = api.delete("/images/2003")
    assert (response.status_code, response.content) == (204, b"")
    assert refusal(api.get("/images/2003")) == (404, "not_found")
    assert ids(api.get("/images/actions?id=503"), "actions") == [503]


def test_creating_an_image_takes_its_time(api: httpx.Client, sandbox: Sandbox) -> None:
    response = api.post("/servers/42/actions/create_image", json={"labels": {"a": "b"}})
    assert response.status_code == 201
    image, action = response.json()["image"], response.json()["action"]
    assert (image["type"], image["status"], image["image_size"]) == ("snapshot", "creating", None)
    assert image["description"] == "web-1 2026-06-01 12:00:00"
    assert (action["status"], action["progress"], action["finished"]) == ("running", 0, None)
    sandbox.control.advance(1.5)
    assert api.get(f"/actions/{action['id']}").json()["action"]["progress"] == 50
    assert refusal(api.post("/servers/42/actions/create_image", json={})) == (423, "locked")
    assert refusal(api.delete(f"/images/{image['id']}")) == (423, "locked")
    protection = api.post(f"/images/{image['id']}/actions/change_protection", json={"delete": True})
    assert refusal(protection) == (423, "locked")
    sandbox.control.advance(60)
    action = api.get(f"/images/{image['id']}/actions/{action['id']}").json()["action"]
    assert (action["status"], action["progress"], action["finished"]) == ("success", 100, "2026-06-01T12:00:03Z")
    image = api.get(f"/images/{image['id']}").json()["image"]
    assert (image["status"], image["image_size"], image["labels"]) == ("available", 2.3, {"a": "b"})
    assert api.post("/servers/42/actions/create_image", json={"type": "backup"}).json()["image"]["bound_to"] == 42


def test_an_action_can_fail(api: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.control.fail_next_action("disk_full", "no space")
    sandbox.control.auto_advance(2)
    created = api.post("/servers/45/actions/create_image", json={"description": "x"}).json()
    assert api.get(f"/actions/{created['action']['id']}").json()["action"]["status"] == "running"
    action = api.get(f"/actions/{created['action']['id']}").json()["action"]
    assert (action["status"], action["error"]) == ("error", {"code": "disk_full", "message": "no space"})
    assert api.get(f"/images/{created['image']['id']}").json()["image"]["status"] == "unavailable"
    assert api.post("/servers/45/actions/create_image", json={}).status_code == 201


# Around the responses


def test_the_rate_limit(api: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.control.rate_limit(remaining=1, budget="requests")
    headers = api.get("/images/2001").headers
    assert [headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining")] == ["3600", "0"]
    assert int(headers["RateLimit-Reset"]) == sandbox.control.now + 3600
    assert headers["Date"] == "Mon, 01 Jun 2026 12:00:00 GMT"
    response = api.get("/images/2001")
    assert refusal(response) == (429, "rate_limit_exceeded")
    assert response.headers["RateLimit-Remaining"] == "0"
    assert api.get("/actions/501").headers["RateLimit-Remaining"] == "3599"
    sandbox.control.advance(1)
    assert api.get("/images/2001").status_code == 200
    assert api.get("/images/2001").status_code == 429


def test_same_requests_same_responses(api: httpx.Client, sandbox: Sandbox) -> None:
    def run() -> list[tuple[bytes, list[tuple[str, str]]]]:
        sandbox.control.reset()
        sandbox.control.freeze(START)
        responses = [api.post("/servers/42/actions/create_image", json={})]
        sandbox.control.advance(5)
        responses += [api.get(path) for path in ("/images?sort=created:desc", "/images/actions", "/nowhere")]
        return [(response.content, sorted(response.headers.items())) for response in responses]

    assert run() == run()


@pytest.mark.parametrize(
    ("fault", "status", "content"),
    [
        ({"code": "conflict"}, 409, b'"conflict"'),
        ({"status": 521, "body": "<h1>down</h1>", "content_type": "text/html"}, 521, b"<h1>down</h1>"),
        ({"status": 502}, 502, b""),
        ({"cut": True}, 200, b'{"images":[{'),
        ({"set": {"images.*.planet": "mars"}}, 200, b'"planet":"mars"'),
        ({"set": {"meta.pagination.next_page": 1}}, 200, b'"next_page":1,'),
        ({"remove": ["meta", "images.*.name"], "headers": {"X-Correlation-Id": None}}, 200, b"}]}"),
    ],
)
def test_faults(api: httpx.Client, sandbox: Sandbox, fault: dict[str, Any], status: int, content: bytes) -> None:
    sandbox.control.fault(method="get", path="/images", **fault)
    assert api.get("/images/2001").status_code == 200
    response = api.get("/images")
    assert response.status_code == status
    assert content in response.content
    assert "planet" not in api.get("/images").text


@pytest.mark.parametrize("effect", [False, True])
def test_a_dropped_connection(api: httpx.Client, sandbox: Sandbox, *, effect: bool) -> None:
    sandbox.control.fault(method="DELETE", drop=True, effect=effect)
    with pytest.raises(httpx.RemoteProtocolError):
        api.delete("/images/2001")
    assert api.get("/images/2001").status_code == (404 if effect else 200)


def test_the_log_holds_what_was_sent(api: httpx.Client, sandbox: Sandbox) -> None:
    api.get("/images?status=available&status=creating", headers={"X-Own": "1"})
    api.put("/images/2001", json={"description": "ä"})
    listed, updated = sandbox.control.log
    assert (listed.method, listed.path, listed.status) == ("GET", "/v1/images", 200)
    assert listed.params == [("status", "available"), ("status", "creating")]
    assert listed.headers["x-own"] == "1"
    assert updated.json == {"description": "ä"}
    assert TOKEN not in str([request.headers for request in sandbox.control.log])


def test_control_over_http(api: httpx.Client, sandbox: Sandbox) -> None:
    control = f"{sandbox.origin}/_control"
    orders = {"size": 60, "advance": 60, "fault": {"code": "unavailable"}, "rate_limit": {"limit": 10}}
    assert httpx.post(control, json=orders).status_code == 204
    assert api.get("/images").status_code == 503
    assert api.get("/images").headers["RateLimit-Limit"] == "10"
    state = httpx.get(control).json()
    assert (len(state["images"]), state["clock"]["now"], state["count"]) == (60, "2026-06-01T12:01:00Z", 2)
    for wrong in ({"apply": {}}, {"latency": "x"}, {"fault": {"path": "("}}, {"fault": {"colour": 1}}, []):
        assert refusal(httpx.post(control, json=wrong)) == (422, "invalid_input")
    httpx.post(control, json={"reset": True})
    assert sandbox.control.count == 0


def test_response_of_its_own_that_contradicts_the_description(sandbox: Sandbox) -> None:
    # Private names: nothing public makes the sandbox wrong.
    sandbox.control._state.project.images[2001].change({"disk_size": "huge"})
    response = httpx.get(f"{sandbox.url}/images/2001", headers={"Authorization": f"Bearer {TOKEN}"})
    assert refusal(response) == (500, "server_error")
    assert "image.disk_size" in sandbox.control.log[-1].contradiction


def test_rules_hold_without_validation(sandbox_server: Sandbox) -> None:
    before = set(threading.enumerate())
    with Sandbox(validate=False, images=10_000, token="other") as sandbox:
        assert sandbox.url != sandbox_server.url
        with httpx.Client(base_url=sandbox.url, headers={"Authorization": "Bearer other"}) as client:
            pagination = client.get("/images?per_page=50&include_deprecated=true").json()["meta"]["pagination"]
            assert pagination["total_entries"] == 10_000
            assert refusal(client.put("/images/2001", json={"labels": {"a": 1}})) == (422, "invalid_input")
            assert refusal(client.get("/images?colour=red")) == (422, "invalid_input")
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_line(number: signal.Signals) -> None:
    command = [sys.executable, "-W", "error", "-m", "hcloud_images_sandbox", "--images", "100", "--no-validate"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.fullmatch(
            r"sandbox ready: (http://127\.0\.0\.1:\d+/v1) \(token: (\w+)\)\n", process.stdout.readline()
        )
        assert found is not None
        assert "/_control" in process.stdout.readline()
        response = httpx.get(f"{found[1]}/images", headers={"Authorization": f"Bearer {found[2]}"})
        assert response.status_code == 200
        os.kill(process.pid, number)
        assert process.communicate() == ("", "")
    assert process.returncode == 0


def test_the_command_line_with_a_port_that_is_taken(sandbox: Sandbox) -> None:
    port = sandbox.origin.rpartition(":")[2]
    command = [sys.executable, "-W", "error", "-m", "hcloud_images_sandbox", "--port", port]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(
        rf"can't listen on 127\.0\.0\.1, port {port}: .*; try another --host or --port\n", result.stderr
    )


def test_it_can_be_started_again() -> None:
    sandbox = Sandbox(validate=False)
    for _ in range(2):
        with sandbox:
            assert httpx.get(f"{sandbox.url}/images").status_code == 401
        with pytest.raises(RuntimeError, match="only inside its with block"):
            _ = sandbox.url
