"""What importing and first using the package does to a process: nothing but what the process asked for."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import hcloud_images
import pytest
from hcloud_images import actions, core, images, servers

THREADS = """
import sys, threading
sys.setswitchinterval(1e-6)
{imports}
together, errors = threading.Barrier(8), []

def use():
    together.wait()
    try:
        {use}
    except BaseException as error:
        errors.append(repr(error))

threads = [threading.Thread(target=use) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(errors)
"""
USES = {
    "values": ("from hcloud_images.images import Image", 'Image.from_dict({"id": 1, "created_from": {"id": 2}})'),
    "clients": ("import hcloud_images", 'hcloud_images.Client("x").close()'),
    "async clients": ("import hcloud_images", 'hcloud_images.AsyncClient("x").images'),
    "modules": ("", "import hcloud_images.images.client as c; c.BoundImage; import hcloud_images.actions.domain"),
}
TRACES = """
import importlib.util, sys
finders, hooks, seen = list(sys.meta_path), list(sys.path_hooks), []
sys.addaudithook(lambda event, args: seen.append(list(args[3])) if event == "import" and args[3] else None)
import hcloud_images
from hcloud_images import AsyncClient, Client
from hcloud_images.images import Image
Image.from_dict({"id": 1})
try:
    Client("x", "http://127.0.0.1:9", retry=hcloud_images.RetryPolicy(attempts=1)).images.get_by_id(1)
except hcloud_images.ConnectionException:
    pass
AsyncClient("x")
print(bool(seen), [one for one in seen if one != finders], sys.meta_path == finders, sys.path_hooks == hooks)
print([name for name, module in sys.modules.items() if module is None])
print([name for name, module in sys.modules.items() if type(module) is importlib.util._LazyModule])
"""
HTTPX = "import httpx, sys; print(type(httpx.main), httpx.main.__module__, 'httpx._main' in sys.modules)"
PATHS = """
import hcloud_images as hcloud
print(hcloud.images.domain.Image(id=1).id, hcloud.servers.domain.Server.__name__)
print(hcloud.actions.client.BoundAction.__name__)
print(hcloud.core.domain.BaseDomain.__name__, hcloud.deprecation.domain.DeprecationInfo.__name__)
print(hcloud._exceptions.APIException is hcloud.APIException, hcloud._client.Client is hcloud.Client)
"""


def output(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("what", USES)
def test_threads_that_use_it_first(what: str) -> None:
    imports, use = USES[what]
    assert output(THREADS.format(imports=imports, use=use)) == "[]\n"


def test_no_finder_and_no_stub_is_left_in_the_process() -> None:
    assert output(TRACES) == "True [] True True\n[]\n[]\n"


def test_other_packages_are_what_they_are_without_it() -> None:
    assert output("import hcloud_images; hcloud_images.Client('x').images; " + HTTPX) == output(HTTPX)


def test_modules_of_the_package_are_reached_by_their_names() -> None:
    assert output(PATHS) == "1 Server\nBoundAction\nBaseDomain DeprecationInfo\nTrue True\n"


def test_async_client_is_loaded_where_it_is_used_alone() -> None:
    program = (
        "import sys, hcloud_images; print('hcloud_images._async' in sys.modules, 'AsyncClient' in dir(hcloud_images))"
    )
    assert output(program) == "False True\n"


@pytest.mark.parametrize("module", [hcloud_images, actions, core, images, servers], ids=lambda module: module.__name__)
def test_names_that_are_not_there(module: Any) -> None:
    for name in ("AsyncNothing", "nothing", "_nothing"):
        with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
            getattr(module, name)
