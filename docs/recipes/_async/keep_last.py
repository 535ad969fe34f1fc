"""Keep the newest snapshots of each server, and delete the others."""

from __future__ import annotations

from collections import defaultdict

from hcloud_images import AsyncClient
from hcloud_images.images import AsyncBoundImage


async def keep_last(
    client: AsyncClient, keep: int, label_selector: str | None = None, *, dry_run: bool = True
) -> list[AsyncBoundImage]:
    """Delete the snapshots of each server but for the newest.

    Only snapshots that can be used count. One that is protected is never deleted, but counts like the others; one whose
    server isn't known is left alone.

    :param keep: How many to keep of each server, at least 1.
    :param label_selector: Which snapshots to look at; all unless given.
    :param dry_run: Whether to delete nothing, and only tell.
    :returns: What is deleted, or would be.
    :raises ValueError: when nothing would be kept.
    """
    if keep < 1:
        raise ValueError(f"keep={keep}: has to be at least 1")
    snapshots = await client.images.get_all(
        type="snapshot", status="available", label_selector=label_selector, sort="created:desc"
    )
    of_server: defaultdict[int | None, list[AsyncBoundImage]] = defaultdict(list)
    for snapshot in snapshots:
        if snapshot.created_from is not None:
            of_server[snapshot.created_from.id].append(snapshot)
    surplus = [
        snapshot
        for several in of_server.values()
        for snapshot in several[keep:]
        if not (snapshot.protection and snapshot.protection["delete"])
    ]
    if not dry_run:
        for snapshot in surplus:
            await snapshot.delete()
    return surplus
