from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import UNSET, Unset


class ChangeProtectionBody:
    def __init__(
        self,
        delete: bool | Unset = UNSET,
    ) -> None:
        self.delete = delete

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.delete is not UNSET:
            found["delete"] = self.delete
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            rest.pop("delete", UNSET),
        )
