"""The harness itself: a replay that isn't exactly what was recorded fails, and says what is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.conftest import CASSETTES

SOURCE = CASSETTES / "writing" / "protection.yaml"
TEST = """
from pathlib import Path
from hcloud_images import Client, RetryPolicy
from hcloud_images.images import Image
from hcloud_images.testing import cassette

def test_protection():
    with cassette(Path(__file__).parent / "protection.yaml"):
        client = Client("token", poll_interval=0, retry=RetryPolicy(attempts=1))
        image = client.images.get_by_id(2003)
        try:
            image.delete()
        except Exception:
            pass
        action = image.change_protection(delete=False)
        action.wait_until_finished()
        image.reload()
        client.images.change_protection(Image(id=2001), True)
        client.images.change_protection(image)
        image.change_protection()
        image.delete()
"""


def played(folder: Path, change: Callable[[list[Any]], None]) -> subprocess.CompletedProcess[str]:
    """Run a test on a changed cassette."""
    content = yaml.safe_load(SOURCE.read_text())
    change(content["interactions"])
    (folder / "protection.yaml").write_text(yaml.safe_dump(content))
    (folder / "test_it.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def scramble(interactions: list[Any]) -> None:
    interactions[1], interactions[2] = interactions[2], interactions[1]


def one_more_parameter(interactions: list[Any]) -> None:
    interactions[0]["request"]["uri"] += "?x=1"


def another_body(interactions: list[Any]) -> None:
    interactions[2]["request"]["body"] = '{"delete": true}'


def missing(interactions: list[Any]) -> None:
    interactions.pop()


def extra(interactions: list[Any]) -> None:
    interactions.append(interactions[0])


BROKEN: dict[Callable[[list[Any]], None], list[str]] = {
    scramble: [
        "nothing is recorded for DELETE https://api.hetzner.cloud/v1/images/2003 at this point",
        "interaction 2 is next: POST",
        "interaction 3 is this request, but comes later: the order differs",
    ],
    one_more_parameter: ["query: requested '', recorded 'x=1'"],
    another_body: ["body: requested {'delete': False}, recorded {'delete': True}"],
    missing: ["everything recorded has been played: the cassette lacks this request", "DELETE"],
    extra: ["interaction 10 was never requested: GET https://api.hetzner.cloud/v1/images/2003"],
}


def test_unchanged(tmp_path: Path) -> None:
    assert played(tmp_path, lambda _: None).returncode == 0


@pytest.mark.parametrize("change", BROKEN, ids=lambda change: change.__name__)
def test_changed(tmp_path: Path, change: Callable[[list[Any]], None]) -> None:
    result = played(tmp_path, change)
    assert result.returncode == 1
    for text in BROKEN[change]:
        assert text in result.stdout


def test_unused_cassette_fails_the_run(tmp_path: Path) -> None:
    root = CASSETTES.parents[1]
    (tmp_path / "contract").mkdir()
    for file in [*root.glob("*.py"), *(root / "contract").glob("*.py"), *(root / "contract").glob("*.yaml")]:
        if not file.name.startswith("test_") or file.name == "test_writing.py":
            shutil.copy(file, tmp_path / file.relative_to(root))
    shutil.copytree(CASSETTES / "writing", tmp_path / "contract" / "cassettes" / "writing")
    shutil.copy(SOURCE, tmp_path / "contract" / "cassettes" / "writing" / "forgotten.yaml")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "contract"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "no test plays writing/forgotten.yaml" in result.stdout
