from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.meta_pagination_type_0 import MetaPaginationType0
from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class Meta:
    pagination: MetaPaginationType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if not isinstance(self.pagination, Unset):
            found["pagination"] = self.pagination and self.pagination.to_dict()
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        # Set one by one: it takes half the time of handing them to __init__.
        self = cls.__new__(cls)
        value = rest.pop("pagination", UNSET)
        self.pagination = value if value is None or value is UNSET else MetaPaginationType0.from_dict(value)
        # A dict that was emptied keeps the memory of a full one.
        self.additional_properties = dict(rest) if rest else {}
        return self
