from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="MetaPaginationType0")


@_attrs_define
class MetaPaginationType0:
    """
    Attributes:
        page (int | Unset):
        per_page (int | Unset):
        previous_page (int | None | Unset):
        next_page (int | None | Unset):
        last_page (int | None | Unset):
        total_entries (int | None | Unset):
    """

    page: int | Unset = UNSET
    per_page: int | Unset = UNSET
    previous_page: int | None | Unset = UNSET
    next_page: int | None | Unset = UNSET
    last_page: int | None | Unset = UNSET
    total_entries: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        page = self.page

        per_page = self.per_page

        previous_page: int | None | Unset
        if isinstance(self.previous_page, Unset):
            previous_page = UNSET
        else:
            previous_page = self.previous_page

        next_page: int | None | Unset
        if isinstance(self.next_page, Unset):
            next_page = UNSET
        else:
            next_page = self.next_page

        last_page: int | None | Unset
        if isinstance(self.last_page, Unset):
            last_page = UNSET
        else:
            last_page = self.last_page

        total_entries: int | None | Unset
        if isinstance(self.total_entries, Unset):
            total_entries = UNSET
        else:
            total_entries = self.total_entries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if page is not UNSET:
            field_dict["page"] = page
        if per_page is not UNSET:
            field_dict["per_page"] = per_page
        if previous_page is not UNSET:
            field_dict["previous_page"] = previous_page
        if next_page is not UNSET:
            field_dict["next_page"] = next_page
        if last_page is not UNSET:
            field_dict["last_page"] = last_page
        if total_entries is not UNSET:
            field_dict["total_entries"] = total_entries

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        page = d.pop("page", UNSET)

        per_page = d.pop("per_page", UNSET)

        def _parse_previous_page(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        previous_page = _parse_previous_page(d.pop("previous_page", UNSET))

        def _parse_next_page(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        next_page = _parse_next_page(d.pop("next_page", UNSET))

        def _parse_last_page(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        last_page = _parse_last_page(d.pop("last_page", UNSET))

        def _parse_total_entries(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_entries = _parse_total_entries(d.pop("total_entries", UNSET))

        meta_pagination_type_0 = cls(
            page=page,
            per_page=per_page,
            previous_page=previous_page,
            next_page=next_page,
            last_page=last_page,
            total_entries=total_entries,
        )

        meta_pagination_type_0.additional_properties = d
        return meta_pagination_type_0

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
