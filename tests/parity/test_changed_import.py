"""A program for the official client does the same when only its import lines are changed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from hcloud_images_sandbox import Sandbox

PROGRAM = Path(__file__).with_name("program_for_the_official_client.py").read_text()


def run(program: str, sandbox: Sandbox) -> tuple[str, list[tuple[str, str, Any]]]:
    """Run a program; return what it printed, and what it asked the sandbox for."""
    sandbox.control.reset()
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)
    variables = {"HCLOUD_TOKEN": sandbox.token, "HCLOUD_ENDPOINT": sandbox.url}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout, [(one.method, one.path, json.loads(one.body or "null")) for one in sandbox.control.log]


def test_only_import_lines_change(sandbox: Sandbox) -> None:
    changed = re.sub(r"^from hcloud\b", "from hcloud_images", PROGRAM, flags=re.MULTILINE)
    lines = [(old, new) for old, new in zip(PROGRAM.splitlines(), changed.splitlines(), strict=True) if old != new]
    assert lines == [
        ("from hcloud import APIException, Client", "from hcloud_images import APIException, Client"),
        ("from hcloud.actions import ActionException", "from hcloud_images.actions import ActionException"),
        ("from hcloud.images import BoundImage, Image", "from hcloud_images.images import BoundImage, Image"),
        ("from hcloud.servers import Server", "from hcloud_images.servers import Server"),
    ]
    printed, asked = run(PROGRAM, sandbox)
    assert run(changed, sandbox) == (printed, asked)
    assert printed.splitlines()[-1] == "True True"
