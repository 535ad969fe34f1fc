"""Who is touched: the methods of the facade that use an operation, and the fields that show a property.

Both are read from the code, so that no table has to be kept.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import fields

from comparison.findings import Finding

FACADE = Path(__file__).resolve().parents[2] / "facade" / "hcloud_images"


@dataclass
class _Class:
    bases: list[str]
    #: What its `_client` is.
    client: str | None = None
    methods: dict[str, ast.AST] = field(default_factory=dict)


class Users:
    def __init__(self, facade: Path = FACADE) -> None:
        self._classes: dict[str, _Class] = {}
        for module in sorted((facade / "_async").glob("*.py")):
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    self._classes[node.name] = _read_class(node)

    def touched(self, finding: Finding) -> Finding:
        """Add the methods and the fields to a finding."""
        return replace(
            finding,
            methods=self.methods.get(finding.operation_id, ()),
            fields=tuple(sorted(self._fields(finding.name))),
        )

    @cached_property
    def methods(self) -> dict[str, tuple[str, ...]]:
        """The public methods of the sync facade that call an operation, by the operation's id."""
        found: dict[str, set[str]] = {}
        for name in self._classes:
            for method in self._all_methods(name):
                if not method.startswith("_"):
                    for operation in self._operations(name, method, frozenset()):
                        found.setdefault(operation, set()).add(f"{name.removeprefix('Async')}.{method}")
        # A base class has its methods in the classes on top of it.
        abstract = {base.removeprefix("Async") for one in self._classes.values() for base in one.bases}
        return {
            operation: tuple(sorted(name for name in names if name.partition(".")[0] not in abstract))
            for operation, names in found.items()
        }

    def arguments(self, operation: str) -> set[str]:
        """Name the arguments of the methods that call an operation."""
        found: set[str] = set()
        for name in self._classes:
            for method, node in self._all_methods(name).items():
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
                    operation in self._operations(name, method, frozenset())
                ):
                    found.update(one.arg for one in (*node.args.args, *node.args.kwonlyargs))
        return found

    def shown(self, name: str) -> bool:
        """Tell whether the domain classes show a property, such as ``Image.deprecation.announced``, as a field."""
        schema, *steps = name.replace("[]", "").replace("{}", "").split(".")
        for step in steps:
            one = self._domain.get(schema) or self._domain.get(schema + "Type0")
            if one is None:
                return False
            if step not in {attribute.name for attribute in fields(one)}:
                return False
            schema += "".join(part.capitalize() for part in step.split("_"))
            if schema not in self._domain and schema + "Type0" not in self._domain:
                return True  # a plain value, or a mapping with all that it has
        return bool(steps)

    def _all_methods(self, name: str) -> dict[str, ast.AST]:
        if name not in self._classes:
            return {}
        inherited = [self._all_methods(base) for base in reversed(self._classes[name].bases)]
        methods: dict[str, ast.AST] = {}
        for some in (*inherited, self._classes[name].methods):
            methods.update(some)
        return methods

    def _client(self, name: str) -> str | None:
        if name not in self._classes:
            return None
        own = self._classes[name]
        return own.client or next(filter(None, map(self._client, own.bases)), None)

    def _operations(self, name: str, method: str, above: frozenset[tuple[str, str]]) -> set[str]:
        node = self._all_methods(name).get(method)
        if node is None or (name, method) in above:
            return set()
        above |= {(name, method)}
        found = set()
        for one in ast.walk(node):
            if not isinstance(one, ast.Attribute):
                continue
            if one.attr == "asyncio_detailed" and isinstance(one.value, ast.Name):
                found.add(one.value.id)
            elif ast.unparse(one.value) == "self":
                found |= self._operations(name, one.attr, above)
            elif ast.unparse(one.value) == "self._client" and (client := self._client(name)):
                found |= self._operations(client, one.attr, above)
        return found

    @cached_property
    def _domain(self) -> dict[str, Any]:
        # Not before it is needed: without the generated package it can't be imported.
        from hcloud_images import base, domain  # noqa: PLC0415

        found = {}
        for one in vars(domain).values():
            if isinstance(one, type) and issubclass(one, base.BaseDomain) and one is not base.BaseDomain:
                found[one._generated().__name__] = one  # noqa: SLF001 - there is no other way to tell
        return found

    def _fields(self, name: str) -> set[str]:
        """Follow a name such as ``Image.deprecation.announced`` through the domain classes."""
        schema, *steps = name.replace("[]", "").replace("{}", "").split(".")
        found = set()
        for step in steps:
            # The generator adds the second ending where null is possible.
            one = self._domain.get(schema) or self._domain.get(schema + "Type0")
            if one is not None and step in {attribute.name for attribute in fields(one)}:
                found.add(f"{one.__name__}.{step}")
            schema += "".join(part.capitalize() for part in step.split("_"))
        return found


def _read_class(node: ast.ClassDef) -> _Class:
    bases = [ast.unparse(base).partition("[")[0] for base in node.bases]
    found = _Class(bases)
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            found.methods[one.name] = one
        elif isinstance(one, ast.AnnAssign) and ast.unparse(one.target) == "_client":
            found.client = ast.unparse(one.annotation)
    return found
