"""Compares the operations that we describe with those of an official description.

Both become mappings from places to facts, which are compared place by place and fact by fact, so that no difference
hides another. What only one side has is told once, with the names of all that it holds.

What is a principle of our description is no finding: in answers it may call a property optional; nobody is hurt when
the server promises more than that. How many bits a number has is nobody's business in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from comparison.findings import Finding
from comparison.meaning import LIMITS, Node, Pointer
from comparison.places import Key, Operation, Places, operations
from comparison.reading import ComparisonError
from comparison.rules import B, Change, H, N, changes, types, values

#: Where the official description lists the codes of errors: it is the only place, and it is a table in a text.
_CODE_ROW = re.compile(r"^\|\s*`\d{3}`\s*\|\s*`(\w+)`\s*\|", re.MULTILINE)
_OF_ITEMS = {"type", "format", "values", *LIMITS}


def compare(ours: dict[str, Any], theirs: dict[str, Any]) -> list[Finding]:
    """Find all differences for the operations that we describe, and operations on images that we don't.

    :raises ComparisonError: when a document isn't built as OpenAPI has it.
    """
    try:
        return list(_findings(ours, theirs))
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        # Such as a list where a name belongs: there are more ways to write nonsense than to check for it.
        raise ComparisonError(f"a description isn't built as OpenAPI has it: {error!r}") from error


def _findings(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Finding]:
    known, official = operations(ours), operations(theirs)
    by_id = {operation.id: operation for operation in official.values()}
    met = set()
    for key, operation in known.items():
        other = official.get(key) or by_id.get(operation.id)
        if other is None or (key not in official and _of_images(other) != _of_images(operation)):
            yield _finding(operation, "operation", operation.id, ("operation gone", operation.title, "", B))
            continue
        if key not in official:
            yield _finding(operation, "operation", operation.id, ("operation moved", operation.title, other.title, B))
        met.add(other.title)
        yield from _of_operation(operation, other)
    for other in official.values():
        if _of_images(other) and other.title not in met:
            yield _finding(other, "operation", other.id, ("operation added", "", other.title, N))
    yield from _error_codes(known.values(), str(Node(theirs).part("info").part("description").raw))


def _finding(
    of: Operation, where: str, name: str, change: Change, ours: Pointer = (), theirs: Node | None = None
) -> Finding:
    return Finding(of.title, where, name, *change, of.id, ours=ours, theirs=theirs)


def _of_images(operation: Operation) -> bool:
    return re.fullmatch(r"/images(/.*)?|.*/create_image", operation.path) is not None


def _of_operation(operation: Operation, official: Operation) -> Iterator[Finding]:
    contents = operation.contents()
    ours = operation.places(_aligned(contents, official.contents()))
    theirs = official.places(known=ours)
    _let_one_stand_for_several(theirs, ours)
    _let_one_stand_for_several(ours, theirs)
    for key, place in ours.items():
        if other := theirs.get(key):
            for change in changes(place, other):
                # What it is in another is no matter of a description that several share.
                name = place.part if change[0].startswith(place.kind) else place.name
                yield _finding(operation, place.where, name, change, place.pointer, other.node)
        elif _comparable(ours, theirs, key[:-1]):
            verdict = H if place.kind == "status" and key[0][7] != "2" else B
            change = f"{place.kind} gone", _outline(ours, key), "", verdict
            yield _finding(operation, place.where, place.part, change, ours[key[:-1]].pointer)
    for key, place in theirs.items():
        covered = place.kind == "status" and key in ours and key[0] not in contents
        if covered or (key not in ours and _comparable(ours, theirs, key[:-1])):
            required = place.sent and place.facts.get("required") is True
            verdict = B if required else N
            if place.kind == "status":
                verdict = H if covered or key[0][7] not in "23" else B
            elif place.kind == "media type" and not place.sent:
                verdict = H
            change = f"{place.kind} added", "", _outline(theirs, key) + (", required" if required else ""), verdict
            yield _finding(operation, place.where, place.part, change, ours[key[:-1]].pointer, place.node)


def _aligned(ours: dict[str, Node], theirs: dict[str, Node]) -> dict[str, Node]:
    """Let ours stand wherever theirs has a case of it: 4XX at 404."""
    found = {}
    met = set()
    for key in theirs:
        known = next((one for one in _covering(key) if one in ours), None)
        if known:
            found[key] = ours[known]
            met.add(known)
    for key in ours.keys() - met:
        found.setdefault(next((one for one in _covering(key) if one in theirs), key), ours[key])
    return found


def _covering(key: str) -> tuple[str, ...]:
    return (key,) if key == "body" else (key, f"{key[:8]}XX", "answer default")


def _let_one_stand_for_several(found: Places, others: Places) -> None:
    """Let a parameter that takes one value be compared with the items of one that takes several."""
    for key, place in others.items():
        one = found.get(key[:-1])
        if key[-1:] != ("[]",) or key in found or one is None or one.kind != "parameter" or "array" in types(one):
            continue
        of_items = {name: value for name, value in one.facts.items() if name in _OF_ITEMS}
        # That values aren't listed any more is told where the style is.
        of_items.setdefault("values", place.facts.get("values"))
        found[key] = replace(place, facts=of_items, node=one.node, pointer=one.pointer)
        own = {name: value for name, value in one.facts.items() if name == "type" or name not in _OF_ITEMS}
        found[key[:-1]] = replace(one, facts=own)


def _comparable(ours: Places, theirs: Places, key: Key) -> bool:
    """Tell whether what is below can be compared; if not, a change of type tells all of it at once."""
    return key in ours and key in theirs and bool(types(ours[key]) & types(theirs[key]))


def _outline(found: Places, key: Key) -> str:
    """Show what only one side has, with all names in it."""
    place = found[key]
    if place.kind in {"parameter", "property"}:
        return place.node.outline()
    contents = [one for one in found if found[one].kind == "media type" and one[: len(key)] == key]
    told = ", ".join(f"{one[1]}: {found[one].node.outline()}" for one in contents)
    return f"{key[0][7:]} {told}".strip() if place.kind == "status" else told


def _error_codes(ours: Iterable[Operation], words: str) -> Iterator[Finding]:
    """Compare with the table in the text; ours is the same everywhere."""
    every = (place for one in ours for place in one.places().values() if not place.sent)
    codes = dict.fromkeys(_CODE_ROW.findall(words))
    known = next((one for one in every if codes and one.key[2:] == (".error", ".code")), None)
    if known:
        for change in values(known.facts.get("values", ()), codes, H):
            name, where = known.name, "table of error codes"
            yield Finding("all operations", where, name, *change, "*", ours=known.pointer)
