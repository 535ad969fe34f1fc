from __future__ import annotations

from typing import TypedDict


class ActionError(TypedDict):
    """Why it failed."""

    code: str
    message: str
