"""Keep a backup forever."""

from __future__ import annotations

from collections.abc import Mapping

from hcloud_images import AsyncClient
from hcloud_images._values.arguments import to_id
from hcloud_images.errors import HCloudException
from hcloud_images.recipes._decisions import age, has_known_age
from hcloud_images.recipes._reports import Conversion, noting
from hcloud_images.servers import Server

#: The label of what was converted; its value is the id of the server.
BACKUP_OF = "hcloud-images/backup-of"


async def convert_backup(
    client: AsyncClient,
    server: Server | int,
    *,
    description: str | None = None,
    labels: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> Conversion:
    """Convert the newest backup of a server to a snapshot, which outlives the server.

    The snapshot gets the label ``hcloud-images/backup-of``, by which a second run finds it: until there is a newer
    backup, it converts none, even if the response of the first run got lost.

    :param client: The client to use.
    :param server: The server, or its id.
    :param description: The new description; by default unchanged.
    :param labels: Labels of the snapshot, in addition to that one; by default unchanged.
    :param dry_run: Convert nothing; the result says what would be converted.
    :returns: The snapshot, and whether this run converted it.
    :raises InvalidValueException: when an argument isn't valid.
    :raises HCloudException: when anything fails. A note says what was started and may be paid for; other exceptions
        that end the run have the same note.
    """
    number = to_id(server, "server")
    mark = {BACKUP_OF: str(number)}
    listed = [
        *await client.images.get_all(type="backup", bound_to=number, status="available"),
        *await client.images.get_all(type="snapshot", label_selector=f"{BACKUP_OF}={number}"),
    ]
    known = [image for image in listed if has_known_age(image)]
    backups = [
        one
        for one in known
        if (one.type, one.status) == ("backup", "available") and one.bound_to is not None and one.bound_to.id == number
    ]
    snapshots = [one for one in known if one.type == "snapshot" and (one.labels or {}).get(BACKUP_OF) == str(number)]
    if not backups and not snapshots:
        return Conversion(None, converted=False, reason=f"server {number} has no backup that can be used")
    newest = max([*backups, *snapshots], key=age)
    if newest.type == "snapshot":
        return Conversion(newest, converted=False, reason=f"image {newest.id} was converted before; no backup is newer")
    reason = f"image {newest.id} is the newest backup of server {number}"
    if dry_run:
        return Conversion(newest, converted=True, reason=reason)
    unclear = True
    with noting(lambda: f"Image {newest.id} may be converted, and paid for; a second run checks first." * unclear):
        try:
            image = await newest.update(
                description, "snapshot", {**((newest.labels if labels is None else labels) or {}), **mark}
            )
        except HCloudException:
            image = await client.images.get_by_id(to_id(newest, "image"))
            unclear = image.type == "snapshot"
            if not unclear:
                raise
    return Conversion(image, converted=True, reason=reason)
