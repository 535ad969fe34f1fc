from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, require


@_attrs_define(weakref_slot=False)
class ImageEnvelope:
    image: dict[str, Any]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if self.image is not UNSET:
            found["image"] = self.image
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        self = cls(
            image=require(dict, rest.pop("image"), "image"),
        )
        self.additional_properties = rest
        return self
