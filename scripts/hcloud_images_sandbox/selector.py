"""Label selectors: ``key==value``, ``key!=value``, ``key``, ``!key``, ``key in (a,b)``, ``key notin (a,b)``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hcloud_images_sandbox.labels import is_key, is_value

_COMMA_OUTSIDE_PARENTHESES = re.compile(r",(?![^()]*\))")
_TERM = re.compile(
    r"""\s*(?:
        !\s*(?P<absent>[^\s!=(),]+)
      | (?P<key>[^\s!=(),]+)(?:
            \s*(?P<operator>==|=|!=)\s*(?P<value>[^\s!=(),]*)
          | \s+(?P<set>in|notin)\s*\((?P<values>[^()]*)\)
        )?
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class _Requirement:
    key: str
    #: The values that count; None where any does.
    values: frozenset[str] | None
    #: Whether labels with one of the values are kept, or all others.
    keep: bool

    def accepts(self, labels: Mapping[str, str]) -> bool:
        has = self.key in labels and (self.values is None or labels[self.key] in self.values)
        return has is self.keep


@dataclass(frozen=True)
class Selector:
    requirements: tuple[_Requirement, ...]

    def accepts(self, labels: Mapping[str, str]) -> bool:
        return all(requirement.accepts(labels) for requirement in self.requirements)


def parse_selector(text: str) -> Selector:
    """Read a label selector; ValueError says what is wrong with it."""
    return Selector(tuple(_requirement(term) for term in _COMMA_OUTSIDE_PARENTHESES.split(text)))


def _requirement(term: str) -> _Requirement:
    found = _TERM.fullmatch(term)
    if found is None:
        raise ValueError(f"{term.strip()!r} isn't a valid part of a label selector")
    key = found["absent"] or found["key"]
    if not is_key(key):
        raise ValueError(f"{key!r} isn't a valid label key")
    if found["operator"]:
        values = frozenset({found["value"]})
    elif found["set"]:
        values = frozenset(value.strip() for value in found["values"].split(","))
    else:
        return _Requirement(key, None, keep=found["absent"] is None)
    for value in values:
        if not is_value(value):
            raise ValueError(f"{value!r} isn't a valid label value")
    return _Requirement(key, values, keep=found["operator"] in {"=", "=="} or found["set"] == "in")
