"""Says of what isn't here where it is: in ``extra``, or in the official client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ELSEWHERE = "for what this library doesn't have, use the official client, hcloud"


def missing_attribute(owner: Any, name: str) -> AttributeError:
    """Return the error of an object that has no such attribute; for a ``__getattr__``, which asks nobody.

    :param owner: A value or a client.
    :param name: The attribute.
    """
    message = f"{type(owner).__name__!r} has no attribute {name!r}"
    # Copy and pickle ask for names with underscores, the lines below for the other two.
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
