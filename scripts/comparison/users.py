"""Who is touched: the methods of the facade that call an operation, and the fields that show a property.

Both are read from the code, wherever in the facade it is, so that no table has to be kept.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from comparison.findings import Finding

ROOT = Path(__file__).resolve().parents[2]
FACADE = ROOT / "facade" / "hcloud_images"
GENERATED = ROOT / "generated" / "hcloud_images_api"


@dataclass
class _Method:
    place: str
    #: With their types.
    arguments: dict[str, str]
    #: The operations that it calls itself.
    calls: set[str]
    #: Such as ``self.get_list`` and ``self._client.update``.
    uses: set[str]


@dataclass
class _Class:
    name: str
    place: str
    bases: list[str]
    #: The generated class that it shows, and whether it has its fields.
    shows: str | None = None
    inherits: bool = False
    #: What its `_client` is.
    client: str | None = None
    fields: set[str] = field(default_factory=set)
    methods: dict[str, _Method] = field(default_factory=dict)


class Users:
    def __init__(self, facade: Path = FACADE, generated: Path = GENERATED) -> None:
        self._classes = {found.name: found for found in _classes(facade) if "_sync/" not in found.place}
        self._generated = {found.name: found for found in _classes(generated / "models")}

    def touched(self, finding: Finding) -> Finding:
        """Add the methods and the fields to a finding."""
        steps = [(owner, step) for owner, step in self._steps(finding.name) if owner and step in self._fields(owner)]
        fields = tuple(sorted({f"{owner.name}.{step}" for owner, step in steps}))
        return replace(finding, methods=self.methods.get(finding.operation_id, ()), fields=fields)

    @cached_property
    def methods(self) -> dict[str, tuple[str, ...]]:
        """The public methods of the sync facade that call an operation, by the operation's id."""
        # A base class has its methods in the classes on top of it.
        abstract = {base for found in self._classes.values() for base in found.bases}
        found: dict[str, set[str]] = {}
        for name in self._classes.keys() - abstract:
            for method in self._methods(name):
                for operation in () if method.startswith("_") else self._operations(name, method):
                    found.setdefault(operation, set()).add(f"{name.removeprefix('Async')}.{method}")
        return {operation: tuple(sorted(names)) for operation, names in found.items()}

    def callers(self, operation: str) -> dict[str, dict[str, str]]:
        """Give the arguments of each method that calls an operation itself, by file, line and name."""
        return {
            f"{method.place}: {owner.name}.{name}": method.arguments
            for owner in self._classes.values()
            for name, method in owner.methods.items()
            if operation in method.calls
        }

    def shown_by(self, name: str) -> str | None:
        """Say which class shows a property, or should, by file and line."""
        owners = [owner for owner, _ in self._steps(name) if owner]
        return f"{owners[-1].place}: {owners[-1].name}" if owners else None

    def shown(self, name: str) -> bool:
        """Return whether a class has a property, such as ``Image.deprecation.announced``, as a field."""
        steps = list(self._steps(name))
        for number, (owner, step) in enumerate(steps):
            if owner is None:
                return number > 0  # below a plain mapping, which has all that there is
            if step not in self._fields(owner):
                return False
        return bool(steps)

    def _steps(self, name: str) -> Iterator[tuple[_Class | None, str]]:
        """Follow a name through the classes."""
        schema, *steps = name.replace("[]", "").replace("{}", "").split(".")
        for step in steps:
            # The generator adds the second ending where null is possible.
            names = {schema, f"{schema}Type0"}
            values = (found for found in self._classes.values() if found.shows in names)
            dicts = (self._generated[name] for name in names & self._generated.keys())
            yield next(values, None) or next((found for found in dicts if found.bases == ["TypedDict"]), None), step
            schema += "".join(part.capitalize() for part in step.split("_"))

    def _fields(self, owner: _Class) -> set[str]:
        bases = [self._classes[base] for base in owner.bases if base in self._classes and base != owner.name]
        if owner.inherits and owner.shows in self._generated:
            bases.append(self._generated[owner.shows])
        return owner.fields.union(*map(self._fields, bases))

    def _methods(self, name: str) -> dict[str, _Method]:
        """Give the methods of a class, inherited ones too."""
        if name not in self._classes:
            return {}
        found: dict[str, _Method] = {}
        for base in reversed(self._classes[name].bases):
            found |= self._methods(base) if base != name else {}
        return found | self._classes[name].methods

    def _client(self, name: str) -> str:
        if name not in self._classes:
            return ""
        return self._classes[name].client or next(filter(None, map(self._client, self._classes[name].bases)), "")

    def _operations(self, name: str, method: str, above: frozenset[tuple[str, str]] = frozenset()) -> set[str]:
        found = self._methods(name).get(method)
        if found is None or (name, method) in above:
            return set()
        owners = {**found.arguments, "self": name, "self._client": self._client(name)}
        used = [(owners[of], used) for of, _, used in (use.rpartition(".") for use in found.uses) if of in owners]
        return found.calls.union(*(self._operations(*use, above | {(name, method)}) for use in used))


def _classes(folder: Path) -> Iterator[_Class]:
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        place = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
        operations: dict[str, str] = {}
        models: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hcloud_images_api."):
                for alias in node.names:
                    # Either the module of an operation, or a function in it.
                    name = node.module.rpartition(".")[2] if alias.name.endswith("_detailed") else alias.name
                    (operations if ".api" in node.module else models)[alias.asname or alias.name] = name
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                yield _class(node, place, operations, models)


def _class(node: ast.ClassDef, place: str, operations: dict[str, str], models: dict[str, str]) -> _Class:
    bases = [ast.unparse(base).partition("[")[0] for base in node.bases]
    found = _Class(node.name, f"{place}:{node.lineno}", [base for base in bases if base not in models])
    for base in bases:
        if base in models or base.startswith("models."):
            found.shows, found.inherits = models.get(base, base.rpartition(".")[2]), True
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            every = (*statement.args.args, *statement.args.kwonlyargs)
            arguments = {
                argument.arg: ast.unparse(argument.annotation) if argument.annotation else "" for argument in every
            }
            calls = {operations.get(part.id, "") for part in ast.walk(statement) if isinstance(part, ast.Name)} - {""}
            uses = {ast.unparse(part) for part in ast.walk(statement) if isinstance(part, ast.Attribute)}
            found.methods[statement.name] = _Method(f"{place}:{statement.lineno}", arguments, calls, uses)
            if any("property" in ast.unparse(decorator) for decorator in statement.decorator_list):
                found.fields.add(statement.name)
        elif isinstance(statement, ast.AnnAssign):
            name, annotation = ast.unparse(statement.target), ast.unparse(statement.annotation)
            if name == "_client":
                found.client = annotation
            elif not name.startswith("_") and not annotation.startswith("ClassVar"):
                found.fields.add(name)
        elif isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "_generated":
            found.shows = ast.unparse(statement.value).rpartition("models.")[2].rstrip(")")
    return found
