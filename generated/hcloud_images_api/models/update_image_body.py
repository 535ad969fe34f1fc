from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.labels import Labels
from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class UpdateImageBody:
    description: str | Unset = UNSET
    type_: str | Unset = UNSET
    labels: Labels | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if self.description is not UNSET:
            found["description"] = self.description
        if self.type_ is not UNSET:
            found["type"] = self.type_
        if not isinstance(self.labels, Unset):
            found["labels"] = self.labels and self.labels.to_dict()
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        # Set one by one: it takes half the time of handing them to __init__.
        self = cls.__new__(cls)
        self.description = rest.pop("description", UNSET)
        self.type_ = rest.pop("type", UNSET)
        value = rest.pop("labels", UNSET)
        self.labels = value if value is None or value is UNSET else Labels.from_dict(value)
        # A dict that was emptied keeps the memory of a full one.
        self.additional_properties = dict(rest) if rest else {}
        return self
