"""What is additive and safe is taken over, in our words, once; the rest is left to people."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import unified_diff
from typing import Any

import official
import pytest
import yaml
from comparison.adoption import Adoption, edited, fragment, inserted, line_of, with_deviations, written
from comparison.compare import compare
from comparison.deviations import load_deviations, unexplained
from comparison.reading import parse
from comparison.users import Users
from official import IMAGE_OPERATIONS, action, body, image, operation, parameter, response

# Without values, whose properties become fields by themselves.
TEXT = re.sub(r"\n +x-value: true\b", "", (official.ROOT / "spec" / "images.yaml").read_text())
DATE = "2026-10-01"


def adopted(change: Callable[[dict[str, Any]], object], text: str = TEXT) -> tuple[Adoption, list[str], list[str]]:
    """Return the adoption, the lines of the description that changed, and what is left."""
    document = official.official()
    change(document)
    adoption = Adoption(text, document, [], DATE)
    left = [f"{one.name}: {one.change}" for one in adoption.run()]
    lines = list(unified_diff(text.splitlines(), adoption.text.splitlines(), n=0, lineterm=""))[2:]
    return adoption, [line for line in lines if not line.startswith("@@")], left


def images(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], None]:
    def everywhere(document: dict[str, Any]) -> None:
        for of in IMAGE_OPERATIONS:
            change(image(document, of))

    return everywhere


def test_writing_changes_nothing() -> None:
    assert written(edited(TEXT)) == TEXT


def test_values() -> None:
    adoption, lines, left = adopted(images(lambda one: one["properties"]["os_flavor"]["enum"].append("new-flavor")))
    (old, new) = lines
    assert old.startswith("-          x-known-values: [ubuntu")
    assert new == "+" + old[1:].replace("]", ", new-flavor]")
    assert left == []
    assert adoption.sharing == []


def test_a_field_with_structure_and_no_words() -> None:
    schema = {
        "type": "object",
        "nullable": True,
        "title": "Official",
        "description": "Official words.",
        "required": ["kind"],
        "properties": {
            "kind": {"type": "string", "enum": ["a", "yes", "b:c"], "example": "a", "description": "Official words."},
            "since": {"type": "string", "format": "date-time"},
            "sizes": {"type": "array", "items": {"type": "integer", "format": "int64", "minimum": 0}},
        },
    }
    _, lines, left = adopted(images(lambda one: one["properties"].update(new_field=schema)))
    assert (
        "\n".join(lines)
        == """\
