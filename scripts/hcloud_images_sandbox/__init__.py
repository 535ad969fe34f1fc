"""A local server that behaves like the images part of the API, for tests and for trying things out."""

try:
    from hcloud_images_sandbox.control import Control
    from hcloud_images_sandbox.faults import Fault
    from hcloud_images_sandbox.server import Sandbox
    from hcloud_images_sandbox.state import READONLY_TOKEN, TOKEN, LoggedRequest
except ModuleNotFoundError as error:
    error.msg = f"{error.msg}; the sandbox needs its extra: pip install 'hcloud-images[sandbox]'"
    raise

__all__ = ["READONLY_TOKEN", "TOKEN", "Control", "Fault", "LoggedRequest", "Sandbox"]
