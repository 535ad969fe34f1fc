"""The generator's bad days: a right result, or an error that names the place; never a silently smaller client."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import official
import pytest
import regenerate
import yaml
from generation.completeness import require_complete
from generation.description import RegenerationError, load
from generation.surface import changes

Change = Callable[[dict[str, Any]], object]


def schemas(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]


def image(document: dict[str, Any]) -> Any:
    return schemas(document)["Image"]["properties"]


def listing(document: dict[str, Any]) -> Any:
    return document["paths"]["/images"]["get"]


def updating(document: dict[str, Any]) -> Any:
    return document["paths"]["/images/{id}"]["put"]


def saved(folder: Path, change: Change) -> Path:
    document = yaml.safe_load((official.ROOT / "spec" / "images.yaml").read_text())
    # Nothing shared, so that a change in one place is a change in one place.
    document = json.loads(json.dumps(document))
    change(document)
    path = folder / "images.yaml"
    path.write_text(json.dumps(document))
    return path


def _titles(document: dict[str, Any]) -> None:
    image(document)["deprecation"]["title"] = image(document)["created_from"]["title"] = "Thing"


def _lower(document: dict[str, Any]) -> None:
    responses = listing(document)["responses"]
    responses["4xx"] = responses.pop("4XX")


def _xml(holder: Any) -> None:
    holder["content"] = {"application/xml": holder["content"]["application/json"]}


REFUSED: dict[str, tuple[Change, str]] = {
    "two equal titles": (_titles, "/components/schemas/Image/properties/created_from: a title"),
    "a title like another schema": (
        lambda d: image(d)["created_from"].update(title="Server"),
        "/components/schemas/Image/properties/created_from: a title",
    ),
    "a name of a method": (
        lambda d: image(d).update(to_dict={"type": "string"}),
        "/components/schemas/Image: the generated class has something of its own called to_dict",
    ),
    "a field that every value has": (
        lambda d: image(d).update(extra={"type": "string"}),
        "/components/schemas/Image: the generated class has something of its own called extra",
    ),
    "names that become one": (lambda d: image(d).update(type_={"type": "string"}), "/components/schemas/Image"),
    "a schema and a part of one": (
        lambda d: schemas(d).update(ImageCreatedFromType0={"type": "object", "properties": {"a": {"type": "string"}}}),
        "Unable to process schema /components/schemas/Image",
    ),
    "an operation named by a reserved word": (
        lambda d: updating(d).update(operationId="import"),
        "/paths//images/{id}/put: operationId 'import'",
    ),
    "two equal operations": (lambda d: updating(d).update(operationId="get_image"), "'get_image' for 'put'"),
    "no name of an operation": (lambda d: updating(d).pop("operationId"), "/paths//images/{id}/put: operationId ''"),
    "no tag": (lambda d: updating(d).pop("tags"), "/paths//images/{id}/put: a tag is missing"),
    "no such schema": (
        lambda d: image(d).update(x={"$ref": "#/components/schemas/No"}),
        "/components/schemas/Image/properties/x: there is no #/components/schemas/No",
    ),
    "no such parameter": (
        lambda d: listing(d)["parameters"].append({"$ref": "#/components/parameters/no"}),
        "/paths//images/get/parameters/",
    ),
    "content of a body": (
        lambda d: _xml(updating(d)["requestBody"]),
        "/paths//images/{id}/put/requestBody/content/application/xml",
    ),
    "content of an answer": (
        lambda d: _xml(listing(d)["responses"]["200"]),
        "/paths//images/get/responses/200/content/application/xml",
    ),
    "another content of an answer": (
        lambda d: listing(d)["responses"]["200"]["content"].update({"text/csv": {"schema": {"type": "string"}}}),
        "/paths//images/get/responses/200/content/text/csv",
    ),
    "content of a parameter": (
        lambda d: listing(d)["parameters"].append(
            {"name": "x", "in": "query", "content": {"application/json": {"schema": {"type": "string"}}}}
        ),
        "/paths//images/get/parameters",
    ),
    "an object in the query": (
        lambda d: listing(d)["parameters"].append(
            {"name": "x", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"q": {}}}}
        ),
        "/paths//images/get: query parameter x",
    ),
    "lower case": (_lower, "/paths//images/get/responses: "),
    "no such status": (lambda d: listing(d)["responses"].update({"600": {"description": "x"}}), "'600'"),
    "values that become one name": (
        lambda d: image(d)["os_flavor"].update(enum=["a-b", "a_b"]),
        "/components/schemas/Image/properties/os_flavor",
    ),
    "keys that are known beside keys that aren't": (
        lambda d: schemas(d)["Labels"].update(properties={"team": {"type": "string"}}),
        "/components/schemas/Labels/properties/one more",
    ),
    "what isn't": (lambda d: image(d).update(x={"not": {"type": "string"}}), "/components/schemas/Image/properties/x"),
    "an array of nothing": (lambda d: image(d).update(x={"type": "array"}), "Cannot parse response"),
    "no OpenAPI": (lambda d: d.clear(), "images.yaml"),
}


@pytest.mark.parametrize(("change", "place"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, change: Change, place: str) -> None:
    with pytest.raises(RegenerationError) as refused:
        regenerate.generate(saved(tmp_path, change), tmp_path / "new")
    assert place in " ".join(str(refused.value).split())


@pytest.mark.parametrize("text", ["[", "- 1", "a: b: c", "\0"])
def test_no_description(tmp_path: Path, text: str) -> None:
    path = tmp_path / "images.yaml"
    path.write_text(text)
    with pytest.raises(RegenerationError, match=r"images\.yaml"):
        load(path)


def test_right_results(tmp_path: Path) -> None:
    """All at once, as each takes the generator a second."""
    odd = {"class": "class_", "from": "from_", "import": "import_", "None": "none", "self": "self_"}
    odd |= {"2fast": "field_2fast", "a-b": "a_b"}

    def change(document: dict[str, Any]) -> None:
        for name in (*odd, "rest", "value", "pop", "data"):
            image(document)[name] = {"type": "string"}
            schemas(document)["UpdateImageBody"]["properties"][name] = {"type": "string"}
        image(document)["os_flavor"]["enum"] = [f"flavor-{number}" for number in range(3000)]
        image(document)["status"]["x-known-values"] = [f"status-{number}" for number in range(20_000)]
        image(document)["parts"] = {"type": "array", "items": {"type": "array", "items": copy.deepcopy(_PART)}}
        image(document)["whole"] = {"allOf": [{"$ref": "#/components/schemas/Location"}, copy.deepcopy(_PART)]}
        schemas(document)["NobodyUsesIt"] = {"type": "object", "properties": {"alone": {"type": "string"}}}
        listing(document)["parameters"] += [{"name": "name", "in": "header", "schema": {"type": "string"}}]

    # It also lets each class read an example, and compares what it gives back.
    regenerate.generate(saved(tmp_path, change), tmp_path / "new")
    found = changes({}, {p.name: p.read_bytes() for p in (tmp_path / "new" / "models").glob("*.py")})
    for name in odd.values():
        for kind in ("Image", "UpdateImageBody"):
            assert any(line.startswith(f"+ attribute {kind}.{name}: ") for line in found), name
    assert any(line.startswith("+ attribute NobodyUsesIt.alone: ") for line in found)


_PART = {"type": "object", "properties": {"deep": {"type": "string"}, "deeper": {"type": "integer"}}}


def _without(folder: Path, module: str, old: str, new: str) -> None:
    path = folder / module
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("module", "old", "new", "place"),
    [
        ("models/labels.py", "class Labels", "class Other", "Labels"),
        ("models/image.py", "    os_version: str | None = None\n", "", "/components/schemas/Image"),
        ("models/image.py", '"os_flavor"', '"os_flavour"', "/components/schemas/Image"),
        ("models/image.py", 'self.name = pop("name", None)', 'pop("name", None)', "/components/schemas/Image"),
        ("models/image_protection.py", "    delete:", "    remove:", "/components/schemas/ImageProtection"),
        ("api/images/list_images.py", '"bound_to"', '"bound"', "/paths//images/get: query parameter bound_to"),
        ("api/images/list_images.py", "    sort: list[str] | Unset = UNSET,\n", "", "/paths//images/get: "),
        ("api/images/delete_image.py", "204", "205", "/paths//images/{id}/delete/responses/204"),
        ("api/images/delete_image.py", "499", "498", "/paths//images/{id}/delete/responses/4XX"),
        ("api/images/get_image.py", "async def asyncio_detailed", "async def other", "/paths//images/{id}/get"),
        ("models/image.py", "import annotations", "import nothing", "can't be imported"),
    ],
)
def test_what_gets_lost_is_missed(tmp_path: Path, module: str, old: str, new: str, place: str) -> None:
    for path in regenerate.TARGET.rglob("*.py"):
        copied = tmp_path / path.relative_to(regenerate.TARGET)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_text(path.read_text())
    document = load(regenerate.DESCRIPTION)
    require_complete(document, tmp_path)
    _without(tmp_path, module, old, new)
    with pytest.raises(RegenerationError) as missed:
        require_complete(document, tmp_path)
    assert place in str(missed.value)


def test_the_surface() -> None:
    before = {"api/x/get.py": b"async def asyncio_detailed(id: int, *, client: C, a: str) -> R: ...", "m.py": b""}
    after = {
        "api/x/get.py": b"async def asyncio_detailed(id: int, *, client: C, a: str, b: int) -> R: ...",
        "m.py": b"class M:\n    x: int\n    def f(self): ...",
    }
    assert changes(before, after) == ["+ class M", "+ attribute M.x: int", "+ argument api.x.get(b: int)"]
    assert changes(after, before)[0] == "- class M"
    assert changes(after, after) == []
