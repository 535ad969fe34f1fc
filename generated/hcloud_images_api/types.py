"""What the generated functions and values have in common."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from attrs import define, field, fields
from attrs.setters import NO_OP

T = TypeVar("T")


class Unset:
    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()


class Response(Generic[T]):
    """A response of an endpoint."""

    def __init__(
        self, status_code: HTTPStatus, content: bytes, headers: MutableMapping[str, str], parsed: T | None
    ) -> None:
        self.status_code = status_code
        self.content = content
        self.headers = headers
        self.parsed = parsed


#: Most values have nothing in ``extra``, and an empty dict takes 64 bytes.
NOTHING: Mapping[str, Any] = MappingProxyType({})


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Value:
    """Base class of the values: they read themselves from a JSON object; what is absent is ``None``.

    :param extra: Fields that the API sent and that aren't described, and times that can't be read.
    """

    extra: Mapping[str, Any] = field(default=NOTHING, kw_only=True, repr=False)

    #: Fields that hold a value where JSON has its id.
    _ids: ClassVar[tuple[str, ...]] = ()
    #: Fields that hold a time.
    _times: ClassVar[tuple[str, ...]] = ()

    #: What JSON calls the fields that Python has to call something else.
    _keys: ClassVar[Mapping[str, str]] = {}

    def __attrs_post_init__(self) -> None:
        self._convert()

    def _convert(self) -> None:
        """Make values of what is given to the constructor as a JSON object or an id; `_to_…()` do, for `_read()` too."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        self = cls.__new__(cls)
        self._read(data)
        return self

    def _read(self, data: Mapping[str, Any]) -> None:
        """Take over a JSON object of the API."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        names = [one.name for one in fields(type(self)) if one.name != "extra"]
        found = {self._keys.get(name, name): to_json(getattr(self, name)) for name in names}
        for name in self._ids:
            found[name] = getattr(getattr(self, name), "id", found[name])
        return found | to_json(self.extra)


def to_json(value: Any) -> Any:
    """Turn a value, a time, or a list or dict of these into what ``json.loads`` gives."""
    if isinstance(value, Value):
        return value.to_dict()
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: to_json(one) for key, one in value.items()}
    return [to_json(one) for one in value] if isinstance(value, list | tuple) else value


def to_time(value: datetime.datetime | str | None) -> datetime.datetime | None:
    """Turn RFC 3339 text into an aware time, UTC where it has no offset; text that can't be read stays."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            return value  # type: ignore[return-value]
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=datetime.UTC)
    return value


def read_time(rest: dict[str, Any], name: str, value: Any) -> datetime.datetime | None:
    """Read a time of a JSON object; one that can't be read goes back there."""
    try:
        time = datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        rest[name] = value
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=datetime.UTC)


def require(kind: type[T], value: Any, name: str) -> T:
    """Refuse what isn't of a kind: an object or a list."""
    if not isinstance(value, kind):
        raise ValueError(f'"{name}" is {value!r:.100}')
    return value


__all__ = ["NOTHING", "UNSET", "Response", "Unset", "Value", "read_time", "require", "to_json", "to_time"]
