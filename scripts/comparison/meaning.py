"""What a description means, however it is written: inline or by reference, 3.0 or 3.1, whole or in parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from comparison.reading import ComparisonError

TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array"})
#: Keywords that restrict values, by the types that they are for. The last ones aren't followed any further.
_LIMITS = {
    frozenset({"integer", "number"}): "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf",
    frozenset({"string"}): "minLength maxLength pattern",
    frozenset({"array"}): "minItems maxItems uniqueItems prefixItems contains",
    frozenset({"object"}): "minProperties maxProperties patternProperties propertyNames dependentRequired",
    TYPES: "not if then else dependentSchemas unevaluatedProperties",
}
LIMITS = {name: types for types, names in _LIMITS.items() for name in names.split()}
#: How many schemas one comparison looks at; ours needs some thousand, and a few lines of references can mean billions.
MAX_LOOKS = 200_000
_OUTLINE_DEPTH = 6

Pointer = tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """One level of a schema; what it holds is left for later, so that circles do no harm."""

    pointer: Pointer
    #: ``type``, ``nullable``, ``format``, ``values``, ``default``, ``deprecated`` and limits, as far as they are said.
    facts: dict[str, Any] = field(default_factory=dict)
    #: What is below: ``.name`` for a property, ``[]`` for items, ``{}`` for the values of a map.
    parts: dict[str, Node] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


class Node:
    """A part of a document, and where it is."""

    def __init__(self, raw: Any, pointer: Pointer = (), root: Node | None = None) -> None:
        self.raw = raw
        self.pointer = pointer
        self.root = root or self
        self.looks = 0

    def __repr__(self) -> str:
        return "/" + "/".join(self.pointer)

    def sibling(self, raw: Any) -> Node:
        return Node(raw, self.pointer, self.root)

    def part(self, key: str) -> Node:
        """Give a part of what has to be a mapping; what isn't there is ``None``."""
        node = self.resolved()
        if not isinstance(node.raw, dict | None):
            raise ComparisonError(f"{node} isn't a mapping")
        return Node((node.raw or {}).get(key), (*node.pointer, key), node.root)

    def parts(self) -> dict[str, Node]:
        """Give the parts of what has to be a mapping, or isn't there."""
        self.part("")
        return {key: self.part(key) for key in self.resolved().raw or ()}

    def elements(self) -> list[Node]:
        """Give the parts of what has to be a list, or isn't there."""
        if not isinstance(self.raw, list | None):
            raise ComparisonError(f"{self} isn't a list")
        return [Node(part, (*self.pointer, str(at)), self.root) for at, part in enumerate(self.raw or ())]

    def texts(self) -> Iterator[str]:
        """Give the elements as text, without null."""
        return (text(element.raw) for element in self.elements() if element.raw is not None)

    def resolved(self) -> Node:
        """Follow references, and ignore what is next to them, as OpenAPI 3.0 does."""
        node, seen = self, set[str]()
        while isinstance(node.raw, dict) and "$ref" in node.raw:
            reference = node.raw["$ref"]
            if not isinstance(reference, str) or not reference.startswith("#/"):
                raise ComparisonError(f"{node} refers to {reference!r}, which is outside the document")
            if reference in seen:
                raise ComparisonError(f"{node} refers to {reference}, which refers back")
            seen.add(reference)
            pointer = tuple(part.replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/"))
            target = self.root.raw
            for key in pointer:
                try:
                    target = target[int(key) if isinstance(target, list) else key]
                except (LookupError, TypeError, ValueError):
                    raise ComparisonError(f"{node} refers to {reference}, which isn't there") from None
            node = Node(target, pointer, self.root)
        return node

    def schema(self, above: frozenset[int] = frozenset()) -> Schema:
        """Find out what a schema means."""
        self.root.looks += 1
        if self.root.looks > MAX_LOOKS:
            raise ComparisonError(f"{self}: the schemas are too entangled to be followed")
        node = self.resolved()
        if isinstance(node.raw, bool | None) or id(node.raw) in above:  # 3.1: anything; or a part of itself
            return Schema(node.pointer)
        above |= {id(node.raw)}
        levels = [node.level(), *(part.schema(above) for part in node.part("allOf").elements())]
        if node is not self and len(self.raw) > 1 and str(self.root.raw.get("openapi")).startswith("3.1"):
            levels.append(self.sibling({key: value for key, value in self.raw.items() if key != "$ref"}).level())
        alternatives = [node.part(keyword).elements() for keyword in ("oneOf", "anyOf") if keyword in node.raw]
        levels += [_one_of([part.schema(above) for part in parts], node.pointer) for parts in alternatives]
        return _all_of(levels)

    def level(self) -> Schema:
        """Read what a schema itself says, without what it is put together from."""
        parts = {f".{name}": part for name, part in self.part("properties").parts().items()}
        parts |= {"[]": self.part("items")} if "items" in self.raw else {}
        rest = self.part("additionalProperties")
        parts |= {"{}": rest} if isinstance(rest.raw, dict) and rest.raw else {}
        raw, declared = self.raw, self.part("type")
        names = {declared.raw} if isinstance(declared.raw, str) else set(declared.texts())
        types = names - {"null"} or {"array" if step == "[]" else "object" for step in parts}
        values = [raw["const"]] if "const" in raw else raw.get("enum", raw.get("x-known-values"))
        listed = tuple(dict.fromkeys(self.sibling(values).texts())) or None  # null alone isn't listed
        default = raw.get("default", raw.get("x-default"))
        facts = {
            "type": frozenset(types) or None,
            "nullable": raw.get("nullable") is True or "null" in names or (not names and None in (values or ())),
            "format": raw.get("format", raw.get("x-format")),
            "values": listed,
            "default": None if default is None else text(default),
            "deprecated": raw.get("deprecated") is True,
            **{name: raw[name] for name in LIMITS if name in raw},
        }
        for limit, exclusive, step in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
            if facts.get(exclusive) is True:  # 3.0: a switch; 3.1: a number
                facts[exclusive] = facts.pop(limit, None)
            if types == {"integer"} and type(facts.get(exclusive)) is int:
                facts[limit] = facts.pop(exclusive) + step
        said = {name: value for name, value in facts.items() if value is not None and value is not False}
        return Schema(self.pointer, said, parts, frozenset(self.part("required").texts()))

    def outline(self, depth: int = 0) -> str:
        """Show in a line what a schema holds, with all names in it."""
        schema = self.schema()
        if depth > _OUTLINE_DEPTH:
            return kinds(schema.facts)
        below = {step: part.outline(depth + 1) for step, part in schema.parts.items()}
        inside = [*schema.facts.get("values", ())] or [
            f"{step[1:]}: {outline}" for step, outline in below.items() if step[0] == "."
        ]
        items = f" of {below['[]']}" if "[]" in below else ""
        return kinds(schema.facts) + items + (f" ({', '.join(inside)})" if inside else "")


def _all_of(levels: list[Schema]) -> Schema:
    """Put together what holds at once."""
    facts: dict[str, Any] = {}
    for name, value in chain.from_iterable(level.facts.items() for level in levels):
        known = facts.get(name, value)
        if name == "type":
            facts[name] = known if known == value else widened(known) & widened(value)
        elif name == "values":
            facts[name] = tuple(listed for listed in known if listed in value)
        elif isinstance(known, int | float) and isinstance(value, int | float):
            facts[name] = max(known, value) if name.lower().startswith(("min", "exclusivemin")) else min(known, value)
        else:
            facts[name] = known
    own, *parts = ("nullable" in level.facts for level in levels)
    if not own and not (parts and all(parts)):
        facts.pop("nullable", None)
    pointer = next((level.pointer for level in levels if "type" in level.facts), levels[0].pointer)
    return Schema(pointer, facts, _parts(levels, "allOf"), frozenset().union(*(level.required for level in levels)))


def _one_of(schemas: list[Schema], pointer: Pointer) -> Schema:
    """Describe what is one of several."""
    real = [schema for schema in schemas if schema.parts or schema.facts != {"nullable": True}]
    if not real:
        return Schema(pointer, {"nullable": True})
    facts: dict[str, Any] = {}
    for name in frozenset.intersection(*(frozenset(schema.facts) for schema in real)):
        found = [schema.facts[name] for schema in real]
        if name == "type":
            facts[name] = frozenset().union(*found)
        elif name == "values":
            facts[name] = tuple(dict.fromkeys(chain.from_iterable(found)))
        else:
            facts[name] = found[0] if all(fact == found[0] for fact in found) else " or ".join(map(text, found))
    if any("nullable" in schema.facts for schema in schemas):
        facts["nullable"] = True
    required = frozenset.intersection(*(schema.required for schema in real))
    return Schema(real[0].pointer, facts, _parts(real, "anyOf"), required)


def _parts(schemas: Iterable[Schema], keyword: str) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for step, part in chain.from_iterable(schema.parts.items() for schema in schemas):
        found[step] = part.sibling({keyword: [found[step].raw, part.raw]}) if step in found else part
    return found


def widened(types: frozenset[str]) -> frozenset[str]:
    """Add what is a case of another: an integer is a number."""
    return types | {"integer"} if "number" in types else types


def kinds(facts: dict[str, Any]) -> str:
    return " or ".join([*sorted(facts.get("type", {"anything"})), *["null"] * ("nullable" in facts)])


def text(value: Any) -> str:
    """Show a JSON value; text as it is."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
