"""Build generated/hcloud_images_api from spec/images.yaml with the pinned generator."""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = ROOT / "spec" / "images.yaml"
OPTIONS = ROOT / "spec" / "generator.yaml"
TARGET = ROOT / "generated" / "hcloud_images_api"


class RegenerationError(Exception):
    """Why nothing was generated, and the place in the description."""


def load(description: Path) -> dict[str, Any]:
    """Read the description, and refuse a broken one."""
    try:
        document = yaml.safe_load(description.read_text())
    except yaml.YAMLError as error:
        raise RegenerationError(f"{description.name} is no YAML: {error}") from error
    if not isinstance(document, dict):
        raise RegenerationError(f"{description.name} is no OpenAPI document")
    try:
        errors = sorted(OpenAPIV30SpecValidator(document).iter_errors(), key=lambda error: list(map(str, error.path)))
    except Exception as error:  # the validator raises whatever a reference to nowhere happens to cause
        raise RegenerationError(f"{description.name}: {error}") from error
    if errors:
        places = [
            f"{description.name}: /{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors
        ]
        raise RegenerationError("\n".join(places))
    return document


def promised(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name the modules that have to come out, with the place in the description that asks for each."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield f"api/{operation['tags'][0]}/{operation['operationId']}.py", f"/paths/{path}/{method}"
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        if schema.get("type") == "object":
            snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
            yield f"models/{snake}.py", f"/components/schemas/{name}"


def generate(description: Path, target: Path) -> None:
    """Generate into a folder that doesn't exist yet."""
    document = load(description)
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(description)]
    command += ["--config", str(OPTIONS), "--meta", "none", "--output-path", str(target), "--fail-on-warning"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RegenerationError(f"the generator refuses {description.name}:\n{result.stdout}{result.stderr}".rstrip())
    dropped = [place for module, place in promised(document) if not (target / module).is_file()]
    if dropped:
        raise RegenerationError("the generator left out, without a word: " + ", ".join(dropped))
    (target / "py.typed").touch()
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml"), "--quiet", "--no-cache", str(target)]
    # F401, F811: the generator repeats imports and leaves unused ones.
    subprocess.run([*ruff, "check", "--isolated", "--select", "I,F401,F811", "--fix", *config[2:]], check=True)
    subprocess.run([*ruff, "format", *config], check=True)
    for module in target.rglob("*.py"):
        ast.parse(module.read_text(), str(module))


def contents(folder: Path) -> dict[str, bytes]:
    """Read all files of a generated package."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def swap(fresh: Path, target: Path) -> None:
    """Put the fresh package in the place of the old one; the old one stays until that has worked."""
    old = fresh.with_name("old")
    if target.exists():
        target.rename(old)
    fresh.rename(target)


def main() -> int:
    """Generate, or with --check compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when generated/ isn't up to date")
    arguments = parser.parse_args()
    # Beside the target, so that the swap is a rename.
    TARGET.parent.mkdir(exist_ok=True)
    workspace = Path(tempfile.mkdtemp(prefix=".regenerate-", dir=TARGET.parent))
    try:
        fresh = workspace / TARGET.name
        generate(DESCRIPTION, fresh)
        before, after = contents(TARGET), contents(fresh)
        changed = sorted(name for name in before | after if before.get(name) != after.get(name))
        if arguments.check and changed:
            print("generated/ isn't what spec/images.yaml gives; run `make regenerate`:", *changed, sep="\n  ")
            return 1
        if changed and not arguments.check:
            swap(fresh, TARGET)
        print(f"generated: {len(after)} files,", f"{len(changed)} changed" if changed else "nothing changed")
        for name in changed:
            print("  " + ("+" if name not in before else "-" if name not in after else "~"), name)
    except RegenerationError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(workspace, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
