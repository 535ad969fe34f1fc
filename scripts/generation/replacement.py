"""Puts what was made in the place of what was there, so that a kill at any moment does no harm.

Everything new is gathered in one folder, `.work-…`. Renaming that folder to `.ready` is the moment that decides: killed
before it, nothing has changed, and the next run throws it away; killed after it, the next run goes on with what
`.ready` holds, and that can be repeated from any point. A lock on the folder, which ends with the process, keeps two
runs apart.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generation.description import RegenerationError

_PLAN = "plan.json"
_WORK = ".work-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Workshop:
    """Where the parts of a change wait for each other.

    :param folder: The folder that holds the package.
    :param root: What the paths of files are relative to.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = root
        self.ready = folder / ".ready"

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """Give an empty folder to work in, with what an earlier run left behind done or thrown away.

        :raises RegenerationError: when another run is at it.
        """
        self.folder.mkdir(exist_ok=True)
        lock = os.open(self.folder, os.O_RDONLY)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RegenerationError(f"another run is at work in {self.folder.name}/") from error
            self._finish()
            self._clean()
            # Under a new name each time: a generator whose parent was killed may still be writing to the last one.
            yield Path(tempfile.mkdtemp(prefix=_WORK, dir=self.folder))
        finally:
            self._clean()
            os.close(lock)

    def _clean(self) -> None:
        for leftover in self.folder.glob(_WORK + "*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def put(self, work: Path, *, package: Path | None, files: dict[Path, str]) -> None:
        """Replace a package, which has to be in the work folder under its own name, and files, all or none."""
        plan = []
        for number, (path, text) in enumerate(files.items()):
            staged = work / str(number)
            staged.write_text(text, "utf-8")
            plan.append([staged.name, str(path.relative_to(self.root)), _digest(path), _digest(staged)])
        if package is not None:
            target = self.folder / package.name
            plan.append([package.name, str(target.relative_to(self.root)), _digest(target), _digest(package)])
        (work / _PLAN).write_text(json.dumps(plan))
        work.rename(self.ready)
        self._finish()

    def _finish(self) -> None:
        if not self.ready.exists():
            return
        try:
            plan = json.loads((self.ready / _PLAN).read_text())
            # Whoever changed something since then has the last word.
            untouched = all(_digest(self.root / path) in {old, new, ""} for _, path, old, new in plan)
        except FileNotFoundError:  # killed while it was thrown away
            plan, untouched = [], True
        for name, path, _, new in plan if untouched else []:
            if _digest(self.root / path) != new:
                exchange(self.ready / name, self.root / path)
        shutil.rmtree(self.ready)


def exchange(fresh: Path, target: Path) -> None:
    """Put one in the place of the other; at no moment is there none, where the system can do that."""
    if fresh.is_file():
        fresh.replace(target)
        return
    if not target.exists():
        fresh.rename(target)
        return
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    paths = os.fsencode(fresh), os.fsencode(target)
    if renameat2 is None or renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE):
        # Two steps; a kill between them leaves no package, and the next run the new one.
        old = fresh.with_name(fresh.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        fresh.rename(target)


def contents(folder: Path) -> dict[str, bytes]:
    """Read all files of a generated package."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _digest(path: Path) -> str:
    """Tell one state of a file or folder from another; what isn't there has a state too."""
    if not path.exists():
        return ""
    files = contents(path) if path.is_dir() else {"": path.read_bytes()}
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()
