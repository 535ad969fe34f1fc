"""Each kind of change is found, with the right verdict, where it is and nowhere else."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from contextlib import suppress
from itertools import combinations, groupby
from typing import Any

import official
import pytest
import yaml
from comparison.compare import compare
from comparison.findings import ADVICE, Verdict
from official import IMAGE_OPERATIONS, operation, parameter

B, N, H = Verdict.BREAKS, Verdict.NEW, Verdict.HARMLESS

#: Where, what happens there, and what is told of it. Where: an operation, then `?parameter`, `body` or a status, then
#: properties and `[]`. What happens: `+value` and `-value` of an enum, `!key` goes, anything else is set.
TABLE: list[tuple[str, str, Verdict, str]] = [
    ("list_image_actions", "deprecated: true", N, "list_image_actions: operation deprecated"),
    ("get_image_action", "!deprecated", H, "get_image_action: operation not deprecated"),
    ("get_image", "servers: [{url: 'https://images.example/v2'}]", B, "get_image: address changed"),
    ("get_image", "security: []", B, "get_image: security changed"),
    ("update_image", "security: [{APIToken: []}, {}]", N, "update_image: security changed"),
    ("list_images ?name", "deprecated: true", N, "list_images(name): parameter deprecated"),
    ("list_images_actions ?id", "required: true", B, "list_images_actions(id): parameter required"),
    ("list_images ?include_deprecated", "schema: {type: string}", B, "list_images(include_deprecated): type changed"),
    ("get_image ?id", "schema: {type: string}", B, "get_image(id): type changed"),
    ("list_images ?bound_to []", "type: integer", B, "list_images(bound_to)[]: type changed"),
    ("get_actions ?id []", "type: number", N, "get_actions(id)[]: type changed"),
    ("list_images ?status", "schema: {type: string}", B, "list_images(status): array style changed"),
    ("list_images ?type", "explode: false", B, "list_images(type): array style changed"),
    ("list_image_actions ?sort", "style: pipeDelimited", B, "list_image_actions(sort): array style changed"),
    ("list_images ?sort []", "+new_key", N, "list_images(sort)[]: value added"),
    ("list_images ?architecture []", "-arm", B, "list_images(architecture)[]: value gone"),
    ("list_images_actions ?status []", "!enum", N, "list_images_actions(status)[]: values open"),
    ("list_images ?name .", "enum: [a]", B, "list_images(name): values listed"),
    ("list_images ?name .", "format: uuid", B, "list_images(name): format changed"),
    ("list_images ?name .", "maxLength: 10", B, "list_images(name): limit changed"),
    ("list_images ?label_selector .", "pattern: ^x", B, "list_images(label_selector): limit changed"),
    ("list_images ?per_page .", "maximum: 25", B, "list_images(per_page): limit changed"),
    ("list_images ?per_page .", "maximum: 100", N, "list_images(per_page): limit changed"),
    ("list_images ?per_page .", "default: 50", B, "list_images(per_page): default changed"),
    ("list_images ?page .", "!default", H, "list_images(page): default changed"),
    ("list_images ?include_deprecated .", "default: false", H, "list_images(include_deprecated): default changed"),
    ("list_image_actions ?page .", "minimum: 2", B, "list_image_actions(page): limit changed"),
    ("list_image_actions ?page .", "!minimum", N, "list_image_actions(page): limit changed"),
    ("get_actions ?id .", "maxItems: 5", B, "get_actions(id): limit changed"),
    ("update_image body properties", "name: {type: string}", N, "UpdateImageBody.name: property added"),
    ("create_server_image body properties", "!labels", B, "CreateImageBody.labels: property gone"),
    ("change_image_protection body", "required: [delete]", B, "ChangeProtectionBody.delete: property required"),
    ("change_image_protection body delete", "type: string", B, "ChangeProtectionBody.delete: type changed"),
    ("update_image body type", "deprecated: true", N, "UpdateImageBody.type: property deprecated"),
    ("create_server_image body description", "readOnly: true", B, "CreateImageBody.description: property gone"),
    ("update_image 200 image labels", "writeOnly: true", B, "Image.labels: property gone"),
    ("update_image body type", "+backup", N, "UpdateImageBody.type: value added"),
    ("create_server_image body type", "-backup", B, "CreateImageBody.type: value gone"),
    ("create_server_image body type", "default: backup", B, "CreateImageBody.type: default changed"),
    ("update_image body description", "nullable: true", N, "UpdateImageBody.description: null possible"),
    ("update_image body description", "maxLength: 5", B, "UpdateImageBody.description: limit changed"),
    ("update_image body labels", "additionalProperties: {type: number}", B, "Labels{}: type changed"),
    ("update_image", "requestBody: {required: true}", B, "update_image.body: media type gone"),
    ("change_image_protection", "!requestBody", B, "change_image_protection.body: body gone"),
    ("delete_image", "requestBody: {required: true, content: {}}", B, "delete_image.body: body added"),
    ("delete_image", "requestBody: {content: {}}", N, "delete_image.body: body added"),
    ("list_images 200 images [] properties", "new_field: {type: string}", N, "Image.new_field: property added"),
    ("get_image 200 image protection properties", "new_field: {}", N, "ImageProtection.new_field: property added"),
    ("create_server_image 201 image properties", "!rapid_deploy", B, "Image.rapid_deploy: property gone"),
    ("list_images 200 meta pagination properties", "!next_page", B, "Meta.pagination.next_page: property gone"),
    ("get_action 200 properties", "!action", B, "ActionEnvelope.action: property gone"),
    ("get_image 200", "required: []", B, "ImageEnvelope.image: property optional"),
    ("get_server 200 server", "required: [name]", B, "Server.id: property optional"),
    ("get_action 200 action progress", "type: string", B, "Action.progress: type changed"),
    ("get_action 200 action progress", "type: number", B, "Action.progress: type changed"),
    ("get_action 200 action progress", "maximum: 1000", H, "Action.progress: limit changed"),
    ("get_image_action 200 action resources", "items: {type: string}", B, "ActionResource: type changed"),
    ("update_image 200 image disk_size", "type: integer", H, "Image.disk_size: type changed"),
    ("get_image 200 image created", "format: date", B, "Image.created: format changed"),
    ("get_image 200 image labels", "nullable: true", B, "Labels: null possible"),
    ("update_image 200 image bound_to", "!nullable", H, "Image.bound_to: null impossible"),
    ("create_server_image 201 image os_flavor", "+new-flavor", N, "Image.os_flavor: value added"),
    ("list_images_actions 200 actions [] status", "-error", H, "Action.status: value gone"),
    ("get_action 200 action command", "enum: [create_image]", H, "Action.command: values listed"),
    ("get_image 200 image type", "!enum", N, "Image.type: values open"),
    ("get_image 200 image deprecated", "deprecated: true", N, "Image.deprecated: property deprecated"),
    ("delete_image 4xx error code", "+new_code", N, "Error.code: value added"),
    ("delete_image 5xx error properties", "!message", B, "Error.message: property gone"),
    ("get_server responses", "!5xx", H, "get_server 5XX: status gone"),
    ("get_server responses", "'202': {}", B, "get_server 202: status added"),
    ("delete_image responses", "!204", B, "delete_image 204: status gone"),
]

#: What one row can't say, and what is told of it.
Told = tuple[str, Verdict, str]
Change = Callable[[dict[str, Any]], object]


def _move(document: dict[str, Any], old: str, new: str) -> None:
    document["paths"][new] = document["paths"].pop(old)


def _other_method(document: dict[str, Any]) -> None:
    item = document["paths"]["/images/{id}"]
    item["patch"] = item.pop("put")


def _create(document: dict[str, Any], path: str, name: str) -> None:
    document["paths"].setdefault(path, {})["post"] = {"operationId": name, "security": [], "responses": {}}


def _add(document: dict[str, Any], to: str, name: str, **fields: Any) -> None:
    operation(document, to)["parameters"].append({"in": "query", "name": name, "schema": {"type": "string"}, **fields})


def _required_property(document: dict[str, Any]) -> None:
    schema = official.body(document, "create_server_image")
    schema["properties"]["new_field"] = {"type": "string"}
    schema["required"] = ["new_field"]


def _each_image(document: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> None:
    for of in IMAGE_OPERATIONS:
        change(official.image(document, of))


def _media(document: dict[str, Any], of: str, status: str, name: str, *, only: bool) -> None:
    content = operation(document, of)["responses"][status]["content"]
    if only:
        content.clear()
    content[name] = {}


def _other_scheme(document: dict[str, Any]) -> None:
    document["components"]["securitySchemes"]["Key"] = {"type": "apiKey", "in": "header", "name": "X-Key"}
    operation(document, "update_image")["security"] = [{"Key": []}]


def _other_success(document: dict[str, Any]) -> None:
    responses = operation(document, "change_image_protection")["responses"]
    responses["202"] = responses.pop("201")


def _another_error(document: dict[str, Any]) -> None:
    responses = operation(document, "get_server")["responses"]
    responses["404"] = copy.deepcopy(responses["4xx"])


def _optional_body(document: dict[str, Any]) -> None:
    operation(document, "update_image")["requestBody"]["required"] = False


def _codes(document: dict[str, Any]) -> None:
    schemas = official.ours()["components"]["schemas"]
    known = schemas["Error"]["properties"]["code"]["x-known-values"]
    rows = [f"| `400` | `{code}` | Words. |" for code in [*known[1:], "new_code"]]
    document["info"]["description"] = "\n".join(["| Status | Code | Description |", "| --- | --- | --- |", *rows])


def _everywhere(verdict: Verdict, what: str) -> list[Told]:
    return [(of, verdict, what) for of in IMAGE_OPERATIONS]


_PROTECT = "/images/{id}/actions/change_protection"
OTHERS: dict[str, tuple[Change, list[Told]]] = {
    "method gone": (
        lambda d: d["paths"]["/images/{id}"].pop("delete"),
        [("delete_image", B, "delete_image: operation gone")],
    ),
    "path gone": (lambda d: d["paths"].pop("/servers/{id}"), [("get_server", B, "get_server: operation gone")]),
    "moved": (
        lambda d: _move(d, _PROTECT, "/images/{id}/protection"),
        [("change_image_protection", B, "change_image_protection: operation moved")],
    ),
    "other method": (_other_method, [("update_image", B, "update_image: operation moved")]),
    "upload": (lambda d: _create(d, "/images", "upload"), [("upload", N, "upload: operation added")]),
    "create_image of others": (
        lambda d: _create(d, "/volumes/{id}/actions/create_image", "of_volume"),
        [("of_volume", N, "of_volume: operation added")],
    ),
    "parameter": (
        lambda d: _add(d, "list_images", "new_filter"),
        [("list_images", N, "list_images(new_filter): parameter added")],
    ),
    "required parameter": (
        lambda d: _add(d, "get_server", "new_field", required=True),
        [("get_server", B, "get_server(new_field): parameter added")],
    ),
    "required header": (
        lambda d: _add(d, "delete_image", "X-Why", required=True, **{"in": "header"}),
        [("delete_image", B, "delete_image(X-Why): parameter added")],
    ),
    "parameter gone": (
        lambda d: operation(d, "list_images")["parameters"].remove(parameter(d, "list_images", "bound_to")),
        [("list_images", B, "list_images(bound_to): parameter gone")],
    ),
    "parameter renamed": (
        lambda d: parameter(d, "list_images", "name").update(name="title"),
        [
            ("list_images", B, "list_images(name): parameter gone"),
            ("list_images", N, "list_images(title): parameter added"),
        ],
    ),
    "required property": (
        _required_property,
        [("create_server_image", B, "CreateImageBody.new_field: property added")],
    ),
    "optional body": (_optional_body, [("update_image", H, "update_image.body: body optional")]),
    "deprecated goes": (
        lambda d: _each_image(d, lambda one: one["properties"].pop("deprecated")),
        _everywhere(B, "Image.deprecated: property gone"),
    ),
    "flavor comes": (
        lambda d: _each_image(d, lambda one: one["properties"]["os_flavor"]["enum"].append("new-flavor")),
        _everywhere(N, "Image.os_flavor: value added"),
    ),
    "other success": (
        _other_success,
        [
            ("change_image_protection", B, "change_image_protection 201: status gone"),
            ("change_image_protection", B, "change_image_protection 202: status added"),
        ],
    ),
    "another error": (_another_error, [("get_server", H, "get_server 404: status added")]),
    "media type": (
        lambda d: _media(d, "get_image", "200", "text/csv", only=False),
        [("get_image", H, "get_image 200: media type added")],
    ),
    "other media type": (
        lambda d: _media(d, "get_action", "200", "text/csv", only=True),
        [
            ("get_action", B, "get_action 200: media type gone"),
            ("get_action", H, "get_action 200: media type added"),
        ],
    ),
    "other scheme": (_other_scheme, [("update_image", B, "update_image: security changed")]),
    "table of errors": (
        _codes,
        [
            ("*", N, "Error.code: value added"),
            ("*", H, "Error.code: value gone"),
        ],
    ),
}


def mutate(document: dict[str, Any], where: str, edit: str) -> None:
    of, *steps = where.split()
    at = operation(document, of)
    for step in steps:
        if step.startswith("?"):
            at = parameter(document, of, step[1:])
        elif step == "body":
            at = official.body(document, of)
        elif re.fullmatch("[2-5](..)", step):
            at = official.response(document, of, step)
        elif step == ".":
            at = at["schema"]
        elif step == "[]":
            at = at["items"] if "items" in at else at["schema"]["items"]
        else:
            at = at[step] if step in {"properties", "responses"} else at["properties"][step]
    if edit.startswith("!"):
        del at[edit[1:]]
    elif edit.startswith("+"):
        at["enum"].append(edit[1:])
    elif edit.startswith("-"):
        at["enum"].remove(edit[1:])
    else:
        at.update(yaml.safe_load(edit))


def drift_of(document: dict[str, Any], mine: dict[str, Any] | None = None) -> list[Told]:
    found = compare(mine or official.ours(), document)
    return sorted((one.operation_id, one.verdict, f"{one.name}: {one.change}") for one in found)


@pytest.mark.parametrize(("where", "edit", "verdict", "what"), TABLE)
def test_found(where: str, edit: str, verdict: Verdict, what: str) -> None:
    document = official.official()
    mutate(document, where, edit)
    assert drift_of(document) == [(where.split(maxsplit=1)[0], verdict, what)]


def test_no_change_hides_another() -> None:
    """Of each two changes of an operation both are told, unless the second takes the place of the first."""
    pairs = 0
    for of, rows in groupby(sorted(TABLE), key=lambda row: row[0].split()[0]):
        ours, theirs = (
            {**document, "paths": {path: item for path, item in document["paths"].items() if of in str(item)}}
            for document in (official.ours(), official.official())
        )
        for one, two in combinations(rows, 2):
            both, second = copy.deepcopy(theirs), copy.deepcopy(theirs)
            mutate(second, *two[:2])
            with suppress(LookupError, ValueError):  # there is nothing left to change
                mutate(both, *one[:2])
                mutate(both, *two[:2])
                if both != second:
                    pairs += 1
                    expected = {(of, verdict, what) for *_, verdict, what in (one, two)}
                    assert expected == {found for found in drift_of(both, ours) if found[0] == of}, (one, two)
    assert pairs > 200


@pytest.mark.parametrize(("change", "expected"), OTHERS.values(), ids=OTHERS)
def test_others_found(change: Change, expected: list[Told]) -> None:
    document = official.official()
    change(document)
    assert drift_of(document) == sorted(expected)


def test_what_only_a_change_of_ours_shows() -> None:
    mine = copy.deepcopy(official.ours())
    mine["paths"]["/images/{id}"]["put"]["requestBody"]["required"] = False
    mine["components"]["schemas"]["CreateImageBody"]["required"] = ["type"]
    mine["components"]["schemas"]["UpdateImageBody"]["properties"]["type"]["deprecated"] = True
    mine["paths"]["/images"]["get"]["parameters"][0]["deprecated"] = True
    mine["paths"]["/images/{id}/actions/change_protection"]["post"]["requestBody"]["content"]["text/plain"] = {}
    assert drift_of(official.official(), mine) == [
        ("change_image_protection", B, "change_image_protection.body: media type gone"),
        ("create_server_image", N, "CreateImageBody.type: property not required"),
        ("list_images", H, "list_images(sort): parameter not deprecated"),
        ("update_image", H, "UpdateImageBody.type: property not deprecated"),
        ("update_image", H, "update_image.body: body required"),
    ]


def test_every_kind_of_change_has_a_row() -> None:
    rows = {what.rpartition(": ")[2] for *_, what in TABLE}
    rows |= {what.rpartition(": ")[2] for _, expected in OTHERS.values() for *_, what in expected}
    rows |= {"parameter not deprecated", "property not deprecated"}
    # We require neither a parameter of a query nor a property of a body.
    never = {"body required", "parameter optional", "property not required", "deviation explains nothing"}
    assert ADVICE.keys() - rows == never
