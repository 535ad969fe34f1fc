"""What means the same is no drift, however it is written."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import official
import pytest
from comparison.compare import compare
from official import IMAGE_OPERATIONS, METHODS, image, operation, parameter

Change = Callable[[dict[str, Any]], object]
_TYPES = {"string", "object", "array", "integer", "number", "boolean"}


def drift_of(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return sorted((one.operation_id, one.name, one.change) for one in compare(official.ours(), document))


def _walk(node: Any, visit: Callable[[dict[str, Any]], None]) -> None:
    if isinstance(node, dict):
        for value in list(node.values()):
            _walk(value, visit)
        visit(node)
    elif isinstance(node, list):
        for value in node:
            _walk(value, visit)


def _schemas(document: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    def visit(node: dict[str, Any]) -> None:
        if isinstance(node.get("type"), str) and node["type"] in _TYPES:
            change(node)

    _walk(document["paths"], visit)


def _reversed(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _reversed(node[key]) for key in reversed(node)}
    if isinstance(node, list):
        return [_reversed(one) for one in reversed(node)]
    return node


def _reordered(document: dict[str, Any]) -> None:
    turned = _reversed(document)
    document.clear()
    document.update(turned)


def _prose(document: dict[str, Any]) -> None:
    def visit(node: dict[str, Any]) -> None:
        node.update(
            description="Other words.", title="Same", externalDocs={"url": "https://docs.example"}, **{"x-more": 1}
        )

    _schemas(document, visit)
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                item[method].update(summary="Other words", tags=["Other"], operationId=f"{method}Something")


def _examples(document: dict[str, Any]) -> None:
    _walk(document["paths"], lambda node: node.pop("example", None))
    _schemas(document, lambda node: node.update(example="anything at all"))


def _references(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"] = {"ErrorEnvelope": {"type": "string"}}
    for of in IMAGE_OPERATIONS:
        one = image(document, of)
        nullable = one.pop("nullable", False)
        schemas["Picture"] = copy.deepcopy(one)
        one.clear()
        reference = {"$ref": "#/components/schemas/Alias"}
        one.update({"oneOf": [reference, {"nullable": True}]} if nullable else reference)
    schemas["Alias"] = {"$ref": "#/components/schemas/Picture"}
    document["components"]["parameters"] = {"P": parameter(document, "list_images", "page")}
    operation(document, "list_images")["parameters"] = [
        {"$ref": "#/components/parameters/P"} if one["name"] == "page" else one
        for one in operation(document, "list_images")["parameters"]
    ]
    document["components"]["responses"] = {"R": operation(document, "get_action")["responses"]["4xx"]}
    operation(document, "get_action")["responses"]["4xx"] = {"$ref": "#/components/responses/R"}
    document["components"]["requestBodies"] = {"Q": operation(document, "update_image")["requestBody"]}
    operation(document, "update_image")["requestBody"] = {"$ref": "#/components/requestBodies/Q"}


def _wrapped(keyword: str) -> Change:
    def wrap(node: dict[str, Any]) -> None:
        inner = dict(node)
        node.clear()
        node[keyword] = [inner]

    return lambda document: _schemas(document, wrap)


def _in_parts(document: dict[str, Any]) -> None:
    for of in IMAGE_OPERATIONS:
        one = image(document, of)
        names = list(one["properties"])
        halves = [
            {"type": "object", "properties": {n: one["properties"][n] for n in part}} for part in (names[:9], names[9:])
        ]
        required, nullable = one["required"], one.get("nullable", False)
        one.clear()
        one.update(allOf=[halves[0], {"allOf": [halves[1]], "required": required}], nullable=nullable)


def _newer(document: dict[str, Any], null: Callable[[dict[str, Any]], None]) -> None:
    document["openapi"] = "3.1.0"

    def visit(node: dict[str, Any]) -> None:
        if node.pop("nullable", False):
            null(node)

    _schemas(document, visit)


def _as_alternative(node: dict[str, Any]) -> None:
    inner = dict(node)
    node.clear()
    node["anyOf"] = [inner, {"type": "null"}]


def _constants(node: dict[str, Any]) -> None:
    if "enum" in node:
        node["oneOf"] = [{"const": value, "title": value} for value in node.pop("enum")]


def _shared_parameters(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and "{id}" in path:
                own = item[method]["parameters"]
                item["parameters"] = [one for one in own if one["name"] == "id"]
                item[method]["parameters"] = [one for one in own if one["name"] != "id"]


def _other_path_names(document: dict[str, Any]) -> None:
    document["paths"] = {path.replace("{id}", "{image_id}"): item for path, item in document["paths"].items()}
    for item in document["paths"].values():
        for method in METHODS:
            for one in item.get(method, {}).get("parameters", []):
                if one["in"] == "path" and one["name"] == "id":
                    one["name"] = "image_id"


def _more(document: dict[str, Any]) -> None:
    document["paths"]["/volumes"] = {"get": {"operationId": "list_volumes", "responses": {"200": {}}}}
    document["servers"].append({"url": "https://elsewhere.example/v1"})


def _replaced(old: str, new: str) -> Change:
    return lambda document: document.update(json.loads(json.dumps(document).replace(old, new)))


def _constants_and_alternatives(document: dict[str, Any]) -> None:
    _newer(document, _as_alternative)
    _schemas(document, _constants)


def _narrow(node: dict[str, Any]) -> None:
    if node["type"] == "integer":
        node["format"] = "int32"


def _exclusive(document: dict[str, Any]) -> None:
    parameter(document, "list_images", "page")["schema"].update(minimum=0, exclusiveMinimum=True)


SAME: dict[str, Change] = {
    "order of everything": _reordered,
    "words, titles, names of operations": _prose,
    "examples": _examples,
    "references instead of inline": _references,
    "allOf around everything": _wrapped("allOf"),
    "oneOf around everything": _wrapped("oneOf"),
    "allOf of parts": _in_parts,
    "3.1, types with null": lambda d: _newer(d, lambda node: node.update(type=[node["type"], "null"])),
    "3.1, null as an alternative": lambda d: _newer(d, _as_alternative),
    "3.1, constants instead of enums": _constants_and_alternatives,
    "parameters of the path": _shared_parameters,
    "names of path parameters": _other_path_names,
    "name of the security scheme": _replaced("APIToken", "Bearer"),
    "security of the document": lambda d: operation(d, "get_image").pop("security"),
    "upper case statuses": _replaced('xx"', 'XX"'),
    "exclusive limits": _exclusive,
    "styles that are the default": lambda d: parameter(d, "list_images", "sort").update(style="form", explode=True),
    "a charset": _replaced("application/json", "application/json; charset=utf-8"),
    "bits of numbers": lambda d: _schemas(d, _narrow),
    "other parts of the API": _more,
    "optional in responses": lambda d: image(d).update(required=["id"]),
}


def test_our_own_means_the_same() -> None:
    assert drift_of(official.ours()) == []
    assert drift_of(official.official()) == []


@pytest.mark.parametrize("change", [pytest.param(change, id=title) for title, change in SAME.items()])
def test_not_found(change: Change) -> None:
    document = official.official()
    change(document)
    assert drift_of(document) == []
