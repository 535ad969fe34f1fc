from __future__ import annotations

from typing import TypedDict


class ActionResource(TypedDict):
    """A resource of an action."""

    id: int
    type: str
