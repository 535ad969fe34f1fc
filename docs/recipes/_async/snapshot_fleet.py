"""A snapshot of each of many servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hcloud_images import AsyncClient
from hcloud_images.images import AsyncBoundImage
from hcloud_images.servers import Server


async def snapshot_fleet(
    client: AsyncClient, server_ids: Iterable[int], labels: Mapping[str, str], *, deadline: float = 3600.0
) -> list[AsyncBoundImage]:
    """Create a snapshot of each server, and wait for all of them; one request looks at up to 25.

    :param server_ids: Of which servers.
    :param labels: Labels of the snapshots.
    :param deadline: Seconds to wait at most.
    :returns: The snapshots as they are in the end, in the order of the servers.
    :raises ActionsException: when some failed, or aren't ready at the deadline.
    """
    created = [await client.servers.create_image(Server(id=id), labels=labels) for id in server_ids]
    await client.actions.wait([one.action for one in created], deadline=deadline)
    for one in created:
        await one.image.reload()
    return [one.image for one in created]
