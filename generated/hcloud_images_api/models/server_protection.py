from __future__ import annotations

from typing import TypedDict


class ServerProtection(TypedDict):
    """What a server is protected from."""

    delete: bool
    rebuild: bool
