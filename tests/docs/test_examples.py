"""Every Python example of README.md and docs/ runs against the sandbox, and prints what the page says."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import io
import logging
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hcloud_images import AsyncClient, Client
from hcloud_images_sandbox import Sandbox
from sybil import Document, Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.myst import CodeBlockParser

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
#: What a page shows of a file begins with its name.
FILE = re.compile(r"# ((?:conftest|test_\w+)\.py)\n")
pytestmark = pytest.mark.block_network(allowed_hosts=[r"127\.0\.0\.1", "localhost"])
#: Columns of code that the site shows without scrolling.
WIDTH = 88
#: Fewer than this, and examples got lost.
AT_LEAST = {"python": 70, "text": 34, "console": 6}


def run_python(example: Example) -> None:
    """Run an example, or write it down where it is a file."""
    if found := FILE.match(example.parsed):
        (example.namespace["folder"] / found[1]).write_text(example.parsed)
        return
    if example.path == str(README):  # each block runs as pasted alone
        example.namespace.clear()
    printed = io.StringIO()
    with redirect_stdout(printed):
        PythonEvaluator()(example)
    example.namespace["printed"] = printed.getvalue()


def compare_text(example: Example) -> None:
    """Hold a text against what the example before it printed; … stands for anything."""
    wanted = ".*?".join(re.escape(part) for part in example.parsed.strip().split("…"))
    printed = example.namespace.pop("printed").strip()
    assert re.fullmatch(wanted, printed, re.DOTALL), f"line {example.line}, printed:\n{printed}"


def check_commands(example: Example) -> None:
    """Look whether what is to be run exists: targets of make, modules, extras."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    extras = importlib.metadata.metadata("hcloud-images").get_all("Provides-Extra") or []
    for line in example.parsed.splitlines():
        for target in re.findall(r"^\$ .*?\bmake ((?!-)[a-z-]+)", line):
            assert target in targets, line
        for module in re.findall(r"\bpython -m ([\w.]+)", line):
            assert importlib.util.find_spec(module), line
        for found in re.findall(r"(?:hcloud-images|\.)\[([\w,-]+)\]", line):
            assert set(found.split(",")) <= set(extras), line


SYBIL = Sybil(
    [
        CodeBlockParser("python", run_python),
        CodeBlockParser("text", compare_text),
        CodeBlockParser("console", check_commands),
    ],
    name="docs",
)


def language(example: Example) -> str:
    return example.region.lexemes["arguments"]


@pytest.fixture
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Document]:
    document = SYBIL.parse(request.param)
    document.namespace["folder"] = tmp_path
    yield document
    for value in document.namespace.values():
        if isinstance(value, Client):
            value.close()
        assert not isinstance(value, AsyncClient), "an example left it open"


@pytest.mark.parametrize("document", PAGES, ids=lambda page: page.name, indirect=True)
def test_page(document: Document, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(logging.getLogger("hcloud_images"), "level", logging.NOTSET)  # undone when the page has set it
    monkeypatch.chdir(tmp_path)
    # So that nothing has to be waited for.
    sandbox.control.freeze()
    sandbox.control.auto_advance(30)
    with patch.dict(os.environ, HCLOUD_TOKEN=sandbox.token, HCLOUD_ENDPOINT=sandbox.url):
        for example in document.examples():
            example.evaluate()
        if any(tmp_path.glob("test_*.py")):
            run_files(tmp_path)


def run_files(folder: Path) -> None:
    """Run the tests that a page shows: what needs a cassette records it from the sandbox, and then plays it."""
    without = (f"-pno:{plugin}" for plugin in ("cacheprovider", "schemathesis", "hypothesispytest"))  # which take long
    command = [sys.executable, "-m", "pytest", "-q", *without, "-W", "error"]
    for mode in ("once", "none"):
        ended = subprocess.run(
            [*command, f"--record-mode={mode}"], cwd=folder, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("document", [ROOT / "docs" / "snapshots.md"], ids=lambda page: page.name, indirect=True)
@pytest.mark.parametrize(
    "fault",
    [{"drop": True, "effect": True}, {"status": 504, "effect": True}, {"cut": True}, {"drop": True}, {"status": 500}],
    ids=str,
)
def test_what_the_page_says_never_pays_twice(document: Document, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    """Run the recipe for a creation, as the page has it, where the first response to it goes wrong."""
    before = {image["id"] for image in sandbox.control.state()["images"]}
    sandbox.control.fault(method="POST", **fault)
    with patch.dict(os.environ, HCLOUD_TOKEN=sandbox.token, HCLOUD_ENDPOINT=sandbox.url):
        for example in list(document.examples())[:2]:
            example.evaluate()
    made = {image["id"] for image in sandbox.control.state()["images"]} - before
    assert made == {document.namespace["image"].id}
    arrived = fault.get("effect") or fault.get("cut")
    assert [one.method for one in sandbox.control.log].count("POST") == (1 if arrived else 2)


def test_no_example_got_lost() -> None:
    counts = Counter(language(example) for page in PAGES[1:] for example in SYBIL.parse(page).examples())
    assert any(language(example) == "python" for example in SYBIL.parse(PAGES[0]).examples())
    assert not {name for name, least in AT_LEAST.items() if counts[name] < least}, counts


def test_code_fits_the_page() -> None:
    for page in PAGES:
        blocks = re.findall(
            r"^ *```(?:python|text|console|toml|yaml)\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL
        )
        assert not [line for block in blocks for line in block.splitlines() if len(line) > WIDTH], page.name


def test_every_block_has_a_language_that_is_looked_at() -> None:
    for page in PAGES:
        fences = re.findall(r"^ *```(\S+)", page.read_text(), re.MULTILINE)
        known = {*AT_LEAST, "none", "toml", "yaml"}
        assert not [fence for fence in fences if fence not in known and not fence.startswith("{")], page.name
