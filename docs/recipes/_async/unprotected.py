"""Snapshots that anyone with the token can delete."""

from __future__ import annotations

from hcloud_images import AsyncClient
from hcloud_images.images import AsyncBoundImage


async def unprotected(client: AsyncClient, label_selector: str | None = None) -> list[AsyncBoundImage]:
    """Find the snapshots that aren't protected.

    :param label_selector: Which snapshots to look at; all unless given.
    """
    return [
        snapshot
        async for snapshot in client.images.iter_all(type="snapshot", label_selector=label_selector)
        if not (snapshot.protection and snapshot.protection["delete"])
    ]
