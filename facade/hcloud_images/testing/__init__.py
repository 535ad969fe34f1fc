"""Cassettes for programs that use this library: recorded once, replayed without the network. Extra ``[testing]``.

In a ``conftest.py``: ``pytest_plugins = ["hcloud_images.testing.plugin"]``. See ``plugin`` for the fixtures.
"""

from hcloud_images.testing.cassettes import CassetteError, StrictCassette, cassette
from hcloud_images.testing.scrubbing import Scrubber

__all__ = ["CassetteError", "Scrubber", "StrictCassette", "cassette"]
