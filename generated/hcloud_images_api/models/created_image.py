from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import require


class CreatedImage:
    def __init__(
        self,
        image: dict[str, Any],
        action: dict[str, Any],
    ) -> None:
        self.image = image
        self.action = action

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        found["image"] = self.image
        found["action"] = self.action
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            require(dict, rest.pop("image"), "image"),
            require(dict, rest.pop("action"), "action"),
        )
