"""Errors for missing attributes: say where the value is, in ``extra`` or in the official client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ELSEWHERE = "for what this library doesn't have, use the official client, hcloud"


def missing_attribute(owner: Any, name: str) -> AttributeError:
    """Return the error for an attribute that an object doesn't have; for its ``__getattr__``.

    :param owner: A value or a client.
    :param name: The attribute.
    """
    message = f"{type(owner).__name__!r} has no attribute {name!r}"
    # Copy and pickle look up names with underscores, the lines below the other two.
    if name.startswith("_") or name in {"extra", "complete"}:
        return AttributeError(message, name=name, obj=owner)
    extra: Mapping[str, Any] = getattr(owner, "extra", {})
    if name in extra:
        where = f'what the API sent is in extra["{name}"]'
    elif getattr(owner, "complete", True):
        where = ELSEWHERE
    else:
        where = f"if it is a field, it is in extra after reload(); {ELSEWHERE}"
    return AttributeError(f"{message}: {where}", name=name, obj=owner)
