"""What a comparison finds, and what each kind of finding asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from comparison.meaning import Node, Pointer


class Verdict(StrEnum):
    BREAKS = "breaks users"
    NEW = "new for users"
    HARMLESS = "harmless"


#: In the order in which they are told.
ORDER = list(Verdict)

#: What to do, for each kind of finding; a change that breaks users and one that doesn't may ask for different things.
ADVICE = {
    "operation gone": "deprecate the methods, and let them say what replaces them",
    "operation moved": "move the path in spec/images.yaml and make regenerate; released versions stop working",
    "operation added": "decide whether users want it; describe it, or list it as a deviation",
    "operation deprecated": "works until removed: set `deprecated`, tell users in the changelog, plan what replaces it",
    "operation not deprecated": "remove `deprecated` from the operation",
    "address changed": "change `servers` in spec/images.yaml and the default endpoint of the clients",
    "security changed": "see what the clients have to send; transport.py sends the token",
    "parameter added": "make adopt describes it; then give it an argument in the facade",
    "parameter gone": "deprecate the argument; the server may refuse it, or filter no more",
    "parameter required": "make it a required argument: a new major version",
    "parameter optional": "change `required` in the description; callers may leave it out",
    "parameter deprecated": "works until removed: tell users in the changelog",
    "parameter not deprecated": "remove `deprecated` from the parameter",
    "array style changed": "change the description and make regenerate; released versions send it the old way",
    "body added": "describe it, and give it arguments in the facade",
    "body gone": "deprecate the arguments that go into it",
    "body required": "the facade always sends one; only `required` in the description changes",
    "body optional": "the facade always sends one; only `required` in the description changes",
    "property added": "make adopt describes it; users find it in `extra` until it is a field in domain.py",
    "property gone": "see what the fields give without it; say so in the changelog, keep them until a major version",
    "property required": "make it a required argument: a new major version",
    "property optional": "the generated class insists on it: make it optional in the description",
    "property not required": "change `required` in the description; callers may leave it out",
    "property deprecated": "works until removed: tell users what replaces it",
    "property not deprecated": "remove `deprecated` from the property",
    "type changed": "change the description, make regenerate, and follow mypy through the facade",
    "format changed": "see whether what the facade makes of the text still fits",
    "null possible": "set `nullable` in the description, and see what the facade does with null",
    "null impossible": "nothing breaks in responses; in requests, refuse None",
    "value added": "make adopt adds it to `x-known-values`",
    "value gone": "remove it from `x-known-values` once no server sends or takes it any more",
    "values listed": "see whether the list is the same that we know",
    "values open": "the list is no longer guaranteed; ours may stay as the known values",
    "limit changed": "make adopt takes it over unless it refuses what was allowed",
    "default changed": "say so in the changelog: calls that leave it out do something else now",
    "status added": "describe it, if the facade has to tell it from the others",
    "status gone": "see what the response is instead",
    "media type added": "nothing, as long as ours stays",
    "media type gone": "the facade speaks JSON only; see what is offered instead",
    "deviation explains nothing": "the difference is gone or isn't the same any more: remove the entry, or renew it",
}


@dataclass(frozen=True)
class Finding:
    #: Method and path as we have them.
    operation: str
    #: Where in the operation, such as ``response 200: image.os_flavor`` or ``query sort``.
    place: str
    #: What it is for all operations that share it, such as ``Image.os_flavor``.
    name: str
    change: str
    old: str
    new: str
    verdict: Verdict
    operation_id: str
    methods: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    #: Where ours stands, and theirs; for taking it over.
    ours: Pointer = field(default=(), compare=False)
    theirs: Node | None = field(default=None, compare=False)

    @property
    def advice(self) -> str:
        return ADVICE[self.change]

    def as_json(self) -> dict[str, object]:
        names = ("operation", "operation_id", "place", "name", "change", "old", "new", "verdict", "methods", "fields")
        return {name: getattr(self, name) for name in (*names, "advice")}
