"""Each recorded request and response is what the description says: ours, and with ``--source`` an official one too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from comparison.reading import read
from hcloud_images.testing.cassettes import load
from hcloud_images_sandbox.validation import CONFIG
from official import official
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from contract.conftest import CASSETTES, ENDPOINT
from contract.coverage import operation_of

OURS = str(Path(__file__).parents[2] / "spec" / "images.yaml")
# What contradicts a description on purpose, and why.
EXPECTED_DIFFERENCES: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "expected_differences.yaml").read_text()
)


@cache
def description(source: str) -> OpenAPI:
    document = read(source) if source else official()
    for operation in (one for item in document["paths"].values() for one in item.values() if isinstance(one, dict)):
        # The official document writes 4xx, which is no OpenAPI.
        operation["responses"] = {str(status).upper(): one for status, one in operation["responses"].items()}
    return OpenAPI.from_dict({**document, "servers": [{"url": ENDPOINT}]}, config=CONFIG)


def contradictions(source: str, request: Any, response: dict[str, Any]) -> Iterator[str]:
    """Say where a recorded request and its response contradict a description, with the place in both."""
    asked = MockRequest(
        f"{request.scheme}://{request.host}",
        request.method,
        request.path,
        args=parse_qsl(request.parsed_uri.query, keep_blank_values=True),  # type: ignore[arg-type]
        headers={"Authorization": "Bearer x"},
        data=request.body,
        content_type="application/json",
    )
    kind = next((value[0] for name, value in response["headers"].items() if name.lower() == "content-type"), "")
    said = MockResponse(
        response["body"]["string"],
        response["status"]["code"],
        {name: values[0] for name, values in response["headers"].items()},
        kind.partition(";")[0],
    )
    for side, errors in (
        ("request", description(source).iter_request_errors(asked)),
        ("response", description(source).iter_response_errors(asked, said)),
    ):
        for error in errors:
            problems = getattr(error.__cause__, "schema_errors", None) or [None]
            for one in problems:
                if one is None:
                    yield f"{side}: {error} {error.__cause__ or ''}"
                else:
                    there = "/".join(map(str, one.absolute_path))
                    described = "/".join(map(str, one.absolute_schema_path))
                    yield f"{side} /{there}: {one.message}; in the description: {operation_of(request).id} {described}"


@cache
def recorded() -> str:
    return "".join(path.read_text() for path in CASSETTES.rglob("*.yaml"))


def newer(text: str) -> bool:
    """Tell whether what is missing is a field that nothing recorded has: one that came to the API later."""
    found = re.search(r": '(\w+)' is a required property", text)
    return found is not None and f'"{found[1]}"' not in recorded()


def checked(source: str, *kinds: str) -> tuple[int, list[str]]:
    """Return how many interactions there are, and what is wrong and not on purpose."""
    reasons = [one for kind in ("ours", *kinds) for one in EXPECTED_DIFFERENCES[kind]]
    wrong, count, needed = [], 0, []
    for path in sorted(CASSETTES.rglob("*.yaml")):
        name = path.relative_to(CASSETTES).with_suffix("")
        for number, (request, response) in enumerate(load(path), 1):
            count += 1
            for text in contradictions(source, request, response):
                known = [one for one in reasons if name.match(one["cassettes"]) and re.search(one["problem"], text)]
                needed += known
                if not known and not newer(text):
                    wrong.append(f"{name}.yaml, interaction {number}, {text}")
    wrong += [f"expected_differences.yaml: nothing contradicts as in {one}" for one in reasons if one not in needed]
    return count, wrong


def test_ours() -> None:
    count, wrong = checked(OURS)
    assert not wrong, "\n".join(wrong)
    assert count > 400


def test_official(pytestconfig: pytest.Config) -> None:
    """Without --source, one in the official style that is made of ours: closed enums, everything required."""
    source = pytestconfig.getoption("--source")
    count, wrong = checked(source or "", "strict", "official" if source else "official style")
    assert not wrong, "\n".join(wrong)
    assert count > 400


def test_contradiction_is_found() -> None:
    (request, response), *_ = load(CASSETTES / "reading" / "get_by_id-snapshot.yaml")
    assert not list(contradictions(OURS, request, response))
    response["body"]["string"] = response["body"]["string"].replace(b"2.3", b'"big"')
    (text,) = contradictions(OURS, request, response)
    assert text.startswith("response /image/image_size: 'big' is not of type 'number'; in the description: get_image")
