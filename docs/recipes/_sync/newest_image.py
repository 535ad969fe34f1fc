"""The newest image that labels select."""

from __future__ import annotations

from hcloud_images import Client
from hcloud_images.images import BoundImage


def newest_image(
    client: Client, label_selector: str, *, type: str = "snapshot", architecture: str | None = None
) -> BoundImage | None:
    """Get the newest image that can be used; one request.

    :param label_selector: Which images, such as ``role=web,environment=production``.
    :param type: ``snapshot`` or ``backup``.
    :param architecture: ``x86`` or ``arm``; any unless given.
    :returns: ``None`` when there is none.
    """
    page = client.images.get_list(
        label_selector=label_selector,
        type=type,
        architecture=architecture,
        status="available",
        sort="created:desc",
        per_page=1,
    )
    return page.images[0] if page.images else None
