from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.action_error_type_0 import ActionErrorType0
    from ..models.action_resources_item import ActionResourcesItem


T = TypeVar("T", bound="Action")


@_attrs_define
class Action:
    """
    Attributes:
        id (int):
        command (str | Unset): What it does.
        status (str | Unset): Whether it still runs, and how it ended.
        progress (int | Unset): How far it is, in percent.
        started (str | Unset): RFC 3339; the seconds may be missing in old answers.
        finished (None | str | Unset): When it ended.
        resources (list[ActionResourcesItem] | Unset): What it works on.
        error (ActionErrorType0 | None | Unset): Why it failed.
    """

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
        from ..models.action_error_type_0 import ActionErrorType0  # noqa: PLC0415

        id = self.id

        command = self.command

        status = self.status

        progress = self.progress

        started = self.started

        finished: None | str | Unset
        if isinstance(self.finished, Unset):
            finished = UNSET
        else:
            finished = self.finished

        resources: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.resources, Unset):
            resources = []
            for resources_item_data in self.resources:
                resources_item = resources_item_data.to_dict()
                resources.append(resources_item)

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, ActionErrorType0):
            error = self.error.to_dict()
        else:
            error = self.error

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if command is not UNSET:
            field_dict["command"] = command
        if status is not UNSET:
            field_dict["status"] = status
        if progress is not UNSET:
            field_dict["progress"] = progress
        if started is not UNSET:
            field_dict["started"] = started
        if finished is not UNSET:
            field_dict["finished"] = finished
        if resources is not UNSET:
            field_dict["resources"] = resources
        if error is not UNSET:
            field_dict["error"] = error

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action_error_type_0 import ActionErrorType0  # noqa: PLC0415
        from ..models.action_resources_item import ActionResourcesItem  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        command = d.pop("command", UNSET)

        status = d.pop("status", UNSET)

        progress = d.pop("progress", UNSET)

        started = d.pop("started", UNSET)

        def _parse_finished(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        finished = _parse_finished(d.pop("finished", UNSET))

        _resources = d.pop("resources", UNSET)
        resources: list[ActionResourcesItem] | Unset = UNSET
        if _resources is not UNSET:
            resources = []
            for resources_item_data in _resources:
                resources_item = ActionResourcesItem.from_dict(resources_item_data)

                resources.append(resources_item)

        def _parse_error(data: object) -> ActionErrorType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ActionErrorType0.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ActionErrorType0 | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        action = cls(
            id=id,
            command=command,
            status=status,
            progress=progress,
            started=started,
            finished=finished,
            resources=resources,
            error=error,
        )

        action.additional_properties = d
        return action

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
