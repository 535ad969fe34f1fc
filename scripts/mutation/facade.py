"""Changes of the facade: each argument not passed or passed as another, each mapped field dropped.

mutmut and cosmic-ray change operators and literals, of which the facade has few; what matters here is which argument
goes where. So the changes are made here, on the syntax tree, and each is tried in a process of its own.
"""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "facade" / "hcloud_images"
# _async is left out: _sync is derived from it, word for word.
FILES = [
    *(PACKAGE / "_sync" / f"{name}.py" for name in ("_base", "actions", "images", "servers")),
    *(PACKAGE / "_values" / f"{name}.py" for name in ("action", "arguments", "base", "image", "meta", "server")),
    PACKAGE / "_runtime" / "api_errors.py",
    PACKAGE / "errors.py",
]
# Seconds after which a change counts as noticed: the tests take a tenth of that.
PATIENCE = 60
# Changes that can't be seen in what is sent or returned, by the changed line, and why.
EQUIVALENT = {
    "stacklevel=2": "where a warning points",
    "__reduce__": "pickling has tests of its own",
}


class Mutant:
    def __init__(self, file: Path, line: int, text: str, tree: ast.Module) -> None:
        self.file, self.line, self.text = file, line, text
        # Not the tree: with a thousand of them, each process would spend its time on collecting garbage.
        self.code = compile(ast.fix_missing_locations(tree), str(file), "exec")

    @property
    def module(self) -> str:
        return ".".join(self.file.relative_to(PACKAGE.parent).with_suffix("").parts)


def mutants(file: Path) -> Iterator[Mutant]:
    """Return the changes of a file."""
    for line, text, tree in changed_trees(file):
        yield Mutant(file, line, text, tree)


def changed_trees(file: Path) -> Iterator[tuple[int, str, ast.Module]]:
    """Return for each change its line, what it is, and the syntax tree of the file with it."""
    tree = ast.parse(file.read_text())
    places = [number for number, node in enumerate(ast.walk(tree)) if isinstance(node, ast.Call | ast.ClassDef)]
    for number in places:
        for variant in range(1000):
            changed = copy.deepcopy(tree)
            node = next(one for index, one in enumerate(ast.walk(changed)) if index == number)
            text = _change(node, variant)
            if text is None:
                break
            if text:
                yield getattr(node, "lineno", 0), text, changed


def _change(node: ast.AST, variant: int) -> str | None:
    """Make one change of a node; ``None`` when there are no more, empty when this one makes no difference."""
    if isinstance(node, ast.Call):
        return _change_call(node, variant)
    if isinstance(node, ast.ClassDef):
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign) and _is_field(one)]
        if variant >= len(fields) or not any("define" in ast.unparse(one) for one in node.decorator_list):
            return None
        node.body.remove(fields[variant])
        node.body.append(ast.Pass())
        return f"field {node.name}.{ast.unparse(fields[variant].target)} dropped"
    return None


def _is_field(node: ast.AnnAssign) -> bool:
    return "ClassVar" not in ast.unparse(node.annotation)


def _change_call(node: ast.Call, variant: int) -> str | None:
    name = ast.unparse(node.func)
    if name in {"cast", "field", "isinstance", "TypeVar", "super", "Literal", "getattr", "hasattr", "define"}:
        return None
    values: list[Any] = [*node.args, *node.keywords]
    kinds = 2
    index, kind = divmod(variant, kinds)
    if index >= len(values):
        return None
    value = values[index]
    if isinstance(value, ast.Starred) or (isinstance(value, ast.keyword) and value.arg is None):
        return ""
    shown = ast.unparse(value)
    if kind == 0:
        (node.keywords if isinstance(value, ast.keyword) else node.args).remove(value)
        return f"{name}: {shown} not passed"
    others = [one for one in values if one is not value and not isinstance(one, ast.Starred)]
    other = next(
        (one for one in others if _inner(one) is not None and ast.dump(_inner(one)) != ast.dump(_inner(value))), None
    )
    if other is None:
        return ""
    before = _inner(other)
    if isinstance(value, ast.keyword):
        value.value = copy.deepcopy(before)
    else:
        node.args[node.args.index(value)] = copy.deepcopy(before)
    return f"{name}: {shown} passed as {ast.unparse(before)}"


def _inner(value: Any) -> Any:
    return value.value if isinstance(value, ast.keyword) else value


class _Loader(importlib.abc.Loader):
    def __init__(self, code: CodeType) -> None:
        self._code = code

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)  # noqa: S102 - our own code, changed


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:  # noqa: ARG002
        if name != self._mutant.module:
            return None
        return importlib.util.spec_from_loader(name, _Loader(self._mutant.code))


def warm_up() -> None:
    """Import once what each attempt would import again: what the tests need and no change affects."""
    for name in (
        "anyio",
        "hcloud",
        "httpx",
        "openapi_core",
        "pytest",
        "starlette",
        "uvicorn",
        "vcr",
        "yaml",
    ):
        importlib.import_module(name)


def unchanged(file: Path) -> Mutant:
    """Return the file as it is, to see that the tests pass then."""
    return Mutant(file, 0, "nothing", ast.parse(file.read_text()))


def noticed(mutant: Mutant) -> bool:
    """Run the contract tests, in a process of their own, with the mutant in the place of the module."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    try:
        signal.alarm(PATIENCE)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        sys.meta_path.insert(0, _Finder(mutant))
        import pytest  # noqa: PLC0415

        code = pytest.main(
            ["-qx", "--assert=plain", "-p", "no:cacheprovider", "-k", "[sync", str(ROOT / "tests" / "contract")]
        )
        os._exit(int(code))
    except BaseException:  # noqa: BLE001 - a mutant may do anything
        os._exit(1)
