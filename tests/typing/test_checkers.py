"""mypy and pyright, both strict, read programs that use the library: each wrong use is found, and nothing else.

The lines of ``wrong_*.py`` that end in ``# error`` are the wrong ones; ``right_*.py`` has none.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PROGRAMS = sorted(path.name for path in HERE.glob("*.py") if not path.name.startswith("test_"))
CACHE = HERE.parents[1] / ".mypy_cache" / "programs"

Place = tuple[str, int]


def run(*command: str) -> str:
    # pyright's look at a whole package takes the first Python on the PATH.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=HERE,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in {0, 1}, ended.stdout + ended.stderr
    return ended.stdout


def mypy() -> dict[Place, str]:
    # No configuration: that of the repository is the library's own, and no program's.
    out = run("mypy", "--strict", "--config-file=", f"--cache-dir={CACHE}", "--output=json", *PROGRAMS)
    errors = [json.loads(line) for line in out.splitlines()]
    return {(one["file"], one["line"]): one["message"] for one in errors if one["severity"] == "error"}


def pyright() -> dict[Place, str]:
    report = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, *PROGRAMS))
    return {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1): one["message"]
        for one in report["generalDiagnostics"]
        if one["severity"] != "information"
    }


def wrong() -> set[Place]:
    lines = [(name, enumerate((HERE / name).read_text().splitlines(), 1)) for name in PROGRAMS]
    return {(name, number) for name, numbered in lines for number, line in numbered if "  # error" in line}


@pytest.mark.parametrize("check", [mypy, pyright])
def test_wrong_uses_are_found_and_nothing_else(check: Callable[[], dict[Place, str]]) -> None:
    found, expected = check(), wrong()
    assert {place: text for place, text in found.items() if place not in expected} == {}
    assert expected - found.keys() == set()
    assert len(expected) > 100


@pytest.mark.parametrize("package", ["hcloud_images", "hcloud_images_api"])
def test_every_public_type_is_known(package: str) -> None:
    report: dict[str, Any] = json.loads(run("pyright", "--outputjson", "--verifytypes", package, "--ignoreexternal"))
    found = report["typeCompleteness"]
    unknown = [one for one in found["symbols"] if not one["isTypeKnown"] or one["isTypeAmbiguous"]]
    assert {one["name"]: [why["message"] for why in one["diagnostics"]] for one in unknown} == {}
    assert found["completenessScore"] == 1
    assert found["exportedSymbolCounts"]["withKnownType"] > 100
