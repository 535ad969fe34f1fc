"""Reads our description, and refuses what the generator would pass over."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from comparison.meaning import Node, Schema
from comparison.places import Operation, operations
from comparison.reading import ComparisonError
from openapi_spec_validator import OpenAPIV30SpecValidator

#: What every generated class has itself.
_TAKEN = {".to_dict", ".from_dict", ".additional_properties", ".additional_keys"}


class RegenerationError(Exception):
    """Why nothing was generated, and the place in the description."""


def load(description: Path) -> dict[str, Any]:
    """Read the description, and refuse a broken one."""
    try:
        document = yaml.safe_load(description.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegenerationError(f"{description.name} is not valid YAML: {error}") from error
    if not isinstance(document, dict):
        raise RegenerationError(f"{description.name} is not a valid OpenAPI document")
    broken = list(_dangling(Node(document)))
    if not broken:
        try:
            errors = list(OpenAPIV30SpecValidator(document).iter_errors())
        except Exception as error:  # whatever a document without a shape happens to cause
            raise RegenerationError(f"{description.name}: {str(error)[:500]}") from error
        # One of the validator's backends shows the whole description from the second line on.
        broken = sorted(
            f"/{'/'.join(map(str, error.absolute_path))}: {error.message.partition(chr(10))[0][:500]}"
            for error in errors
        )
    broken = broken or [f"{node}: {why}" for node, why in _passed_over(document)]
    if broken:
        raise RegenerationError("\n".join(f"{description.name}: {one}" for one in broken))
    return document


def _dangling(root: Node) -> Iterator[str]:
    """Name the references to nowhere; the validator doesn't say where they stand."""
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node.raw, dict) and isinstance(node.raw.get("$ref"), str):
            try:
                node.resolved()
            except ComparisonError:
                yield f"{node}: there is no {node.raw['$ref']}"
        elif isinstance(node.raw, dict):
            todo += [Node(part, (*node.pointer, str(key)), root) for key, part in node.raw.items() if key != "example"]
        elif isinstance(node.raw, list):
            todo += node.elements()


def _passed_over(document: dict[str, Any]) -> Iterator[tuple[Node, str]]:
    for operation in operations(document).values():
        name = operation.node.raw.get("operationId", "")
        if not re.fullmatch("[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
            yield operation.node, f"operationId {name!r} is not a valid name for a module"
        if not operation.node.raw.get("tags"):
            yield operation.node, "a tag is missing; it names the folder"
        for parameter in operation.parameters().values():
            if "content" in parameter.raw:
                yield parameter, "the generator has no parameters with content"
        for media in _media(operation):
            if media.pointer[-1] != "application/json":
                yield media, "a content type that isn't application/json"
    for node, schema in schemas(document):
        yield from ((node, why) for why in _misnamed(node.raw if isinstance(node.raw, dict) else {}, schema))


def _misnamed(raw: dict[str, Any], schema: Schema) -> Iterator[str]:
    if "title" in raw:
        yield "a title names a class, and one of two equal names gets lost"
    for step in schema.parts.keys() & (_TAKEN | {".extra"} if "x-value" in raw else _TAKEN):
        yield f"the generated class has something of its own called {step[1:]}"
    unknown = [name for name in ("not", "if", "patternProperties") if name in schema.facts]
    if unknown:
        yield f"the generator knows nothing of {', '.join(unknown)}"
    names = [re.sub(r"\W+", "_", str(value)).upper() for value in raw.get("enum", ())]
    if len(set(names)) < len(names):
        yield "values of the enum become the same name"


def _media(operation: Operation) -> Iterator[Node]:
    for content in operation.contents().values():
        yield from content.part("content").parts().values()


def schemas(document: dict[str, Any]) -> Iterator[tuple[Node, Schema]]:
    """Give each schema once, where it stands, and what it means."""
    todo = [*Node(document).part("components").part("schemas").parts().values()]
    for operation in operations(document).values():
        todo += [one.part("schema") for one in (*operation.parameters().values(), *_media(operation))]
    seen = set()
    while todo:
        node = todo.pop().resolved()
        if node.pointer not in seen:
            seen.add(node.pointer)
            schema = node.schema()
            yield node, schema
            todo += schema.parts.values()
