"""What drift says and how it ends: sources, deviations, formats, and who is touched."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import drift
import official
import pytest
import yaml
from comparison import reading
from comparison.users import Users
from hcloud_images import Client
from hcloud_images.images import Image
from hcloud_images_sandbox import Sandbox

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["drift.py", *arguments])
        code = drift.main()
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def deviations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deviations.yaml"
    monkeypatch.setattr(drift, "DEVIATIONS", path)
    return path


def saved(tmp_path: Path, document: Any, name: str = "official.json") -> str:
    path = tmp_path / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def changed() -> dict[str, Any]:
    document = official.official()
    for of in official.IMAGE_OPERATIONS:
        del official.image(document, of)["properties"]["deprecated"]
        official.image(document, of)["properties"]["os_flavor"]["enum"].append("<b>new-flavor</b>|@all")
    return document


def test_nothing_new(run: Run, tmp_path: Path, deviations: Path) -> None:
    assert run(saved(tmp_path, official.official())) == (0, "nothing new\n", "")


def test_json_has_everything(run: Run, tmp_path: Path, deviations: Path) -> None:
    code, out, _ = run(saved(tmp_path, changed()), "--format", "json")
    report = json.loads(out)
    assert code == 1
    assert len(report["findings"]) == 12
    assert report["findings"][0] == {
        "operation": "GET /images",
        "operation_id": "list_images",
        "place": "response 200: images[].deprecated",
        "name": "Image.deprecated",
        "change": "property gone",
        "old": "string or null",
        "new": "",
        "verdict": "breaks users",
        "methods": [
            "ImagesClient.get_all",
            "ImagesClient.get_by_name",
            "ImagesClient.get_by_name_and_architecture",
            "ImagesClient.get_list",
            "ImagesClient.iter_all",
        ],
        "fields": ["Image.deprecated"],
        "advice": report["findings"][0]["advice"],
    }


def test_text_and_markdown(run: Run, tmp_path: Path, deviations: Path) -> None:
    source = saved(tmp_path, changed())
    code, out, _ = run(source)
    assert code == 1
    assert "breaks users" in out
    assert "12 findings: 6 breaks users, 6 new for users" in out
    code, out, _ = run(source, "--format", "markdown")
    assert code == 1
    assert "## Breaks users" in out
    assert "&lt;b&gt;new-flavor&lt;/b&gt;\\|@\u200ball" in out, "text from outside stays text"


def test_what_is_known_and_what_is_of_no_use(run: Run, tmp_path: Path, deviations: Path) -> None:
    source = saved(tmp_path, changed())
    known = {"change": "property gone", "name": "Image.deprecated", "reason": "Announced.", "date": "2026-09-08"}
    flavor = {"change": "value added", "name": "Image.*", "reason": "Why not.", "date": "2026-09-08"}
    deviations.write_text(json.dumps([known, flavor]).replace('"2026-09-08"', "2026-09-08"))
    assert run(source) == (0, "nothing new; 12 known and wanted (spec/deviations.yaml)\n", "")
    # The known difference goes on changing, so it isn't the known one any more.
    deviations.write_text(yaml.safe_dump([{**known, "date": _date(), "old": "integer"}, {**flavor, "date": _date()}]))
    code, out, _ = run(source, "--format", "json")
    assert code == 1
    changes = [one["change"] for one in json.loads(out)["findings"]]
    assert changes == ["property gone"] * 6 + ["deviation explains nothing"]


def test_what_is_back_is_told_with_all_of_its_names(run: Run, tmp_path: Path, deviations: Path) -> None:
    gone = {"change": "property gone", "reason": "Once.", "date": _date()}
    value = {**gone, "change": "value gone", "name": "Image.type", "old": "temporary"}
    deviations.write_text(yaml.safe_dump([{**gone, "name": "ActionsPage.meta"}, value]))
    code, out, _ = run(saved(tmp_path, official.official()))
    assert code == 1
    assert out.count("deviation explains nothing") == 2
    assert {"temporary", "(pagination:", "total_entries:"} <= set(out.split())


def _date() -> Any:
    return yaml.safe_load("2026-09-08")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "isn't a list"),
        ("- change: property gone", "entry 1: needs"),
        ("- {change: other, name: x, reason: y, date: 2026-01-01}", "no change called 'other'"),
        ("- {change: property gone, name: x, reason: '', date: 2026-01-01}", "a reason in words"),
        ("- {change: property gone, name: x, reason: y, date: today}", "and a date"),
        ("- {change: property gone, name: x, reason: y, date: 2026-01-01, more: 1}", "and no more"),
        ("[", "can't read deviations.yaml"),
    ],
)
def test_broken_deviations(run: Run, tmp_path: Path, deviations: Path, text: str, why: str) -> None:
    deviations.write_text(text)
    code, _, said = run(saved(tmp_path, official.official()))
    assert code == 2
    assert why in said


def test_our_deviations_are_well_formed() -> None:
    assert reading.read(str(drift.DESCRIPTION))
    assert drift.load_deviations(drift.DEVIATIONS)


_MANY = json.dumps(
    {
        "openapi": "3.0.3",
        "components": {
            "schemas": {
                f"s{number}": {"allOf": [{"$ref": f"#/components/schemas/s{number + 1}"}] * 9} for number in range(20)
            }
            | {"s20": {}}
        },
        "paths": {
            "/images": {
                "get": {
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/s0"}}}}
                    }
                }
            }
        },
    }
)
_BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not an OpenAPI document"),
        ("- 1", "not an OpenAPI document"),
        ("swagger: '2.0'\npaths: {/images: {}}", "not an OpenAPI document of version 3.0 or 3.1"),
        ("openapi: 3.0.3\npaths: {}", "without paths"),
        ("{", "neither YAML nor JSON"),
        ("[" * 200_000, "nested too deeply"),
        ("- " * 200_000, "nested too deeply"),
        ('{"a":' * 200_000, "nested too deeply"),
        ("openapi: 3.0.3\n" + _BOMB, "without paths"),
        ("a: " + "9" * 10_000, "neither YAML nor JSON"),
        ("openapi: 3.0.3\npaths: {/images: !!bool maybe}", "neither YAML nor JSON"),
        ("openapi: 3.0.3\npaths: {/images: {$ref: '#/paths/~1images'}}", "refers back"),
        ("openapi: 3.0.3\npaths: {/images: {$ref: 'other.yaml'}}", "outside the document"),
        ("openapi: 3.0.3\npaths: {/images: {$ref: '#/nowhere'}}", "isn't there"),
        ("openapi: 3.0.3\npaths: {/images: {get: {parameters: 5}}}", "/paths//images/get/parameters isn't a list"),
        ("openapi: 3.0.3\npaths: {/images: {get: {responses: [1]}}}", "responses isn't a mapping"),
        (_MANY, "too entangled"),
        ("x: [" + "1," * 600_000 + "]", "too large"),
        ("x" * (reading.MAX_BYTES + 1), "too large"),
    ],
    ids=lambda value: value[:20],
)
def test_hostile_documents(run: Run, tmp_path: Path, deviations: Path, text: str, why: str) -> None:
    code, _, said = run(saved(tmp_path, text))
    assert (code, said.startswith("could not compare: ")) == (2, True)
    assert why in said


def test_circles_do_no_harm(run: Run, tmp_path: Path, deviations: Path) -> None:
    document = official.official()
    schemas = document["components"]["schemas"] = {"Picture": official.image(document)}
    schemas["Picture"]["properties"]["new_parent"] = {"allOf": [{"$ref": "#/components/schemas/Picture"}]}
    schemas["Picture"]["allOf"] = [{"$ref": "#/components/schemas/Picture"}]
    official.response(document, "get_image")["properties"]["image"] = {"$ref": "#/components/schemas/Picture"}
    code, out, _ = run(saved(tmp_path, document), "--format", "json")
    assert [one["name"] for one in json.loads(out)["findings"]] == ["Image.new_parent"]
    assert code == 1


def test_files_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    assert run(str(tmp_path / "binary"))[0] == 2
    assert run(str(tmp_path / "missing"))[0] == 2
    assert run(str(tmp_path))[0] == 2
    assert run("")[0] == 2


def test_words_stay_words(tmp_path: Path) -> None:
    document = official.official()
    dumped = json.dumps(document).replace('"off"', "off").replace('"2025-08-12T06:00:00Z"', "2025-08-12")
    read = reading.read(saved(tmp_path, "# YAML\n" + dumped))
    status = official.response(read, "get_server")["properties"]["server"]["properties"]["status"]
    assert "off" in status["enum"]


@contextmanager
def serving(status: int, content: bytes, **headers: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/cloud.spec.json"
        finally:
            server.shutdown()
            thread.join()


def test_addresses(run: Run, deviations: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.dumps(official.official()).encode()
    with serving(200, content) as address:
        assert run(address)[0] == 0
        monkeypatch.setattr(reading, "MAX_BYTES", len(content) - 1)
        assert "too large" in run(address)[2]
    with serving(404, b"") as address:
        assert "status 404" in run(address)[2]
    with serving(302, b"", Location="http://images.example/") as address:
        assert "only https" in run(address)[2]
    assert "can't fetch" in run(address)[2], "nobody listens there any more"
    for refused in ("http://images.example/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "https://[/"):
        assert run(refused)[0] == 2


def test_who_is_touched() -> None:
    methods = Users().methods
    assert methods["update_image"] == ("BoundImage.update", "ImagesClient.update")
    assert "BoundAction.wait_until_finished" in methods["get_action"]
    assert "BoundImage.get_actions" in methods["list_image_actions"]


def test_the_deprecation_of_deprecated(run: Run, tmp_path: Path, deviations: Path, sandbox: Sandbox) -> None:
    """The change of 2026-09: first the description loses the field, then the server."""
    document = copy.deepcopy(official.official())
    for of in official.IMAGE_OPERATIONS:
        schema = official.image(document, of)
        del schema["properties"]["deprecated"]
        schema["required"].remove("deprecated")
    code, out, _ = run(saved(tmp_path, document), "--format", "json")
    findings = json.loads(out)["findings"]
    assert code == 1
    assert {(one["verdict"], one["name"]) for one in findings} == {("breaks users", "Image.deprecated")}
    assert {name for one in findings for name in one["fields"]} == {"Image.deprecated"}
    with Client(sandbox.token, sandbox.url) as client:
        before = client.images.get_all(include_deprecated=True)
        sandbox.control.fault(remove=["image.deprecated", "images.*.deprecated"], times=None)
        after = client.images.get_all(include_deprecated=True)
        replaced = next(image for image in before if image.deprecated and image.deprecation)
        assert client.images.get_by_id(_id(replaced)).deprecated == replaced.deprecated
    assert [image.id for image in after] == [image.id for image in before]
    for old, new in zip(before, after, strict=True):
        # What only `deprecated` told is lost with it, and that is no error.
        assert new.deprecated == (old.deprecated if old.deprecation else None)
        assert "deprecated" not in new.extra


def _id(image: Image) -> int:
    assert image.id is not None
    return image.id


def test_exit_codes_with_and_without_make(run: Run, tmp_path: Path, deviations: Path) -> None:
    """One code of failure is all that make has, so `make drift` doesn't fail when it has found something."""
    same, other = saved(tmp_path, official.official(), "same.json"), saved(tmp_path, changed())
    assert [run(source)[0] for source in (same, other, "missing")] == [0, 1, 2]
    assert [run(source, "--exit-zero")[0] for source in (same, other, "missing")] == [0, 0, 2]
