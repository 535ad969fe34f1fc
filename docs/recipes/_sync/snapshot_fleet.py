"""A snapshot of each of many servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hcloud_images import Client, HCloudException
from hcloud_images.images import BoundImage, CreateImageResponse
from hcloud_images.servers import Server


def snapshot_fleet(
    client: Client, server_ids: Iterable[int], labels: Mapping[str, str], *, deadline: float = 3600.0
) -> list[BoundImage]:
    """Create a snapshot of each server, and wait for all of them; one request looks at up to 25.

    After an error no further one is begun; those that were are waited for all the same, and found by their labels.

    :param server_ids: Of which servers.
    :param labels: Labels of the snapshots.
    :param deadline: Seconds to wait at most.
    :returns: The snapshots as they are in the end, in the order of the servers.
    :raises ActionsException: when some failed, or aren't ready at the deadline.
    :raises HCloudException: what a creation ended in, after the wait; when that fails too, its ``__context__``.
    """
    created: list[CreateImageResponse] = []
    try:
        for id in server_ids:
            begun = client.servers.create_image(Server(id=id), labels=labels)
            created.append(begun)
    except HCloudException as error:
        error.add_note(f"Begun before, and paid for: images {[one.image.id for one in created]}")
        client.actions.wait([one.action for one in created], deadline=deadline)
        raise
    client.actions.wait([one.action for one in created], deadline=deadline)
    for one in created:
        one.image.reload()
    return [one.image for one in created]
