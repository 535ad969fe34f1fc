"""The leak detector sees the token wherever it is. Private names: each way in is tried alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hcloud_images import Client, HCloudException
from token_leaks import TokenLeakDetector

SECRET = "s3cr3t-of-this-test-alone"


def log(detector: TokenLeakDetector, folder: Path) -> None:
    detector.handle(logging.LogRecord("x", logging.DEBUG, "x", 1, "sent %s", (SECRET,), None))


def variable(detector: TokenLeakDetector, folder: Path) -> None:
    module: dict[str, Any] = {"HCloudException": HCloudException}
    source = "def fail(token):\n    raise HCloudException('no')"
    exec(compile(source, str(folder / "httpx" / "x.py"), "exec"), module)  # noqa: S102 - a frame of a library
    with pytest.raises(HCloudException) as caught:
        module["fail"](SECRET)
    detector._check_error(caught.value, "here")


def text(detector: TokenLeakDetector, folder: Path) -> None:
    detector._check_error(HCloudException(f"sent {SECRET}"), "here")


def client(detector: TokenLeakDetector, folder: Path) -> None:
    made = Client("other")
    made.images.oops = SECRET  # type: ignore[attr-defined]
    detector._clients.add(made)
    detector.check_new_objects("here")


def cassette(detector: TokenLeakDetector, folder: Path) -> None:
    (folder / "x.yaml").write_text(f"authorization: Bearer {SECRET}")
    detector.check_files(folder.glob("*.yaml"))


@pytest.mark.parametrize("plant", [log, variable, text, client, cassette])
def test_token_is_seen(plant: Callable[[TokenLeakDetector, Path], None], tmp_path: Path) -> None:
    detector = TokenLeakDetector(SECRET)
    plant(detector, tmp_path)
    assert detector.hits
    assert TokenLeakDetector(SECRET).hits == []
