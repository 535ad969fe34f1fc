"""Unexpected responses and arguments: right values or errors of ours, and no request where arguments are bad.

``HCLOUD_IMAGES_EXAMPLES`` says how many examples each test tries.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hcloud_images import Client, HCloudException, InvalidValueException, RetryPolicy
from hcloud_images.actions import Action
from hcloud_images.core import BaseDomain
from hcloud_images.images import Image
from hcloud_images.servers import Server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faults.server import ACTION, IMAGE, META

settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("HCLOUD_IMAGES_EXAMPLES", "150")),
    deadline=None,
    database=None,
    derandomize="HCLOUD_IMAGES_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("fuzz")

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FULL_IMAGE = {
    **IMAGE,
    "created_from": {"id": 42, "name": "web"},
    "bound_to": 42,
    "deprecation": {"announced": "2026-05-04T10:00:00Z", "unavailable_after": "2026-08-04T10:00:00Z"},
    "protection": {"delete": False},
}
RIGHT: dict[str, tuple[Any, Callable[[Client], Any]]] = {
    "image": ({"image": FULL_IMAGE}, lambda client: client.images.get_by_id(1)),
    "images": ({"images": [FULL_IMAGE], "meta": META}, lambda client: client.images.get_list().images),
    "all": ({"images": [FULL_IMAGE], "meta": META}, lambda client: client.images.get_all()),
    "action": ({"action": ACTION}, lambda client: client.actions.get_by_id(1)),
    "actions": ({"actions": [ACTION], "meta": META}, lambda client: client.images.actions.get_all()),
    "created": (
        {"action": ACTION, "image": FULL_IMAGE},
        lambda client: client.servers.create_image(Server(id=42)).image,
    ),
    "error": ({"error": {"code": "x", "message": "y", "details": {}}}, lambda client: client.images.get_by_id(1)),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to all parts of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a copy with something else at one place."""
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = put(copied[path[0]], path[1:], new)
    return copied


@st.composite
def nearly_right(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a response of which up to three places are something else."""
    kind = draw(st.sampled_from(sorted(RIGHT)))
    body = RIGHT[kind][0]
    for _ in range(draw(st.integers(0, 3))):
        body = put(body, draw(st.sampled_from(places(body))), draw(JSON))
    return kind, json.dumps(body).encode()


def read_all(kind: str, status: int, content: bytes, headers: dict[str, str]) -> None:
    """Give a response to a call, and read all that comes of it."""
    requests = []

    def respond(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(status, content=content, headers=headers)

    with Client("secret", retry=RetryPolicy(attempts=1), transport=httpx.MockTransport(respond)) as client:
        try:
            value = RIGHT[kind][1](client)
        except HCloudException:
            assert requests
            return
    for one in value if isinstance(value, list) else [value]:
        assert isinstance(one, BaseDomain)
        repr(one)
        for name in one.__attrs_attrs__:  # type: ignore[attr-defined]
            try:
                getattr(one, name.name)
            except HCloudException:
                continue


@given(nearly_right(), st.sampled_from([200, 201, 400, 404, 409, 422, 423, 429, 500, 503]))
def test_responses_that_are_nearly_right(response: tuple[str, bytes], status: int) -> None:
    read_all(response[0], status, response[1], {"Content-Type": "application/json"})


@given(
    st.sampled_from(sorted(RIGHT)),
    st.integers(200, 599),
    st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(
        st.sampled_from(
            ["Content-Encoding", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
    ),
)
def test_responses_that_are_anything(kind: str, status: int, content: bytes, headers: dict[str, str]) -> None:
    read_all(kind, status, content, headers)


ODD = JSON | st.binary() | st.builds(object) | st.just(Image()) | st.just(Server(name="x")) | st.just(Action(id="x"))  # type: ignore[arg-type]
ARGUMENTS: dict[str, Callable[[Client, Any], Any]] = {
    "id": lambda client, value: client.images.get_by_id(value),
    "image": lambda client, value: client.images.delete(value),
    "updated": lambda client, value: client.images.update(value, description="x"),
    "labels": lambda client, value: client.images.update(Image(id=1), labels=value),
    "server": lambda client, value: client.servers.create_image(value),
    "action": lambda client, value: client.actions.get_by_id(value),
    "actions": lambda client, value: client.actions.wait(value, interval=0, deadline=0.001),
    "name": lambda client, value: client.images.get_all(name=value),
    "selector": lambda client, value: client.images.get_all(label_selector=value),
    "type": lambda client, value: client.images.get_all(type=value),
    "bound_to": lambda client, value: client.images.get_all(bound_to=value),
    "sort": lambda client, value: client.images.get_all(sort=value),
    "page": lambda client, value: client.images.get_list(page=value),
}


@given(st.sampled_from(sorted(ARGUMENTS)), ODD)
def test_arguments_that_are_anything(name: str, value: Any) -> None:
    paths: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path.decode())
        return httpx.Response(404, json={"error": {"code": "not_found", "message": "x"}})

    with Client("secret", retry=RetryPolicy(attempts=1), transport=httpx.MockTransport(respond)) as client:
        try:
            ARGUMENTS[name](client, value)
        except InvalidValueException:
            assert paths == []
        except HCloudException:
            pass
    for path in paths:
        assert path.startswith(("/v1/images", "/v1/servers/", "/v1/actions")), path
        assert ".." not in path.partition("?")[0], path


@pytest.mark.parametrize("value", [0, -1, "", "..", "1/../2", "0x1", 1.5, True, None, [], b"1", "\u0661", 10**30])
def test_ids_that_are_none(value: Any) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request)

    with Client("secret", transport=httpx.MockTransport(respond)) as client, pytest.raises(InvalidValueException):
        client.images.get_by_id(value)
