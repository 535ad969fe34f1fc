"""``get_all`` and ``iter_all`` take the filters of ``get_list``, and pass on each of them."""

from __future__ import annotations

import inspect
from typing import Any

import httpx
import pytest
from hcloud_images import Client

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
