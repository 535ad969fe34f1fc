"""Validates requests, and the sandbox's own responses, against the description of the API."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.contrib.starlette.requests import StarletteOpenAPIRequest
from openapi_core.contrib.starlette.responses import StarletteOpenAPIResponse
from starlette.requests import Request
from starlette.responses import Response

from hcloud_images_sandbox.description import load_description
from hcloud_images_sandbox.responses import ApiError


@cache
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(load_description().document, config=CONFIG)


def is_time(value: Any) -> bool:
    try:
        return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


#: Times are as the API sends them: RFC 3339, but the seconds may be missing in old responses.
CONFIG = Config(extra_format_validators={"date-time": is_time})


def check_request(request: Request, body: bytes) -> None:
    """Refuse a request that contradicts the description."""
    fields: dict[str, str] = {}
    for error in _openapi().iter_request_errors(StarletteOpenAPIRequest(request, body)):
        cause = error.__cause__
        for problem in getattr(cause, "schema_errors", None) or [None]:
            place = getattr(error, "name", "body") if problem is None else _place(error, problem)
            fields[place] = str(cause or error) if problem is None else problem.message
    if fields:
        raise ApiError.invalid_input(fields)


def contradictions(request: Request, response: Response) -> str:
    """Return how a response contradicts the description; empty if it doesn't."""
    checked = StarletteOpenAPIResponse(response)
    errors = _openapi().iter_response_errors(StarletteOpenAPIRequest(request), checked)
    return "; ".join(_text(error) for error in errors)


def _place(error: Exception, problem: Any) -> str:
    steps = [getattr(error, "name", None), *problem.absolute_path]
    return ".".join(str(step) for step in steps if step is not None) or "body"


def _text(error: Exception) -> str:
    problems = getattr(error.__cause__, "schema_errors", None) or ()
    return "; ".join(f"{_place(error, problem)}: {problem.message}" for problem in problems) or str(error)
