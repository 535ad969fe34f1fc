"""A kill at any moment leaves all of the old or, after the next run, all of the new."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import killing
import official
import pytest
from generation import replacement
from generation.description import RegenerationError
from generation.replacement import Workshop, contents

_PUT = """
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from generation.replacement import Workshop
root = Path.cwd()
workshop = Workshop(root / "generated", root)
with workshop.opened() as work:
    fresh = work / "package"
    fresh.mkdir()
    (fresh / "a.py").write_text("new")
    (fresh / "c.py").write_text("new")
    workshop.put(work, package=fresh, files={root / "spec.yaml": "new", root / "other.yaml": "new"})
"""
OLD = {"spec.yaml": "old", "generated/package/a.py": "old", "generated/package/b.py": "old"}
NEW = {"spec.yaml": "new", "other.yaml": "new", "generated/package/a.py": "new", "generated/package/c.py": "new"}


def made(root: Path) -> Path:
    for name, text in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def state(root: Path) -> dict[str, str]:
    return {name: content.decode() for name, content in contents(root).items()}


def put(root: Path, kill_at: int = 0) -> int | None:
    return killing.run(_PUT, kill_at, str(official.ROOT / "scripts"), cwd=root)


def recovered(root: Path, generated: str = "generated") -> None:
    with Workshop(root / generated, root).opened():
        pass


def test_each_moment(tmp_path: Path) -> None:
    moments = put(made(tmp_path / "all"))
    assert moments is not None
    assert moments >= 15
    assert state(tmp_path / "all") == NEW

    def killed(moment: int) -> tuple[dict[str, str], dict[str, str]]:
        root = made(tmp_path / str(moment))
        assert put(root, moment) is None
        package = {name: text for name, text in state(root).items() if name.startswith("generated/package/")}
        recovered(root)
        return package, state(root)

    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(killed, range(1, moments + 1)))
    packages = [{name: text for name, text in one.items() if name.startswith("generated/")} for one in (OLD, NEW)]
    # The package is always there as a whole, and what the next run finds is the one or the other.
    assert all(package in packages for package, _ in states)
    assert [after for _, after in states] == sorted((after for _, after in states), key=lambda one: one == NEW)
    assert all(after in (OLD, NEW) for _, after in states)
    assert states[0][1] == OLD
    assert states[-1][1] == NEW


@pytest.mark.parametrize("system", ["exchange", "no exchange"])
def test_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    if system == "no exchange":
        monkeypatch.setattr(replacement.ctypes, "CDLL", lambda name: object())
    root = made(tmp_path)
    for _ in range(2):
        workshop = Workshop(root / "generated", root)
        with workshop.opened() as work:
            shutil.copytree(root / "generated" / "package", work / "package")
            (work / "package" / "d.py").write_text("new")
            workshop.put(work, package=work / "package", files={root / "spec.yaml": "newer"})
    assert state(root) == OLD | {"generated/package/d.py": "new", "spec.yaml": "newer"}


def test_what_was_changed_since_has_the_last_word(tmp_path: Path) -> None:
    moments = put(made(tmp_path / "all"))
    assert moments is not None
    for moment in range(moments, 0, -1):
        root = made(tmp_path / str(moment))
        put(root, moment)
        if (root / "generated" / ".ready" / "plan.json").exists() and state(root)["spec.yaml"] == "old":
            break
    (root / "spec.yaml").write_text("by hand")
    recovered(root)
    assert state(root) == OLD | {"spec.yaml": "by hand"}


def test_two_at_once(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, tmp_path)
    with workshop.opened(), pytest.raises(RegenerationError, match="another run"), workshop.opened():
        pass


def tree(target: Path) -> Path:
    for name in ("scripts", "spec", "generated", "facade"):
        shutil.copytree(official.ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(official.ROOT / name, target)
    return target


def script(root: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


_SCRIPT = """
import runpy
from pathlib import Path
sys.path.insert(0, str(Path(sys.argv[1]).parent))
sys.argv.pop(0)
import regenerate
regenerate.facade_fits = lambda: True  # slow, and after everything that matters
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
"""


def _adopting(root: Path) -> tuple[str, ...]:
    document = official.official()
    for of in official.IMAGE_OPERATIONS:
        official.image(document, of)["properties"]["new_field"] = {"type": "string"}
    (root / "official.json").write_text(json.dumps(document))
    return (str(root / "scripts" / "adopt.py"), str(root / "official.json"))


def _regenerating(root: Path) -> tuple[str, ...]:
    path = root / "spec" / "images.yaml"
    text = path.read_text()
    path.write_text(
        text.replace("        os_version:\n", "        new_field: {type: string}\n        os_version:\n", 1)
    )
    assert path.read_text() != text
    return (str(root / "scripts" / "regenerate.py"),)


@pytest.mark.parametrize(("prepare", "times"), [(_adopting, 10), (_regenerating, 4)])
def test_the_scripts(tmp_path: Path, prepare: Callable[[Path], tuple[str, ...]], times: int) -> None:
    whole = tree(tmp_path / "all")
    command = prepare(whole)
    moments = killing.run(_SCRIPT, 0, *command, cwd=whole)
    assert moments is not None
    assert script(whole, "regenerate.py", "--check").returncode == 0
    new = _made_of(whole)

    def killed(moment: int) -> tuple[bool, bool]:
        root = tree(tmp_path / str(moment))
        command = prepare(root)
        old = _made_of(root)
        assert killing.run(_SCRIPT, moment, *command, cwd=root) is None
        recovered(root)
        assert not list((root / "generated").glob(".*"))
        return _made_of(root) == old, _made_of(root) == new

    # The last ones are where things are put in place; before that nothing but the work folder changes.
    early, late = range(1, moments - 20, max(1, (moments - 20) // (times // 2))), range(moments - 19, moments + 1)
    some = [*list(early)[: times // 2], *late[:: max(1, 20 // (times - times // 2))]]
    assert len(some) >= times
    with ThreadPoolExecutor(2) as pool:
        states = list(pool.map(killed, some))
    assert all(old or new for old, new in states)
    assert states[0] == (True, False)
    assert states[-1] == (False, True)
    assert script(tmp_path / str(some[len(some) // 2]), "regenerate.py", "--check").returncode == (
        0 if prepare is _adopting or states[len(some) // 2][1] else 1
    )


def _made_of(root: Path) -> dict[str, bytes]:
    return contents(root / "generated") | {"": b"".join(contents(root / "spec")[name] for name in _SPEC)}


_SPEC = ("images.yaml", "deviations.yaml")
