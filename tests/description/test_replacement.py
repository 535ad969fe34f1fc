"""A killed run does no harm that the next one doesn't mend, and says so."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import official
import pytest
from generation.replacement import contents, swap, temporary_sibling

#: Runs a script that is killed before the n-th renaming of a file or folder, or within the generator.
_KILLED = """
import os, pathlib, runpy, signal, sys
moment, script, *arguments = sys.argv[1:]
sys.path.insert(0, os.path.dirname(script))
sys.argv = [script, *arguments]
import regenerate
def kill(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
def kill_later(event, arguments, seen=[]):
    if event == "os.rename" and "generated" in str(arguments[0]):
        seen.append(event)
        if len(seen) == int(moment):
            kill()
if moment == "generator":
    regenerate.require_complete = kill
else:
    sys.addaudithook(kill_later)
runpy.run_path(script, run_name="__main__")
"""


def made(folder: Path, text: str) -> Path:
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "image.py").write_text(text)
    return folder


def test_swap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "generated" / "package"
    for text in ("old", "new"):
        with temporary_sibling(target) as work:
            swap(made(work / "package", text), target)
        assert contents(target) == {"models/image.py": text.encode()}
    with pytest.raises(KeyError), temporary_sibling(target):
        raise KeyError
    assert [path.name for path in target.parent.iterdir()] == ["package"]
    assert capsys.readouterr().out == ""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("scripts", "spec", "generated", "facade"):
        shutil.copytree(official.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(official.ROOT / name, tmp_path)
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)  # noqa: S607
    document = official.official()
    for of in official.IMAGE_OPERATIONS:
        official.image(document, of)["properties"]["new_field"] = {"type": "string"}
    (tmp_path / "official.json").write_text(json.dumps(document))
    return tmp_path


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=tree, capture_output=True, text=True, check=False)


# Of adopt: the first renaming is of the description, the next ones are of the packages.
@pytest.mark.parametrize("moment", ["generator", "2", "3"])
def test_a_killed_run_is_made_good_by_the_next(tree: Path, moment: str) -> None:
    adopt = (str(tree / "scripts" / "adopt.py"), str(tree / "official.json"))
    assert run(tree, "-c", _KILLED, moment, *adopt).returncode == -signal.SIGKILL
    again = run(tree, str(tree / "scripts" / "regenerate.py"))
    assert again.returncode == 0, again.stderr
    assert "an earlier run was killed; removed what it left in generated/.new-" in again.stdout
    assert (" D generated/" in again.stdout) == (moment == "3"), "what git has is more than what is there"
    assert not list((tree / "generated").glob(".*"))
    for path in ("spec/images.yaml", "generated/hcloud_images_api/models/image.py"):
        assert ("new_field" in (tree / path).read_text()) == (moment != "generator"), path
