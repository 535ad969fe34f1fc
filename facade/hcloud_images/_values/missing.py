"""Errors for attributes that this library doesn't have; they say where the value is."""

from __future__ import annotations

from typing import Any, NoReturn

from hcloud_images.errors import HCloudException, InvalidValueException

ELSEWHERE = "not part of this library; use the official client, hcloud"


def missing_attribute(owner: object, name: str) -> AttributeError:
    """Return the error of an object that has no such attribute; for its ``__getattr__``.

    :param owner: A value or a client.
    :param name: The attribute.
    """
    message = f"{type(owner).__name__!r} has no attribute {name!r}"
    # Copy, pickle and notebooks ask for names with underscores; what the class has wasn't set yet.
    if name.startswith("_") or hasattr(type(owner), name):
        return AttributeError(message, name=name, obj=owner)
    if name in _of(owner, "extra", {}):
        where = f'its value is in extra["{name}"]'
    elif _of(owner, "complete", True):
        where = ELSEWHERE
    else:
        where = "if the API has this field, it is in extra after reload(); otherwise use the official client, hcloud"
    return AttributeError(f"{message}: {where}", name=name, obj=owner)


def caller_of(client: Any) -> Any:
    """Return what sends the requests of a client; another library's client has none."""
    if not hasattr(client, "_caller"):
        kind = f"{type(client).__module__}.{type(client).__name__}"
        raise InvalidValueException(
            f"expected a client of this library, got {kind}; Client.beside() makes one of an official client"
        )
    return client._caller


def _of(owner: object, name: str, default: Any) -> Any:
    """Return an attribute, if there can be one."""
    return getattr(owner, name, default) if hasattr(type(owner), name) else default


class MissingClient:
    """Stands in for the client of a bound model that was pickled."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise HCloudException(
            "this object was pickled, without its client and token;"
            " get it again by its id, or pass it to a method of client.images, client.actions or client.servers"
        )
