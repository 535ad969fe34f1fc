"""Tried on an installed wheel without extras: everything but what the extras are for can be imported and used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.metadata import distributions, files, requires, version
from pkgutil import walk_packages

import hcloud_images
import hcloud_images_api
from hcloud_images import Client, ConnectionException, InvalidValueException, RetryPolicy

# What can't be imported without an extra.
NEED_AN_EXTRA = {"hcloud_images.testing", "hcloud_images.terminal", "hcloud_images._terminal.rich"}
RUN_TIME = {"anyio", "attrs", "httpcore", "httpx"}

needed = {line.split(";")[0] for line in requires("hcloud-images") or () if "extra ==" not in line}
assert {"".join(c if c.isalpha() else " " for c in line).split()[0] for line in needed} == RUN_TIME, needed
assert version("hcloud-images") == hcloud_images.__version__

shipped = {str(file) for file in files("hcloud-images") or ()}
for package in ("hcloud_images", "hcloud_images_api", "hcloud_images_sandbox"):
    assert f"{package}/py.typed" in shipped, package
assert "hcloud_images_sandbox/images.yaml" in shipped
assert any(name.endswith("licenses/LICENSE") for name in shipped)
assert not [name for name in shipped if "tests" in name or "cassettes/" in name]

imported = 0
for package in (hcloud_images, hcloud_images_api):
    for module in walk_packages(package.__path__, f"{package.__name__}.", onerror=lambda _: None):
        try:
            import_module(module.name)
            imported += 1
        except ImportError:
            assert any(f"{module.name}.".startswith(f"{one}.") for one in NEED_AN_EXTRA), module.name
assert imported > 60, imported

told = subprocess.run([sys.executable, "-m", "hcloud_images_sandbox"], capture_output=True, text=True, check=False)
assert told.returncode == 1
assert "pip install 'hcloud-images[sandbox]'" in told.stderr.splitlines()[-1], told.stderr

try:
    Client("")
except InvalidValueException:
    pass
else:
    raise AssertionError("an empty token was taken")
with Client("token", "http://127.0.0.1:1/v1", retry=RetryPolicy(attempts=1)) as client:
    try:
        client.images.get_all()
    except ConnectionException as error:
        assert "GET /v1/images" in str(error)
    else:
        raise AssertionError("nobody is there, but someone answered")

others = sorted(one.name for one in distributions() if one.name not in {"pip", "setuptools", "wheel"})
print(f"Python {sys.version.split()[0]}: {imported} modules imported, installed: {', '.join(others)}")
