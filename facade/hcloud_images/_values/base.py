"""Base class of the values: building, equality, repr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar, cast

from attrs import fields
from hcloud_images_api.types import Value

from hcloud_images._values.missing import missing_attribute
from hcloud_images.errors import InvalidValueException

V = TypeVar("V", bound="BaseDomain")


class BaseDomain(Value):  # noqa: PLW1641 - the values change, as in the official client
    """Base class of the values.

    :param extra: Fields that the API sent and this version doesn't know, and times that can't be parsed.
    """

    __slots__ = ()

    #: Fields that a table of such values shows.
    _columns: ClassVar[tuple[str, ...]] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse times that can't be parsed; from the API they are left in ``extra``."""
        for name in self._times:
            value = getattr(self, name)
            if not isinstance(value, datetime | None):
                raise InvalidValueException(
                    f"{name} must be an RFC 3339 time, such as 2026-05-04T10:00:00Z, got {value!r}"
                )
        super().__attrs_post_init__()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build one from a JSON object of the API, or from what ``to_dict`` returned.

        :param data: The object; fields that this version doesn't know go to ``extra``. An ``id`` of ``None`` is
            that of a value that a program made; the API always sends one.
        :raises InvalidValueException: when it isn't such an object.
        """
        self = cls.__new__(cls)
        made = issubclass(cls, DomainIdentityMixin) and _lacks_id(data)
        self._load({**data, "id": 1} if made else data)
        self._set_state({"id": None} if made else {})
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the API: JSON types only, unknown fields included.

        ``from_dict`` of it returns an equal value, except that ``bound_to`` of an image is no more than an id.
        """
        return super().to_dict()

    def _load(self, data: Mapping[str, Any]) -> None:
        try:
            self._read(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            kind = getattr(type(self), "model", type(self)).__name__
            reason = f'missing "{error.args[0]}"' if isinstance(error, KeyError) else str(error)
            raise InvalidValueException(f"not a valid {kind}: {reason}") from error

    def _state(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(type(self))} | {"extra": dict(self.extra)}

    def _set_state(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise missing_attribute(self, name)

    def __getstate__(self) -> Any:
        return self._state()

    def __setstate__(self, state: Any) -> None:
        self._set_state(state)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value, _ in self.__rich_repr__())})"

    def __rich_repr__(self) -> Iterator[tuple[str, Any, None]]:
        for one in fields(type(self)):
            if one.repr:
                yield one.name, getattr(self, one.name), None

    def __eq__(self, other: object) -> bool:
        # A bound object equals a plain one with the same values, as it does in the official client.
        if not isinstance(other, BaseDomain) or not (isinstance(other, type(self)) or isinstance(self, type(other))):
            return NotImplemented
        return self._state() == other._state()


def _lacks_id(data: Any) -> bool:
    return isinstance(data, dict) and "id" in data and data["id"] is None


def coerce(kind: type[V], value: Any) -> V:
    """Take a value as it is, or build it from a JSON object of the API."""
    if isinstance(value, kind):
        return value
    if isinstance(value, Mapping):
        return kind.from_dict(cast("Mapping[str, Any]", value))
    raise InvalidValueException(f"not a valid {kind.__name__}, nor a JSON object of one: {value!r:.100}")


class DomainIdentityMixin:
    """Adds ``id_or_name`` to values with an id and a name."""

    __slots__ = ()

    id: int | None
    name: str | None

    @property
    def id_or_name(self) -> int | str:
        """The id, or else the name.

        :raises InvalidValueException: when both are ``None``.
        """
        if self.id is not None:
            return self.id
        if self.name is not None:
            return self.name
        raise InvalidValueException("id or name must be set")

    def has_id_or_name(self, id_or_name: int | str) -> bool:
        """Return whether this is the id or the name.

        :param id_or_name: An id as a number or as text, or a name.
        :raises InvalidValueException: when both are ``None``.
        """
        if self.id is None and self.name is None:
            raise InvalidValueException("id or name must be set")
        text = str(id_or_name)
        return text == self.name or (self.id is not None and text.isdecimal() and int(text) == self.id)
