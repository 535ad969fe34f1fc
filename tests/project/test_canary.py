"""The look-out for the token sees it where it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from canary import Lookout
from hcloud_images import Client, HCloudException

SECRET = "s3cr3t-of-this-test-alone"


def log(lookout: Lookout, folder: Path) -> None:
    lookout.handle(logging.LogRecord("x", logging.DEBUG, "x", 1, "sent %s", (SECRET,), None))


def variable(lookout: Lookout, folder: Path) -> None:
    module: dict[str, Any] = {"HCloudException": HCloudException}
    source = "def fail(token):\n    raise HCloudException('no')"
    exec(compile(source, str(folder / "httpx" / "x.py"), "exec"), module)  # noqa: S102 - a frame of a library
    with pytest.raises(HCloudException) as caught:
        module["fail"](SECRET)
    lookout._look_at_error(caught.value, "here")


def text(lookout: Lookout, folder: Path) -> None:
    lookout._look_at_error(HCloudException(f"sent {SECRET}"), "here")


def client(lookout: Lookout, folder: Path) -> None:
    made = Client("other")
    made.images.oops = SECRET  # type: ignore[attr-defined]
    lookout._clients.add(made)
    lookout.look_back("here")


def cassette(lookout: Lookout, folder: Path) -> None:
    (folder / "x.yaml").write_text(f"authorization: Bearer {SECRET}")
    lookout.look_at_files(folder.glob("*.yaml"))


@pytest.mark.parametrize("plant", [log, variable, text, client, cassette])
def test_token_is_seen(plant: Callable[[Lookout, Path], None], tmp_path: Path) -> None:
    lookout = Lookout(SECRET)
    plant(lookout, tmp_path)
    assert lookout.hits
    assert Lookout(SECRET).hits == []
