from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import UNSET, Unset


class ImageCreatedFromType0:
    """The server that the image was created from, with its name at that time."""

    def __init__(
        self,
        id: int,
        name: str | Unset = UNSET,
    ) -> None:
        self.id = id
        self.name = name

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        found["id"] = self.id
        if self.name is not UNSET:
            found["name"] = self.name
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            rest.pop("id"),
            rest.pop("name", UNSET),
        )
