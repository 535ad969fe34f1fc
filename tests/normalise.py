"""The official client at the sandbox; its requests and values and ours, in one form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import hcloud
import hcloud.actions
import hcloud.core
import hcloud.images
import hcloud.servers
import hcloud_images.servers
from hcloud_images_sandbox import Sandbox

#: What the official client knows, by the name of a class; `deprecated` is no property any more, but still there.
FIELDS: dict[str, list[str]] = {
    "Image": [*hcloud.images.Image.__api_properties__, "deprecated"],
    "Action": [*hcloud.actions.Action.__api_properties__],
    "Pagination": [*hcloud.core.Pagination.__api_properties__],
    "Meta": ["pagination"],
    "CreateImageResponse": ["action", "image"],
}


@contextmanager
def official_client(sandbox: Sandbox) -> Iterator[hcloud.Client]:
    """Private names: its session is closed by nobody else, and Python warns of that."""
    client = hcloud.Client(sandbox.token, sandbox.url, poll_interval=0)
    with client._client._session:
        yield client


def requests_of(sandbox: Sandbox) -> list[Any]:
    """Return what the sandbox was asked for, however the query is written."""
    return [
        (one.method, one.path, sorted(parse_qs(one.query, True).items()), json.loads(one.body or "null"))
        for one in sandbox.control.log
    ]


def normalise(value: Any) -> Any:
    """Make values of both libraries comparable, field by field."""
    if isinstance(value, hcloud.servers.Server | hcloud_images.servers.Server):
        # No more of it: the official client would send a request for a field that isn't known.
        return value.data_model.id, value.data_model.name
    for cls in type(value).__mro__:
        if names := FIELDS.get(cls.__name__.removeprefix("Async")):
            return {name: normalise(getattr(value, name)) for name in names}
    if hasattr(value, "announced"):
        return normalise(value.announced), normalise(value.unavailable_after)
    if isinstance(value, list | tuple):
        return [normalise(one) for one in value]
    if isinstance(value, Exception):
        return {"text": str(value).partition(": ")[0], "code": value.code, "details": value.details}  # type: ignore[attr-defined]
    return value
