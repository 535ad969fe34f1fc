"""One source for what users see: the description. What isn't a field or an argument says why, in ``x-left-out``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import official
import pytest
from comparison.operations import Operation, operations
from comparison.shape import Document, Schema
from comparison.users import FACADE, Users

USERS = Users()
#: These are read where the answer is, and have no class of their own.
ENVELOPES = {"ImagesPage", "ImageEnvelope", "CreatedImage", "ActionsPage", "ActionEnvelope", "ServerEnvelope"}


def document() -> Document:
    return Document(official.ours())


def answers(reader: Document) -> Iterator[tuple[str, Schema]]:
    """Give each property of each answer, by the name that drift has for it."""
    seen: set[str] = set()

    def below(name: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
        shape = reader.shape(schema)
        if shape.pointer[:-1] == ("components", "schemas") and shape.types == frozenset({"object"}):
            name = shape.pointer[-1]
            if name in seen:
                return
            seen.add(name)
        for key, one in shape.properties.items():
            yield f"{name}.{key}", one
            yield from below(f"{name}.{key}", one)
        if shape.items is not None:
            yield from below(name + "[]", shape.items)

    for operation in operations(reader):
        for media in operation.answers.values():
            for schema in media.values():
                yield from below(operation.id, schema)


def reads(name: str) -> bool:
    """Tell whether a property of an envelope, or of an error, is read by the facade."""
    schema, _, key = name.partition(".")
    text = "".join(path.read_text() for room in ("_async", "_runtime") for path in (FACADE / room).glob("*.py"))
    if schema in ENVELOPES:
        return f"envelope.{key}" in text
    return schema == "ErrorEnvelope" and f".{key.rpartition('.')[2]}" in text


PROPERTIES = dict(answers(document()))
OPERATIONS = {operation.id: operation for operation in operations(document())}


def raw(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = official.ours()["paths"][operation.path][operation.method]
    return found


def left_out(schema: Schema) -> str | None:
    found: str | None = schema.raw.get("x-left-out")
    return found


def test_there_is_something_to_look_at() -> None:
    assert {"Image.os_flavor", "Action.progress", "ErrorEnvelope.error.code", "Meta.pagination"} <= PROPERTIES.keys()
    assert USERS.shown("Image.deprecation.announced")
    assert not USERS.shown("Image.no_such_field")
    assert not USERS.shown("Image.deprecation.why")
    assert not reads("ImagesPage.more")


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_each_property_of_an_answer(name: str) -> None:
    reason = left_out(PROPERTIES[name])
    above = name
    while "." in (above := above.rpartition(".")[0]):
        if above in PROPERTIES and left_out(PROPERTIES[above]):
            return  # with all that it has
    shown = USERS.shown(name) or reads(name)
    if shown:
        assert reason is None, f"{name} is shown now: remove x-left-out"
    else:
        assert reason, f"{name} is no field of a class in domain.py; make it one, or say why not in x-left-out"


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_operation(name: str) -> None:
    operation = OPERATIONS[name]
    reason = raw(operation).get("x-left-out")
    if not USERS.methods.get(name):
        assert reason, f"no method of the facade calls {name}; make one, or say why not in x-left-out"
        return
    assert reason is None, f"{name} is called now: remove x-left-out"
    arguments = USERS.arguments(name)
    reader = document()
    given: dict[str, Any] = {
        parameter.name: reader.resolve(Schema({"$ref": "#/" + "/".join(_escaped(parameter.pointer))}, ())).raw
        for parameter in operation.parameters.values()
        if parameter.place == "query"
    }
    if operation.body is not None:
        body = reader.shape(operation.body.media["application/json"])
        given |= {key: schema.raw for key, schema in body.properties.items()}
    for key, one in given.items():
        if key in arguments:
            assert "x-left-out" not in one, f"{name} takes {key} now: remove x-left-out"
        else:
            assert one.get("x-left-out"), f"no method takes {key} of {name}; let one, or say why not in x-left-out"


def _escaped(pointer: tuple[str, ...]) -> list[str]:
    return [part.replace("~", "~0").replace("/", "~1") for part in pointer]
