"""Record the cassettes of the contract tests again: against the sandbox, or with --live against the real API."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from recording.live import Project, agreed

CONTRACT = Path(__file__).resolve().parent.parent / "tests" / "contract"
ENDPOINT = "https://api.hetzner.cloud/v1"
LIVE = CONTRACT / "test_live.py"


def pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def record(tests: Path, **environment: str) -> int:
    """Record with one kind of client, and replay with all."""
    return pytest(str(tests), "--record-mode=all", "-k", "[sync", **environment) or pytest(str(tests))


def main() -> int:
    """Remove the old cassettes and record new ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", action="store_true", help="record test_live.py with HCLOUD_TOKEN; costs money")
    parser.add_argument("--yes", action="store_true", help="don't ask for confirmation")
    options = parser.parse_args()
    if not options.live:
        shutil.rmtree(CONTRACT / "cassettes", ignore_errors=True)
        return record(CONTRACT)
    token = os.environ.get("HCLOUD_TOKEN")
    if not token:
        print("--live needs HCLOUD_TOKEN, an API token with read and write access, ideally to an empty project")
        return 2
    project = Project(token, os.environ.get("HCLOUD_ENDPOINT", ENDPOINT))
    if not agreed(project, yes=options.yes):
        return 2
    with project.server() as server:
        return record(LIVE, HCLOUD_RECORDING_SERVER=str(server))


if __name__ == "__main__":
    sys.exit(main())
