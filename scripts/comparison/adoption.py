"""Takes over from an official description what is additive and safe: its structure, none of its words."""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Iterable
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from comparison.compare import compare
from comparison.deviations import Deviation, unexplained
from comparison.findings import Finding, Verdict
from comparison.reading import parse
from comparison.shape import Document, Schema, Shape

_LIMITS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "minProperties")
_WIDTHS = {"int32", "int64", "float", "double"}
#: What a name or a value has to look like to be taken over unseen.
_PLAIN = re.compile(r"[\w.:+/-]{1,80}")
_NAME = re.compile(r"[A-Za-z_][\w-]{0,60}")
_MAX_DEPTH = 6
#: What taking over for some operations may leave different in others that share the description.
_OF_SHARING = {"property gone", "value gone", "parameter gone"}


class _ByHandError(Exception):
    """Not to be taken over unseen."""


def _editor() -> YAML:
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    editor.indent(mapping=2, sequence=4, offset=2)
    # In full, as everywhere in the description.
    editor.representer.add_representer(
        type(None), lambda representer, _: representer.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    return editor


def edited(text: str) -> Any:
    """Read YAML so that comments, order and quotes are kept."""
    return _editor().load(text)


def written(document: Any) -> str:
    """Write it again."""
    target = io.StringIO()
    _editor().dump(document, target)
    return target.getvalue()


class Adoption:
    """Takes over one finding after the other.

    :param text: Our description.
    :param theirs: The official one.
    :param deviations: What is known and wanted.
    :param date: Of today.
    """

    def __init__(self, text: str, theirs: dict[str, Any], deviations: Iterable[Deviation], date: str) -> None:
        self.text = text
        self.theirs = theirs
        self.deviations = list(deviations)
        self.date = date
        #: One finding for each thing taken over.
        self.taken: list[Finding] = []
        #: Deviations that came of it.
        self.sharing: list[dict[str, Any]] = []

    def run(self) -> list[Finding]:
        """Take over what can be; return the findings that are left."""
        found = self._compared(self.text)
        refused: set[tuple[object, ...]] = set()
        while True:
            step = next((one for one in self._new(found) if _key(one) not in refused and _additive(one)), None)
            if step is None:
                return self._new(found)
            try:
                text = self._with(step)
                after = self._compared(text)
                self._accept(step, text, found, after)
                found = after
            except _ByHandError:
                refused.add(_key(step))

    def _compared(self, text: str) -> list[Finding]:
        return compare(parse(text, "the description"), self.theirs)

    def _new(self, found: list[Finding]) -> list[Finding]:
        known = [*self.deviations, *(Deviation(**one) for one in self.sharing)]
        return unexplained(found, known)

    def _accept(self, step: Finding, text: str, before: list[Finding], after: list[Finding]) -> None:
        known = self._new(before)
        caused = [one for one in self._new(after) if one not in known and one.operation != "deviations"]
        if step in after or any(one.change not in _OF_SHARING or one.name != step.name for one in caused):
            raise _ByHandError
        if caused:
            self.sharing.append(
                {
                    "change": caused[0].change,
                    "name": step.name,
                    "operations": tuple(one.operation_id for one in caused),
                    "old": caused[0].old,
                    "reason": f"Taken over from {step.operation_id}; these operations share the description.",
                    "date": self.date,
                }
            )
        self.text = text
        self.taken.append(step)

    def _with(self, step: Finding) -> str:
        document = edited(self.text)
        at = document
        for key in step.ours:
            at = at[int(key) if isinstance(at, list) else key]
        name = step.name.rpartition(".")[2]
        if step.change == "value added":
            self._value(at, step.new)
        elif step.change == "property added":
            _name(name)
            asked = bool(step.place.startswith("body"))
            properties = at.setdefault("properties", {})
            # Before the last one, which the blank line to the next schema belongs to.
            properties.insert(max(len(properties) - 1, 0), name, self._property(Schema(None, step.theirs), sent=asked))
        elif step.change == "parameter added":
            self._parameter(at, step)
        elif step.change == "limit changed":
            _limit(at, step)
        else:
            _default(at, step)
        return written(document)

    def _value(self, at: Any, value: str) -> None:
        if "x-known-values" not in at or not _PLAIN.fullmatch(value):
            raise _ByHandError
        at["x-known-values"].append(_quoted(value))

    def _parameter(self, at: Any, step: Finding) -> None:
        parameter = self._raw(step.theirs)
        place, name = parameter.get("in"), _name(str(parameter.get("name")))
        if place != "query" or "content" in parameter or {"style", "explode"} & parameter.keys():
            raise _ByHandError
        schema = self._structure(Schema(parameter.get("schema", {}), (*step.theirs, "schema")), sent=True)
        new = {"name": name, "in": "query", "x-left-out": self._reason("an argument of the facade"), "schema": schema}
        parameters = at.setdefault("parameters", [])
        parameters.insert(max(len(parameters) - 1, 0), new)

    def _raw(self, pointer: tuple[str, ...]) -> Any:
        node: Any = self.theirs
        for key in pointer:
            node = node[int(key) if isinstance(node, list) else _own_key(node, key)]
        return node

    def _property(self, schema: Schema, *, sent: bool) -> dict[str, Any]:
        structure = self._structure(Schema(self._raw(schema.pointer), schema.pointer), sent=sent)
        where = "an argument of the facade" if sent else "a field of the domain class"
        return {"x-left-out": self._reason(where), **structure}

    def _reason(self, where: str) -> str:
        return f"taken over on {self.date}, not {where} yet"

    def _structure(self, schema: Schema, *, sent: bool, depth: int = 0) -> dict[str, Any]:
        """Say in our way what a schema means."""
        shape: Shape = Document(self.theirs).shape(schema)
        if depth > _MAX_DEPTH or shape.types is None or len(shape.types) != 1 or shape.pointer == ():
            raise _ByHandError
        (kind,) = shape.types
        found: dict[str, Any] = {"type": kind}
        if shape.format:
            # A format that the generator knows would make it insist on it.
            found["format" if shape.format in _WIDTHS else "x-format"] = shape.format
        if shape.nullable:
            found["nullable"] = True
        if shape.values is not None:
            if kind != "string" or not all(_PLAIN.fullmatch(value) for value in shape.values):
                raise _ByHandError
            found["x-known-values"] = _in_line(shape.values)
        if shape.default is not None:
            found["x-default"] = _typed(kind, shape.default)
        if shape.limits.keys() - set(_LIMITS):
            raise _ByHandError
        found.update(shape.limits)
        if kind == "array":
            found["items"] = {} if shape.items is None else self._structure(shape.items, sent=sent, depth=depth + 1)
        if kind == "object":
            found.update(self._object(shape, sent=sent, depth=depth))
        return found

    def _object(self, shape: Shape, *, sent: bool, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if sent and shape.required:
            found["required"] = sorted(shape.required)
        if shape.properties:
            found["properties"] = {
                _name(name): self._structure(one, sent=sent, depth=depth + 1) for name, one in shape.properties.items()
            }
        elif isinstance(shape.extra, Schema):
            found["additionalProperties"] = self._structure(shape.extra, sent=sent, depth=depth + 1)
        else:
            found["additionalProperties"] = True
        return found


def _additive(one: Finding) -> bool:
    """Tell whether a finding is of a kind that can be taken over without anybody being hurt."""
    return one.verdict != Verdict.BREAKS and (
        one.change in {"value added", "property added", "parameter added", "limit changed", "default changed"}
    )


def _key(one: Finding) -> tuple[object, ...]:
    return one.operation, one.place, one.change, one.old, one.new


def _own_key(node: dict[Any, Any], key: str) -> Any:
    """Find a key as it is in the document, where a status may be a number."""
    return key if key in node else next(one for one in node if str(one) == key)


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise _ByHandError
    return name


def _quoted(value: str) -> str:
    """Quote what YAML would read as something else."""
    return value if isinstance(yaml.safe_load(value), str) and ":" not in value else SingleQuotedScalarString(value)


def _in_line(values: Iterable[str]) -> CommentedSeq:
    found = CommentedSeq(map(_quoted, values))
    found.fa.set_flow_style()
    return found


def _typed(kind: str, value: str) -> Any:
    if kind == "string":
        if not _PLAIN.fullmatch(value):
            raise _ByHandError
        return _quoted(value)
    return json.loads(value)


def _limit(at: Any, step: Finding) -> None:
    name, there, value = step.new.partition(": ")
    name = name.removeprefix("no ")
    if name not in _LIMITS:
        raise _ByHandError
    if not there:
        at.pop(name, None)
    else:
        at[name] = SingleQuotedScalarString(value) if name == "pattern" else json.loads(value)


def _default(at: Any, step: Finding) -> None:
    if step.new == "no default":
        at.pop("x-default", None)
    else:
        at["x-default"] = _typed(str(at.get("type")), step.new)


def fragment(taken: Iterable[Finding]) -> list[str]:
    """Propose what the changelog may say."""
    lines = []
    for one in taken:
        if one.change == "value added":
            lines.append(f"- The API knows `{one.new}` as `{one.name}`.")
        elif one.change == "property added" and not one.place.startswith("body"):
            lines.append(f"- The API's new field `{one.name}` is described; it is in `extra`.")
        elif one.change in {"property added", "parameter added"}:
            lines.append(f"- The API takes `{one.name}`; it is described, and not an argument yet.")
    return lines


def inserted(changelog: str, lines: list[str]) -> str:
    """Put lines below ``Added`` of what isn't released; lines that are there stay alone."""
    lines = [line for line in lines if line not in changelog]
    if not lines:
        return changelog
    head, mark, rest = changelog.partition("## [Unreleased]\n")
    if not mark:
        return changelog
    unreleased, following = re.split(r"(?=\n## \[|\Z)", rest, maxsplit=1)
    section = "### Added\n\n"
    before, there, after = unreleased.partition(section)
    block = "\n".join(lines) + "\n"
    changed = before + section + block + after if there else f"\n{section}{block}{unreleased}"
    return head + mark + changed + following


def with_deviations(text: str, sharing: Iterable[dict[str, Any]]) -> str:
    """Add deviations at the end, as they are written there."""
    for one in copy.deepcopy(list(sharing)):
        one["operations"] = sorted(set(one["operations"]))
        entry = yaml.safe_dump([one], sort_keys=False, default_flow_style=None, width=4096)
        text = f"{text.rstrip()}\n\n{entry}"
    return re.sub(r"date: '(\d{4}-\d\d-\d\d)'", r"date: \1", text)
