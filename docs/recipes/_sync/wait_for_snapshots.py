"""Wait for the snapshots that someone else began."""

from __future__ import annotations

from hcloud_images import Client
from hcloud_images.images import BoundImage


def wait_for_snapshots(
    client: Client, label_selector: str | None = None, *, deadline: float = 3600.0
) -> list[BoundImage]:
    """Wait for all snapshots that are being created now, by whichever program.

    :param label_selector: Which snapshots; all unless given.
    :param deadline: Seconds to wait at most.
    :returns: The snapshots as they are in the end.
    :raises ActionsException: when some failed, or aren't ready at the deadline.
    """
    snapshots = client.images.get_all(type="snapshot", status="creating", label_selector=label_selector)
    wanted = {snapshot.id for snapshot in snapshots}
    actions = [
        action
        for action in client.images.actions.get_all(status="running")
        if any(one["type"] == "image" and one["id"] in wanted for one in action.resources or [])
    ]
    client.actions.wait(actions, deadline=deadline)
    for snapshot in snapshots:
        snapshot.reload()
    return snapshots
