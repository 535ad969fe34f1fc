"""The operations of a description, each as a flat mapping from places to what is said there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comparison.meaning import Node, Pointer, text

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_STYLES = {"query": "form", "path": "simple", "header": "simple", "cookie": "form"}

#: Steps from the operation down, such as ``("response 200", "application/json", ".image", ".name")``.
Key = tuple[str, ...]
Places = dict[Key, "Place"]


@dataclass(frozen=True)
class Place:
    """What is said in one place of an operation."""

    key: Key
    #: ``operation``, ``parameter``, ``body``, ``status``, ``media type`` or ``property``.
    kind: str
    #: The same for all operations that share it, such as ``Labels``; and as a part of another, ``Image.labels``.
    name: str
    part: str
    facts: dict[str, Any]
    node: Node
    #: Where it is defined, references followed.
    pointer: Pointer

    @property
    def sent(self) -> bool:
        """Whether the client sends what is here; otherwise it reads it."""
        return not self.status

    @property
    def status(self) -> str:
        return self.key[0].partition("response ")[2] if self.key else ""

    @property
    def where(self) -> str:
        head, *steps = self.key or ("operation",)
        below = "".join(steps[1:] if head.startswith(("response", "body")) else steps)
        return head + (f": {below[1:]}" if below.startswith(".") else below)


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    item: Node
    node: Node

    @property
    def title(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def on_images(self) -> bool:
        return re.fullmatch(r"/images(/.*)?|.*/create_image", self.path) is not None

    def parameters(self) -> dict[str, Node]:
        """Give the parameters by where they go and their names; those of a path by their order."""
        owners = (self.item, self.node)
        every = [parameter.resolved() for owner in owners for parameter in owner.part("parameters").elements()]
        found = {f"{parameter.part('in').raw} {parameter.part('name').raw}": parameter for parameter in every}
        for number, name in enumerate(re.findall(r"\{([^}]*)\}", self.path), 1):
            if f"path {name}" in found:
                found[f"path {number}"] = found.pop(f"path {name}")
        return found

    def contents(self) -> dict[str, Node]:
        """Give the body and the responses."""
        found = {"body": self.node.part("requestBody")} if "requestBody" in self.node.raw else {}
        for status, node in self.node.part("responses").parts().items():
            # Lower case isn't OpenAPI, but it is what the official document has.
            found[f"response {status if status == 'default' else status.upper()}"] = node
        return {key: node.resolved() for key, node in found.items()}

    def places(self, contents: Mapping[str, Node] | None = None, known: Places | None = None) -> Places:
        """Collect the places.

        :param contents: The body and the responses, by the keys that they are to have.
        :param known: The places in another document: what stands there is called as it is called there, and nothing is
            followed further than one step from there.
        """
        found = _Collected(known)
        facts = {"servers": self._servers(), "security": self._security(), **_deprecated(self.node)}
        name = found.add((), "operation", self.id, facts, self.node)
        for key, node in self.parameters().items():
            form = node.raw.get("style", _STYLES.get(key.partition(" ")[0]))
            style = f"{form}{', exploded' if node.raw.get('explode', form == 'form') else ''}"
            schema = node.part("schema")
            for media, content in node.part("content").parts().items():
                style, schema = media, content.part("schema")
            facts = {"required": node.raw.get("required") is True, "style": style, **_deprecated(node)}
            found.add_schema((key,), "parameter", f"{name}({node.raw.get('name')})", schema, facts)
        for key, node in (self.contents() if contents is None else contents).items():
            body = key == "body"
            facts = {"required": node.raw.get("required") is True} if body else {}
            part = f"{name}.body" if body else f"{name} {key.removeprefix('response ')}"
            found.add((key,), "body" if body else "status", part, facts, node)
            for media, content in node.part("content").parts().items():
                plain = media.partition(";")[0].strip().lower()
                found.add_schema((key, plain), "media type", part, content.part("schema"), {})
        return found

    def _servers(self) -> tuple[str, ...]:
        owners = (self.node, self.item, self.node.root)
        servers = next((servers for owner in owners if (servers := owner.part("servers").elements())), [])
        return tuple(str(server.part("url").raw).rstrip("/") for server in servers)

    def _security(self) -> frozenset[str]:
        """Name the ways in by what they are, not by what they are called; each is one that suffices."""
        root = self.node.root
        schemes = root.part("components").part("securitySchemes")
        ways = set()
        for way in (self.node if "security" in self.node.raw else root).part("security").elements():
            parts = []
            for name, scopes in way.parts().items():
                scheme = schemes.part(name).resolved().raw or {}
                kept = [text(scheme[key]).lower() for key in ("type", "scheme", "in", "name") if key in scheme]
                parts.append(" ".join([*kept, *map(str, scopes.raw or ())]) or name)
            ways.add(" and ".join(sorted(parts)) or "nothing")
        return frozenset(ways or {"nothing"})


def operations(document: dict[str, Any]) -> dict[tuple[str, str], Operation]:
    """Return the operations by method and path, regardless of the names of path parameters."""
    found = {}
    for path, item in Node(document).part("paths").parts().items():
        for method, node in item.parts().items():
            if method in METHODS:
                name = str(node.part("operationId").raw or f"{method} {path}")
                found[method, re.sub(r"\{[^}]*\}", "{}", path)] = Operation(name, method, path, item.resolved(), node)
    return found


def covering(key: str) -> tuple[str, ...]:
    """Name a status, and what it is a case of."""
    return (key, re.sub(r"\w\w$", "XX", key), "response default") if key.startswith("response ") else (key,)


class _Collected(Places):
    def __init__(self, known: Places | None) -> None:
        super().__init__()
        self.known = known

    def add(
        self, key: Key, kind: str, part: str, facts: dict[str, Any], node: Node, name: str = "", pointer: Pointer = ()
    ) -> str:
        """Add a place, and return what it is called."""
        name = self.known[key].name if self.known and key in self.known else name or part
        self[key] = Place(key, kind, name, part, facts, node, pointer or node.pointer)
        return name

    def add_schema(self, key: Key, kind: str, part: str, node: Node, facts: dict[str, Any]) -> None:
        schema = node.schema()
        # What has a name of its own is called by that, wherever it is used.
        named = schema.facts.get("type") == {"object"} and schema.pointer[:-1] == ("components", "schemas")
        own = schema.pointer[-1] if named else ""
        name = self.add(key, kind, part, {**schema.facts, **facts}, node, own, schema.pointer)
        if self.known is None or key in self.known:
            one_way = "writeOnly" if key[0].startswith("response") else "readOnly"
            for step, below in schema.parts.items():
                if below.resolved().raw.get(one_way) is True:
                    continue  # it isn't there in this direction
                facts = {"required": step[1:] in schema.required} if step[0] == "." else {}
                self.add_schema((*key, step), "property", name + step, below, facts)


def _deprecated(node: Node) -> dict[str, bool]:
    return {"deprecated": True} if node.raw.get("deprecated") is True else {}
