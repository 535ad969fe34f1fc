"""A description in the style of the official document, made from ours: inline, with closed enums and required lists."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

from comparison.reading import read

ROOT = Path(__file__).resolve().parent.parent
METHODS = ("get", "put", "post", "delete")


@cache
def _ours() -> dict[str, Any]:
    return read(str(ROOT / "spec" / "images.yaml"))


def ours() -> dict[str, Any]:
    return copy.deepcopy(_ours())


def official() -> dict[str, Any]:
    """Make a new one, in which nothing is shared, so that a change in one place is a change in one place."""
    document = ours()
    paths = {path: _inlined(item, document) for path, item in document["paths"].items()}
    for item in paths.values():
        shared = item.pop("parameters", [])
        for operation in (item[method] for method in METHODS if method in item):
            operation["parameters"] = [*copy.deepcopy(shared), *operation.get("parameters", [])]
            operation["security"] = [{"APIToken": []}]
            operation["responses"] = {status.lower(): response for status, response in operation["responses"].items()}
            for response in operation["responses"].values():
                for media in response.get("content", {}).values():
                    _insist(media["schema"])
    return {
        "openapi": "3.0.3",
        "info": {"title": "An API", "version": "1", "description": "Words, and more words."},
        "servers": document["servers"],
        "security": [{"APIToken": []}],
        "tags": [{"name": "Images"}],
        "paths": paths,
        "components": {"securitySchemes": {"APIToken": {"type": "http", "scheme": "bearer"}}},
    }


def operation(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        item[method]
        for item in document["paths"].values()
        for method in METHODS
        if item.get(method, {}).get("operationId") == name
    )
    return found


def parameter(document: dict[str, Any], of: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in operation(document, of)["parameters"] if one["name"] == name)
    return found


def body(document: dict[str, Any], of: str) -> dict[str, Any]:
    schema: dict[str, Any] = operation(document, of)["requestBody"]["content"]["application/json"]["schema"]
    return schema


def response(document: dict[str, Any], of: str, status: str = "200") -> dict[str, Any]:
    schema: dict[str, Any] = operation(document, of)["responses"][status]["content"]["application/json"]["schema"]
    return schema


def image(document: dict[str, Any], of: str = "get_image") -> dict[str, Any]:
    if of == "list_images":
        schema: dict[str, Any] = response(document, of)["properties"]["images"]["items"]
    elif of == "list_servers":
        schema = response(document, of)["properties"]["servers"]["items"]["properties"]["image"]
    elif of == "get_server":
        schema = response(document, of)["properties"]["server"]["properties"]["image"]
    else:
        schema = response(document, of, "201" if of == "create_server_image" else "200")["properties"]["image"]
    return schema


def action(document: dict[str, Any], of: str = "get_action") -> dict[str, Any]:
    if of.startswith("list_") or of == "get_actions":
        schema: dict[str, Any] = response(document, of)["properties"]["actions"]["items"]
    else:
        schema = response(document, of, "200" if of.startswith("get_") else "201")["properties"]["action"]
    return schema


IMAGE_OPERATIONS = ("list_images", "get_image", "update_image", "create_server_image", "list_servers", "get_server")


def _inlined(node: Any, document: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(one, document) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        return _inlined(target, document)
    if "oneOf" in node:  # an object or null, in one schema
        return {**_inlined(node["oneOf"][0], document), "nullable": True}
    renamed = {"x-known-values": "enum", "x-format": "format", "x-default": "default"}
    return {renamed.get(key, key): _inlined(value, document) for key, value in node.items()}


def _insist(schema: Any) -> None:
    if isinstance(schema, dict):
        if "properties" in schema:
            schema["required"] = list(schema["properties"])
        for value in schema.values():
            _insist(value)
