from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, require


@_attrs_define(weakref_slot=False)
class ServerEnvelope:
    server: dict[str, Any]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if self.server is not UNSET:
            found["server"] = self.server
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        self = cls(
            server=require(dict, rest.pop("server"), "server"),
        )
        self.additional_properties = rest
        return self
