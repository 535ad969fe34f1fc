"""Keep a backup for good."""

from __future__ import annotations

from collections.abc import Mapping

from hcloud_images import AsyncClient
from hcloud_images.images import AsyncBoundImage


async def convert_backup(
    client: AsyncClient, server_id: int, *, description: str | None = None, labels: Mapping[str, str] | None = None
) -> AsyncBoundImage | None:
    """Convert the newest backup of a server to a snapshot, which outlives the server.

    :param server_id: Of which server.
    :param description: New text for people; stays as it is unless given.
    :param labels: Labels of the snapshot; stay as they are unless given.
    :returns: The snapshot; ``None`` when the server has no backup that can be used.
    """
    page = await client.images.get_list(
        type="backup", bound_to=server_id, status="available", sort="created:desc", per_page=1
    )
    if not page.images:
        return None
    return await page.images[0].update(description=description, type="snapshot", labels=labels)
