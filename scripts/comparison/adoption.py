"""Takes over from an official description what is additive and safe: its structure, none of its words."""

from __future__ import annotations

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
from comparison.meaning import Node
from comparison.reading import parse

_ADDITIVE = {"value added", "property added", "parameter added", "limit changed", "default changed"}
#: What taking over for some operations may leave different in others that share the description.
_OF_SHARING = {"property gone", "value gone", "parameter gone"}
_FACTS = {"nullable", "format", "values", "default"}
_LIMITS = {"minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "minProperties"}
#: The generator would insist on others that it knows.
_FORMATS = {"int32", "int64", "float", "double", "date-time"}
#: What a name or a value has to look like to be taken over unseen.
_NAME = re.compile(r"[A-Za-z_][\w-]{0,60}")
_PLAIN = re.compile(r"[\w.:+/-]{1,80}")
_MAX_DEPTH = 6


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
        refused: set[Finding] = set()
        while True:
            new = self._new(found)
            possible = (finding for finding in new if finding.change in _ADDITIVE and finding.verdict != Verdict.BREAKS)
            step = next((finding for finding in possible if finding not in refused), None)
            if step is None:
                return new
            try:
                text = self._with(step)
                after = self._compared(text)
                self._accept(step, new, after)
                self.text, found = text, after
            except _ByHandError:
                refused.add(step)

    def _compared(self, text: str) -> list[Finding]:
        return compare(parse(text, "the description"), self.theirs)

    def _new(self, found: list[Finding]) -> list[Finding]:
        return unexplained(found, [*self.deviations, *(Deviation(**entry) for entry in self.sharing)])

    def _accept(self, step: Finding, before: list[Finding], after: list[Finding]) -> None:
        caused = [
            finding for finding in self._new(after) if finding not in before and finding.operation != "deviations"
        ]
        if step in after or any(finding.change not in _OF_SHARING or finding.name != step.name for finding in caused):
            raise _ByHandError
        if caused:
            operations = tuple(sorted({finding.operation_id for finding in caused}))
            entry = {"change": caused[0].change, "name": step.name, "operations": operations, "old": caused[0].old}
            reason = f"Taken over from {step.operation_id}; these operations share the description."
            self.sharing.append({**entry, "reason": reason, "date": self.date})
        self.taken.append(step)

    def _with(self, step: Finding) -> str:
        document = edited(self.text)
        at = _at(document, step)
        if step.change == "value added":
            if "x-known-values" not in at:
                raise _ByHandError
            at["x-known-values"].append(_quoted(step.new))
            return written(document)
        if step.change == "parameter added":
            parameters = at.setdefault("parameters", [])
            # Before the last one, which a blank line may belong to; their order is nobody's business.
            parameters.insert(max(len(parameters) - 1, 0), self._parameter(step))
            return written(document)
        if step.change == "property added":
            sent = not step.place.startswith("response")
            new = {} if "x-value" in at else self._left_out("an argument" if sent else "a field")
            at.setdefault("properties", {})[_new_name(step)] = new | _structure(step.theirs, sent=sent)
            return _with_blank_lines_below(written(document), step, "properties", _new_name(step))
        name, value = _limit(step) if step.change == "limit changed" else ("x-default", _default(step, at))
        if value is None:
            del at[name]
            return written(document)
        at[name] = value
        return _with_blank_lines_below(written(document), step, name)

    def _parameter(self, step: Finding) -> dict[str, Any]:
        if step.theirs is None or not step.place.startswith("query ") or "content" in step.theirs.pointer:
            raise _ByHandError
        schema = _structure(step.theirs, sent=True)
        return {"name": _new_name(step), "in": "query", **self._left_out("an argument"), "schema": schema}

    def _left_out(self, what: str) -> dict[str, str]:
        return {"x-left-out": f"taken over on {self.date}, not {what} of the facade yet"}


def line_of(text: str, step: Finding) -> int:
    """Find the line of the description where something new stands."""
    if step.change == "property added":
        return _line(text, step, "properties", _new_name(step)) + 1
    parameters = _at(edited(text), step)["parameters"]
    names = [parameter.get("name") for parameter in parameters]
    return int(parameters.lc.item(names.index(_new_name(step)))[0]) + 1


def _line(text: str, step: Finding, *keys: str) -> int:
    at = _at(edited(text), step)
    for key in keys[:-1]:
        at = at[key]
    return int(at.lc.key(keys[-1])[0])


def _with_blank_lines_below(text: str, step: Finding, *keys: str) -> str:
    """Move blank lines from above a new key at the end to below it; they belong to what comes next."""
    lines = text.splitlines(keepends=True)
    start = end = _line(text, step, *keys)
    indent = len(lines[start]) - len(lines[start].lstrip())
    while not lines[start - 1].strip():
        start -= 1
    blank = lines[start:end]
    end += 1
    while end < len(lines) and lines[end].startswith(" " * (indent + 1)):
        end += 1
    return "".join([*lines[:start], *lines[start + len(blank) : end], *blank, *lines[end:]])


def _at(document: Any, step: Finding) -> Any:
    for key in step.ours:
        document = document[int(key) if isinstance(document, list) else key]
    return document


def _new_name(step: Finding) -> str:
    name = step.name.rpartition(".")[2] if step.change == "property added" else step.place.removeprefix("query ")
    if not _NAME.fullmatch(name):
        raise _ByHandError
    return name


def _structure(node: Node | None, *, sent: bool, depth: int = 0) -> dict[str, Any]:
    """Say in our way what a schema means."""
    schema = (node or Node({})).schema()
    facts = {name: value for name, value in schema.facts.items() if name not in {"type", "deprecated"}}
    kind, *others = schema.facts.get("type", ("", ""))
    odd = "values" in facts and kind != "string"
    names = [step[1:] for step in schema.parts if step[0] == "."]
    if others or odd or depth > _MAX_DEPTH or facts.keys() - _FACTS - _LIMITS or not all(map(_NAME.fullmatch, names)):
        raise _ByHandError
    found: dict[str, Any] = {"type": kind}
    for name, value in facts.items():
        if name == "values":
            found["x-known-values"] = CommentedSeq(map(_quoted, value))
            found["x-known-values"].fa.set_flow_style()
        elif name == "default":
            found["x-default"] = _typed(kind, value)
        else:
            found["x-format" if name == "format" and value not in _FORMATS else name] = value
    parts = {step: _structure(part, sent=sent, depth=depth + 1) for step, part in schema.parts.items()}
    if kind == "array":
        found["items"] = parts.get("[]", {})
    if kind == "object":
        found |= {"required": sorted(schema.required)} if sent and schema.required else {}
        properties = {name: parts[f".{name}"] for name in names}
        found |= {"properties": properties} if names else {"additionalProperties": parts.get("{}", True)}
    return found


def _quoted(value: str) -> str:
    """Quote what YAML would read as something else."""
    if not _PLAIN.fullmatch(value):
        raise _ByHandError
    return value if isinstance(yaml.safe_load(value), str) and ":" not in value else SingleQuotedScalarString(value)


def _typed(kind: str, value: str) -> Any:
    return _quoted(value) if kind == "string" else json.loads(value)


def _limit(step: Finding) -> tuple[str, Any]:
    name, _, value = step.new.removeprefix("no ").partition(": ")
    if name not in _LIMITS:
        raise _ByHandError
    return name, (SingleQuotedScalarString if name == "pattern" else json.loads)(value) if value else None


def _default(step: Finding, at: Any) -> Any:
    return None if step.new == "no default" else _typed(str(at.get("type")), step.new)


def fragment(taken: Iterable[Finding]) -> list[str]:
    """Propose what the changelog may say."""
    lines = []
    for finding in taken:
        if finding.change == "value added":
            lines.append(f"- The API knows `{finding.new}` as `{finding.name}`.")
        elif finding.change == "property added" and not finding.place.startswith("body"):
            lines.append(f"- The API's new field `{finding.name}` is described.")
        elif finding.change in {"property added", "parameter added"}:
            lines.append(f"- The API takes `{finding.name}`; it is described, and not an argument yet.")
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
    for deviation in sharing:
        entry = [{**deviation, "operations": list(deviation["operations"])}]
        written = yaml.safe_dump(entry, sort_keys=False, default_flow_style=None, width=4096)
        text = f"{text.rstrip()}\n\n{written}"
    return re.sub(r"date: '(\d{4}-\d\d-\d\d)'", r"date: \1", text)
