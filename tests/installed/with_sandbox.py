"""Tried on an installed wheel with the extra [sandbox]: the README's first example, and the sandbox as a command."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.metadata import metadata

import hcloud_images
from hcloud_images_sandbox import Sandbox

# The wheel carries the README with it.
readme = metadata("hcloud-images").get_payload()
(example, *_) = re.findall(r"```python\n(.*?)```", str(readme), re.DOTALL)


with Sandbox() as sandbox:
    os.environ.update(HCLOUD_TOKEN=sandbox.token, HCLOUD_ENDPOINT=sandbox.url)
    exec(compile(example, "README.md", "exec"), {"__name__": "__main__"})
    assert sandbox.control.count > 0
    assert {request.status for request in sandbox.control.log} == {200}

command = [sys.executable, "-m", "hcloud_images_sandbox", "--token", "mine"]
with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
    assert process.stdout is not None
    found = re.search(r"(http://\S+) \(token: (\w+)\)", process.stdout.readline())
    assert found is not None
    with hcloud_images.Client(found[2], found[1]) as client:
        images = client.images.get_all()
    process.send_signal(signal.SIGINT)
assert process.returncode == 0

offline = Sandbox()
with hcloud_images.Client(offline.token, transport=offline.transport()) as client:
    assert [image.id for image in client.images.get_all()] == [image.id for image in images]
print(f"Python {sys.version.split()[0]}: the example ran, and {len(images)} images were listed three ways")
