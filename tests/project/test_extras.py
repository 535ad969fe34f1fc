"""What needs an extra says so where the extra isn't installed."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("missing", "module", "needs"),
    [
        ("yaml", "testing", "vcrpy: pip install 'hcloud-images[testing]'"),
        ("vcr", "testing", "vcrpy: pip install 'hcloud-images[testing]'"),
        ("rich", "terminal", "rich: pip install 'hcloud-images[rich]'"),
    ],
)
def test_module_without_its_extra(missing: str, module: str, needs: str) -> None:
    program = f"""
import sys
sys.modules["{missing}"] = None
import hcloud_images.images
try:
    import hcloud_images.{module}
except ImportError as error:
    print(error)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == f"hcloud_images.{module} needs {needs}\n"
