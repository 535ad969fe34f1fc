"""One source for what users see: the description. What isn't a field or an argument says why, in ``x-left-out``."""

from __future__ import annotations

import re

import official
import pytest
from comparison.meaning import Node
from comparison.places import operations
from comparison.users import FACADE, Users

USERS = Users()
#: These are read where the answer is, and have no class of their own.
ENVELOPES = {
    "ImagesPage",
    "ImageEnvelope",
    "CreatedImage",
    "ActionsPage",
    "ActionEnvelope",
    "ServersPage",
    "ServerEnvelope",
}


def reads(name: str) -> bool:
    """Tell whether a property of an envelope, or of an error, is read by the facade."""
    schema, _, key = name.partition(".")
    text = "".join(path.read_text() for path in FACADE.rglob("*.py") if "_sync" not in path.parts)
    if schema in ENVELOPES:
        return re.search(rf"\b(answer|envelope|page)\.{key}\b", text) is not None
    return schema.startswith("Error") and f".{key.rpartition('.')[2]}" in text


OPERATIONS = {operation.id: operation for operation in operations(official.ours()).values()}
#: Each property of each answer, by the name that drift has for it.
PROPERTIES = {
    place.part: place.node
    for operation in OPERATIONS.values()
    for place in operation.places().values()
    if place.kind == "property" and place.key[-1][0] == "." and not place.sent
}


def left_out(node: Node) -> str | None:
    found: str | None = node.raw.get("x-left-out")
    return found


def test_there_is_something_to_look_at() -> None:
    assert {"Image.os_flavor", "Action.progress", "ErrorEnvelope.error", "Meta.pagination"} <= PROPERTIES.keys()
    assert USERS.shown("Image.deprecation.announced")
    assert not USERS.shown("Image.no_such_field")
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
        assert reason, f"{name} is no field of a value; make it one, or say why not in x-left-out"


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_operation(name: str) -> None:
    operation = OPERATIONS[name]
    reason = left_out(operation.node)
    if not USERS.methods.get(name):
        assert reason, f"no method of the facade calls {name}; make one, or say why not in x-left-out"
        return
    assert reason is None, f"{name} is called now: remove x-left-out"
    given = {node.raw["name"]: node for key, node in operation.parameters().items() if key.startswith("query ")}
    given |= {
        place.key[-1][1:]: place.node
        for key, place in operation.places().items()
        if key[:1] == ("body",) and len(key) == 3
    }
    arguments = set[str]().union(*USERS.callers(name).values())
    for key, node in given.items():
        if key in arguments:
            assert not left_out(node), f"{name} takes {key} now: remove x-left-out"
        else:
            assert left_out(node), f"no method takes {key} of {name}; let one, or say why not in x-left-out"
