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
    arguments: set[str]
    #: The operations that it calls itself.
    calls: set[str]
    #: What it uses of itself, and of its client.
    of_self: set[str]
    of_client: set[str]


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
        self._classes = {one.name: one for one in _classes(facade) if "_sync/" not in one.place}
        self._generated = {one.name: one for one in _classes(generated / "models")}

    def touched(self, finding: Finding) -> Finding:
        """Add the methods and the fields to a finding."""
        fields = {f"{one.name}.{step}" for one, step in self._steps(finding.name) if one and step in self._fields(one)}
        methods = self.methods.get(finding.operation_id, ())
        return replace(finding, methods=methods, fields=tuple(sorted(fields)))

    @cached_property
    def methods(self) -> dict[str, tuple[str, ...]]:
        """The public methods of the sync facade that call an operation, by the operation's id."""
        # A base class has its methods in the classes on top of it.
        abstract = {base for one in self._classes.values() for base in one.bases}
        found: dict[str, set[str]] = {}
        for name in self._classes.keys() - abstract:
            for method in self._methods(name):
                for operation in () if method.startswith("_") else self._operations(name, method):
                    found.setdefault(operation, set()).add(f"{name.removeprefix('Async')}.{method}")
        return {operation: tuple(sorted(names)) for operation, names in found.items()}

    def arguments(self, operation: str) -> set[str]:
        """Name the arguments of the methods that call an operation."""
        found: set[str] = set()
        for name in self._classes:
            for method, one in self._methods(name).items():
                if operation in self._operations(name, method):
                    found |= one.arguments
        return found

    def callers(self, operation: str) -> list[str]:
        """Say which methods call an operation themselves, by file and line."""
        return sorted(
            f"{method.place}: {one.name}.{name}"
            for one in self._classes.values()
            for name, method in one.methods.items()
            if operation in method.calls
        )

    def shown_by(self, name: str) -> str | None:
        """Say which class shows a property, or should, by file and line."""
        return next((f"{one.place}: {one.name}" for one, _ in reversed(list(self._steps(name))) if one), None)

    def shown(self, name: str) -> bool:
        """Tell whether a class shows a property, such as ``Image.deprecation.announced``, as a field."""
        steps = list(self._steps(name))
        for number, (one, step) in enumerate(steps):
            if one is None:
                return number > 0  # below a plain mapping, which has all that there is
            if step not in self._fields(one):
                return False
        return bool(steps)

    def _steps(self, name: str) -> Iterator[tuple[_Class | None, str]]:
        """Follow a name through the classes."""
        schema, *steps = name.replace("[]", "").replace("{}", "").split(".")
        for step in steps:
            # The generator adds the second ending where null is possible.
            names = {schema, f"{schema}Type0"}
            shown = (one for one in self._classes.values() if one.shows in names)
            dicts = (one for one in self._generated.values() if one.name in names and one.bases == ["TypedDict"])
            yield next(shown, None) or next(dicts, None), step
            schema += "".join(part.capitalize() for part in step.split("_"))

    def _fields(self, one: _Class) -> set[str]:
        bases = [self._classes[base] for base in one.bases if base in self._classes and base != one.name]
        if one.inherits and one.shows in self._generated:
            bases.append(self._generated[one.shows])
        return one.fields.union(*map(self._fields, bases))

    def _methods(self, name: str) -> dict[str, _Method]:
        one = self._classes.get(name)
        found: dict[str, _Method] = {}
        for base in reversed(one.bases if one else []):
            found |= self._methods(base) if base != name else {}
        return found | (one.methods if one else {})

    def _client(self, name: str) -> str | None:
        if name not in self._classes:
            return None
        one = self._classes[name]
        return one.client or next(filter(None, map(self._client, one.bases)), None)

    def _operations(self, name: str, method: str, above: frozenset[tuple[str, str]] = frozenset()) -> set[str]:
        one = self._methods(name).get(method)
        if one is None or (name, method) in above:
            return set()
        above |= {(name, method)}
        found = set(one.calls)
        for owner, used in ((name, one.of_self), (self._client(name), one.of_client)):
            for other in used if owner else ():
                found |= self._operations(owner or "", other, above)
        return found


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
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = {argument.arg for argument in (*one.args.args, *one.args.kwonlyargs)}
            names = {part.id for part in ast.walk(one) if isinstance(part, ast.Name)}
            calls = {operations[name] for name in names & operations.keys()}
            used = [part for part in ast.walk(one) if isinstance(part, ast.Attribute)]
            of_self, of_client = (
                {part.attr for part in used if ast.unparse(part.value) == owner} for owner in ("self", "self._client")
            )
            found.methods[one.name] = _Method(f"{place}:{one.lineno}", arguments, calls, of_self, of_client)
            if any("property" in ast.unparse(decorator) for decorator in one.decorator_list):
                found.fields.add(one.name)
        elif isinstance(one, ast.AnnAssign):
            name, annotation = ast.unparse(one.target), ast.unparse(one.annotation)
            if name == "_client":
                found.client = annotation
            elif not name.startswith("_") and not annotation.startswith("ClassVar"):
                found.fields.add(name)
        elif isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "_generated":
            found.shows = ast.unparse(one.value).rpartition("models.")[2].rstrip(")")
    return found
