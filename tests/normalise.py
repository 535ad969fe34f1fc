"""Values of the official client and of ours, in one form."""

from __future__ import annotations

from typing import Any

import hcloud
import hcloud.actions
import hcloud.core
import hcloud.images
import hcloud.servers
import hcloud_images
import hcloud_images.actions
import hcloud_images.core
import hcloud_images.images
import hcloud_images.servers

#: What the official client knows; `deprecated` is no property any more, but still there.
IMAGE = [*hcloud.images.Image.__api_properties__, "deprecated"]
ACTION = hcloud.actions.Action.__api_properties__
PAGINATION = hcloud.core.Pagination.__api_properties__
OFFICIAL = {
    hcloud.images.Image: IMAGE,
    hcloud.actions.Action: ACTION,
    hcloud.core.Pagination: PAGINATION,
    hcloud.core.Meta: ["pagination"],
    hcloud.images.CreateImageResponse: ["action", "image"],
}
OURS = {
    hcloud_images.images.Image: IMAGE,
    hcloud_images.actions.Action: ACTION,
    hcloud_images.core.Pagination: PAGINATION,
    hcloud_images.core.Meta: ["pagination"],
    hcloud_images.images.CreateImageResponse: ["action", "image"],
    hcloud_images.images.AsyncCreateImageResponse: ["action", "image"],
}


def normalise(value: Any) -> Any:
    """Make values of both libraries comparable, field by field."""
    if isinstance(value, hcloud.servers.Server | hcloud_images.servers.Server):
        # No more of it: the official client would send a request for a field that isn't known.
        return value.data_model.id, value.data_model.name
    for classes in (OFFICIAL, OURS):
        for cls, names in classes.items():
            if isinstance(value, cls):
                return {name: normalise(getattr(value, name)) for name in names}
    if hasattr(value, "announced"):
        return normalise(value.announced), normalise(value.unavailable_after)
    if isinstance(value, list | tuple):
        return [normalise(one) for one in value]
    if isinstance(value, Exception):
        return {"text": str(value).partition(": ")[0], "code": value.code, "details": value.details}  # type: ignore[attr-defined]
    return value
