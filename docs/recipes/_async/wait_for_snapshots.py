"""Wait for the snapshots that someone else began."""

from __future__ import annotations

from hcloud_images import AsyncClient
from hcloud_images.images import AsyncBoundImage


async def wait_for_snapshots(
    client: AsyncClient, label_selector: str | None = None, *, deadline: float = 3600.0
) -> list[AsyncBoundImage]:
    """Wait for all snapshots that are being created now, by whichever program.

    :param label_selector: Which snapshots; all unless given.
    :param deadline: Seconds to wait at most.
    :returns: The snapshots as they are in the end.
    :raises ActionsException: when some failed, or aren't ready at the deadline.
    """
    snapshots = await client.images.get_all(type="snapshot", status="creating", label_selector=label_selector)
    wanted = {snapshot.id for snapshot in snapshots}
    actions = [
        action
        for action in await client.images.actions.get_all(status="running")
        if any(one["type"] == "image" and one["id"] in wanted for one in action.resources or [])
    ]
    await client.actions.wait(actions, deadline=deadline)
    for snapshot in snapshots:
        await snapshot.reload()
    return snapshots