+        new_field:
+          x-left-out: taken over on 2026-10-01, not a field of the facade yet
+          type: object
+          nullable: true
+          properties:
+            kind:
+              type: string
+              x-known-values: [a, 'yes', 'b:c']
+            since:
+              type: string
+              format: date-time
+            sizes:
+              type: array
+              items:
+                type: integer
+                format: int64
+                minimum: 0"""
    )
    assert left == []


def test_parameters_properties_of_requests_limits_and_codes() -> None:
    def change(document: dict[str, Any]) -> None:
        new = {"name": "new_filter", "in": "query", "description": "Words.", "schema": {"type": "string"}}
        operation(document, "list_images")["parameters"].append(new)
        body(document, "update_image")["properties"]["new_field"] = {"type": "boolean", "default": False}
        for of in ("list_images", "list_images_actions", "list_image_actions", "list_servers", "get_actions"):
            parameter(document, of, "per_page")["schema"]["maximum"] = 100
        for status in ("4xx", "5xx"):
            for name in _operations(document):
                error = response(document, name, status)["properties"]["error"]
                error["properties"]["code"]["enum"].append("new_code")

    adoption, lines, left = adopted(change)
    assert left == []
    assert adoption.sharing == []
    text = "\n".join(lines)
    assert "+        - name: new_filter\n+          in: query\n+          x-left-out: taken over on 2026-10-01" in text
    assert "+          type: boolean\n+          x-default: false" in text
    assert "maximum: 100, x-default: 25}" in text
    assert re.search(r"\+ +- new_code", text)
    assert "Words" not in text
    again = Adoption(adoption.text, adoption.theirs, [], "2027-01-01")
    assert again.run() == []
    assert again.text == adoption.text
    assert len(fragment(adoption.taken)) == 3


def _operations(document: dict[str, Any]) -> list[str]:
    return [one["operationId"] for item in document["paths"].values() for one in item.values()]


def test_what_only_some_operations_have() -> None:
    def change(document: dict[str, Any]) -> None:
        image(document, "get_image")["properties"]["new_field"] = {"type": "string"}
        image(document, "list_images")["properties"]["os_flavor"]["enum"].append("new-flavor")

    adoption, _, left = adopted(change)
    assert left == []
    assert {one["change"] for one in adoption.sharing} == {"property gone", "value gone"}
    text = with_deviations("# Known.\n", adoption.sharing)
    assert text.startswith("# Known.\n\n- ")
    entries = yaml.safe_load(text)
    assert {name for one in entries for name in one["operations"]} == set(IMAGE_OPERATIONS)


def test_deviations_are_read_again(tmp_path: Any) -> None:
    adoption, _, _ = adopted(lambda d: image(d)["properties"].update(new_field={"type": "string"}))
    path = tmp_path / "deviations.yaml"
    path.write_text(with_deviations("", adoption.sharing))
    found = compare(parse(adoption.text, "ours"), adoption.theirs)
    assert len(found) == 5
    assert unexplained(found, load_deviations(path)) == []


LEFT: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "field gone": (images(lambda one: one["properties"].pop("deprecated")), "Image.deprecated: property gone"),
    "required parameter": (
        lambda d: operation(d, "get_image")["parameters"].append(
            {"name": "new", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        "get_image(new): parameter added",
    ),
    "header": (
        lambda d: operation(d, "get_image")["parameters"].append(
            {"name": "X-New", "in": "header", "schema": {"type": "string"}}
        ),
        "get_image(X-New): parameter added",
    ),
    "smaller maximum": (
        lambda d: parameter(d, "list_images", "per_page")["schema"].update(maximum=10),
        "list_images(per_page): limit changed",
    ),
    # All ids share one schema, and in others this would break users.
    "limit of what is shared": (
        lambda d: action(d)["properties"]["id"].update(minimum=5),
        "Action.id: limit changed",
    ),
    "odd name": (
        images(lambda one: one["properties"].update({"a b\n- c": {"type": "string"}})),
        "Image.a b\n- c: property added",
    ),
    "odd value": (
        images(lambda one: one["properties"]["os_flavor"]["enum"].append("a, b]")),
        "Image.os_flavor: value added",
    ),
    "several types": (
        images(lambda one: one["properties"].update(new={"oneOf": [{"type": "string"}, {"type": "integer"}]})),
        "Image.new: property added",
    ),
    "a type changed": (
        images(lambda one: one["properties"]["disk_size"].update(type="integer")),
        "Image.disk_size: type changed",
    ),
    "new operation": (
        lambda d: d["paths"]["/images"].update(post={"operationId": "upload", "responses": {}}),
        "upload: operation added",
    ),
}


@pytest.mark.parametrize(("change", "told"), LEFT.values(), ids=LEFT)
def test_left_to_people(change: Callable[[dict[str, Any]], object], told: str) -> None:
    adoption, lines, left = adopted(change)
    assert lines == []
    assert adoption.taken == []
    assert set(left) >= {told}


def test_circles_are_left_to_people() -> None:
    def change(document: dict[str, Any]) -> None:
        circle = {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Circle"}}}
        document["components"]["schemas"] = {"Circle": circle}
        image(document)["properties"]["circle"] = {"$ref": "#/components/schemas/Circle"}

    _, lines, left = adopted(change)
    assert lines == []
    assert left == ["Image.circle: property added"]


def test_where_something_is_left_to_do() -> None:
    def change(document: dict[str, Any]) -> None:
        operation(document, "list_images")["parameters"].append(
            {"name": "new_filter", "in": "query", "schema": {"type": "string"}}
        )
        image(document)["properties"]["new_field"] = {"type": "string"}

    adoption, _, _ = adopted(change)
    lines = adoption.text.splitlines()
    found = {lines[line_of(adoption.text, step) - 1].strip() for step in adoption.taken}
    assert found == {"- name: new_filter", "new_field:"}
    users = Users()
    (caller,) = users.callers("list_images")
    for place, expected in ((caller, "async def get_list("), (users.shown_by("Image.new_field") or "", "class Image(")):
        path, number, _ = place.split(":")
        assert expected in (official.ROOT / path).read_text().splitlines()[int(number) - 1]


def test_a_property_of_a_value_is_a_field_at_once() -> None:
    text = TEXT.replace("    Image:\n", "    Image:\n      x-value: true\n")
    _, lines, left = adopted(images(lambda one: one["properties"].update(new_field={"type": "string"})), text)
    assert lines == ["+        new_field:", "+          type: string"]
    assert left == []


def test_the_changelog() -> None:
    text = (official.ROOT / "CHANGELOG.md").read_text()
    new = inserted(text, ["- A line."])
    assert len(new.splitlines()) == len(text.splitlines()) + 1
    assert re.search(r"## \[Unreleased\]\n(.*\n)*?### Added\n\n- A line\.\n", new)
    assert inserted(new, ["- A line."]) == new
    bare = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n\n### Added\n\n- Old.\n"
    assert inserted(bare, ["- A line."]).index("A line") < inserted(bare, ["- A line."]).index("0.1.0")
