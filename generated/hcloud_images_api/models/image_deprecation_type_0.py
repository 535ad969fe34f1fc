from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ImageDeprecationType0")


@_attrs_define
class ImageDeprecationType0:
    """When the deprecation was announced, and when the image goes.

    Attributes:
        announced (str | Unset): RFC 3339; the seconds may be missing in old answers.
        unavailable_after (str | Unset): RFC 3339; the seconds may be missing in old answers.
    """

    announced: str | Unset = UNSET
    unavailable_after: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        announced = self.announced

        unavailable_after = self.unavailable_after

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if announced is not UNSET:
            field_dict["announced"] = announced
        if unavailable_after is not UNSET:
            field_dict["unavailable_after"] = unavailable_after

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        announced = d.pop("announced", UNSET)

        unavailable_after = d.pop("unavailable_after", UNSET)

        image_deprecation_type_0 = cls(
            announced=announced,
            unavailable_after=unavailable_after,
        )

        image_deprecation_type_0.additional_properties = d
        return image_deprecation_type_0

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
