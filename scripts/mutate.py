"""Change one thing at a time, in cassettes and in the facade, and count what the contract tests notice."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from mutation import cassettes, facade

ROOT = Path(__file__).resolve().parent.parent
NEEDED = {"cassettes": 0.95, "facade": 0.95}


def mutated_cassettes(tests: Path, jobs: int) -> list[tuple[str, bool, str]]:
    """Return the kind of each change, whether it was noticed, and where it was made."""
    modules = sorted(tests.glob("test_*.py"))

    def one(module: Path) -> list[tuple[str, bool, str]]:
        with tempfile.TemporaryDirectory() as folder:
            results = Path(folder) / "results"
            command = [sys.executable, "-m", "pytest", "-q", "-p", "mutation.cassettes", "-p", "no:cacheprovider"]
            environment = {**os.environ, cassettes.FILE: str(results), "PYTHONPATH": str(ROOT / "scripts")}
            done = subprocess.run(
                [*command, "-k", "[sync", str(module)],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode not in {0, pytest.ExitCode.NO_TESTS_COLLECTED}:
                raise SystemExit(done.stdout)
            lines = map(json.loads, results.read_text().splitlines()) if results.exists() else ()
            return [
                (kind, found, f"{file}, interaction {number}, {where}") for kind, found, file, number, where in lines
            ]

    with ThreadPoolExecutor(jobs) as pool:
        return [result for found in pool.map(one, modules) for result in found]


def mutated_facade(jobs: int, sample: int | None, seed: int) -> list[tuple[str, bool, str]]:
    found = []
    every = [mutant for file in facade.FILES for mutant in facade.mutants(file)]
    if sample:
        every = random.Random(seed).sample(every, min(sample, len(every)))  # noqa: S311 - the same each time
    facade.warm_up()
    with ThreadPoolExecutor(jobs) as pool:
        if any(pool.map(facade.noticed, map(facade.unchanged, facade.FILES))):
            raise SystemExit("the contract tests fail with nothing changed")
        for mutant, noticed in zip(every, pool.map(facade.noticed, every), strict=True):
            where = f"{mutant.file.relative_to(ROOT)}:{mutant.line}: {mutant.text}"
            kind = "field" if mutant.text.startswith("field") else "argument"
            if any(text in mutant.text for text in facade.EQUIVALENT):
                kind = "equivalent"
            found.append((kind, noticed, where))
    return found


def report(name: str, results: list[tuple[str, bool, str]]) -> bool:
    """Print the survivors and the counts; return whether enough was noticed."""
    for kind, noticed, where in results:
        if not noticed and kind != "equivalent":
            print(f"survived: {kind}: {where}")
    made = Counter(kind for kind, _, _ in results)
    seen = Counter(kind for kind, noticed, _ in results if noticed)
    for kind in sorted(made.keys() - {"equivalent"}):
        print(f"{name:10} {kind:10} {made[kind]:6} made {seen[kind]:6} noticed {seen[kind] / made[kind]:7.1%}")
    total = sum(count for kind, count in made.items() if kind != "equivalent")
    share = sum(count for kind, count in seen.items() if kind != "equivalent") / total
    print(
        f"{name:10} {'all':10} {total:6} made, {share:.1%} noticed, {NEEDED[name]:.0%} needed;"
        f" {made['equivalent']} more make no difference to a user"
    )
    return share >= NEEDED[name]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*NEEDED, []], help="only this")
    parser.add_argument("--sample", type=int, help="make only this many changes of the facade, chosen by --seed")
    parser.add_argument("--seed", type=int, default=0, help="another number makes other changes")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    enough = True
    if not options.what or "cassettes" in options.what:
        enough &= report("cassettes", mutated_cassettes(ROOT / "tests" / "contract", options.jobs))
    if not options.what or "facade" in options.what:
        enough &= report("facade", mutated_facade(options.jobs, options.sample, options.seed))
    return not enough


if __name__ == "__main__":
    sys.exit(main())
