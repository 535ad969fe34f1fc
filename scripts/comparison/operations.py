"""The operations of a description: what goes in, what comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comparison.shape import Document, Schema, shown, text

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_STYLES = {"query": ("form", True), "path": ("simple", False), "header": ("simple", False), "cookie": ("form", True)}


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    required: bool
    deprecated: bool
    #: How arrays and objects are written.
    style: str
    schema: Schema
    pointer: tuple[str, ...]


@dataclass(frozen=True)
class Body:
    required: bool
    media: dict[str, Schema]


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    deprecated: bool
    parameters: dict[tuple[str, str], Parameter]
    body: Body | None
    #: By status, then by media type.
    answers: dict[str, dict[str, Schema]]
    security: frozenset[str]
    servers: tuple[str, ...]
    pointer: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Method and path, whatever the path's parameters are called."""
        return self.method, re.sub(r"\{[^}]*\}", "{}", self.path)


def operations(document: Document) -> Iterator[Operation]:
    for path, item in document.mapping(document.raw.get("paths"), ("paths",)).items():
        found = document.resolve(Schema(item, ("paths", path)))
        shared = document.mapping(found.raw, found.pointer)
        for method in METHODS:
            if method in shared:
                yield _operation(document, path, method, shared, (*found.pointer, method))


def _operation(
    document: Document, path: str, method: str, shared: dict[str, Any], pointer: tuple[str, ...]
) -> Operation:
    raw = document.mapping(shared[method], pointer)
    parameters: dict[tuple[str, str], Parameter] = {}
    for owner, place in ((shared, (*pointer[:-1], "parameters")), (raw, (*pointer, "parameters"))):
        for number, one in enumerate(document.sequence(owner.get("parameters"), place)):
            parameter = _parameter(document, Schema(one, (*place, str(number))))
            parameters[parameter.place, parameter.name] = parameter
    # The names of a path's parameters are nobody's business, their order is.
    for number, name in enumerate(re.findall(r"\{([^}]*)\}", path)):
        if ("path", name) in parameters:
            parameters["path", str(number)] = parameters.pop(("path", name))
    servers = raw.get("servers") or shared.get("servers") or document.raw.get("servers")
    return Operation(
        id=str(raw.get("operationId", f"{method} {path}")),
        method=method,
        path=str(path),
        deprecated=raw.get("deprecated") is True,
        parameters=parameters,
        body=_body(document, raw, (*pointer, "requestBody")),
        answers=_answers(document, raw, (*pointer, "responses")),
        security=_security(document, raw, pointer),
        servers=tuple(
            str(document.mapping(one, ("servers",)).get("url")).rstrip("/")
            for one in document.sequence(servers, ("servers",))
        ),
        pointer=pointer,
    )


def _parameter(document: Document, schema: Schema) -> Parameter:
    found = document.resolve(schema)
    raw = document.mapping(found.raw, found.pointer)
    place = str(raw.get("in"))
    style, explode = _STYLES.get(place, ("?", False))
    style = raw.get("style", style)
    explode = raw.get("explode", style == "form")
    content = _media(document, raw, found.pointer)
    if content:
        media, value = next(iter(content.items()))
        return _with(raw, place, media, value, found.pointer)
    value = Schema(raw.get("schema", {}), (*found.pointer, "schema"))
    return _with(raw, place, f"{style}{', exploded' if explode else ''}", value, found.pointer)


def _with(raw: dict[str, Any], place: str, style: str, schema: Schema, pointer: tuple[str, ...]) -> Parameter:
    name = str(raw.get("name"))
    return Parameter(name, place, raw.get("required") is True, raw.get("deprecated") is True, style, schema, pointer)


def _media(document: Document, raw: dict[str, Any], pointer: tuple[str, ...]) -> dict[str, Schema]:
    found = {}
    for name, one in document.mapping(raw.get("content"), (*pointer, "content")).items():
        place = (*pointer, "content", str(name))
        schema = document.mapping(one, place).get("schema", {})
        found[str(name).partition(";")[0].strip().lower()] = Schema(schema, (*place, "schema"))
    return found


def _body(document: Document, raw: dict[str, Any], pointer: tuple[str, ...]) -> Body | None:
    if "requestBody" not in raw:
        return None
    found = document.resolve(Schema(raw["requestBody"], pointer))
    body = document.mapping(found.raw, found.pointer)
    return Body(body.get("required") is True, _media(document, body, found.pointer))


def _answers(document: Document, raw: dict[str, Any], pointer: tuple[str, ...]) -> dict[str, dict[str, Schema]]:
    answers = {}
    for status, one in document.mapping(raw.get("responses"), pointer).items():
        found = document.resolve(Schema(one, (*pointer, str(status))))
        answer = document.mapping(found.raw, found.pointer)
        # Lower case isn't OpenAPI, but it is what the official document has.
        name = "default" if status == "default" else str(status).upper()
        answers[name] = _media(document, answer, found.pointer)
    return answers


def _security(document: Document, raw: dict[str, Any], pointer: tuple[str, ...]) -> frozenset[str]:
    """Name the ways in by what they are, not by what they are called; each is one that suffices."""
    components = document.mapping(document.raw.get("components"), ("components",))
    schemes = document.mapping(components.get("securitySchemes"), ("components", "securitySchemes"))
    ways = set()
    required = raw.get("security", document.raw.get("security"))
    for way in document.sequence(required, (*pointer, "security")):
        parts = []
        for name, scopes in document.mapping(way, (*pointer, "security")).items():
            found = document.resolve(Schema(schemes.get(name, {}), ("components", "securitySchemes", name)))
            scheme = document.mapping(found.raw, found.pointer)
            kept = [text(scheme[key]).lower() for key in ("type", "scheme", "in", "name") if key in scheme]
            parts.append(" ".join([*kept, *map(str, document.sequence(scopes, (shown(pointer),)))]) or str(name))
        ways.add(" and ".join(sorted(parts)) or "nothing")
    return frozenset(ways or {"nothing"})
