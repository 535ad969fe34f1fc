"""The public surface of the generated package: functions with their arguments, classes with their attributes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping


def surface(files: Mapping[str, bytes]) -> set[str]:
    """Name all that callers can use, one line each; the files are those of the package, by path."""
    found: set[str] = set()
    for name, content in files.items():
        if name.endswith(".py"):
            found.update(_of_module(name.removesuffix(".py").replace("/", "."), ast.parse(content)))
    return found


def _of_module(name: str, tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        # The four functions of an endpoint take the same; asyncio_detailed stands for all.
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "asyncio_detailed":
            yield f"function {name}"
            arguments = node.args
            for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                if one.arg != "client":
                    yield f"argument {name}({one.arg}: {_type(one.annotation)})"
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield f"class {node.name}"
            for attribute, annotation in attributes(node):
                yield f"attribute {node.name}.{attribute}: {_type(annotation)}"


def attributes(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None]]:
    """Give the public attributes of a class: its fields, or what its constructor takes."""
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and not ast.unparse(line.target).startswith("_"):
            yield ast.unparse(line.target), line.annotation
        elif isinstance(line, ast.FunctionDef) and line.name == "__init__":
            yield from ((one.arg, one.annotation) for one in line.args.args if one.arg != "self")


def _type(annotation: ast.expr | None) -> str:
    return "Any" if annotation is None else ast.unparse(annotation)


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """List what is gone, with a minus, and what is new, with a plus."""
    old, new = surface(before), surface(after)
    return [
        ("+ " if line in new else "- ") + line for line in sorted(old ^ new, key=lambda line: (line.split()[1], line))
    ]
