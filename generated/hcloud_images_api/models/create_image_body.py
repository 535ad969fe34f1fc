from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class CreateImageBody:
    description: str | Unset = UNSET
    type_: str | Unset = UNSET
    labels: dict[str, str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if self.description is not UNSET:
            found["description"] = self.description
        if self.type_ is not UNSET:
            found["type"] = self.type_
        if self.labels is not UNSET:
            found["labels"] = self.labels
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        self = cls(
            description=rest.pop("description", UNSET),
            type_=rest.pop("type", UNSET),
            labels=rest.pop("labels", UNSET),
        )
        self.additional_properties = rest
        return self
