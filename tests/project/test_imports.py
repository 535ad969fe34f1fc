"""The drawing of the imports between files: arrows run one way, there is no circle, and nothing is clever."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FACADE = ROOT / "facade" / "hcloud_images"
GENERATED = ROOT / "generated" / "hcloud_images_api"
FILES = sorted([*FACADE.rglob("*.py"), *GENERATED.rglob("*.py")])
#: What each room may import from: itself, and rooms further on.
ROOMS: dict[str, set[str]] = {
    "doors": {"_async", "_sync", "_terminal", "_runtime", "_values", "errors", "generated"},
    "_async": {"_terminal", "_runtime", "_values", "errors", "generated"},
    "_sync": {"_terminal", "_runtime", "_values", "errors", "generated"},
    "_terminal": {"_values", "errors"},
    "_runtime": {"errors", "generated"},
    "_values": {"errors", "generated"},
    "testing": {"doors", "errors"},  # a program of its own, as users could write it
    "recipes": {"doors", "errors", "_values"},  # likewise
    "errors": {"generated"},
    "generated": set(),
}
#: The packages of others that a room may import, besides those that only annotations need.
OTHERS: dict[str, set[str]] = {
    "_async": {"attrs"},
    "_sync": {"attrs"},
    "_terminal": {"rich"},
    "_runtime": {"anyio", "attrs"},
    "_values": {"attrs"},
    "recipes": {"attrs"},
    "testing": {"pytest", "pytest_recording", "vcr", "yaml"},
    "errors": {"attrs"},
    "generated": {"attrs"},
}
BACKEND = FACADE / "_runtime" / "backend.py"
#: The generator's own client, which the facade has no use for.
STOCK = GENERATED / "client.py"


def module_of(path: Path) -> str:
    parts = path.relative_to(path.parents[len(path.parts) - len(FACADE.parts) - 1].parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {module_of(path): path for path in FILES}


def room_of(module: str) -> str:
    package, _, rest = module.partition(".")
    if package == "hcloud_images_api":
        return "generated"
    room = rest.partition(".")[0]
    # Who reads these depends on nothing.
    return "errors" if room in {"version", "_checks"} else room if room in ROOMS else "doors"


def for_types_alone(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports(path: Path, *, at_once: bool = False) -> set[str]:
    """Return the modules that a file imports, but for those that only type checkers read.

    :param at_once: Only what is imported with the file, not what a function imports when it is called.
    """
    found: set[str] = set()
    package = module_of(path).split(".") if path.name == "__init__.py" else module_of(path).split(".")[:-1]

    def walk(node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            base = home if node.level else str(node.module)
            # A name may be a module of the package, or something in it.
            submodules = {f"{base}.{name.name}" for name in node.names} & MODULES.keys()
            found.update(submodules)
            if len(submodules) < len(node.names):
                found.add(base)
        for name, value in ast.iter_fields(node):
            if for_types_alone(node) and name in {"test", "body"}:
                continue
            if at_once and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and name == "body":
                continue
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    walk(part)

    walk(ast.parse(path.read_text()))
    return found - {module_of(path)}


def code(path: Path) -> str:
    """Return a file's code, without comments and texts that stand alone."""
    kept = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        if token.type not in {tokenize.COMMENT, tokenize.NL} and not token.string.startswith(('"""', "'''"))
    ]
    return " ".join(kept)


def test_drawing_is_read() -> None:
    assert {room_of(module) for module in MODULES} == ROOMS.keys()
    assert "hcloud_images._sync.images" in imports(FACADE / "images" / "client.py")
    assert "hcloud_images_api.types" in imports(GENERATED / "models" / "image.py")
    assert "httpx" in imports(BACKEND)
    assert "hcloud_images._async.client" not in imports(FACADE / "__init__.py")


@pytest.mark.parametrize("module", MODULES)
def test_arrows_run_one_way(module: str) -> None:
    path, room = MODULES[module], room_of(module)
    for target in imports(path) & MODULES.keys():
        assert room_of(target) in ROOMS[room] | {room}, f"{module} imports {target}"


@pytest.mark.parametrize("module", MODULES)
def test_packages_of_others(module: str) -> None:
    path, room = MODULES[module], room_of(module)
    own = sys.stdlib_module_names | {"hcloud_images", "hcloud_images_api"}
    others = {target.partition(".")[0] for target in imports(path)} - own
    allowed = OTHERS.get(room, set())
    assert others <= (allowed | {"httpx", "httpcore"} if path in {BACKEND, STOCK} else allowed), module


def test_generators_own_client_is_loaded_by_nobody() -> None:
    assert [module for module, path in MODULES.items() if module_of(STOCK) in imports(path)] == []


def test_sync_needs_no_event_loop() -> None:
    for module, path in MODULES.items():
        if "_async" not in module:
            assert "anyio" not in imports(path), module


def test_no_circle_between_files() -> None:
    graph = {module: imports(path, at_once=True) & MODULES.keys() for module, path in MODULES.items()}
    # A package is made before its modules are; what they import of it are modules as well.
    graph = {module: {one for one in targets if not module.startswith(one + ".")} for module, targets in graph.items()}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("word", ["meta_path", "LazyLoader", "_network_backend"])
def test_words_that_nothing_needs(word: str) -> None:
    assert [module for module, path in MODULES.items() if re.search(rf"\b{word}\b", code(path))] == []


def test_nothing_is_compiled_and_no_module_is_replaced() -> None:
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text())
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert called & {"exec", "eval", "compile", "builtins.exec"} == set(), module
        subscripts = {ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
        assert "sys.modules" not in subscripts, module


def test_slots_are_part_of_a_class() -> None:
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text())
        inside = [id(line) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for line in node.body]
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and id(node) not in inside:
                assert not any("__slots__" in ast.unparse(target) for target in node.targets), module


def test_one_private_name_of_another_library() -> None:
    """The pool of the backend's transport, in its one subclass: there is no public way to hand it in."""
    users = {
        module: re.findall(r"\b(?:httpx|httpcore|anyio|attrs)(?:\.\w+)*\.(_\w+)", code(path).replace(" . ", "."))
        for module, path in MODULES.items()
    }
    assert {module: names for module, names in users.items() if names} == {}
    pools = [module for module, path in MODULES.items() if re.search(r"\._pool\b", code(path).replace(" . ", "."))]
    assert {module.rpartition(".")[2] for module in pools} <= {"transport", "pool"}


@pytest.mark.parametrize("folder", ["tests", "scripts"])
def test_private_names_have_a_reason(folder: str) -> None:
    """Those of others: in the docstring of the file, or next to them in the function or class."""
    for path in (ROOT / folder).rglob("*.py"):
        text = path.read_text()
        tree = ast.parse(text)
        if "rivate name" in (ast.get_docstring(tree) or ""):
            continue
        for part in tree.body:
            reason = "rivate name" in (ast.get_source_segment(text, part) or "")
            assert reason or not [*private_names(part)], f"{path}:{part.lineno}"


def private_names(part: ast.AST) -> Iterator[str]:
    """Give the private names that are imported, or read from what isn't ``self``."""
    for node in ast.walk(part):
        if isinstance(node, ast.ImportFrom):
            found = [f"{node.module}.{one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            found = [one.name for one in node.names]
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) not in {"self", "cls"}:
            found = [f".{node.attr}"]
        else:
            continue
        yield from (name for name in found if re.search(r"\._(?!asdict|exit|repr_html_)[a-z]", name))
