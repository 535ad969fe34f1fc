"""What a schema means, whichever way it is written: inline or by reference, 3.0 or 3.1, whole or in parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comparison.reading import ComparisonError

TYPES = frozenset({"string", "number", "boolean", "object", "array"})
#: Keywords that restrict values. The last ones aren't followed any further: that they are there, or changed, is told.
LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    *("not", "if", "then", "else", "patternProperties", "propertyNames", "prefixItems", "contains"),
    *("dependentRequired", "dependentSchemas", "unevaluatedProperties"),
)
#: How many schemas one comparison looks at; ours needs some thousand, and a few lines of references can mean billions.
MAX_LOOKS = 200_000


@dataclass(frozen=True)
class Schema:
    """A schema as it is written, and where."""

    raw: Any
    pointer: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """One level of a schema; ``None`` is what isn't said."""

    pointer: tuple[str, ...] = ()
    types: frozenset[str] | None = None
    nullable: bool | None = None
    format: str | None = None
    values: tuple[str, ...] | None = None
    default: str | None = None
    deprecated: bool = False
    limits: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Schema] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Schema | None = None
    extra: Schema | bool | None = None

    @property
    def kinds(self) -> frozenset[str]:
        return TYPES if self.types is None else self.types


class Document:
    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.looks = 0

    def mapping(self, value: Any, pointer: Sequence[str]) -> dict[str, Any]:
        """Read what has to be a mapping, or isn't there."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise ComparisonError(f"{shown(pointer)} isn't a mapping")
        return value

    def sequence(self, value: Any, pointer: Sequence[str]) -> list[Any]:
        """Read what has to be a list, or isn't there."""
        if value is None:
            return []
        if not isinstance(value, list):
            raise ComparisonError(f"{shown(pointer)} isn't a list")
        return value

    def resolve(self, schema: Schema) -> Schema:
        """Follow references, and forget what stands beside them, as 3.0 has it."""
        seen = set()
        while isinstance(schema.raw, dict) and "$ref" in schema.raw:
            reference = schema.raw["$ref"]
            if not isinstance(reference, str) or not reference.startswith("#/"):
                raise ComparisonError(f"{shown(schema.pointer)} refers to {reference!r}, which is outside the document")
            if reference in seen:
                raise ComparisonError(f"{shown(schema.pointer)} refers to {reference}, which refers back")
            seen.add(reference)
            target: Any = self.raw
            pointer = tuple(part.replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/"))
            for key in pointer:
                if isinstance(target, list) and key.isdecimal() and int(key) < len(target):
                    target = target[int(key)]
                elif isinstance(target, dict) and key in target:
                    target = target[key]
                else:
                    raise ComparisonError(f"{shown(schema.pointer)} refers to {reference}, which isn't there")
            schema = Schema(target, pointer)
        return schema

    def shape(self, schema: Schema, above: frozenset[int] = frozenset()) -> Shape:
        """Find out what a schema means; what it holds is left for later, so that circles do no harm."""
        self.looks += 1
        if self.looks > MAX_LOOKS:
            raise ComparisonError(f"{shown(schema.pointer)}: the schemas are too entangled to be followed")
        target = self.resolve(schema)
        if isinstance(target.raw, bool) or target.raw is None:  # 3.1: anything, or nothing
            return Shape(target.pointer)
        raw = self.mapping(target.raw, target.pointer)
        if id(raw) in above:  # part of itself, which adds nothing
            return Shape(target.pointer)
        above |= {id(raw)}
        own = self._own(raw, target.pointer)
        parts = [self.shape(part, above) for part in self._listed(target, "allOf")]
        if target is not schema and self.raw["openapi"].startswith("3.1") and len(schema.raw) > 1:
            beside = {key: value for key, value in schema.raw.items() if key != "$ref"}
            parts.append(self._own(beside, schema.pointer))
        parts += [
            self._either([self.shape(part, above) for part in self._listed(target, keyword)])
            for keyword in ("oneOf", "anyOf")
            if keyword in raw
        ]
        return whole(own, parts)

    def _listed(self, schema: Schema, keyword: str) -> Iterator[Schema]:
        pointer = (*schema.pointer, keyword)
        for number, part in enumerate(self.sequence(schema.raw.get(keyword), pointer)):
            yield Schema(part, (*pointer, str(number)))

    def _own(self, raw: dict[str, Any], pointer: tuple[str, ...]) -> Shape:
        declared = raw.get("type")
        names = {declared} if isinstance(declared, str) else set(map(str, self.sequence(declared, (*pointer, "type"))))
        values = [raw["const"]] if "const" in raw else raw.get("enum", raw.get("x-known-values"))
        known = None if values is None else self.sequence(values, (*pointer, "enum"))
        nullable = raw.get("nullable") is True or "null" in names or (not names and known is not None and None in known)
        limits = {name: raw[name] for name in LIMITS if name in raw}
        for limit, exclusive, step in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
            if limits.get(exclusive) is True:  # 3.0: a switch; 3.1: a number
                limits[exclusive] = limits.pop(limit, None)
            elif limits.get(exclusive) is False:
                del limits[exclusive]
            if names - {"null"} == {"integer"} and isinstance(limits.get(exclusive), int):
                limits[limit] = limits.pop(exclusive) + step
        shaped = {"object"} if "properties" in raw or "additionalProperties" in raw else set()
        shaped |= {"array"} if "items" in raw else set()
        default = raw.get("default", raw.get("x-default"))
        rest = raw.get("additionalProperties")
        extra = None if rest is None else bool(rest) or rest == {}
        return Shape(
            pointer=pointer,
            types=frozenset(names - {"null"} or shaped) or None,
            nullable=True if nullable else None,
            format=raw.get("format", raw.get("x-format")),
            values=None if known is None else tuple(dict.fromkeys(text(one) for one in known if one is not None)),
            default=None if default is None else text(default),
            deprecated=raw.get("deprecated") is True,
            limits={name: value for name, value in limits.items() if value is not None and value is not False},
            properties={
                str(name): Schema(value, (*pointer, "properties", str(name)))
                for name, value in self.mapping(raw.get("properties"), (*pointer, "properties")).items()
            },
            required=frozenset(map(str, self.sequence(raw.get("required"), (*pointer, "required")))),
            items=Schema(raw["items"], (*pointer, "items")) if "items" in raw else None,
            extra=Schema(rest, (*pointer, "additionalProperties")) if rest and isinstance(rest, dict) else extra,
        )

    def _either(self, shapes: list[Shape]) -> Shape:
        """Describe what is one of several."""
        real = [
            shape for shape in shapes if shape.types is not None or shape.properties or shape.values or shape.limits
        ]
        nullable = len(real) < len(shapes) or any(shape.nullable for shape in shapes) or None
        if len(real) == 1:
            return replace(real[0], nullable=nullable)
        if not real:
            return Shape(nullable=nullable)
        every = [shape.values for shape in real]
        return Shape(
            pointer=real[0].pointer,
            types=None if any(one.types is None for one in real) else frozenset().union(*(one.kinds for one in real)),
            nullable=nullable,
            format=real[0].format if len({shape.format for shape in real}) == 1 else None,
            values=tuple(dict.fromkeys(one for some in every for one in some or ())) if None not in every else None,
            limits={k: v for k, v in real[0].limits.items() if all(one.limits.get(k) == v for one in real)},
            properties=_together(real, "anyOf"),
            required=frozenset.intersection(*(shape.required for shape in real)),
            items=next((shape.items for shape in real if shape.items), None),
            extra=next((shape.extra for shape in real if shape.extra is not None), None),
        )


def whole(own: Shape, parts: list[Shape]) -> Shape:
    """Put together what all holds at once."""
    if not parts:
        return own
    every = [own, *parts]
    types = [one.types for one in every if one.types is not None]
    values = [one.values for one in every if one.values is not None]
    limits: dict[str, Any] = {}
    for name, value in ((name, value) for one in every for name, value in one.limits.items()):
        tighter = max if name.lower().startswith(("min", "exclusivemin")) else min
        limits[name] = tighter(limits[name], value) if name in limits and _numbers(limits[name], value) else value
    return Shape(
        pointer=next((one.pointer for one in every if one.types is not None), own.pointer),
        types=_common(types),
        nullable=own.nullable or all(part.nullable for part in parts) or None,
        format=next((one.format for one in every if one.format), None),
        values=tuple(one for one in values[0] if all(one in some for some in values)) if values else None,
        default=next((one.default for one in every if one.default is not None), None),
        deprecated=any(one.deprecated for one in every),
        limits=limits,
        properties=_together(every, "allOf"),
        required=frozenset().union(*(one.required for one in every)),
        items=next((one.items for one in every if one.items), None),
        extra=next((one.extra for one in every if one.extra is not None), None),
    )


def _common(types: Iterable[frozenset[str]]) -> frozenset[str] | None:
    found: frozenset[str] | None = None
    for some in types:
        if found is None:
            found = some
        else:  # an integer is a number
            left, right = (one | ({"integer"} if "number" in one else set()) for one in (found, some))
            found = left & right
    return found


def _together(shapes: Iterable[Shape], keyword: str) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for shape in shapes:
        for name, schema in shape.properties.items():
            known = found.get(name)
            found[name] = schema if known is None else Schema({keyword: [known.raw, schema.raw]}, known.pointer)
    return found


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)


def text(value: Any) -> str:
    """Show a JSON value; text as it is."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def shown(pointer: Iterable[str]) -> str:
    return "/" + "/".join(map(str, pointer))
