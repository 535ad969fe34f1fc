"""What a difference in one fact is called, and what it means for users."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from comparison.findings import Verdict
from comparison.meaning import LIMITS, TYPES, kinds, text, widened
from comparison.places import Place

#: A change, what was, what is, and what that means for users.
Change = tuple[str, str, str, Verdict]
B, N, H = Verdict.BREAKS, Verdict.NEW, Verdict.HARMLESS
_WIDTHS = {"int32", "int64", "float", "double", None}


@dataclass(frozen=True)
class _Difference:
    ours: Place
    theirs: Place
    old: Any
    new: Any

    @property
    def wider(self) -> Verdict:
        """Judge that more is possible than was."""
        return N if self.ours.sent else B

    @property
    def narrower(self) -> Verdict:
        """Judge that less is possible than was."""
        return B if self.ours.sent else H

    @property
    def common(self) -> frozenset[str]:
        return types(self.ours) & types(self.theirs)


def changes(ours: Place, theirs: Place) -> Iterator[Change]:
    """Compare all that is said in one place."""
    for fact in {**ours.facts, **theirs.facts}:
        one = _Difference(ours, theirs, ours.facts.get(fact), theirs.facts.get(fact))
        if one.old != one.new:
            yield from _limit(one, fact) if fact in LIMITS else _RULES[fact](one)


def types(place: Place) -> frozenset[str]:
    return widened(place.facts.get("type", TYPES))


def _deprecated(one: _Difference) -> Iterator[Change]:
    kind = one.ours.kind
    yield (f"{kind} deprecated", "", "deprecated", N) if one.new else (f"{kind} not deprecated", "deprecated", "", H)


def _servers(one: _Difference) -> Iterator[Change]:
    if not set(one.old) <= set(one.new):
        yield "address changed", " ".join(one.old), " ".join(one.new), B


def _security(one: _Difference) -> Iterator[Change]:
    old, new = (" or ".join(sorted(ways)) for ways in (one.old, one.new))
    yield "security changed", old, new, N if one.old & one.new else B


def _required(one: _Difference) -> Iterator[Change]:
    kind, sent = one.ours.kind, one.ours.sent
    texts = ("optional", "required") if one.new else ("required", "optional")
    if kind != "property":
        yield f"{kind} {texts[1]}", *texts, H if kind == "body" else B if one.new else N
    elif sent:
        yield f"property {'required' if one.new else 'not required'}", *texts, B if one.new else N
    elif not one.new:
        yield "property optional", *texts, B


def _style(one: _Difference) -> Iterator[Change]:
    if one.common & {"array", "object"}:
        yield "array style changed", str(one.old), str(one.new), B


def _type(one: _Difference) -> Iterator[Change]:
    old, new = types(one.ours), types(one.theirs)
    if old != new:
        style = one.ours.kind == "parameter" and ("array" in old) != ("array" in new)
        verdict = one.wider if old <= new else one.narrower if new <= old else B
        change = "array style changed" if style else "type changed"
        yield change, one.ours.node.outline(), one.theirs.node.outline(), verdict


def _nullable(one: _Difference) -> Iterator[Change]:
    change, verdict = ("null possible", one.wider) if one.new else ("null impossible", one.narrower)
    yield change, kinds(one.ours.facts), kinds(one.theirs.facts), verdict


def _format(one: _Difference) -> Iterator[Change]:
    old, new = (None if name in _WIDTHS else name for name in (one.old, one.new))
    if old != new:
        verdict = one.narrower if not old else one.wider if not new else B
        yield "format changed", old or "no format", new or "no format", verdict


def _values(one: _Difference) -> Iterator[Change]:
    if one.old is None:
        yield "values listed", "any", ", ".join(one.new), one.narrower
    elif one.new is not None:
        yield from values(one.old, one.new, one.narrower)
    elif one.common:
        yield "values open", ", ".join(one.old), "any", N


def values(old: Collection[str], new: Collection[str], narrower: Verdict) -> Iterator[Change]:
    yield from (("value added", "", value, N) for value in new if value not in old)
    yield from (("value gone", value, "", narrower) for value in old if value not in new)


def _default(one: _Difference) -> Iterator[Change]:
    verdict = B if one.ours.sent and one.old and one.new else H
    yield "default changed", one.old or "no default", one.new or "no default", verdict


def _limit(one: _Difference, name: str) -> Iterator[Change]:
    old, new = one.old, one.new
    if new is None and not LIMITS[name] & types(one.theirs):
        return  # what the type rules out is gone with it
    tighter = new is not None
    if isinstance(old, int | float) and isinstance(new, int | float) and name != "multipleOf":
        tighter = new > old if name.startswith(("min", "exclusiveMin")) else new < old
    before, after = (f"no {name}" if limit is None else f"{name}: {text(limit)}" for limit in (old, new))
    yield "limit changed", before, after, (B if tighter else N) if one.ours.sent else H


_RULES = {
    "deprecated": _deprecated,
    "servers": _servers,
    "security": _security,
    "required": _required,
    "style": _style,
    "type": _type,
    "nullable": _nullable,
    "format": _format,
    "values": _values,
    "default": _default,
}
