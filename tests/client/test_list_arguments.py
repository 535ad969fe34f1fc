"""``get_all`` and ``iter_all`` take the filters of ``get_list``, and pass on each of them."""

from __future__ import annotations

import inspect
import math
from enum import Enum
from typing import Any

import httpx
import pytest
from hcloud_images import Client, InvalidValueException
from hcloud_images_sandbox import Sandbox

RESOURCES = ["images", "servers", "images.actions"]


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("method", ["get_all", "iter_all"])
def test_each_argument_is_sent(resource: str, method: str) -> None:
    sent: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        meta = {"pagination": {"page": 1, "per_page": 50, "next_page": None, "last_page": 1}}
        return httpx.Response(200, json={"images": [], "servers": [], "actions": [], "meta": meta})

    with Client("token", transport=httpx.MockTransport(respond)) as client:
        resource_client: Any = client
        for name in resource.split("."):
            resource_client = getattr(resource_client, name)
        taken = set(inspect.signature(getattr(resource_client, method)).parameters)
        assert taken == set(inspect.signature(resource_client.get_list).parameters) - {"page", "per_page"}
        for name in taken:
            value = True if name == "include_deprecated" else "1"
            assert list(getattr(resource_client, method)(**{name: value})) == []
            assert name in sent[-1].url.params


class Kind(str, Enum):  # noqa: UP042 - older programs have such
    SNAPSHOT = "snapshot"


class Id(int, Enum):
    WEB = 42


def respond_with_nothing(sent: list[str]) -> httpx.MockTransport:
    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.query.decode())
        return httpx.Response(200, json={"images": []})

    return httpx.MockTransport(respond)


def test_members_of_enums_are_sent_as_their_values() -> None:
    sent: list[str] = []
    with Client("token", transport=respond_with_nothing(sent)) as client:
        client.images.get_list(type=Kind.SNAPSHOT, bound_to=Id.WEB, name=Kind.SNAPSHOT)
        client.images.get_list(type=[Kind.SNAPSHOT], bound_to=[Id.WEB])
    assert [sorted(query.split("&")) for query in sent] == [
        ["bound_to=42", "name=snapshot", "type=snapshot"],
        ["bound_to=42", "type=snapshot"],
    ]


@pytest.mark.parametrize(
    "filters", [{"type": {"a": 1}}, *({"bound_to": one} for one in ({"id": 42}, "web-1", True, -1))]
)
def test_filters_that_make_no_sense_are_refused(filters: dict[str, Any]) -> None:
    sent: list[str] = []
    with Client("token", transport=respond_with_nothing(sent)) as client:
        with pytest.raises(InvalidValueException):
            client.images.get_list(**filters)
        with pytest.raises(InvalidValueException, match="finite"):
            client.images.update(1, description=math.nan)  # type: ignore[arg-type,call-overload]
    assert sent == []


def test_what_is_refused_is_named_and_cut_short() -> None:
    with Sandbox() as sandbox, Client(sandbox.token, sandbox.url) as client:
        created: Any = client.servers.create_image(42)
        for values, shown in (
            (created, "one CreateImageResponse; pass [created]"),
            (created.action, "one BoundAction; pass [action]"),
            (42, "42"),
            ("x" * 1000, "'" + "x" * 99),
        ):
            with pytest.raises(InvalidValueException) as caught:
                client.actions.wait(values)
            assert str(caught.value) == f"actions must be a list, got {shown}"
        selector: Any = {"role": "web"}
        with pytest.raises(InvalidValueException) as caught:
            client.images.get_list(label_selector=selector)
        assert str(caught.value) == "label_selector must be a string such as 'role=web', got {'role': 'web'}"
