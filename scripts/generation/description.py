"""Reads our description, and refuses what the generator would pass over."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from comparison.reading import ComparisonError
from comparison.shape import Document, Schema, Shape, shown
from openapi_spec_validator import OpenAPIV30SpecValidator

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
#: What every generated class has itself.
_TAKEN = {"to_dict", "from_dict", "additional_properties", "additional_keys"}


class RegenerationError(Exception):
    """Why nothing was generated, and the place in the description."""


def load(description: Path) -> dict[str, Any]:
    """Read the description, and refuse a broken one."""
    try:
        document = yaml.safe_load(description.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegenerationError(f"{description.name} is no YAML: {error}") from error
    if not isinstance(document, dict):
        raise RegenerationError(f"{description.name} is no OpenAPI document")
    broken = [f"{shown(pointer)}: there is no {reference}" for pointer, reference in _dangling(document)]
    if not broken:
        try:
            errors = list(OpenAPIV30SpecValidator(document).iter_errors())
        except Exception as error:  # whatever a document without a shape happens to cause
            raise RegenerationError(f"{description.name}: {str(error)[:500]}") from error
        # One of the validator's backends shows the whole description from the second line on.
        broken = sorted(
            f"{shown(error.absolute_path)}: {error.message.partition(chr(10))[0][:500]}" for error in errors
        )
    broken = broken or [f"{shown(pointer)}: {why}" for pointer, why in _passed_over(document)]
    if broken:
        raise RegenerationError("\n".join(f"{description.name}: {one}" for one in broken))
    return document


def _dangling(document: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Name the references to nowhere; the validator doesn't say where they stand."""
    reader = Document(document)
    todo: list[tuple[Any, tuple[str, ...]]] = [(document, ())]
    while todo:
        node, pointer = todo.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                try:
                    reader.resolve(Schema(node, pointer))
                except ComparisonError:
                    yield pointer, node["$ref"]
            todo += [(value, (*pointer, str(key))) for key, value in node.items() if key != "example"]
        elif isinstance(node, list):
            todo += [(value, (*pointer, str(number))) for number, value in enumerate(node)]


def operations(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]]:
    """Give each operation, the path item it is in, and the place."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield item[method], item, ("paths", path, method)


def _passed_over(document: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    reader = Document(document)
    for operation, item, pointer in operations(document):
        name = operation.get("operationId", "")
        if not re.fullmatch("[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
            yield pointer, f"operationId {name!r} is no name for a module"
        if not operation.get("tags"):
            yield pointer, "a tag is missing; it names the folder"
        for parameter in parameters(reader, operation, item, pointer):
            if "content" in parameter.raw:
                yield parameter.pointer, "the generator has no parameters with content"
        for schema in contents(reader, operation, pointer):
            if schema.pointer[-2] != "application/json":
                yield schema.pointer, "a content type that isn't application/json"
    for schema, shape in objects(document):
        yield from _misnamed(schema, shape)


def _misnamed(schema: Schema, shape: Shape) -> Iterator[tuple[tuple[str, ...], str]]:
    raw = schema.raw if isinstance(schema.raw, dict) else {}
    if "title" in raw:
        yield schema.pointer, "a title names a class, and one of two equal names gets lost"
    for name in sorted(shape.properties.keys() & _TAKEN):
        yield (*schema.pointer, "properties", name), "the generated class has a method of this name"
    unknown = [keyword for keyword in ("not", "if", "patternProperties") if keyword in shape.limits]
    if unknown:
        yield schema.pointer, f"the generator knows nothing of {', '.join(unknown)}"
    names = [re.sub(r"\W+", "_", str(value)).upper() for value in raw.get("enum", ())]
    if len(set(names)) < len(names):
        yield schema.pointer, "values of the enum become the same name"


def parameters(
    reader: Document, operation: dict[str, Any], item: dict[str, Any], pointer: tuple[str, ...]
) -> Iterator[Schema]:
    for one in (*item.get("parameters", ()), *operation.get("parameters", ())):
        yield reader.resolve(Schema(one, (*pointer, "parameters")))


def contents(reader: Document, operation: dict[str, Any], pointer: tuple[str, ...]) -> Iterator[Schema]:
    """Give the schemas of the body and of the answers."""
    bodies = {"requestBody": operation["requestBody"]} if "requestBody" in operation else {}
    for name, one in (*bodies.items(), *operation["responses"].items()):
        found = reader.resolve(Schema(one, (*pointer, str(name))))
        for media, content in found.raw.get("content", {}).items():
            yield Schema(content.get("schema", {}), (*found.pointer, "content", media, "schema"))


def objects(document: dict[str, Any]) -> Iterator[tuple[Schema, Shape]]:
    """Give each schema that stands somewhere itself, not by reference, and what it means."""
    reader = Document(document)
    todo = [
        Schema(raw, ("components", "schemas", name))
        for name, raw in document.get("components", {}).get("schemas", {}).items()
    ]
    for operation, item, pointer in operations(document):
        for parameter in parameters(reader, operation, item, pointer):
            todo += [Schema(parameter.raw.get("schema", {}), (*parameter.pointer, "schema"))]
        todo += contents(reader, operation, pointer)
    seen = set()
    while todo:
        schema = todo.pop()
        if schema.pointer in seen or (isinstance(schema.raw, dict) and "$ref" in schema.raw):
            continue
        seen.add(schema.pointer)
        shape = reader.shape(schema)
        yield schema, shape
        todo += [*shape.properties.values(), *(one for one in (shape.items, shape.extra) if isinstance(one, Schema))]
