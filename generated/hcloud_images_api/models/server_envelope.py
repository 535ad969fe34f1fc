from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import require


class ServerEnvelope:
    def __init__(
        self,
        server: dict[str, Any],
    ) -> None:
        self.server = server

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        found["server"] = self.server
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            require(dict, rest.pop("server"), "server"),
        )
