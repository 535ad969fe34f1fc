"""Check the prose of README, docs, docstrings and messages: proselint's rules, and the words of this project.

Code isn't prose: blocks and literals are blanked out, so that line numbers stay.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["*.md", "docs/**/*.md"]
MODULES = ["facade/**/*.py", "scripts/**/*.py"]
#: Rules of proselint that are off: of typography, since quotes are straight and code was blanked out, and of repeated
#: words, which the cells of tables have.
OFF = ["lexical_illusions", "typography"]
#: What not to write, and what instead.
WORDS = {
    r"\bunless given\b": 'write "by default"',
    r"(?<!there )\b(is|are|was) no (?!(longer|more|error|release|call|retry|further|usable)\b)\w+": 'write "isn\'t a"',
    r"\bwho(so)?ever\b": "say who",
    r"\bwhatever\b": "say what",
    r"\bbesides?\b(?!\()": 'write "next to", or "also"',
    r"\banswer(s|ed|ing)?\b": 'write "response", "respond"',
    r"\bside by side\b": 'write "concurrently"',
    r"\b(try|tries|tried) (it )?again\b(?! later)": 'write "retry"',
    r"\btells? (of|whether|what)\b": 'write "report", or "say"',
    r"\banew\b": 'write "again"',
    r"\bfor ever\b": 'write "forever"',
    r"\blikewise\b": "repeat what it is",
    r"\bmeanwhile\b": 'write "at the same time"',
    r"\bcan't be right\b": 'write "isn\'t valid"',
    r"\bso many\b": 'write "this many", or the number',
    r"\bfor good\b": 'write "permanently"',
    r"\b(is|are) (told|none of)\b": 'say who reports it, or write "must be one of"',
    r"\bmakes? (one )?up\b": 'write "choose"',
    r"\bWhich ones?\.": "say what it is",
    r"\bas where\b": 'write "for example if"',
    r"\bisn't within\b": 'write "must be between"',
    r"\bgo(es)? on (from|past)\b": 'write "continue", or "last"',
}


def blank(match: re.Match[str]) -> str:
    """Replace everything but line ends."""
    return re.sub(r"\S", " ", match[0])


def page_prose(text: str) -> str:
    """Return a page without its code."""
    for pattern in (r"(?ms)^ *(```|:::).*?^ *\1 *$", r"``.+?``|`[^`\n]+`", r"\]\([^)]*\)"):
        text = re.sub(pattern, blank, text)
    return text


def module_prose(text: str) -> str:
    """Return the docstrings and messages of a module, at their lines."""
    lines = [""] * (text.count("\n") + 2)
    docstrings: list[ast.Constant] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found = node.body[0] if node.body else None
            if isinstance(found, ast.Expr) and isinstance(found.value, ast.Constant) and ast.get_docstring(node):
                docstrings.append(found.value)
                for number, line in enumerate(str(found.value.value).splitlines(), found.lineno - 1):
                    lines[number] = re.sub(r"``.+?``|`[^`\n]+`", blank, line)
        elif isinstance(node, ast.Constant) and node not in docstrings and re.search(r"\w \w", str(node.value)):
            for number, line in enumerate(str(node.value).splitlines(), node.lineno - 1):
                lines[number] += f" {line}"
    return "\n".join(lines)


def word_findings(name: str, prose: str) -> Iterator[str]:
    """Yield what the words of this project find."""
    for number, line in enumerate(prose.splitlines(), 1):
        for pattern, advice in WORDS.items():
            for match in re.finditer(pattern, line, re.IGNORECASE):
                yield f"{name}:{number}: {match[0]!r}: {advice}"


def proselint_findings(pages: dict[str, str]) -> Iterator[str]:
    """Yield what proselint finds."""
    with TemporaryDirectory() as folder:
        config = Path(folder, "config.json")
        config.write_text(json.dumps({"checks": dict.fromkeys(OFF, False), "max_errors": 10000}))
        for name, prose in pages.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(prose)
        command = [str(Path(sys.executable).with_name("proselint")), "check", "--config", str(config)]
        files = [str(Path(folder, name)) for name in pages]
        ended = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
        if ended.returncode not in (0, 1):
            sys.exit(ended.stderr)
        start = str(Path(folder).resolve()) + "/"
        yield from (line.removeprefix(start) for line in ended.stdout.splitlines() if line.startswith(start))


def read(root: Path, patterns: Iterable[str]) -> dict[str, str]:
    """Read files by their names."""
    paths = sorted(path for pattern in patterns for path in root.glob(pattern))
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in paths if "_sync" not in path.parts}


def main() -> None:
    """Print what was found; exit with 1 if there is something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout")
    root: Path = parser.parse_args().root
    pages = {name: page_prose(text) for name, text in read(root, PAGES).items()}
    modules = {name: module_prose(text) for name, text in read(root, MODULES).items() if name != "scripts/prose.py"}
    found = [line for name, prose in (pages | modules).items() for line in word_findings(name, prose)]
    found += proselint_findings(pages)
    for line in found:
        print(line)
    print(f"{len(pages)} pages and {len(modules)} modules: {len(found)} findings")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
