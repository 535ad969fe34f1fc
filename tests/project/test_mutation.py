"""What is changed to see whether the contract tests notice."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import mutate
import pytest
from mutation import cassettes, facade

RESPONSE = {
    "status": {"code": 200},
    "headers": {},
    "body": {"string": b'{"image":{"id":1,"name":null,"labels":{"a":"b"}}}'},
}


def test_changes_of_an_answer() -> None:
    made = {(kind, where): response for kind, where, response in cassettes.mutants(RESPONSE)}
    assert made.pop(("status", "200 → 500"))["status"]["code"] == 500
    bodies = {key: json.loads(response["body"]["string"]) for key, response in made.items()}
    assert bodies["drop", "/image/id"] == {"image": {"name": None, "labels": {"a": "b"}}}
    assert bodies["rename", "/image/id"]["image"]["id_"] == 1
    assert bodies["retype", "/image/labels/a"]["image"]["labels"] == {"a": 7}
    assert bodies["null", "/image/labels"]["image"]["labels"] is None
    assert ("equivalent", "/image/name") in bodies
    assert ("null", "/image/name") not in bodies
    assert all(body != json.loads(RESPONSE["body"]["string"]) for body in bodies.values())  # type: ignore[arg-type]


def test_changes_of_the_facade(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("@define\nclass A:\n    a: int\n    b: int\n\ndef f(x, y):\n    return g(x, z=given(y))\n")
    found = {text: ast.unparse(tree) for _, text, tree in facade.changed_trees(file)}
    assert "a: int" not in found["field A.a dropped"]
    assert "g(z=given(y))" in found["g: x not passed"]
    assert "g(given(y), z=given(y))" in found["g: x passed as given(y)"]
    assert "g(x, z=x)" in found["g: z=given(y) passed as x"]
    assert len(set(found.values())) == len(found) >= 6


def test_report_names_survivors_and_asks_for_enough(capsys: pytest.CaptureFixture[str]) -> None:
    results = [("drop", True, "x")] * 18 + [("drop", False, "a.yaml, interaction 1, /id"), ("equivalent", False, "y")]
    assert not mutate.report("cassettes", results)
    assert not mutate.report("facade", results)
    assert mutate.report("facade", [("drop", True, "x"), *results])
    out = capsys.readouterr().out
    assert "survived: drop: a.yaml, interaction 1, /id" in out
    assert "19 made, 94.7% noticed, 95% needed; 1 more make no difference" in out
