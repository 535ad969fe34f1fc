"""What runs on several Pythons, and what is released: ``make nox`` and ``make dist``.

The Pythons are those of the classifiers. Those that aren't installed are skipped, except if ``CI`` is set.
"""

from __future__ import annotations

import re
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree
from tempfile import TemporaryDirectory

import nox

HERE = Path(__file__).parent
DIST = HERE / "dist"
PYTHONS = nox.project.python_versions(nox.project.load_toml())
#: What CI installs is for the oldest of them.
PINNED = HERE / ".github" / "requirements.txt"
HEADER = f"""\
# What CI installs with Python {PYTHONS[0]}, by hash; `.github/workflows/audit.yml` checks it for known vulnerabilities.
# Updated with `make requirements`.
"""
nox.options.sessions = ["tests"]
nox.options.default_venv_backend = "venv"


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests on each Python; arguments after ``--`` go to pytest."""
    session.install("-e", ".[dev]")
    session.run("pytest", *session.posargs)


#: What is run over httpx2 unless something stands after ``--``: two suites, and what stands in docs/watching.md.
OVER_HTTPX2 = ["tests/contract", "tests/faults", "tests/client/test_watching.py", "tests/docs/test_examples.py"]
#: An option of the generator: a command for the folder that it made.
HOOK = """\
post_hooks:
- >-
  python -P -c 'import pathlib;
  [file.write_text(file.read_text().replace("import httpx\\n", "import httpx2 as httpx\\n"))
  for file in pathlib.Path().rglob("*.py")]'
"""


@nox.session(python=PYTHONS[0], reuse_venv=True)
def httpx2(session: nox.Session) -> None:
    """Put httpx2 in place of httpx in a copy, and run the contract and fault suites over it."""
    with TemporaryDirectory() as folder, session.chdir(folder):
        copytree(HERE, folder, dirs_exist_ok=True, ignore=ignore_patterns(".[vngmpr]*", "__pycache__", "build", "dist"))
        # The library: one module, and one option of the generator.
        move(Path("facade/hcloud_images/_runtime/backend.py"))
        options = Path("spec/generator.yaml")
        options.write_text(options.read_text().replace("post_hooks: []\n", HOOK))
        # What hands in transports or looks at them from outside, as users do.
        for file in (*Path("scripts").rglob("*.py"), *Path("tests").rglob("*.py"), *Path("docs").glob("*.md")):
            move(file)
        session.install("-e", ".[dev]", "httpx2")
        session.run("python", "scripts/regenerate.py")
        session.run("mypy", "facade")
        alone = "assert not {'httpx', 'httpcore'} & {*sys.modules}"
        session.run("python", "-c", f"import sys; from hcloud_images import Client; Client('x').close(); {alone}")
        session.run("pytest", *(session.posargs or OVER_HTTPX2))


def move(file: Path) -> None:
    """Let a file import httpx2 by the name of httpx."""
    text = re.sub(r"^( *)import (httpx|httpcore)$", r"\1import \g<2>2 as \2", file.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^from (httpx|httpcore)\b", r"from \g<1>2", text, flags=re.MULTILINE)
    file.write_text(text.replace("HTTPXClientInstrumentor", "HTTPX2ClientInstrumentor"))


@nox.session(python=False)
def dist(session: nox.Session) -> None:
    """Build sdist and wheel into dist/, and again from the sdist: both must be equal, byte by byte."""
    rmtree(DIST, ignore_errors=True)
    build(session, HERE, DIST)
    with TemporaryDirectory() as folder:
        (sdist,) = DIST.glob("*.tar.gz")
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        build(session, next(Path(folder).iterdir()), Path(folder, "again"))
        for first in sorted(DIST.iterdir()):
            digest = sha256(first.read_bytes()).hexdigest()
            session.log(f"{first.name}: {first.stat().st_size:,} bytes, SHA-256 {digest}")
            if sha256(Path(folder, "again", first.name).read_bytes()).hexdigest() != digest:
                session.error(f"{first.name} differs when it is built again")
    files = sorted(map(str, DIST.iterdir()))
    session.run(sys.executable, "-m", "twine", "check", "--strict", *files)
    session.run(sys.executable, "-m", "check_wheel_contents", str(DIST))


def build(session: nox.Session, source: Path, target: Path) -> None:
    """Build with the hatchling of this environment, whose version is known.

    It gives all files one date unless SOURCE_DATE_EPOCH has another: who builds again needs nothing but the source.
    """
    command = ["-m", "build", "--no-isolation", "--sdist", "--wheel", "--outdir", str(target), str(source)]
    session.run(sys.executable, *command, silent=True)


@nox.session(python=PYTHONS)
def wheel(session: nox.Session) -> None:
    """Install the wheel of dist/ alone, outside of the checkout, and try it: bare, then with the sandbox."""
    (built,) = DIST.glob("*.whl")
    with TemporaryDirectory() as elsewhere, session.chdir(elsewhere):
        for extra, script in (("", "bare.py"), ("[sandbox]", "with_sandbox.py")):
            session.install(f"{built}{extra}")
            session.run("python", "-I", "-W", "error", HERE / "tests" / "installed" / script)


#: Runs a program against a sandbox of its own.
BESIDE_A_SANDBOX = """
import subprocess, sys
from hcloud_images_sandbox import Sandbox
with Sandbox() as sandbox:
    sandbox.control.freeze()
    sandbox.control.auto_advance(5)
    subprocess.run([sys.argv[1], "plain", sandbox.token, sandbox.url], check=True)
"""


@nox.session(python=PYTHONS[0])
def frozen(session: nox.Session) -> None:
    """Make one file of a program with PyInstaller, and run it: imports that it doesn't see are missing there."""
    session.install(".[sandbox]", "pyinstaller")
    with TemporaryDirectory() as folder:
        places = [f"--{place}path={folder}/{place}" for place in ("dist", "work", "spec")]
        session.run("pyinstaller", "--onefile", "--log-level=WARN", *places, "tests/environments/program.py")
        session.run("python", "-c", BESIDE_A_SANDBOX, str(Path(folder, "dist", "program")))


@nox.session(python=False)
def requirements(session: nox.Session) -> None:
    """Pin, with hashes, the newest that the ranges of the extra ``dev`` and of the build allow.

    With the pip-tools of this environment, which may come from the pinned file itself.
    """
    oldest = f"python{PYTHONS[0]}"
    if "python{}.{}".format(*sys.version_info) != oldest:
        session.error(f"must run on {oldest}: remove .venv, then `make requirements PYTHON={oldest}`")
    with TemporaryDirectory() as folder:
        made = Path(folder, "requirements.txt")
        options = ["--generate-hashes", "--strip-extras", "--allow-unsafe", "--build-deps-for", "editable"]
        # No notes, which would name this machine and its package index.
        options += ["--no-annotate", "--no-header", "--no-emit-options", "--quiet"]
        options += ["--extra", "dev", "--output-file", str(made)]
        session.run(sys.executable, "-m", "piptools", "compile", *options, "pyproject.toml")
        PINNED.write_text(HEADER + made.read_text())
