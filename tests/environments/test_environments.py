"""Programs in other environments: optimised, strict about warnings, in development mode, forked, zipped, on uvloop."""

from __future__ import annotations

import os
import subprocess
import sys
import zipapp
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from shutil import copy, copytree

import pytest
from hcloud_images_sandbox import Sandbox
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("program.py")


def run(sandbox: Sandbox, *command: object, environment: str = "plain") -> list[str]:
    """Run a program, which has to end well and warn of nothing; return what it said."""
    sandbox.control.freeze()
    sandbox.control.auto_advance(5)
    arguments = [sys.executable, *map(str, command), environment, sandbox.token, sandbox.url]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60, env=inherited)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.split()


@pytest.mark.parametrize("options", [["-O"], ["-OO"], ["-W", "error"], ["-X", "dev"], ["-X", "dev", "-W", "error"]])
def test_interpreter(options: list[str], sandbox: Sandbox) -> None:
    assert run(sandbox, *options, PROGRAM) == ["well"] * 2


@pytest.mark.parametrize("options", [[], ["-X", "dev", "-W", "error"]])
def test_uvloop(options: list[str], sandbox: Sandbox) -> None:
    pytest.importorskip("uvloop")
    assert run(sandbox, *options, PROGRAM, environment="uvloop") == ["well"] * 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_prefork(sandbox: Sandbox) -> None:
    assert run(sandbox, PROGRAM, environment="prefork") == ["well"] * 5


def test_zipapp(sandbox: Sandbox, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for package in ("facade/hcloud_images", "generated/hcloud_images_api"):
        copytree(ROOT / package, source / Path(package).name)
    for name in needed("hcloud-images"):
        for file in distribution(name).files or ():
            if ".." not in file.parts and file.suffix != ".pyc":
                (source / file).parent.mkdir(parents=True, exist_ok=True)
                copy(file.locate(), source / file)
    copy(PROGRAM, source / "__main__.py")
    zipapp.create_archive(source, tmp_path / "program.pyz")
    # Without site-packages.
    assert run(sandbox, "-I", "-S", tmp_path / "program.pyz") == ["well"] * 2


def needed(name: str) -> Iterator[str]:
    """Yield the names of what a distribution needs, without extras."""
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name
            yield from needed(requirement.name)
