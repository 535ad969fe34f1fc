from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.image_created_from_type_0 import ImageCreatedFromType0
from ..models.image_deprecation_type_0 import ImageDeprecationType0
from ..models.image_protection import ImageProtection
from ..models.labels import Labels
from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class Image:
    id: int
    type_: str | Unset = UNSET
    status: str | Unset = UNSET
    name: None | str | Unset = UNSET
    description: str | Unset = UNSET
    image_size: float | None | Unset = UNSET
    disk_size: float | Unset = UNSET
    created: str | Unset = UNSET
    created_from: ImageCreatedFromType0 | None | Unset = UNSET
    bound_to: int | None | Unset = UNSET
    os_flavor: str | Unset = UNSET
    os_version: None | str | Unset = UNSET
    rapid_deploy: bool | Unset = UNSET
    protection: ImageProtection | Unset = UNSET
    deprecated: None | str | Unset = UNSET
    deprecation: ImageDeprecationType0 | None | Unset = UNSET
    deleted: None | str | Unset = UNSET
    labels: Labels | Unset = UNSET
    architecture: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        found["id"] = self.id
        if self.type_ is not UNSET:
            found["type"] = self.type_
        if self.status is not UNSET:
            found["status"] = self.status
        if self.name is not UNSET:
            found["name"] = self.name
        if self.description is not UNSET:
            found["description"] = self.description
        if self.image_size is not UNSET:
            found["image_size"] = self.image_size
        if self.disk_size is not UNSET:
            found["disk_size"] = self.disk_size
        if self.created is not UNSET:
            found["created"] = self.created
        if not isinstance(self.created_from, Unset):
            found["created_from"] = self.created_from and self.created_from.to_dict()
        if self.bound_to is not UNSET:
            found["bound_to"] = self.bound_to
        if self.os_flavor is not UNSET:
            found["os_flavor"] = self.os_flavor
        if self.os_version is not UNSET:
            found["os_version"] = self.os_version
        if self.rapid_deploy is not UNSET:
            found["rapid_deploy"] = self.rapid_deploy
        if not isinstance(self.protection, Unset):
            found["protection"] = self.protection and self.protection.to_dict()
        if self.deprecated is not UNSET:
            found["deprecated"] = self.deprecated
        if not isinstance(self.deprecation, Unset):
            found["deprecation"] = self.deprecation and self.deprecation.to_dict()
        if self.deleted is not UNSET:
            found["deleted"] = self.deleted
        if not isinstance(self.labels, Unset):
            found["labels"] = self.labels and self.labels.to_dict()
        if self.architecture is not UNSET:
            found["architecture"] = self.architecture
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        # Set one by one: it takes half the time of handing them to __init__.
        self = cls.__new__(cls)
        self.id = rest.pop("id")
        self.type_ = rest.pop("type", UNSET)
        self.status = rest.pop("status", UNSET)
        self.name = rest.pop("name", UNSET)
        self.description = rest.pop("description", UNSET)
        self.image_size = rest.pop("image_size", UNSET)
        self.disk_size = rest.pop("disk_size", UNSET)
        self.created = rest.pop("created", UNSET)
        value = rest.pop("created_from", UNSET)
        self.created_from = value if value is None or value is UNSET else ImageCreatedFromType0.from_dict(value)
        self.bound_to = rest.pop("bound_to", UNSET)
        self.os_flavor = rest.pop("os_flavor", UNSET)
        self.os_version = rest.pop("os_version", UNSET)
        self.rapid_deploy = rest.pop("rapid_deploy", UNSET)
        value = rest.pop("protection", UNSET)
        self.protection = value if value is None or value is UNSET else ImageProtection.from_dict(value)
        self.deprecated = rest.pop("deprecated", UNSET)
        value = rest.pop("deprecation", UNSET)
        self.deprecation = value if value is None or value is UNSET else ImageDeprecationType0.from_dict(value)
        self.deleted = rest.pop("deleted", UNSET)
        value = rest.pop("labels", UNSET)
        self.labels = value if value is None or value is UNSET else Labels.from_dict(value)
        self.architecture = rest.pop("architecture", UNSET)
        # A dict that was emptied keeps the memory of a full one.
        self.additional_properties = dict(rest) if rest else {}
        return self
