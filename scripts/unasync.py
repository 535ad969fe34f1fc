"""Derive _sync from _async, which is written by hand."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FACADE = ROOT / "facade" / "hcloud_images"
SOURCES = [FACADE / "_async", FACADE / "_runtime" / "_async", FACADE / "recipes" / "_async"]
# Threads and tasks have too little in common.
WRITTEN_TWICE = {"concurrency.py"}

# Each pattern has to match whole words, and has to be of use somewhere.
SUBSTITUTIONS = {
    r"async def": "def",
    r"async for": "for",
    r"await ": "",
    r"__aenter__": "__enter__",
    r"__aexit__": "__exit__",
    r"__aiter__": "__iter__",
    r"__anext__": "__next__",
    r"aiter\(": "iter(",
    r"anext\(": "next(",
    r"StopAsyncIteration": "StopIteration",
    r"aclose": "close",
    r"Awaitable\[([^\[\]]*(?:\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\][^\[\]]*)*)\]": r"\1",
    r"AsyncIterator": "Iterator",
    r"Coroutine\[Any, Any, (GeneratedResponse\[Any\])\]": r"\1",
    r"httpx\.AsyncHTTPTransport": "httpx.HTTPTransport",
    r"httpx\.AsyncByteStream": "httpx.SyncByteStream",
    r"handle_async_request": "handle_request",
    r"asyncio_detailed": "sync_detailed",
    r"get_async_httpx_client": "get_httpx_client",
    r"Async([A-Z]\w*)": r"\1",
    r"_async": "_sync",
    r"any number of tasks": "any number of threads",
    r"The async (\w+), written by hand; ``_sync`` is derived from this by ``scripts/unasync.py``.": (
        r"The sync \1, derived from ``_async`` by ``scripts/unasync.py``; never edited."
    ),
}


def derive(text: str, unused: set[str]) -> str:
    """Turn async code into sync code."""
    for pattern, replacement in SUBSTITUTIONS.items():
        text, count = re.subn(
            rf"(?<!\w){pattern}(?!\w)" if pattern[-1].isalpha() else rf"(?<!\w){pattern}", replacement, text
        )
        if count:
            unused.discard(pattern)
    return text


def formatted(text: str, path: Path) -> str:
    """Sort imports and format, by the project's own rules."""
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--config", str(ROOT / "pyproject.toml"), "--stdin-filename", str(path)]
    for command in (["check", "--select", "I,F401", "--fix", "--exit-zero", "--quiet"], ["format"]):
        text = subprocess.run(
            [*ruff, *command, *options, "-"], input=text, capture_output=True, text=True, check=True
        ).stdout
    return text


def main() -> int:
    """Derive, or with --check compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if _sync is out of date")
    check = parser.parse_args().check
    unused = set(SUBSTITUTIONS)
    wanted = {
        (target := path.parent.with_name("_sync") / path.name): formatted(derive(path.read_text(), unused), target)
        for source in SOURCES
        for path in sorted(source.glob("*.py"))
        if path.name not in WRITTEN_TWICE
    }
    if unused:
        print("no longer used:", *sorted(unused), sep="\n  ")
        return 1
    targets = [source.with_name("_sync") for source in SOURCES]
    present = {path: path.read_text() for target in targets for path in target.glob("*.py")}
    present = {path: text for path, text in present.items() if path.name not in WRITTEN_TWICE}
    different = sorted(path for path in wanted | present if wanted.get(path) != present.get(path))
    if check and different:
        names = [str(path.relative_to(ROOT)) for path in different]
        print("_sync is out of date; run `make unasync`:", *names, sep="\n  ")
        return 1
    if not check:
        for path in different:
            if path in wanted:
                path.parent.mkdir(exist_ok=True)
                path.write_text(wanted[path])
            else:
                path.unlink()
    print(f"_sync: {len(wanted)} files", "up to date" if check else f"derived, {len(different)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
