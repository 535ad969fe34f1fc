from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import require


class ErrorEnvelope:
    def __init__(
        self,
        error: dict[str, Any],
    ) -> None:
        self.error = error

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        found["error"] = self.error
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            require(dict, rest.pop("error"), "error"),
        )
