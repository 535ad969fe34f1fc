from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.error_envelope_error_details_type_0 import ErrorEnvelopeErrorDetailsType0
from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class ErrorEnvelopeError:
    code: str | Unset = UNSET
    message: str | Unset = UNSET
    details: ErrorEnvelopeErrorDetailsType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        if self.code is not UNSET:
            found["code"] = self.code
        if self.message is not UNSET:
            found["message"] = self.message
        if not isinstance(self.details, Unset):
            found["details"] = self.details and self.details.to_dict()
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        # Set one by one: it takes half the time of handing them to __init__.
        self = cls.__new__(cls)
        self.code = rest.pop("code", UNSET)
        self.message = rest.pop("message", UNSET)
        value = rest.pop("details", UNSET)
        self.details = value if value is None or value is UNSET else ErrorEnvelopeErrorDetailsType0.from_dict(value)
        # A dict that was emptied keeps the memory of a full one.
        self.additional_properties = dict(rest) if rest else {}
        return self
