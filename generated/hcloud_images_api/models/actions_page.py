from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, require


@_attrs_define(weakref_slot=False)
class ActionsPage:
    actions: list[dict[str, Any]]
    meta: dict[str, Any] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if self.actions is not UNSET:
            found["actions"] = self.actions
        if self.meta is not UNSET:
            found["meta"] = self.meta
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        self = cls(
            actions=require(list, rest.pop("actions"), "actions"),
            meta=rest.pop("meta", UNSET),
        )
        self.additional_properties = rest
        return self
