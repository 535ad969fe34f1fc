from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.image_created_from_type_0 import ImageCreatedFromType0
    from ..models.image_deprecation_type_0 import ImageDeprecationType0
    from ..models.image_protection import ImageProtection
    from ..models.labels import Labels


T = TypeVar("T", bound="Image")


@_attrs_define
class Image:
    """
    Attributes:
        id (int):
        type_ (str | Unset): What kind of image it is.
        status (str | Unset): Whether it can be used.
        name (None | str | Unset): Unique per architecture; snapshots and backups have none.
        description (str | Unset): Text for people.
        image_size (float | None | Unset): Size of what is stored, in GB; this is what a snapshot is billed by.
        disk_size (float | Unset): Size of the disk in the image, in GB.
        created (str | Unset): RFC 3339; the seconds may be missing in old answers.
        created_from (ImageCreatedFromType0 | None | Unset): The server that the image was created from, as it was named
            then.
        bound_to (int | None | Unset): Id of the server that a backup is bound to.
        os_flavor (str | Unset): Flavor of the operating system.
        os_version (None | str | Unset): Version of the operating system.
        rapid_deploy (bool | Unset): Whether servers are made from it especially fast.
        protection (ImageProtection | Unset): What the image is protected from.
        deprecated (None | str | Unset): Since when the image is deprecated; `deprecation` replaces it.
        deprecation (ImageDeprecationType0 | None | Unset): When the deprecation was announced, and when the image goes.
        deleted (None | str | Unset): When the image was deleted.
        labels (Labels | Unset): Key and value pairs that the user has chosen.
        architecture (str | Unset): CPU architecture that the image runs on.
    """

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
        from ..models.image_created_from_type_0 import ImageCreatedFromType0  # noqa: PLC0415
        from ..models.image_deprecation_type_0 import ImageDeprecationType0  # noqa: PLC0415

        id = self.id

        type_ = self.type_

        status = self.status

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        description = self.description

        image_size: float | None | Unset
        if isinstance(self.image_size, Unset):
            image_size = UNSET
        else:
            image_size = self.image_size

        disk_size = self.disk_size

        created = self.created

        created_from: dict[str, Any] | None | Unset
        if isinstance(self.created_from, Unset):
            created_from = UNSET
        elif isinstance(self.created_from, ImageCreatedFromType0):
            created_from = self.created_from.to_dict()
        else:
            created_from = self.created_from

        bound_to: int | None | Unset
        if isinstance(self.bound_to, Unset):
            bound_to = UNSET
        else:
            bound_to = self.bound_to

        os_flavor = self.os_flavor

        os_version: None | str | Unset
        if isinstance(self.os_version, Unset):
            os_version = UNSET
        else:
            os_version = self.os_version

        rapid_deploy = self.rapid_deploy

        protection: dict[str, Any] | Unset = UNSET
        if not isinstance(self.protection, Unset):
            protection = self.protection.to_dict()

        deprecated: None | str | Unset
        if isinstance(self.deprecated, Unset):
            deprecated = UNSET
        else:
            deprecated = self.deprecated

        deprecation: dict[str, Any] | None | Unset
        if isinstance(self.deprecation, Unset):
            deprecation = UNSET
        elif isinstance(self.deprecation, ImageDeprecationType0):
            deprecation = self.deprecation.to_dict()
        else:
            deprecation = self.deprecation

        deleted: None | str | Unset
        if isinstance(self.deleted, Unset):
            deleted = UNSET
        else:
            deleted = self.deleted

        labels: dict[str, Any] | Unset = UNSET
        if not isinstance(self.labels, Unset):
            labels = self.labels.to_dict()

        architecture = self.architecture

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_
        if status is not UNSET:
            field_dict["status"] = status
        if name is not UNSET:
            field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if image_size is not UNSET:
            field_dict["image_size"] = image_size
        if disk_size is not UNSET:
            field_dict["disk_size"] = disk_size
        if created is not UNSET:
            field_dict["created"] = created
        if created_from is not UNSET:
            field_dict["created_from"] = created_from
        if bound_to is not UNSET:
            field_dict["bound_to"] = bound_to
        if os_flavor is not UNSET:
            field_dict["os_flavor"] = os_flavor
        if os_version is not UNSET:
            field_dict["os_version"] = os_version
        if rapid_deploy is not UNSET:
            field_dict["rapid_deploy"] = rapid_deploy
        if protection is not UNSET:
            field_dict["protection"] = protection
        if deprecated is not UNSET:
            field_dict["deprecated"] = deprecated
        if deprecation is not UNSET:
            field_dict["deprecation"] = deprecation
        if deleted is not UNSET:
            field_dict["deleted"] = deleted
        if labels is not UNSET:
            field_dict["labels"] = labels
        if architecture is not UNSET:
            field_dict["architecture"] = architecture

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.image_created_from_type_0 import ImageCreatedFromType0  # noqa: PLC0415
        from ..models.image_deprecation_type_0 import ImageDeprecationType0  # noqa: PLC0415
        from ..models.image_protection import ImageProtection  # noqa: PLC0415
        from ..models.labels import Labels  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        type_ = d.pop("type", UNSET)

        status = d.pop("status", UNSET)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        description = d.pop("description", UNSET)

        def _parse_image_size(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        image_size = _parse_image_size(d.pop("image_size", UNSET))

        disk_size = d.pop("disk_size", UNSET)

        created = d.pop("created", UNSET)

        def _parse_created_from(data: object) -> ImageCreatedFromType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                created_from_type_0 = ImageCreatedFromType0.from_dict(data)

                return created_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImageCreatedFromType0 | None | Unset, data)

        created_from = _parse_created_from(d.pop("created_from", UNSET))

        def _parse_bound_to(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        bound_to = _parse_bound_to(d.pop("bound_to", UNSET))

        os_flavor = d.pop("os_flavor", UNSET)

        def _parse_os_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        os_version = _parse_os_version(d.pop("os_version", UNSET))

        rapid_deploy = d.pop("rapid_deploy", UNSET)

        _protection = d.pop("protection", UNSET)
        protection: ImageProtection | Unset
        if isinstance(_protection, Unset):
            protection = UNSET
        else:
            protection = ImageProtection.from_dict(_protection)

        def _parse_deprecated(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        deprecated = _parse_deprecated(d.pop("deprecated", UNSET))

        def _parse_deprecation(data: object) -> ImageDeprecationType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                deprecation_type_0 = ImageDeprecationType0.from_dict(data)

                return deprecation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImageDeprecationType0 | None | Unset, data)

        deprecation = _parse_deprecation(d.pop("deprecation", UNSET))

        def _parse_deleted(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        deleted = _parse_deleted(d.pop("deleted", UNSET))

        _labels = d.pop("labels", UNSET)
        labels: Labels | Unset
        if isinstance(_labels, Unset):
            labels = UNSET
        else:
            labels = Labels.from_dict(_labels)

        architecture = d.pop("architecture", UNSET)

        image = cls(
            id=id,
            type_=type_,
            status=status,
            name=name,
            description=description,
            image_size=image_size,
            disk_size=disk_size,
            created=created,
            created_from=created_from,
            bound_to=bound_to,
            os_flavor=os_flavor,
            os_version=os_version,
            rapid_deploy=rapid_deploy,
            protection=protection,
            deprecated=deprecated,
            deprecation=deprecation,
            deleted=deleted,
            labels=labels,
            architecture=architecture,
        )

        image.additional_properties = d
        return image

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
