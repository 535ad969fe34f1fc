from __future__ import annotations

from typing import TypedDict


class ActionResource(TypedDict):
    """What an action works on."""

    id: int
    type: str
