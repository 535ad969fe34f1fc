"""Compares the operations that we describe with those of an official description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from comparison.findings import Finding, Verdict
from comparison.operations import Operation, Parameter, operations
from comparison.reading import ComparisonError
from comparison.schemas import Schemas, Spot, need
from comparison.shape import Document, Schema

#: Where the official description lists the codes of errors: it is the only place, and it is a table in a text.
_CODE_ROW = re.compile(r"^\|\s*`\d{3}`\s*\|\s*`(\w+)`\s*\|", re.MULTILINE)
_EVERYWHERE = "all operations"


def compare(ours: dict[str, Any], theirs: dict[str, Any]) -> list[Finding]:
    """Find all differences for the operations that we describe, and operations on images that we don't.

    :raises ComparisonError: when a document isn't built as OpenAPI has it.
    """
    try:
        return list(_Comparison(Document(ours), Document(theirs)).findings())
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        # Such as a list where a name belongs: there are more ways to write nonsense than to check for it.
        raise ComparisonError(f"a description isn't built as OpenAPI has it: {error!r}") from error


class _Comparison:
    def __init__(self, ours: Document, theirs: Document) -> None:
        self.ours, self.theirs = ours, theirs
        self.schemas = Schemas(ours, theirs)

    def findings(self) -> Iterator[Finding]:
        official = {operation.key: operation for operation in operations(self.theirs)}
        by_id = {operation.id: operation for operation in official.values()}
        known = set()
        for operation in operations(self.ours):
            spot = Spot(f"{operation.method.upper()} {operation.path}", operation.id, False, "operation", operation.id)
            other = official.get(operation.key)
            if other is None:
                other = by_id.get(operation.id)
                if other is None or _image_paths(other) != _image_paths(operation):
                    yield spot.finding("operation gone", spot.operation, "", Verdict.BREAKS, operation.pointer)
                    continue
                moved = f"{other.method.upper()} {other.path}"
                yield spot.finding("operation moved", spot.operation, moved, Verdict.BREAKS, operation.pointer)
            known.add(other.key)
            yield from self._operation(spot, operation, other)
        for key, other in official.items():
            if key not in known and _image_paths(other):
                name = f"{other.method.upper()} {other.path}"
                spot = Spot(name, other.id, False, "operation", other.id)
                yield spot.finding("operation added", "", name, Verdict.NEW, theirs=other.pointer)
        yield from self._error_codes()

    def _operation(self, spot: Spot, ours: Operation, theirs: Operation) -> Iterator[Finding]:
        if theirs.deprecated and not ours.deprecated:
            yield spot.finding("operation deprecated", "", "deprecated", Verdict.NEW)
        if ours.deprecated and not theirs.deprecated:
            yield spot.finding("operation not deprecated", "deprecated", "", Verdict.HARMLESS)
        if not set(ours.servers) <= set(theirs.servers):
            yield spot.finding("address changed", " ".join(ours.servers), " ".join(theirs.servers), Verdict.BREAKS)
        if ours.security != theirs.security:
            verdict = Verdict.NEW if ours.security & theirs.security else Verdict.BREAKS
            yield spot.finding(
                "security changed", " or ".join(sorted(ours.security)), " or ".join(sorted(theirs.security)), verdict
            )
        yield from self._parameters(spot, ours, theirs)
        yield from self._body(spot, ours, theirs)
        yield from self._answers(spot, ours, theirs)

    def _parameters(self, spot: Spot, ours: Operation, theirs: Operation) -> Iterator[Finding]:
        for key, parameter in ours.parameters.items():
            at = _at(spot, parameter)
            other = theirs.parameters.get(key)
            if other is None:
                yield at.finding("parameter gone", self._kind(parameter, self.ours), "", Verdict.BREAKS)
                continue
            if parameter.required != other.required:
                change, verdict = (
                    ("parameter required", Verdict.BREAKS) if other.required else ("parameter optional", Verdict.NEW)
                )
                yield at.finding(
                    change, need(parameter.required), need(other.required), verdict, parameter.pointer, other.pointer
                )
            if other.deprecated and not parameter.deprecated:
                yield at.finding("parameter deprecated", "", "deprecated", Verdict.NEW)
            plural = (
                self.ours.shape(parameter.schema).kinds & self.theirs.shape(other.schema).kinds & {"array", "object"}
            )
            if plural and parameter.style != other.style:
                yield at.finding("array style changed", parameter.style, other.style, Verdict.BREAKS)
            yield from self.schemas.compare(at, parameter.schema, other.schema)
        for key, other in theirs.parameters.items():
            if key not in ours.parameters:
                kind = self._kind(other, self.theirs) + (", required" if other.required else "")
                verdict = Verdict.BREAKS if other.required else Verdict.NEW
                yield _at(spot, other).finding("parameter added", "", kind, verdict, ours.pointer, other.pointer)

    def _kind(self, parameter: Parameter, document: Document) -> str:
        return self.schemas.written(document.shape(parameter.schema), document)

    def _body(self, spot: Spot, ours: Operation, theirs: Operation) -> Iterator[Finding]:
        at = Spot(spot.operation, spot.operation_id, True, "body", f"{spot.operation_id}.body")
        before, after = ours.body, theirs.body
        if before is None or after is None:
            if before is not None:
                yield at.finding("body gone", ", ".join(before.media), "", Verdict.BREAKS)
            elif after is not None:
                verdict = Verdict.BREAKS if after.required else Verdict.NEW
                yield at.finding("body added", "", ", ".join(after.media), verdict)
            return
        if before.required != after.required:
            change = "body required" if after.required else "body optional"
            yield at.finding(change, need(before.required), need(after.required), Verdict.HARMLESS)
        yield from self._media(at, before.media, after.media)

    def _answers(self, spot: Spot, ours: Operation, theirs: Operation) -> Iterator[Finding]:
        met = set()
        for status, media in theirs.answers.items():
            at = Spot(spot.operation, spot.operation_id, False, f"answer {status}", f"{spot.operation_id} {status}")
            known = next((one for one in _covering(status) if one in ours.answers), None)
            if known != status:
                # Within a range that we know, it is an answer like the others there.
                harmless = known is not None or status[0] not in "23"
                yield at.finding("status added", "", status, Verdict.HARMLESS if harmless else Verdict.BREAKS)
            if known is not None:
                met.add(known)
                yield from self._media(at, ours.answers[known], media)
        for status, media in ours.answers.items():
            if status not in met:
                at = Spot(spot.operation, spot.operation_id, False, f"answer {status}", f"{spot.operation_id} {status}")
                elsewhere = next((one for one in _covering(status) if one in theirs.answers), None)
                if elsewhere is not None:
                    yield from self._media(at, media, theirs.answers[elsewhere])
                    continue
                verdict = Verdict.BREAKS if status[0] == "2" else Verdict.HARMLESS
                yield at.finding("status gone", status, "", verdict)

    def _media(self, at: Spot, ours: dict[str, Schema], theirs: dict[str, Schema]) -> Iterator[Finding]:
        for name, schema in ours.items():
            if name in theirs:
                yield from self.schemas.compare(at, schema, theirs[name])
            else:
                yield at.finding("media type gone", name, ", ".join(theirs), Verdict.BREAKS)
        for name in theirs.keys() - ours.keys():
            verdict = Verdict.NEW if at.sent else Verdict.HARMLESS
            yield at.finding("media type added", "", name, verdict)

    def _error_codes(self) -> Iterator[Finding]:
        ours, theirs = self.ours.raw, self.theirs.raw
        info = self.theirs.mapping(theirs.get("info"), ("info",))
        codes = dict.fromkeys(_CODE_ROW.findall(str(info.get("description", ""))))
        pointer = ("components", "schemas", "ErrorEnvelope", "properties", "error", "properties", "code")
        # Ours is the same everywhere.
        envelope = self.ours.mapping(ours.get("components"), pointer[:1]).get("schemas", {}).get("ErrorEnvelope")
        if envelope is None:
            return
        known = self.ours.shape(Schema({"$ref": "#/" + "/".join(pointer)}, pointer))
        spot = Spot(_EVERYWHERE, "*", False, "table of error codes", "ErrorEnvelope.error.code")
        for code in codes:
            if code not in (known.values or ()):
                yield spot.finding("value added", "", code, Verdict.NEW, pointer)
        for code in known.values or ():
            if codes and code not in codes:
                yield spot.finding("value gone", code, "", Verdict.HARMLESS, pointer)


def _at(spot: Spot, parameter: Parameter) -> Spot:
    name = parameter.name
    return Spot(spot.operation, spot.operation_id, True, f"{parameter.place} {name}", f"{spot.operation_id}({name})")


def _image_paths(operation: Operation) -> bool:
    return (
        operation.path == "/images" or operation.path.startswith("/images/") or operation.path.endswith("/create_image")
    )


def _covering(status: str) -> tuple[str, ...]:
    return status, f"{status[0]}XX", "default"
