"""Snapshots that anyone with the token can delete."""

from __future__ import annotations

from hcloud_images import Client
from hcloud_images.images import BoundImage


def unprotected(client: Client, label_selector: str | None = None) -> list[BoundImage]:
    """Find the snapshots that aren't protected.

    :param label_selector: Which snapshots to look at; all unless given.
    """
    return [
        snapshot
        for snapshot in client.images.iter_all(type="snapshot", label_selector=label_selector)
        if not (snapshot.protection and snapshot.protection["delete"])
    ]
