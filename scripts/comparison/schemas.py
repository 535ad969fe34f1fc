"""Compares two schemas by meaning.

What is a principle of our description is no finding: in answers it may call a property optional, and may have limits
of its own; nobody is hurt when the server promises more than that. How many bits a number has is nobody's business
in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from comparison.findings import Finding, Verdict
from comparison.shape import Document, Schema, Shape, text

_WIDTHS = {"int32", "int64", "float", "double"}


@dataclass(frozen=True)
class Spot:
    """Where a comparison stands."""

    operation: str
    operation_id: str
    #: Whether the client sends what is here; otherwise it reads it.
    sent: bool
    place: str
    name: str

    def below(self, step: str) -> Spot:
        inside = step in {"[]", "{}"}
        joint = "" if inside else "." if ": " in self.place else ": "
        return replace(self, place=self.place + joint + step, name=self.name + ("" if inside else ".") + step)

    def finding(
        self,
        change: str,
        old: str,
        new: str,
        verdict: Verdict,
        ours: tuple[str, ...] = (),
        theirs: tuple[str, ...] = (),
    ) -> Finding:
        return Finding(
            self.operation,
            self.place,
            self.name,
            change,
            old,
            new,
            verdict,
            self.operation_id,
            ours=ours,
            theirs=theirs,
        )

    def widened(self) -> Verdict:
        """Judge that more is possible than was."""
        return Verdict.NEW if self.sent else Verdict.BREAKS

    def narrowed(self) -> Verdict:
        """Judge that less is possible than was."""
        return Verdict.BREAKS if self.sent else Verdict.HARMLESS


class Schemas:
    def __init__(self, ours: Document, theirs: Document) -> None:
        self.ours = ours
        self.theirs = theirs

    def compare(self, spot: Spot, ours: Schema, theirs: Schema) -> Iterator[Finding]:
        """Compare all that two schemas say; ours has no circles, so this ends."""
        left, right = self.ours.shape(ours), self.theirs.shape(theirs)
        spot = _named(spot, left)
        own = left.pointer, right.pointer
        if right.deprecated and not left.deprecated:
            yield spot.finding("property deprecated", "", "deprecated", Verdict.NEW, *own)
        if bool(left.nullable) != bool(right.nullable):
            change = "null possible" if right.nullable else "null impossible"
            verdict = spot.widened() if right.nullable else spot.narrowed()
            yield spot.finding(change, kinds(left), kinds(right), verdict, *own)
        if _normal(left.kinds) != _normal(right.kinds):
            wider = _normal(left.kinds) <= _normal(right.kinds)
            narrower = _normal(right.kinds) <= _normal(left.kinds)
            verdict = spot.widened() if wider else spot.narrowed() if narrower else Verdict.BREAKS
            array = ("array" in left.kinds) != ("array" in right.kinds) and "(" in spot.name
            change = "array style changed" if array else "type changed"
            yield spot.finding(change, self.written(left, self.ours), self.written(right, self.theirs), verdict, *own)
            return
        yield from self._format(spot, left, right)
        yield from _values(spot, left, right)
        yield from _limits(spot, left, right)
        if left.default != right.default:
            unsaid = "no default"
            verdict = Verdict.BREAKS if spot.sent and left.default and right.default else Verdict.HARMLESS
            yield spot.finding("default changed", left.default or unsaid, right.default or unsaid, verdict, *own)
        if left.items and right.items:
            yield from self.compare(spot.below("[]"), left.items, right.items)
        if isinstance(left.extra, Schema):
            rest = right.extra if isinstance(right.extra, Schema) else Schema({}, right.pointer)
            yield from self.compare(spot.below("{}"), left.extra, rest)
        yield from self._properties(spot, left, right)

    def _format(self, spot: Spot, left: Shape, right: Shape) -> Iterator[Finding]:
        old, new = (None if one.format in _WIDTHS else one.format for one in (left, right))
        if old != new:
            verdict = spot.narrowed() if not old else spot.widened() if not new else Verdict.BREAKS
            yield spot.finding(
                "format changed", old or "no format", new or "no format", verdict, left.pointer, right.pointer
            )

    def _properties(self, spot: Spot, left: Shape, right: Shape) -> Iterator[Finding]:
        own = left.pointer, right.pointer
        if not left.properties and left.extra is not None:
            return  # a map, whatever keys some description of it may name
        for name, schema in left.properties.items():
            at = spot.below(name)
            if name not in right.properties:
                yield at.finding(
                    "property gone", self.written(self.ours.shape(schema), self.ours), "", Verdict.BREAKS, *own
                )
                continue
            yield from self.compare(at, schema, right.properties[name])
            before, after = name in left.required, name in right.required
            if spot.sent and before != after:
                change, verdict = (
                    ("property required", Verdict.BREAKS) if after else ("property not required", Verdict.NEW)
                )
                yield at.finding(change, need(before), need(after), verdict, *own)
            elif before and not after:
                yield at.finding("property optional", need(before), need(after), Verdict.BREAKS, *own)
        for name, schema in right.properties.items():
            if name not in left.properties:
                needed = spot.sent and name in right.required
                kind = self.written(self.theirs.shape(schema), self.theirs) + (", required" if needed else "")
                verdict = Verdict.BREAKS if needed else Verdict.NEW
                yield spot.below(name).finding("property added", "", kind, verdict, left.pointer, schema.pointer)

    def written(self, shape: Shape, document: Document) -> str:
        """Show the type in a word or two."""
        inner = f" of {kinds(document.shape(shape.items))}" if shape.items else ""
        return kinds(shape) + inner


def kinds(shape: Shape) -> str:
    names = sorted(shape.types) if shape.types else ["anything"]
    return " or ".join([*names, *(["null"] if shape.nullable else [])])


def _normal(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def need(required: bool) -> str:
    return "required" if required else "optional"


def _named(spot: Spot, shape: Shape) -> Spot:
    """Call what has a name of its own in our description by that name, wherever it is used."""
    own = shape.types == frozenset({"object"}) and shape.pointer[:-1] == ("components", "schemas")
    return replace(spot, name=shape.pointer[-1]) if own else spot


def _values(spot: Spot, left: Shape, right: Shape) -> Iterator[Finding]:
    own = left.pointer, right.pointer
    if left.values is None or right.values is None:
        if left.values is not None:
            verdict = Verdict.NEW
            yield spot.finding("values open", ", ".join(left.values), "any", verdict, *own)
        elif right.values is not None:
            yield spot.finding("values listed", "any", ", ".join(right.values), spot.narrowed(), *own)
        return
    for value in right.values:
        if value not in left.values:
            yield spot.finding("value added", "", value, Verdict.NEW, *own)
    for value in left.values:
        if value not in right.values:
            yield spot.finding("value gone", value, "", spot.narrowed(), *own)


def _limits(spot: Spot, left: Shape, right: Shape) -> Iterator[Finding]:
    for name in sorted(left.limits.keys() | right.limits.keys()):
        old, new = left.limits.get(name), right.limits.get(name)
        if old == new:
            continue
        verdict = Verdict.HARMLESS
        if spot.sent:
            verdict = Verdict.BREAKS if _tighter(name, old, new) else Verdict.NEW
        before, after = (f"no {name}" if one is None else f"{name}: {text(one)}" for one in (old, new))
        yield spot.finding("limit changed", before, after, verdict, left.pointer, right.pointer)


def _tighter(name: str, old: Any, new: Any) -> bool:
    if new is None:
        return False
    if isinstance(old, int | float) and isinstance(new, int | float):
        if name.startswith(("min", "exclusiveMin")):
            return new > old
        if name.startswith(("max", "exclusiveMax")):
            return new < old
    return True
