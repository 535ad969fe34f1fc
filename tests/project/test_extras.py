"""What needs an extra says so where the extra isn't installed."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("missing", ["yaml", "vcr"])
def test_cassettes_without_their_extra(missing: str) -> None:
    program = f"""
import sys
sys.modules["{missing}"] = None
try:
    import hcloud_images.testing
except ImportError as error:
    print(error)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "hcloud_images.testing needs vcrpy: pip install 'hcloud-images[testing]'\n"
