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
        difference = _Difference(ours, theirs, ours.facts.get(fact), theirs.facts.get(fact))
        if difference.old != difference.new:
            yield from _limit(difference, fact) if fact in LIMITS else _RULES[fact](difference)


def types(place: Place) -> frozenset[str]:
    return widened(place.facts.get("type", TYPES))


def _deprecated(at: _Difference) -> Iterator[Change]:
    kind = at.ours.kind
    yield (f"{kind} deprecated", "", "deprecated", N) if at.new else (f"{kind} not deprecated", "deprecated", "", H)


def _servers(at: _Difference) -> Iterator[Change]:
    if not set(at.old) <= set(at.new):
        yield "address changed", " ".join(at.old), " ".join(at.new), B


def _security(at: _Difference) -> Iterator[Change]:
    old, new = (" or ".join(sorted(ways)) for ways in (at.old, at.new))
    yield "security changed", old, new, N if at.old & at.new else B


def _required(at: _Difference) -> Iterator[Change]:
    kind, sent = at.ours.kind, at.ours.sent
    texts = ("optional", "required") if at.new else ("required", "optional")
    if kind != "property":
        yield f"{kind} {texts[1]}", *texts, H if kind == "body" else B if at.new else N
    elif sent:
        yield f"property {'required' if at.new else 'not required'}", *texts, B if at.new else N
    elif not at.new:
        yield "property optional", *texts, B


def _style(at: _Difference) -> Iterator[Change]:
    if at.common & {"array", "object"}:
        yield "array style changed", str(at.old), str(at.new), B


def _type(at: _Difference) -> Iterator[Change]:
    old, new = types(at.ours), types(at.theirs)
    if old != new:
        style = at.ours.kind == "parameter" and ("array" in old) != ("array" in new)
        verdict = at.wider if old <= new else at.narrower if new <= old else B
        change = "array style changed" if style else "type changed"
        yield change, at.ours.node.outline(), at.theirs.node.outline(), verdict


def _nullable(at: _Difference) -> Iterator[Change]:
    change, verdict = ("null possible", at.wider) if at.new else ("null impossible", at.narrower)
    yield change, kinds(at.ours.facts), kinds(at.theirs.facts), verdict


def _format(at: _Difference) -> Iterator[Change]:
    old, new = (None if name in _WIDTHS else name for name in (at.old, at.new))
    if old != new:
        verdict = at.narrower if not old else at.wider if not new else B
        yield "format changed", old or "no format", new or "no format", verdict


def _values(at: _Difference) -> Iterator[Change]:
    if at.old is None:
        yield "values listed", "any", ", ".join(at.new), at.narrower
    elif at.new is not None:
        yield from values(at.old, at.new, at.narrower)
    elif at.common:
        yield "values open", ", ".join(at.old), "any", N


def values(old: Collection[str], new: Collection[str], narrower: Verdict) -> Iterator[Change]:
    yield from (("value added", "", value, N) for value in new if value not in old)
    yield from (("value gone", value, "", narrower) for value in old if value not in new)


def _default(at: _Difference) -> Iterator[Change]:
    verdict = B if at.ours.sent and at.old and at.new else H
    yield "default changed", at.old or "no default", at.new or "no default", verdict


def _limit(at: _Difference, name: str) -> Iterator[Change]:
    old, new = at.old, at.new
    if new is None and not LIMITS[name] & types(at.theirs):
        return  # what the type rules out is gone with it
    tighter = new is not None
    if isinstance(old, int | float) and isinstance(new, int | float) and name != "multipleOf":
        tighter = new > old if name.startswith(("min", "exclusiveMin")) else new < old
    before, after = (f"no {name}" if limit is None else f"{name}: {text(limit)}" for limit in (old, new))
    yield "limit changed", before, after, (B if tighter else N) if at.ours.sent else H


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
