from __future__ import annotations

from typing import TypedDict


class ImageProtection(TypedDict):
    """What an image is protected from."""

    delete: bool
