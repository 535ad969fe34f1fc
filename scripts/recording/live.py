"""A server in a real project: created for one recording, and always removed with every image of it.

Servers are created and deleted by plain requests, as the library has no business with that.
"""

from __future__ import annotations

import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import httpx
from hcloud_images import Client, HCloudException, RetryPolicy

LABEL = "hcloud-images-recording"
SERVER_TYPE = "cx23"
IMAGE = "debian-13"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Project:
    """The project of a token; touches nothing that it didn't create.

    :param token: API token of the project.
    :param endpoint: Address of the API.
    """

    def __init__(self, token: str, endpoint: str) -> None:
        self._http = httpx.Client(base_url=endpoint, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        # Patient: an image can't be deleted while it is being created.
        client = Client(token, endpoint, retry=RetryPolicy(attempts=100, deadline=600))
        self._images, self._actions = client.images, client.actions
        self._before: set[int | None] = set()
        self.run = secrets.token_hex(4)
        self.name = f"hcloud-images-recording-{self.run}"

    def price(self) -> str:
        """Say what the server costs where it is dearest, by the API's own word."""
        kinds = self._get("/server_types", name=SERVER_TYPE)["server_types"]
        if not kinds:
            raise SystemExit(
                f"there is no server type {SERVER_TYPE} any more; name another one in SERVER_TYPE of live.py"
            )
        prices = [price["price_hourly"]["gross"] for price in kinds[0]["prices"]]
        return f"{max(prices, key=float)} per started hour"

    def create_server(self) -> int:
        """Create the server, wait until that is done, and return its id."""
        self._before = {image.id for image in self._images.get_all(type="snapshot")}
        body = {"name": self.name, "server_type": SERVER_TYPE, "image": IMAGE, "labels": {LABEL: self.run}}
        # Whoever interrupts has to wait for the response: a server that nobody knows of can't be deleted.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            response = self._http.post("/servers", json=body)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        response.raise_for_status()
        created = response.json()
        # Until then it is locked, and a creation of an image that is refused isn't repeated.
        self._actions.wait([created["action"]["id"], *(one["id"] for one in created["next_actions"])], deadline=600)
        return int(created["server"]["id"])

    def clean(self) -> list[str]:
        """Delete the server, and all images made of it; return what was deleted.

        :raises SystemExit: when an image stays; the server is deleted even then.
        """
        deleted: list[str] = []
        left: dict[int | None, HCloudException] = {}
        # Looked up by name and label, so that one whose creation was cut short is found as well.
        for server in self._get("/servers", name=self.name)["servers"]:
            if server["name"] != self.name or server["labels"].get(LABEL) != self.run:
                continue
            deleted += self._delete_images(server["id"], left)
            self._delete_server(server["id"])
            deleted.append(f"server {server['id']}")
            # One may have been on its way before.
            deleted += self._delete_images(server["id"], left)
        if left:
            raise SystemExit("\n".join(f"image {number} stays and costs money: {why}" for number, why in left.items()))
        return deleted

    def _delete_images(self, server: int, left: dict[int | None, HCloudException]) -> list[str]:
        deleted = []
        for image in self._images.get_all(type="snapshot", sort="id"):
            ours = image.created_from is not None and image.created_from.id == server
            if not ours or image.id in self._before:
                continue
            try:
                if image.protection and image.protection["delete"]:
                    image.change_protection(delete=False).wait_until_finished()
                image.delete()
            except HCloudException as error:
                left[image.id] = error
            else:
                left.pop(image.id, None)
                deleted.append(f"image {image.id}")
        return deleted

    def _delete_server(self, number: int) -> None:
        for attempt in range(100):
            try:
                self._try_to_delete_server(number)
            except httpx.HTTPError:
                if attempt == 99:  # noqa: PLR2004 - the last one
                    raise
                time.sleep(min(0.1 * 2**attempt, 10))
            else:
                return

    def _try_to_delete_server(self, number: int) -> None:
        response = self._http.delete(f"/servers/{number}")
        if response.status_code != httpx.codes.NOT_FOUND:  # an earlier try arrived
            response.raise_for_status()

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        response = self._http.get(path, params=query)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found

    @contextmanager
    def server(self) -> Iterator[int]:
        """Have a server for as long as the block runs; it goes when the block fails or is interrupted, too."""

        def stop(number: int, _: FrameType | None) -> None:
            sys.exit(128 + number)

        before = {number: signal.signal(number, stop) for number in SIGNALS}
        try:
            yield self.create_server()
        finally:
            for number in before:
                signal.signal(number, signal.SIG_IGN)
            try:
                print("cleaning up:", *self.clean() or ["nothing was created"], sep="\n  ", flush=True)
            finally:
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
        print("No terminal to ask for confirmation; pass --yes (YES=1 with make).")
        return False
    return input("Go on? [y/N] ").strip().lower() == "y"
