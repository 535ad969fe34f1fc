"""Record the cassettes of the contract tests anew, against the sandbox."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CONTRACT = Path(__file__).resolve().parent.parent / "tests" / "contract"


def main() -> int:
    """Remove the old cassettes, record with one flavour of client, and replay with all."""
    shutil.rmtree(CONTRACT / "cassettes", ignore_errors=True)
    pytest = [sys.executable, "-m", "pytest", "-q", str(CONTRACT)]
    return (
        subprocess.run([*pytest, "--record-mode=all", "-k", "sync and not async"], check=False).returncode
        or subprocess.run(pytest, check=False).returncode
    )


if __name__ == "__main__":
    sys.exit(main())
