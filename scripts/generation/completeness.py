"""Compares what was generated with what was described: the generator drops what it doesn't understand.

Nothing here depends on how the generated code is written, but for names, as templates may change.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from comparison.shape import Document, Schema, Shape, shown

from generation.description import RegenerationError, objects, operations, parameters
from generation.surface import attributes

_numbers = count(1)


def require_complete(document: dict[str, Any], package: Path) -> None:
    """Refuse a package that lacks something.

    :raises RegenerationError: with the places in the description of all that is missing.
    """
    missing = [*_missing_of_operations(document, package), *_missing_of_objects(document, package)]
    if missing:
        raise RegenerationError("the generator left out, without a word:\n" + "\n".join(f"  {one}" for one in missing))
    wrong = list(_wrong(document, package))
    if wrong:
        raise RegenerationError("the generated classes don't give back what they take:\n  " + "\n  ".join(wrong))


def _constants(node: ast.AST) -> set[Any]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and not isinstance(one.value, bool)}


def _missing_of_operations(document: dict[str, Any], package: Path) -> Iterator[str]:
    reader = Document(document)
    for operation, item, pointer in operations(document):
        place = shown(pointer)
        module = package / "api" / operation["tags"][0] / f"{operation['operationId']}.py"
        if not module.is_file():
            yield place
            continue
        tree = ast.parse(module.read_text("utf-8"))
        functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        if not {"sync_detailed", "asyncio_detailed"} <= functions.keys():
            yield place
            continue
        known = _constants(tree)
        described = {(one.raw["in"], one.raw["name"]) for one in parameters(reader, operation, item, pointer)}
        for where, name in sorted(described):
            if where != "path" and name not in known:
                yield f"{place}: {where} parameter {name}"
        arguments = functions["asyncio_detailed"].args
        named = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        wanted = len(described) + ("requestBody" in operation)
        if len(named) != len(set(named)) or len(set(named) - {"client"}) != wanted:
            yield f"{place}: {wanted} arguments are described, and {len(set(named) - {'client'})} there"
        for status in operation["responses"]:
            ends = {int(status[0]) * 100, int(status[0]) * 100 + 99} if "X" in str(status) else {status}
            if status != "default" and not {int(end) for end in ends} <= known:
                yield f"{place}/responses/{status}"


def _missing_of_objects(document: dict[str, Any], package: Path) -> Iterator[str]:
    """Look for a class for each object that has properties, by the names of these."""
    classes = []
    for module in (package / "models").glob("*.py"):
        for node in ast.parse(module.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                fields = {name for name, _ in attributes(node)} - {"additional_properties"}
                classes.append((len(fields), fields | _constants(node)))
    places: dict[frozenset[str], list[str]] = {}
    for schema, shape in objects(document):
        if shape.properties:
            places.setdefault(frozenset(shape.properties), []).append(shown(schema.pointer))
    for names, wanted in places.items():
        there = sum(number == len(names) and names <= constants for number, constants in classes)
        if there < len(wanted):
            yield f"{' or '.join(sorted(wanted))}: {len(wanted)} described with these properties, {there} generated"
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        module = package / "models" / f"{_snake(name)}.py"
        if schema.get("type") == "object" and not module.is_file():
            yield f"/components/schemas/{name}"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _wrong(document: dict[str, Any], package: Path) -> Iterator[str]:
    """Let each class read an example and write it again."""
    fresh = _imported(package)
    try:
        reader = Document(document)
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            generated = getattr(sys.modules[f"{fresh.__name__}.models"], name, None)
            if generated is None or not hasattr(generated, "from_dict") or schema.get("type") != "object":
                continue
            example = _example(reader, Schema(schema, ("components", "schemas", name)))
            try:
                again = generated.from_dict(example).to_dict()
            except Exception as error:  # noqa: BLE001 - generated code may fail in any way
                yield f"/components/schemas/{name}: {error!r}"
                continue
            for key in sorted(key for key in {**example, **again} if example.get(key) != again.get(key)):
                yield f"/components/schemas/{name}/properties/{key}"
    finally:
        for module in [one for one in sys.modules if one.partition(".")[0] == fresh.__name__]:
            del sys.modules[module]


def _imported(package: Path) -> ModuleType:
    """Import the package under a name that nothing else has; the real name may be that of the one in use."""
    name = f"_fresh_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(
        name, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    if spec is None or spec.loader is None:
        raise RegenerationError(f"{package.name} is no package")
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        importlib.import_module(f"{name}.models")
    except Exception as error:
        raise RegenerationError(f"what was generated can't be imported: {error!r}") from error
    finally:
        sys.dont_write_bytecode = writes
    return module


def _example(reader: Document, schema: Schema) -> Any:
    shape: Shape = reader.shape(schema)
    values = shape.values
    kind = next(iter(sorted(shape.types or {"string"})))
    if kind == "object":
        found = {name: _example(reader, one) for name, one in shape.properties.items()}
        if isinstance(shape.extra, Schema):
            found["one more"] = _example(reader, shape.extra)
        return found
    if kind == "array":
        return [_example(reader, shape.items)] if shape.items else []
    if kind == "string" and values:
        return values[0]
    if kind == "string" and shape.format == "date-time":
        return "2026-05-04T10:00:00+00:00"
    return {"string": "text", "integer": 7, "number": 7.5, "boolean": True}[kind]
