"""A local server that behaves like the images part of the API, for tests and for trying things out.

It comes with the extra ``[sandbox]``. As a command: ``python -m hcloud_images_sandbox``. In tests:
``pytest_plugins = ["hcloud_images_sandbox.plugin"]``, see ``plugin`` for the fixtures. In programs, as a server or
without one: ``Sandbox``.
"""

try:
    from hcloud_images_sandbox.control import Control
    from hcloud_images_sandbox.faults import Fault
    from hcloud_images_sandbox.server import Sandbox
    from hcloud_images_sandbox.state import READONLY_TOKEN, TOKEN, LoggedRequest
except ModuleNotFoundError as error:
    error.msg = f"{error.msg}; the sandbox needs its extra: pip install 'hcloud-images[sandbox]'"
    raise

__all__ = ["READONLY_TOKEN", "TOKEN", "Control", "Fault", "LoggedRequest", "Sandbox"]
