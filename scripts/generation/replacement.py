"""Replaces the package in use by one that was made next to it: two renames, once the new one is complete.

A kill between them leaves no package, which `git status` tells, and the next run makes it again.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".new-"


@contextmanager
def temporary_sibling(target: Path) -> Iterator[Path]:
    """Give an empty folder in which to make what will replace a package; say so if an earlier run was killed."""
    target.parent.mkdir(exist_ok=True)
    for leftover in target.parent.glob(_PREFIX + "*"):
        shutil.rmtree(leftover, ignore_errors=True)
        print(f"an earlier run was killed; removed what it left in {target.parent.name}/{leftover.name}")
        status = ["git", "-C", str(target.parent.parent), "status", "--short"]
        changed = subprocess.run(status, capture_output=True, text=True, check=False).stdout
        print("git status, for what it may have changed:", *changed.splitlines() or ["nothing has changed"], sep="\n  ")
    # Under a new name each time: a generator whose parent was killed may still be writing to the last one.
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work)


def swap(fresh: Path, target: Path) -> None:
    """Put a package in the place of another."""
    if target.exists():
        target.rename(fresh.with_name("old"))
    fresh.rename(target)


def contents(folder: Path) -> dict[str, bytes]:
    """Read all files of a generated package."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
