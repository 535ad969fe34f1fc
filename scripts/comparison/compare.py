"""Compares the operations that we describe with those of an official description.

Both become mappings from places to facts, which are compared place by place and fact by fact, so that no difference
hides another. What only one side has is reported once, with the names of all that it holds.

Principles of our description aren't findings: in responses it may call a property optional; nobody is hurt when
the server promises more than that. How many bits a number has is nobody's business in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from comparison.findings import Finding
from comparison.meaning import LIMITS, Node, Pointer
from comparison.places import Key, Operation, Places, covering, operations
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
        raise ComparisonError(f"not a valid OpenAPI description: {error!r}") from error


def outlines(document: dict[str, Any]) -> dict[str, str]:
    """Show what a description has, by the names that findings have."""
    places = (place for operation in operations(document).values() for place in operation.places().values())
    return {place.part: place.node.outline() for place in places if place.kind in {"parameter", "property"}}


def _findings(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Finding]:
    known, official = operations(ours), operations(theirs)
    by_id = {operation.id: operation for operation in official.values()}
    met = set()
    for key, operation in known.items():
        counterpart = official.get(key) or by_id.get(operation.id)
        if counterpart is None or (key not in official and counterpart.on_images != operation.on_images):
            yield _finding(operation, "operation", operation.id, ("operation gone", operation.title, "", B))
            continue
        if key not in official:
            moved = "operation moved", operation.title, counterpart.title, B
            yield _finding(operation, "operation", operation.id, moved)
        met.add(counterpart.title)
        yield from _of_operation(operation, counterpart)
    for operation in official.values():
        if operation.on_images and operation.title not in met:
            yield _finding(operation, "operation", operation.id, ("operation added", "", operation.title, N))
    yield from _error_codes(known.values(), str(Node(theirs).part("info").part("description").raw))


def _finding(
    operation: Operation, where: str, name: str, change: Change, ours: Pointer = (), theirs: Node | None = None
) -> Finding:
    return Finding(operation.title, where, name, *change, operation.id, ours=ours, theirs=theirs)


def _of_operation(operation: Operation, official: Operation) -> Iterator[Finding]:
    contents = operation.contents()
    ours = operation.places(_aligned(contents, official.contents()))
    theirs = official.places(known=ours)
    _let_one_value_stand_for_several(theirs, ours)
    _let_one_value_stand_for_several(ours, theirs)
    for key, place in ours.items():
        if key in theirs:
            for change in changes(place, theirs[key]):
                # What it is in another is no matter of a description that several share.
                name = place.part if change[0].startswith(place.kind) else place.name
                yield _finding(operation, place.where, name, change, place.pointer, theirs[key].node)
        elif _comparable(ours, theirs, key[:-1]):
            verdict = H if place.kind == "status" and not place.status.startswith("2") else B
            change = f"{place.kind} gone", _outline(ours, key), "", verdict
            yield _finding(operation, place.where, place.part, change, ours[key[:-1]].pointer)
    for key, place in theirs.items():
        covered = place.kind == "status" and key in ours and key[0] not in contents
        if covered or (key not in ours and _comparable(ours, theirs, key[:-1])):
            required = place.sent and place.facts.get("required") is True
            verdict = B if required else N
            if place.kind == "status":
                verdict = H if covered or not place.status.startswith(("2", "3")) else B
            elif place.kind == "media type" and not place.sent:
                verdict = H
            change = f"{place.kind} added", "", _outline(theirs, key) + (", required" if required else ""), verdict
            yield _finding(operation, place.where, place.part, change, ours[key[:-1]].pointer, place.node)


def _aligned(ours: dict[str, Node], theirs: dict[str, Node]) -> dict[str, Node]:
    """Let ours stand wherever theirs has a case of it: 4XX at 404."""
    found = {}
    met = set()
    for key in theirs:
        known = next((wider for wider in covering(key) if wider in ours), None)
        if known:
            found[key] = ours[known]
            met.add(known)
    for key in ours.keys() - met:
        found.setdefault(next((wider for wider in covering(key) if wider in theirs), key), ours[key])
    return found


def _let_one_value_stand_for_several(places: Places, counterparts: Places) -> None:
    """Let a parameter that takes one value be compared with the items of one that takes several."""
    for key, items in counterparts.items():
        single = places.get(key[:-1])
        if key[-1:] == ("[]",) and key not in places and single and single.kind == "parameter":
            if "array" in types(single):
                continue
            of_items = {name: value for name, value in single.facts.items() if name in _OF_ITEMS}
            # That values aren't listed any more is told where the style is.
            of_items.setdefault("values", items.facts.get("values"))
            places[key] = replace(items, facts=of_items, node=single.node, pointer=single.pointer)
            own = {name: value for name, value in single.facts.items() if name == "type" or name not in _OF_ITEMS}
            places[key[:-1]] = replace(single, facts=own)


def _comparable(ours: Places, theirs: Places, key: Key) -> bool:
    """Return whether what is below can be compared; if not, a change of type covers all of it."""
    return key in ours and key in theirs and bool(types(ours[key]) & types(theirs[key]))


def _outline(places: Places, key: Key) -> str:
    """Show what only one side has, with all names in it."""
    place = places[key]
    if place.kind in {"parameter", "property"}:
        return place.node.outline()
    media = [below for below in places.values() if below.kind == "media type" and below.key[: len(key)] == key]
    contents = ", ".join(f"{below.key[1]}: {below.node.outline()}" for below in media)
    return f"{place.status} {contents}".strip() if place.kind == "status" else contents


def _error_codes(ours: Iterable[Operation], words: str) -> Iterator[Finding]:
    """Compare with the table in the text; ours is the same everywhere."""
    received = (place for operation in ours for place in operation.places().values() if not place.sent)
    codes = dict.fromkeys(_CODE_ROW.findall(words))
    known = next((place for place in received if codes and place.key[2:] == (".error", ".code")), None)
    if known:
        for change in values(known.facts.get("values", ()), codes, H):
            name, where = known.name, "table of error codes"
            yield Finding("all operations", where, name, *change, "*", ours=known.pointer)
