from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self


class Labels:
    """Key and value pairs, chosen by the user."""

    def __init__(
        self,
        additional_properties: Mapping[str, Any],
    ) -> None:
        self.additional_properties = additional_properties

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            rest,
        )
