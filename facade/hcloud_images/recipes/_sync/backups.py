"""Keep a backup forever."""

from __future__ import annotations

from collections.abc import Mapping

from hcloud_images import Client
from hcloud_images._values.arguments import or_unset, to_id, to_labels
from hcloud_images.errors import HCloudException, NotFoundException, ServerErrorException, TransportException
from hcloud_images.images import Image
from hcloud_images.recipes._decisions import age, has_known_age, is_deleted
from hcloud_images.recipes._reports import Conversion, noting
from hcloud_images.servers import Server

#: The label of what was converted; its value is the id of the server.
BACKUP_OF = "hcloud-images/backup-of"


def convert_backup(
    client: Client,
    server: Server | int,
    *,
    description: str | None = None,
    labels: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> Conversion:
    """Convert the newest backup of a server to a snapshot, which outlives the server.

    The snapshot gets the label ``hcloud-images/backup-of``, by which a second run finds it: until there is a newer
    backup, it converts none, even if the response of the first run got lost. If it isn't known which is the
    newest, it converts none either.

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
    to_labels(labels)
    or_unset("description", description)
    mark = {BACKUP_OF: str(number)}
    listed = [
        *client.images.get_all(type="backup", bound_to=number, status="available"),
        *client.images.get_all(type="snapshot", label_selector=f"{BACKUP_OF}={number}"),
    ]
    found = [image for image in listed if _is_usable(image, number) or _is_converted(image, number)]
    if not found:
        return Conversion(None, converted=False, reason=f"server {number} has no backup that can be used")
    for image in found:
        if not has_known_age(image):  # it may be the newest
            return Conversion(None, converted=False, reason=f"the creation time of image {image.id} is unknown")
    newest = max(found, key=age)
    if newest.type == "snapshot":
        return Conversion(newest, converted=False, reason=f"image {newest.id} was converted before; no backup is newer")
    reason = f"image {newest.id} is the newest backup of server {number}"
    if dry_run:
        return Conversion(newest, converted=True, reason=reason)
    unclear = True
    with noting(lambda: f"Image {newest.id} may be converted, and paid for; a second run checks first." * unclear):
        try:
            image = newest.update(
                description, "snapshot", {**((newest.labels if labels is None else labels) or {}), **mark}
            )
        except HCloudException as error:
            unclear = isinstance(error, TransportException | ServerErrorException)
            try:
                image = client.images.get_by_id(to_id(newest, "image"))
            except HCloudException as look:
                unclear = unclear and not isinstance(look, NotFoundException)
                error.add_note(f"A look at image {newest.id} failed as well: {look}")
                raise error from error.__cause__
            if image.type != "snapshot":
                raise
    return Conversion(image, converted=True, reason=reason)


def _is_usable(image: Image, server: int) -> bool:
    of_server = image.bound_to is not None and image.bound_to.id == server
    return of_server and (image.type, image.status) == ("backup", "available") and not is_deleted(image)


def _is_converted(image: Image, server: int) -> bool:
    return image.type == "snapshot" and (image.labels or {}).get(BACKUP_OF) == str(server)
