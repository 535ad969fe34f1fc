"""The official client on our cassettes: it asks for the same, and makes the same of the responses."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import hcloud
import hcloud_images
import pytest
from hcloud_images.testing import cassette
from hcloud_images.testing.cassettes import part
from normalise import normalise
from pytest_recording.network import blocking_context

from contract.conftest import CASSETTES, ENDPOINT
from contract.test_actions import FILTERS as ACTION_FILTERS
from contract.test_listing import FILTERS, SINGLE
from contract.test_reading import KINDS

Read = Callable[[Any], Any]


def several_pages(sort: str) -> Read:
    def read(client: Any) -> Any:
        client.images.max_per_page = 4
        return client.images.get_all(type=["snapshot", "backup"], sort=sort)

    return read


def all_actions(client: Any) -> Any:
    client.images.actions.max_per_page = 2
    return [
        client.images.actions.get_all(sort=["command", "finished:desc"]),
        client.images.actions.get_all(status=["error", "running"]),
        client.images.actions.get_all(status="success", sort="id:desc"),
    ]


READS: dict[str, Read] = {
    "listing/get_list_plain": lambda client: client.images.get_list(),
    **{
        f"listing/filter-{name}": lambda client, name=name: client.images.get_list(**{name: FILTERS[name]})
        for name in FILTERS
    },
    **{
        f"listing/single_value-{name}": lambda client, name=name: client.images.get_list(**{name: SINGLE[name]})
        for name in SINGLE
    },
    "listing/empty_list": lambda client: [
        client.images.get_list(name="plan9"),
        client.images.get_all(label_selector="no=such"),
    ],
    "listing/several_pages": several_pages("id"),
    "listing/several_pages_without_totals": several_pages("id:desc"),
    "listing/get_by_name": lambda client: [client.images.get_by_name(name) for name in ("debian-13", "plan9")],
    "listing/get_by_name_and_architecture": lambda client: [
        client.images.get_by_name_and_architecture("debian-13", "arm"),
        client.images.get_by_name_and_architecture("debian-11", "arm"),
        client.images.get_by_name_and_architecture("debian-11", "arm", include_deprecated=True),
    ],
    **{
        f"reading/get_by_id-{kind}": lambda client, id_=id_: client.images.get_by_id(id_) for kind, id_ in KINDS.items()
    },
    "reading/deprecated_the_new_way": lambda client: client.images.get_by_name_and_architecture(
        "debian-11", "x86", include_deprecated=True
    ),
    "reading/deprecated_the_old_way": lambda client: client.images.get_by_id(1001),
    "reading/deprecation_alone": lambda client: client.images.get_by_id(1002),
    "reading/null_fields": lambda client: client.images.get_by_id(3002),
    "reading/missing_fields": lambda client: client.images.get_by_id(3003),
    "reading/unknown_fields_and_values": lambda client: client.images.get_by_id(2002),
    "reading/unknown_fields_in_lists": lambda client: client.images.get_list(type="snapshot", per_page=2),
    "reading/get_server-42": lambda client: client.servers.get_by_id(42),
    "actions/one": lambda client: [
        client.images.actions.get_by_id(501),
        client.actions.get_by_id(501),
        client.actions.get_by_id(504),
    ],
    "actions/all_of_all_images": all_actions,
    **{
        f"actions/list_of_all_images-{name}": lambda client, name=name: client.images.actions.get_list(
            **ACTION_FILTERS[name]
        )
        for name in ACTION_FILTERS
    },
    "actions/unknown_fields_and_values": lambda client: client.actions.get_by_id(504),
}

DIFFERENT = {
    "listing/filter-status": "the official client drops the filter",
    "listing/single_value-status": "the same",
    "listing/filter-include_deprecated": "the official client writes True, which is no JSON boolean",
    "listing/get_by_name_and_architecture": "the same",
    "reading/deprecated_the_new_way": "the same",
    "reading/deprecated_the_old_way": "the official client has it from deprecation alone",
    "reading/unknown_fields_in_lists": "the official client can't take a new field of the pagination",
}


def relaxed(request: Any, name: str) -> Any:
    """Compare the query without the order of its names; httpx and requests each have one. Values keep their order."""
    return parse_qs(part(request, name)) if name == "query" else part(request, name)


def read_by(library: Any, name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with blocking_context(), cassette(CASSETTES / f"{name}.yaml", match=relaxed):
            return normalise(READS[name](library.Client("token", ENDPOINT)))


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("name", [name for name in READS if name not in DIFFERENT])
def test_same_values(name: str) -> None:
    assert read_by(hcloud, name) == read_by(hcloud_images, name)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("name", DIFFERENT)
def test_different_on_purpose(name: str) -> None:
    """If this fails, the difference is gone; it needs no exception any more."""
    ours = read_by(hcloud_images, name)
    try:
        theirs = read_by(hcloud, name)
    except Exception:  # noqa: BLE001 - of any kind
        return
    assert theirs != ours
