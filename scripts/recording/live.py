"""A server in a real project: created for one recording, and removed with every image of it, whatever happens.

Servers are created and deleted by plain requests, as the library has no business with that.
"""

from __future__ import annotations

import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import httpx
from hcloud_images import Client, RetryPolicy

LABEL = "hcloud-images-recording"
SERVER_TYPE = "cx23"
IMAGE = "debian-13"


class Project:
    """The project of a token; touches nothing that it didn't create.

    :param token: API token of the project.
    :param endpoint: Address of the API.
    """

    def __init__(self, token: str, endpoint: str) -> None:
        self._http = httpx.Client(base_url=endpoint, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        # Patient: an image can't be deleted while it is being created.
        self._images = Client(token, endpoint, retry=RetryPolicy(attempts=100, deadline=600)).images
        self._before: set[int | None] = set()
        self.run = secrets.token_hex(4)
        self.name = f"hcloud-images-recording-{self.run}"

    def price(self) -> str:
        """Say what the server costs, by the API's own word."""
        (kind,) = self._get("/server_types", name=SERVER_TYPE)["server_types"]
        price = kind["prices"][0]
        return f"{price['price_hourly']['gross']} per started hour"

    def create_server(self) -> int:
        """Create the server, and return its id."""
        self._before = {image.id for image in self._images.get_all(type="snapshot")}
        body = {"name": self.name, "server_type": SERVER_TYPE, "image": IMAGE, "labels": {LABEL: self.run}}
        answer = self._http.post("/servers", json=body)
        answer.raise_for_status()
        return int(answer.json()["server"]["id"])

    def clean(self) -> list[str]:
        """Delete the server, and all images made of it; return what was deleted."""
        deleted = []
        # Looked up by name and label, so that one whose creation was cut short is found as well.
        for server in self._get("/servers", name=self.name)["servers"]:
            if server["name"] != self.name or server["labels"].get(LABEL) != self.run:
                continue
            for image in self._images.get_all(type="snapshot", sort="id"):
                ours = image.created_from is not None and image.created_from.id == server["id"]
                if ours and image.id not in self._before:
                    if image.protection and image.protection["delete"]:
                        image.change_protection(delete=False).wait_until_finished()
                    image.delete()
                    deleted.append(f"image {image.id}")
            self._http.delete(f"/servers/{server['id']}").raise_for_status()
            deleted.append(f"server {server['id']}")
        return deleted

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        answer = self._http.get(path, params=query)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    @contextmanager
    def server(self) -> Iterator[int]:
        """Have a server for as long as the block runs; it goes when the block fails or is interrupted, too."""

        def stop(number: int, _: FrameType | None) -> None:
            sys.exit(128 + number)

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self.create_server()
        finally:
            for number in before:
                signal.signal(number, signal.SIG_IGN)
            print("cleaning up:", *self.clean() or ["nothing was created"], sep="\n  ", flush=True)
            for number, handler in before.items():
                signal.signal(number, handler)


def agreed(project: Project, *, yes: bool) -> bool:
    """Say what it costs, and ask."""
    print(
        f"This creates a server {project.name} ({SERVER_TYPE}, {project.price()}) and snapshots of it (a few GB, for"
        " minutes), and deletes both at the end.",
        flush=True,
    )
    if yes:
        return True
    if not sys.stdin.isatty():
        print("There is no one to ask; --yes (YES=1 for make) says that you agree.")
        return False
    return input("Go on? [y/N] ").strip().lower() == "y"
