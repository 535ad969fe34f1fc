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

from comparison.meaning import Node
from comparison.places import operations

from generation.description import RegenerationError, schemas

_numbers = count(1)
_DEEPEST = 4


def require_complete(document: dict[str, Any], package: Path) -> None:
    """Refuse a package that lacks something.

    :raises RegenerationError: with the places in the description of all that is missing.
    """
    missing = [*_missing_of_operations(document, package), *_missing_of_objects(document, package)]
    if missing:
        raise RegenerationError("the generator silently left out:\n" + "\n".join(f"  {one}" for one in missing))
    wrong = list(_wrong(document, package))
    if wrong:
        raise RegenerationError("generated classes don't return what they were given:\n  " + "\n  ".join(wrong))


def _constants(node: ast.AST) -> set[Any]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and not isinstance(one.value, bool)}


def _missing_of_operations(document: dict[str, Any], package: Path) -> Iterator[str]:
    for operation in operations(document).values():
        place, raw = operation.node, operation.node.raw
        module = package / "api" / raw["tags"][0] / f"{operation.id}.py"
        tree = ast.parse(module.read_text("utf-8") if module.is_file() else "")
        functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        if not {"sync_detailed", "asyncio_detailed"} <= functions.keys():
            yield str(place)
            continue
        known = _constants(tree)
        described = operation.parameters()
        for key, parameter in described.items():
            if not key.startswith("path ") and parameter.raw["name"] not in known:
                yield f"{place}: {key.replace(' ', ' parameter ', 1)}"
        arguments = functions["asyncio_detailed"].args
        named = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        wanted = len(described) + ("requestBody" in raw)
        if len(named) != len(set(named)) or len(set(named) - {"client"}) != wanted:
            yield f"{place}: {wanted} arguments are described, and {len(set(named) - {'client'})} there"
        for status in map(str, raw["responses"]):
            ends = {status.replace("XX", "00"), status.replace("XX", "99")} - {"default"}
            if not {int(end) for end in ends} <= known:
                yield f"{place}/responses/{status}"


def _missing_of_objects(document: dict[str, Any], package: Path) -> Iterator[str]:
    """Look for a class for each object; the generator invents names of those that have none, but not keys."""
    classes = {}
    for module in (package / "models").glob("*.py"):
        for node in ast.parse(module.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
                fields = {ast.unparse(part.target) for part in node.body if isinstance(part, ast.AnnAssign)}
                # A class that reads JSON itself spells the keys; in others the fields are called as they are.
                classes[node.name] = _constants(node) if methods & {"from_dict", "_read"} else fields
    components = document.get("components", {}).get("schemas", {}).keys()
    unnamed = [keys for name, keys in classes.items() if name not in components]
    for place, schema in schemas(document):
        if "object" not in schema.facts.get("type", ()) or _is_choice_of_others(place):
            continue
        names = {step[1:] for step in schema.parts if step[0] == "."}
        if place.pointer[:-1] == ("components", "schemas"):
            name = place.pointer[-1]
            if name not in classes or not names <= classes[name]:
                yield str(place)
        elif names:
            fitting = min((keys for keys in unnamed if names <= keys), key=len, default=None)
            if fitting is None:
                yield str(place)
            else:
                unnamed.remove(fitting)


def _is_choice_of_others(node: Node) -> bool:
    """Return whether a schema is one of others, or null; those have the classes."""
    choices = node.part("oneOf").elements()
    return bool(choices) and all("$ref" in choice.raw or choice.raw.get("enum") == [None] for choice in choices)


def _wrong(document: dict[str, Any], package: Path) -> Iterator[str]:
    """Let each class read an example and write it again."""
    fresh = _imported(package)
    try:
        for name, node in Node(document).part("components").part("schemas").parts().items():
            generated = getattr(sys.modules[f"{fresh.__name__}.models"], name, None)
            if generated is None or not hasattr(generated, "from_dict") or node.raw.get("type") != "object":
                continue
            example = _example(node)
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
        raise RegenerationError(f"{package.name} isn't a package")
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        importlib.import_module(f"{name}.models")
    except Exception as error:
        raise RegenerationError(f"the generated code can't be imported: {error!r}") from error
    finally:
        sys.dont_write_bytecode = writes
    return module


def _example(node: Node, depth: int = 0) -> Any:
    schema = node.schema()
    kind = min(schema.facts.get("type", {"string"}))
    # Objects may have others of their own kind in them.
    parts = {step: _example(part, depth + 1) for step, part in schema.parts.items() if depth < _DEEPEST}
    if kind == "object":
        return {"one more" if step == "{}" else step[1:]: part for step, part in parts.items()}
    if kind == "array":
        return [*parts.values()]
    if kind == "string" and schema.facts.get("format") == "date-time":
        return "2026-05-04T10:00:00+00:00"
    return {"string": [*schema.facts.get("values", ()), "text"][0], "integer": 7, "number": 7.5, "boolean": True}[kind]
