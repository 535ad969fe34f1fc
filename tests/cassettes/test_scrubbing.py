"""What must not reach a cassette."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hcloud_images import Client, HCloudException
from hcloud_images.testing import Scrubber, cassette
from hcloud_images.testing.cassettes import load
from hcloud_images_sandbox import Sandbox

BASE = "https://api.hetzner.cloud/v1"


def scrub(scrubber: Scrubber, value: Any, code: int = 200) -> Any:
    response = {
        "headers": {},
        "status": {"code": code, "message": "canary"},
        "body": {"string": json.dumps(value).encode()},
    }
    scrubbed = scrubber.answer(response)
    assert "canary" not in scrubbed["status"]["message"]
    return json.loads(scrubbed["body"]["string"])


def asked(scrubber: Scrubber, uri: str, body: Any = None) -> tuple[str, Any]:
    request = SimpleNamespace(uri=BASE + uri, headers={}, body=json.dumps(body).encode() if body else b"")
    scrubber.request(request)
    return request.uri.removeprefix(BASE), json.loads(request.body) if body else None


@pytest.mark.parametrize(("private", "kept"), [(True, b"text-1"), (False, b"caf\xe9 ***")])
def test_token_in_a_body_that_is_no_utf8(private: bool, kept: bytes) -> None:
    response = {"headers": {}, "status": {"code": 502}, "body": {"string": b"caf\xe9 canarytoken"}}
    scrubbed = Scrubber(secrets=("canarytoken",), private=private).answer(response)
    assert scrubbed["body"]["string"] == kept


def test_what_the_server_told_is_replaced_where_the_test_sends_it_back() -> None:
    scrubber = Scrubber(private=True)
    image = {"id": 7777777, "type": "snapshot", "description": "canary one", "labels": {"canary+key": "canary"}}
    shown = scrub(scrubber, image)
    ((key, value),) = shown["labels"].items()
    uri, _ = asked(scrubber, "/images?label_selector=canary%2Bkey%3Dcanary%2Cenv%3Dprod&per_page=50")
    assert uri == f"/images?label_selector={key}%3D{value}%2Cenv%3Dprod&per_page=50"
    uri, body = asked(
        scrubber, "/images/7777777", {"description": "like canary one of 7777777", "labels": {"env": "canary"}}
    )
    assert uri == f"/images/{shown['id']}"
    assert body == {"description": f"like {shown['description']} of {shown['id']}", "labels": {"env": value}}
    # What the test sent of its own accord stays when the server repeats it.
    assert scrub(scrubber, {"labels": {"env": "prod"}}) == {"labels": {"env": "prod"}}


def test_numbers_that_stand_ins_have_too() -> None:
    scrubber = Scrubber(private=True)
    first = scrub(scrubber, {"id": 5})["id"]
    second = scrub(scrubber, {"id": first})["id"]
    assert len({5, first, second}) == 3
    assert scrub(scrubber, [{"id": 5}, {"id": first}, {"volumes": [5]}]) == [
        {"id": first},
        {"id": second},
        {"volumes": [first]},
    ]
    assert asked(scrubber, f"/images/{first}")[0] == f"/images/{second}"


def test_public_images_and_public_fields_stay() -> None:
    image = {"id": 3, "type": "system", "name": "debian-13", "os_version": "13", "image_size": 2.3, "bound_to": None}
    assert scrub(Scrubber(private=True), image) == image


def test_what_looks_like_an_address() -> None:
    found = scrub(Scrubber(private=True), {"mac": "86:00:00:1a:2b:3c", "ip": "203.0.113.9", "ipv6": "2001:db8:1::9"})
    assert re.fullmatch(r"text-\d", found["mac"])
    assert re.fullmatch(r"192\.0\.2\.\d", found["ip"])
    assert re.fullmatch(r"2001:db8::\d", found["ipv6"])


def test_cassette_without_a_scrubber_is_private(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with cassette(path, record=True), Client(sandbox.token, sandbox.url) as client:
        names = [image.description for image in client.images.get_all(type="snapshot")]
    assert names
    assert [name for name in names if f'"{name}"' in path.read_text()] == []
    assert sandbox.token not in path.read_text()


@pytest.mark.parametrize("text", ['{"a": 1e400}', '{"a": 1, "a": 2}', '{"a": 1.10}', "[" * 100_000])
def test_bodies_that_making_them_pretty_would_change(sandbox: Sandbox, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    sandbox.control.fault(body=text)
    scrubber = Scrubber(sandbox.url, (sandbox.token,))
    with (
        cassette(path, record=True, scrubber=scrubber),
        Client(sandbox.token, sandbox.url) as client,
        pytest.raises(HCloudException),
    ):
        client.images.get_by_id(1)
    ((_, response),) = load(path)
    assert response["body"]["string"] == text.encode()
