from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import UNSET, Unset


class UpdateImageBody:
    def __init__(
        self,
        description: str | Unset = UNSET,
        type_: str | Unset = UNSET,
        labels: dict[str, str] | Unset = UNSET,
    ) -> None:
        self.description = description
        self.type_ = type_
        self.labels = labels

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.description is not UNSET:
            found["description"] = self.description
        if self.type_ is not UNSET:
            found["type"] = self.type_
        if self.labels is not UNSET:
            found["labels"] = self.labels
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            rest.pop("description", UNSET),
            rest.pop("type", UNSET),
            rest.pop("labels", UNSET),
        )
