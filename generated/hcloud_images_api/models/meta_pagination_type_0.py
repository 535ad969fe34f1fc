from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class MetaPaginationType0:
    page: int | Unset = UNSET
    per_page: int | Unset = UNSET
    previous_page: int | None | Unset = UNSET
    next_page: int | None | Unset = UNSET
    last_page: int | None | Unset = UNSET
    total_entries: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if self.page is not UNSET:
            found["page"] = self.page
        if self.per_page is not UNSET:
            found["per_page"] = self.per_page
        if self.previous_page is not UNSET:
            found["previous_page"] = self.previous_page
        if self.next_page is not UNSET:
            found["next_page"] = self.next_page
        if self.last_page is not UNSET:
            found["last_page"] = self.last_page
        if self.total_entries is not UNSET:
            found["total_entries"] = self.total_entries
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        # Set one by one: it takes half the time of handing them to __init__.
        self = cls.__new__(cls)
        self.page = rest.pop("page", UNSET)
        self.per_page = rest.pop("per_page", UNSET)
        self.previous_page = rest.pop("previous_page", UNSET)
        self.next_page = rest.pop("next_page", UNSET)
        self.last_page = rest.pop("last_page", UNSET)
        self.total_entries = rest.pop("total_entries", UNSET)
        # A dict that was emptied keeps the memory of a full one.
        self.additional_properties = dict(rest) if rest else {}
        return self
