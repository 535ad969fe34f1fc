from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import UNSET, Unset, require


class ServersPage:
    def __init__(
        self,
        servers: list[dict[str, Any]],
        meta: dict[str, Any] | Unset = UNSET,
    ) -> None:
        self.servers = servers
        self.meta = meta

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        found["servers"] = self.servers
        if self.meta is not UNSET:
            found["meta"] = self.meta
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = {**src_dict}  # unlike dict(), takes no array of pairs
        return cls(
            require(list, rest.pop("servers"), "servers"),
            rest.pop("meta", UNSET),
        )
