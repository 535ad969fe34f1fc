"""Reads what a request carries, as strictly as the description of the API has it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl

from hcloud_images_sandbox.description import Field, Match, Operation
from hcloud_images_sandbox.responses import ApiError

_BOOLEANS = {"true": True, "false": False}
#: Sort keys that the API takes although the description doesn't list them (any more).
_UNLISTED_ACTION_SORT_KEYS = frozenset({"progress", "progress:asc", "progress:desc"})
_MAX_ID = 9007199254740991


def read_ids(match: Match) -> dict[str, int]:
    """Read the ids in the path."""
    return {name: _integer(name, text, 1, _MAX_ID) for name, text in match.ids.items()}


def read_query(operation: Operation, raw: str, implemented: Collection[str]) -> dict[str, Any]:
    """Read the query; what is missing and has no default stays out.

    What isn't implemented is refused: a response that ignored it would be wrong, and nobody would notice.
    """
    pairs = parse_qsl(raw, keep_blank_values=True)
    query: dict[str, Any] = {}
    for name, text in pairs:
        field = operation.query.get(name)
        if field is None:
            raise ApiError.invalid_input({name: "unknown parameter"})
        if name not in implemented:
            raise ApiError("unsupported", f"the sandbox doesn't implement the parameter {name!r} of {operation.id}")
        value = _query_value(operation, field, text)
        if field.array:
            query.setdefault(name, []).append(value)
        elif name in query:
            raise ApiError.invalid_input({name: "must not be repeated"})
        else:
            query[name] = value
    for name, field in operation.query.items():
        if name in query:
            continue
        if field.required:
            raise ApiError.invalid_input({name: "is required"})
        if field.default is not None:
            query[name] = field.default
    return query


def read_body(operation: Operation, raw: bytes) -> dict[str, Any]:
    """Read the body; properties that aren't described are left out."""
    if operation.body is None:
        return {}
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ApiError("json_error", "the body isn't valid JSON") from None
    if not isinstance(body, dict):
        raise ApiError.invalid_input({"body": "must be an object"})
    problems = {}
    for name, field in operation.body.items():
        if name in body and (problem := _problem_of_property(field, body[name])):
            problems[name] = problem
        elif field.required and name not in body:
            problems[name] = "is required"
    if problems:
        raise ApiError.invalid_input(problems)
    return {name: body[name] for name in operation.body if name in body}


def _query_value(operation: Operation, field: Field, text: str) -> Any:
    if not text:
        raise ApiError.invalid_input({field.name: "must not be empty"})
    if field.kind == "integer":
        return _integer(field.name, text, field.minimum, field.maximum)
    if field.kind == "boolean":
        if text not in _BOOLEANS:
            raise ApiError.invalid_input({field.name: f"must be true or false, got {text!r}"})
        return _BOOLEANS[text]
    if field.known is not None and text not in field.known:
        sorts_actions = field.name == "sort" and operation.reads_actions
        if not (sorts_actions and text in _UNLISTED_ACTION_SORT_KEYS):
            raise ApiError.invalid_input({field.name: f"must be one of {', '.join(sorted(field.known))}; got {text!r}"})
    return text


def _integer(name: str, text: str, minimum: int | None, maximum: int | None) -> int:
    if not re.fullmatch(r"-?[0-9]{1,19}", text):
        raise ApiError.invalid_input({name: f"must be an integer, got {text[:50]!r}"})
    number = int(text)
    if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
        limits = (f"{at} {limit}" for at, limit in (("least", minimum), ("most", maximum)) if limit is not None)
        raise ApiError.invalid_input({name: f"must be at {' and at '.join(limits)}, got {number}"})
    return number


_IS_OF_KIND: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
}


def _problem_of_property(field: Field, value: Any) -> str | None:
    if not _IS_OF_KIND[field.kind](value):
        return f"must be of type {field.kind}" + ", with values of type string" * (field.kind == "object")
    if field.known is not None and value not in field.known:
        return f"must be one of {', '.join(sorted(field.known))}; got {value!r}"
    return None
