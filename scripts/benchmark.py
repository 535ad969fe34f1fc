"""Measure ours, the official client, the generator's bare output and bare httpx in one run."""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import pstats
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

import yaml
from benchmarking.measures import MEASURES, Bench
from benchmarking.report import LIMITS, Samples, summary
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"


def generate_stock() -> Path:
    """Let the generator make its stock output of a description in the official style."""
    sys.path.insert(0, str(ROOT / "tests"))
    from official import official  # noqa: PLC0415 - there in a checkout

    target, description = BUILD / "stock" / "stock_api", BUILD / "official.yaml"
    BUILD.mkdir(exist_ok=True)
    description.write_text(yaml.safe_dump(official()))
    options = BUILD / "stock.yaml"
    options.write_text("package_name_override: stock_api\npost_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(description), "--meta", "none"]
    command += ["--config", str(options), "--output-path", str(target), "--overwrite"]
    target.parent.mkdir(exist_ok=True)
    subprocess.run(command, check=True, capture_output=True)
    return target.parent


def bare_environment() -> Path:
    """Make an environment that has the clients and nothing else; return its interpreter."""
    folder = BUILD / "bare"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True, clear=True)
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, f"hcloud=={version('hcloud')}", ROOT], check=True)
    return python


def measured(bench: Bench, keys: list[str], more: int) -> Samples:
    """Let the contenders take turns, so that other load on the machine affects all of them."""
    samples: Samples = {}
    for key in keys:
        make, repeats = MEASURES[key]
        contenders = make(bench)
        for once in contenders.values():
            once()  # warms up
        found: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(repeats * more):
            for name, once in contenders.items():
                found[name].append(once())
        samples[key] = found
    return samples


def show(found: dict[str, dict[str, dict[str, float]]]) -> None:
    table = Table(
        "", "ours ÷ official", "limit", "ours", "official", "generated", "bare", "ours ÷ bare", "spread of ours"
    )
    for key, values in found["absolute"].items():
        limit = LIMITS.get(key)
        ratio = float(found["ratio"][key])  # type: ignore[arg-type]
        floor = found["vs_floor"].get(key)
        table.add_row(
            key,
            f"{ratio:.3f}",
            "" if limit is None else f"{limit:.2f}",
            *(f"{values[name]:.4g}" if name in values else "" for name in ("ours", "official", "generated", "bare")),
            "" if floor is None else f"{floor:.2f}",
            f"{found['spread'][key]['ours']:.0%}",
            style="red" if limit is not None and ratio > limit else "",
        )
    Console(width=140).print(table)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=MEASURES, help="measure only this, with more repeats")
    parser.add_argument("--profile", choices=MEASURES, help="profile this measure of ours")
    options = parser.parse_args()
    bench = Bench(generate_stock(), bare_environment())
    try:
        bench.check_equal()
        if options.profile:
            once = MEASURES[options.profile][0](bench)["ours"]
            with cProfile.Profile() as profile:
                once()
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
            return 0
        keys = [options.only] if options.only else list(MEASURES)
        samples = measured(bench, keys, 3 if options.only else 1)
    finally:
        bench.close()
    env = {"python": platform.python_version(), "machine": platform.machine()}
    env |= {name: version(name) for name in ("hcloud-images", "hcloud", "httpx", "requests", "attrs")}
    found = summary(samples, env)
    show(found)
    if not options.only:
        (BUILD / "bench.json").write_text(json.dumps(found, indent=1) + "\n")
        print(f"written to {(BUILD / 'bench.json').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
