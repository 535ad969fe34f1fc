from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.action_error_type_0 import ActionErrorType0
from ..models.action_resources_item import ActionResourcesItem
from ..types import UNSET, Unset


@_attrs_define(weakref_slot=False)
class Action:
    id: int
    command: str | Unset = UNSET
    status: str | Unset = UNSET
    progress: int | Unset = UNSET
    started: str | Unset = UNSET
    finished: None | str | Unset = UNSET
    resources: list[ActionResourcesItem] | Unset = UNSET
    error: ActionErrorType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.additional_properties)
        found["id"] = self.id
        if self.command is not UNSET:
            found["command"] = self.command
        if self.status is not UNSET:
            found["status"] = self.status
        if self.progress is not UNSET:
            found["progress"] = self.progress
        if self.started is not UNSET:
            found["started"] = self.started
        if self.finished is not UNSET:
            found["finished"] = self.finished
        if not isinstance(self.resources, Unset):
            found["resources"] = self.resources and [one.to_dict() for one in self.resources]
        if not isinstance(self.error, Unset):
            found["error"] = self.error and self.error.to_dict()
        return found

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        rest = dict(src_dict)
        # Set one by one: it takes half the time of handing them to __init__.
        self = cls.__new__(cls)
        self.id = rest.pop("id")
        self.command = rest.pop("command", UNSET)
        self.status = rest.pop("status", UNSET)
        self.progress = rest.pop("progress", UNSET)
        self.started = rest.pop("started", UNSET)
        self.finished = rest.pop("finished", UNSET)
        value = rest.pop("resources", UNSET)
        self.resources = (
            value if value is None or value is UNSET else [ActionResourcesItem.from_dict(one) for one in value]
        )
        value = rest.pop("error", UNSET)
        self.error = value if value is None or value is UNSET else ActionErrorType0.from_dict(value)
        # A dict that was emptied keeps the memory of a full one.
        self.additional_properties = dict(rest) if rest else {}
        return self
