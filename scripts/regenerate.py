"""Build generated/hcloud_images_api from spec/images.yaml with the pinned generator."""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from pathlib import Path

from generation.completeness import require_complete
from generation.description import RegenerationError, load
from generation.replacement import contents, swap, temporary_sibling
from generation.surface import changes

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = ROOT / "spec" / "images.yaml"
OPTIONS = ROOT / "spec" / "generator.yaml"
TEMPLATES = ROOT / "spec" / "templates"
TARGET = ROOT / "generated" / "hcloud_images_api"


def generate(description: Path, target: Path) -> None:
    """Generate into a folder that doesn't exist yet.

    :raises RegenerationError: when the description can't be turned into a client that has all of it.
    """
    document = load(description)
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(description)]
    command += ["--custom-template-path", str(TEMPLATES), "--config", str(OPTIONS)]
    command += ["--meta", "none", "--output-path", str(target), "--fail-on-warning"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RegenerationError(f"the generator refuses {description.name}:\n{result.stdout}{result.stderr}".rstrip())
    (target / "py.typed").touch()
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml"), "--quiet", "--no-cache", str(target)]
    # F401, F811: the generator repeats imports and leaves unused ones.
    fixes = ["--isolated", "--select", "I,F401,F811", "--fix", *config[2:]]
    # TC: in endpoint functions httpx is a type, and loading it takes longer than all the rest.
    lazy = ["--isolated", "--select", "I,FA,TC", "--fix", "--unsafe-fixes", "--target-version", "py311", "--quiet"]
    lazy += ["--config", "lint.isort.required-imports=['from __future__ import annotations']", str(target / "api")]
    for tidying in ([*ruff, "check", *fixes], [*ruff, "check", *lazy], [*ruff, "format", *config]):
        tidied = subprocess.run(tidying, capture_output=True, text=True, check=False)
        if tidied.returncode:
            raise RegenerationError(f"the code generated from {description.name} has errors:\n{tidied.stdout}")
    for module in target.rglob("*.py"):
        ast.parse(module.read_text(), str(module))
    require_complete(document, target)


def facade_fits() -> bool:
    """Return whether the types of the facade still hold; mypy prints what doesn't."""
    return subprocess.run([sys.executable, "-m", "mypy", "facade"], cwd=ROOT, check=False).returncode == 0


def tell(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Say which files have changed, what of it callers see, and whether the facade still fits."""
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    print(f"generated: {len(after)} files,", f"{len(changed)} changed" if changed else "nothing changed")
    for name in changed:
        print("  " + ("+" if name not in before else "-" if name not in after else "~"), name)
    if changed:
        lines = changes(before, after)
        print("changes for callers:" if lines else "no changes for callers", *lines, sep="\n  ")
        print("types of the facade:", flush=True)
        print("  still correct" if facade_fits() else "  wrong now; see above")


def main() -> int:
    """Generate, or with --check compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if generated/ is out of date")
    check = parser.parse_args().check
    try:
        with temporary_sibling(TARGET) as work:
            fresh = work / TARGET.name
            generate(DESCRIPTION, fresh)
            before, after = contents(TARGET), contents(fresh)
            different = sorted(name for name in before | after if before.get(name) != after.get(name))
            if check and different:
                print("generated/ is out of date; run `make regenerate`:", *different, sep="\n  ")
                return 1
            if different:
                swap(fresh, TARGET)
    except RegenerationError as error:
        print(error, file=sys.stderr)
        return 1
    tell(before, after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
