"""Runs Python that is killed just before the n-th time it changes a file or starts a process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

_BEFORE = """
import os, signal, sys
LEFT = int(sys.argv.pop(1))
SEEN = 0
CHANGES = {"os.rename",
           "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "subprocess.Popen", "ctypes.call_function"}
def hook(event, args):
    global SEEN
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if (event in CHANGES or writes) and not (event == "os.mkdir" and "__pycache__" in str(args[0])):
        SEEN += 1
        if SEEN == LEFT:
            os.kill(os.getpid(), signal.SIGKILL)
sys.dont_write_bytecode = True
sys.addaudithook(hook)
"""
_AFTER = """
print("moments:", SEEN)
"""


def run(code: str, kill_at: int, *arguments: str, cwd: Path) -> int | None:
    """Return how many moments there were, or None when it was killed."""
    command = [sys.executable, "-c", _BEFORE + code + _AFTER, str(kill_at), *arguments]
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode == -signal.SIGKILL:
        return None
    assert result.returncode == 0, result.stdout + result.stderr
    return int(result.stdout.rpartition("moments:")[2])
