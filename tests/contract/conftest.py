"""Strict replay of cassettes: no network, nothing matched loosely, everything played.

Recorded against the sandbox, cassettes name the address of the real API, which the replaying clients use.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flavours import FLAVOURS, Flavour, Scenario
from hcloud_images import RetryPolicy
from hcloud_images_sandbox.server import Sandbox
from vcr.cassette import Cassette
from vcr.request import Request

ENDPOINT = "https://api.hetzner.cloud/v1"
KEPT_REQUEST_HEADERS = {"content-type"}
KEPT_ANSWER_HEADERS = {
    "content-type",
    "date",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-correlation-id",
}
Play = Callable[..., Any]


def scrubbed_request(request: Request) -> Request:
    request.uri = re.sub(r"^http://127\.0\.0\.1:\d+/v1", ENDPOINT, request.uri)
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_REQUEST_HEADERS}
    return request


def scrubbed_answer(answer: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in answer["headers"].items() if name.lower() in KEPT_ANSWER_HEADERS}
    return answer | {"headers": kept}


def same_query(one: Request, other: Request) -> None:
    assert one.uri.partition("?")[2] == other.uri.partition("?")[2]


def same_body(one: Request, other: Request) -> None:
    first, second = (json.loads(request.body) if request.body else None for request in (one, other))
    assert first == second


def pytest_recording_configure(config: pytest.Config, vcr: Any) -> None:
    vcr.register_matcher("raw_query", same_query)
    vcr.register_matcher("json_body", same_body)


@pytest.fixture(scope="module")
def vcr_config() -> dict[str, Any]:
    return {
        "match_on": ["method", "scheme", "host", "port", "path", "raw_query", "json_body"],
        "before_record_request": scrubbed_request,
        "before_record_response": scrubbed_answer,
        "decode_compressed_response": True,
    }


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest) -> str:
    # The flavours share a cassette: they have to ask for the same.
    return request.function.__name__.removeprefix("test_")


@pytest.fixture(params=FLAVOURS, ids=lambda flavour: flavour.name)
def flavour(request: pytest.FixtureRequest) -> Flavour:
    return request.param


@pytest.fixture
def play(flavour: Flavour, vcr: Cassette, record_mode: str) -> Iterator[Play]:
    """Run a scenario on its cassette, or on a sandbox when recording."""

    def run(scenario: Scenario, **options: Any) -> Any:
        options = {"poll_interval": 0, "retry": RetryPolicy(attempts=1), **options}
        if record_mode == "none":
            return flavour.run(scenario, "token", ENDPOINT, **options)
        with Sandbox() as sandbox:
            sandbox.control.freeze()
            sandbox.control.auto_advance(1)
            return flavour.run(scenario, sandbox.token, sandbox.url, **options)

    yield run
    assert vcr.all_played or record_mode != "none", "the cassette has more than was asked for"
