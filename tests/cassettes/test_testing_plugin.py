"""The example of docs/testing.md, recorded against the sandbox and replayed without it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from hcloud_images_sandbox import Sandbox

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"
#: The files that the page shows, by name.
SHOWN = {text.split()[1]: text for text in re.findall(r"```python\n(# \w+\.py\n.*?)```", PAGE.read_text(), re.DOTALL)}
ASYNC = """
import anyio
def test_async(recorded_async_client):
    async def main():
        async with recorded_async_client as client:
            return [image.type for image in await client.images.get_all(type="backup")]
    assert set(anyio.run(main)) == {"backup"}
"""


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *arguments],
        cwd=folder,
        env={"PATH": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_example(tmp_path: Path, sandbox: Sandbox) -> None:
    conftest, test = SHOWN["conftest.py"], SHOWN["test_pipeline.py"]
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_pipeline.py").write_text(test + ASYNC)
    before = run(tmp_path)
    assert "there is no such cassette, or it is empty; record it with --record-mode=once" in before.stdout
    missing = run(tmp_path, "--record-mode=once")
    assert "recording needs HCLOUD_TOKEN" in missing.stdout
    recorded = run(tmp_path, "--record-mode=once", HCLOUD_TOKEN=sandbox.token, HCLOUD_ENDPOINT=sandbox.url)
    assert recorded.returncode == 0, recorded.stdout
    asked = sandbox.control.count
    assert asked == 3
    replayed = run(tmp_path)
    assert replayed.returncode == 0, replayed.stdout
    assert sandbox.control.count == asked
    text = (tmp_path / "cassettes" / "test_pipeline" / "oldest_snapshot.yaml").read_text()
    for private in (sandbox.token, "2001", "web before upgrade", "web-1", sandbox.origin):
        assert private not in text


def test_changed_program_fails(tmp_path: Path, sandbox: Sandbox) -> None:
    conftest, test = SHOWN["conftest.py"], SHOWN["test_pipeline.py"]
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_pipeline.py").write_text(test)
    run(tmp_path, "--record-mode=once", HCLOUD_TOKEN=sandbox.token, HCLOUD_ENDPOINT=sandbox.url)
    (tmp_path / "test_pipeline.py").write_text(test.replace('sort="created"', 'sort="id"'))
    result = run(tmp_path)
    assert result.returncode == 1
    assert "query: requested 'sort=id&type=snapshot&page=1&per_page=50'" in result.stdout


def test_tests_of_the_same_name_in_two_classes(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "conftest.py").write_text(SHOWN["conftest.py"])
    method = (
        "    def test_it(self, recorded_client):\n        assert recorded_client.images.get_list(type={!r}).images\n"
    )
    classes = [f"class Test{kind}:\n{method.format(kind)}" for kind in ("backup", "system")]
    (tmp_path / "test_pipeline.py").write_text("\n".join(classes))
    recorded = run(tmp_path, "--record-mode=once", HCLOUD_TOKEN=sandbox.token, HCLOUD_ENDPOINT=sandbox.url)
    assert recorded.returncode == 0, recorded.stdout
    assert {path.name for path in (tmp_path / "cassettes" / "test_pipeline").iterdir()} == {
        "Testbackup.it.yaml",
        "Testsystem.it.yaml",
    }
    assert run(tmp_path).returncode == 0
