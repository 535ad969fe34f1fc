from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.image import Image
from ..models.meta import Meta
from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class ImagesPage:
    images: list[Image]
    meta: Meta | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        found["images"] = [one.to_dict() for one in self.images]
        if not isinstance(self.meta, Unset):
            found["meta"] = self.meta and self.meta.to_dict()
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        # Set one by one: it takes half the time of handing them to __init__.
        self = cls.__new__(cls)
        self.images = [Image.from_dict(one) for one in rest.pop("images")]
        value = rest.pop("meta", UNSET)
        self.meta = value if value is None or value is UNSET else Meta.from_dict(value)
        # A dict that was emptied keeps the memory of a full one.
        self.additional_properties = dict(rest) if rest else {}
        return self
