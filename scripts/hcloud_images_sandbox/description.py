"""The description of the API, read once: which operations there are, and which values are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hcloud_images_sandbox.responses import ApiError

PREFIX = "/v1"
_METHODS = ("get", "put", "post", "delete")


@dataclass(frozen=True)
class Field:
    """A query parameter or a property of a request's body."""

    name: str
    #: Whose value it asks for, if it is a filter: of the same name, or of what `x-field` says.
    field: str
    kind: str
    array: bool
    required: bool
    known: frozenset[str] | None
    minimum: int | None
    maximum: int | None
    default: int | None


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    query: dict[str, Field]
    body: dict[str, Field] | None

    @property
    def reads_actions(self) -> bool:
        """Whether it draws on the budget that clients poll actions with."""
        return self.method == "GET" and "/actions" in self.path


@dataclass(frozen=True)
class Match:
    operation: Operation
    ids: dict[str, str]


class Description:
    def __init__(self, document: dict[str, Any]) -> None:
        # The sandbox may run at any URL, so only the path counts.
        self.document = {**document, "servers": [{"url": PREFIX}]}
        self._paths = [
            (_pattern(path), {operation.method: operation for operation in self.operations(path)})
            for path in document["paths"]
        ]

    def match(self, method: str, path: str) -> Match:
        """Find the operation that a request means."""
        for pattern, operations in self._paths:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            if method in operations:
                return Match(operations[method], found.groupdict())
            # A path without a parameter goes before one with it, so the first to fit is the one that is meant.
            allowed = ", ".join(sorted(operations))
            message = f"{method} isn't allowed here, only {allowed}"
            raise ApiError("method_not_allowed", message, headers={"Allow": allowed})
        raise ApiError("not_found", "there is no such path")

    def query(self, operation_id: str) -> dict[str, Field]:
        """Return the query parameters of an operation."""
        operations = (one for _, methods in self._paths for one in methods.values())
        return next(one.query for one in operations if one.id == operation_id)

    def properties(self, schema: str) -> dict[str, Any]:
        """Return the properties of a schema, as they are written."""
        properties: dict[str, Any] = self.document["components"]["schemas"][schema]["properties"]
        return properties

    def operations(self, path: str) -> Iterator[Operation]:
        """Read the operations of a path."""
        item = self.document["paths"][path]
        for method in _METHODS:
            if method not in item:
                continue
            parameters = map(self._resolve, [*item.get("parameters", []), *item[method].get("parameters", [])])
            query = {
                parameter["name"]: self._field(
                    parameter["name"],
                    parameter["schema"],
                    parameter.get("required", False),
                    parameter.get("x-field"),
                )
                for parameter in parameters
                if parameter["in"] == "query"
            }
            yield Operation(item[method]["operationId"], method.upper(), path, query, self._body(item[method]))

    def _body(self, operation: dict[str, Any]) -> dict[str, Field] | None:
        if "requestBody" not in operation:
            return None
        schema = self._resolve(operation["requestBody"]["content"]["application/json"]["schema"])
        required = schema.get("required", [])
        return {name: self._field(name, value, name in required) for name, value in schema["properties"].items()}

    def _field(self, name: str, schema: dict[str, Any], required: bool, field: str | None = None) -> Field:
        schema = self._resolve(schema)
        array = schema["type"] == "array"
        item = self._resolve(schema["items"]) if array else schema
        known = item.get("x-known-values")
        return Field(
            name,
            field or name,
            kind=item["type"],
            array=array,
            required=required,
            known=None if known is None else frozenset(known),
            minimum=item.get("minimum"),
            maximum=item.get("maximum"),
            default=item.get("x-default"),
        )

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = target
        return node


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def description_file() -> Path:
    """Find the description: a wheel has it in the package, a checkout in its own folder."""
    package = Path(__file__).parent
    candidates = (package / "images.yaml", package.parents[1] / "spec" / "images.yaml")
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"the description of the API is missing: {' and '.join(map(str, candidates))}")


@cache
def load_description() -> Description:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Description(yaml.load(description_file().read_text("utf-8"), loader))  # noqa: S506 - both loaders are safe
