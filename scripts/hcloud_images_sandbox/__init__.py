"""A local server that behaves like the images part of the API, for tests and for trying things out."""

from hcloud_images_sandbox.control import Control
from hcloud_images_sandbox.faults import Fault
from hcloud_images_sandbox.server import Sandbox
from hcloud_images_sandbox.state import READONLY_TOKEN, TOKEN, LoggedRequest

__all__ = ["READONLY_TOKEN", "TOKEN", "Control", "Fault", "LoggedRequest", "Sandbox"]
