"""What the values in ``domain.py`` are built on: made of generated objects fast, read late, compared and shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from attrs import define, field, fields
from attrs.setters import NO_OP
from hcloud_images_api.types import UNSET

from hcloud_images.errors import InvalidValueException, UnexpectedAnswerException

D = TypeVar("D", bound="BaseDomain")


def to_time(value: str | datetime) -> datetime:
    """Parse an RFC 3339 time; one without an offset is taken as UTC."""
    try:
        time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidValueException(f"{value!r} is no RFC 3339 time, such as 2026-05-04T10:00:00Z") from error
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def plain(value: Any) -> Any:
    """Turn a generated object, or a list of them, into what ``json.loads`` would give."""
    if isinstance(value, list):
        return [plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return value.to_dict() if hasattr(value, "to_dict") else value


class _Late(property):
    """A field that is converted when someone reads it."""

    slot: Any


def _late(slot: Any, kind: type, convert: Callable[[Any, Any], Any]) -> _Late:
    def get(self: Any) -> Any:
        value = slot.__get__(self)
        if value is not None and not isinstance(value, kind):
            try:
                value = convert(self, value)
            except InvalidValueException as error:
                raise UnexpectedAnswerException(f"{slot.__name__} can't be read: {error}") from error
            slot.__set__(self, value)
        return value

    late = _Late(get, slot.__set__)
    late.slot = slot
    return late


def reads_late(kind: type, convert: Callable[[Any, Any], Any], *names: str) -> Callable[[type[D]], type[D]]:
    """Decorate an attrs class: keep these fields as they came until someone reads them; most are never read."""

    def decorate(cls: type[D]) -> type[D]:
        for name in names:
            setattr(cls, name, _late(cls.__dict__[name], kind, convert))
        return cls

    return decorate


@lru_cache
def _filler(domain: Any, generated: Any) -> Callable[[Any, Any], None]:
    """Make the function that takes over the fields of a generated object.

    It is compiled from one assignment for each field, as attrs does for ``__init__``: a loop takes twice as long.
    """
    # The generator appends an underscore to names that Python uses itself.
    known = {attribute.name.rstrip("_"): attribute.name for attribute in fields(generated)}
    known["extra"] = known.pop("additional_properties")
    lines = ["def fill(self, model):"]
    for name in (attribute.name for attribute in fields(domain)):
        source = known.pop(name, None)
        lines.append(f" value = {f'model.{source}' if source else None}")
        if name == "id":  # all else hangs on it
            lines.append(" if value.__class__ is not int and value is not UNSET: _refuse_id(value)")
        if name in domain._repeated:  # noqa: SLF001 - of our own classes
            lines.append(" value = intern(value) if value.__class__ is str else value")
        lines.append(f" self.{name} = {'value or None' if name == 'extra' else 'None if value is UNSET else value'}")
    if known:  # described, and no field of this class
        lines.append(f" self.extra = _with_more(self.extra, model, {known!r})")
    found: dict[str, Any] = {"UNSET": UNSET, "_with_more": _with_more, "intern": intern, "_refuse_id": _refuse_id}
    exec("\n".join(lines), found)  # noqa: S102 - names of attributes alone
    return cast("Callable[[Any, Any], None]", found["fill"])


def _refuse_id(value: Any) -> NoReturn:
    raise InvalidValueException(f"the id is {value!r}, which is no number")


def _with_more(extra: dict[str, Any], model: object, names: dict[str, str]) -> dict[str, Any]:
    found = {name: plain(getattr(model, attribute)) for name, attribute in names.items()}
    return extra | {name: value for name, value in found.items() if value is not UNSET}


class _Unreadable(str):
    """Stands for a value, and is shown as it is."""

    __slots__ = ()
    __repr__ = str.__str__


@define(eq=False, repr=False, on_setattr=NO_OP, getstate_setstate=False)
class BaseDomain:
    """What all values have in common.

    :param extra: Fields that the API sent and this version doesn't know.
    """

    extra: dict[str, Any] = field(factory=dict[str, Any], kw_only=True, repr=False)

    #: Tells of which class of the generated code this is made.
    _generated: ClassVar[Any]
    #: Fields that a table of such values shows.
    columns: ClassVar[tuple[str, ...]] = ()
    #: Fields of which thousands of objects have the same few texts; each text is kept once.
    _repeated: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def of(cls, model: Any) -> Self:
        """Map a generated object."""
        self = cls.__new__(cls)
        self.fill(model)
        return self

    def fill(self, model: Any) -> None:
        """Take over what a generated object holds; what it lacks is ``None``."""
        _filler(cast("Hashable", type(self)), cast("Hashable", type(model)))(self, model)

    def parse(self, data: Mapping[str, Any]) -> None:
        """Take over what a JSON object of the API holds.

        :raises InvalidValueException: when it isn't such an object.
        """
        try:
            self.fill(self._generated().from_dict(data))
            for one in fields(type(self)):
                getattr(self, one.name)  # converts it
        except (KeyError, TypeError, ValueError, AttributeError, UnexpectedAnswerException) as error:
            raise InvalidValueException(f"this is no {type(self).__name__} of the API: {error!r}") from error

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build one from a JSON object of the API.

        :param data: The object; fields that this version doesn't know go to ``extra``.
        :raises InvalidValueException: when it isn't such an object.
        """
        self = cls.__new__(cls)
        self.parse(data)
        return self

    def values(self) -> dict[str, Any]:
        """Return the fields by name; one that can't be read as it came, so that the rest can be used."""
        return {one.name: self._value(one.name) for one in fields(type(self))}

    def take_values(self, values: Mapping[str, Any]) -> None:
        """Set fields to what ``values()`` gave."""
        for name, value in values.items():
            setattr(self, name, value)

    def __getstate__(self) -> Any:
        return self.values()

    def __setstate__(self, state: Any) -> None:
        self.take_values(state)

    def _value(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except UnexpectedAnswerException:
            return getattr(type(self), name).slot.__get__(self)

    def __repr__(self) -> str:
        shown = [f"{one.name}={self.readable(one.name)!r}" for one in fields(type(self)) if one.repr]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __rich_repr__(self) -> Iterator[tuple[str, Any, None]]:
        for one in fields(type(self)):
            if one.repr:
                yield one.name, self.readable(one.name), None

    def readable(self, name: str) -> Any:
        """Return the value of a field; why not, where it can't be read: whoever looks for the reason needs the rest."""
        try:
            return getattr(self, name)
        except UnexpectedAnswerException as error:
            return _Unreadable(f"<{error}>")

    def __eq__(self, other: object) -> bool:
        # A bound object equals a plain one with the same values, as it does in the official client.
        if not isinstance(other, BaseDomain) or not (isinstance(other, type(self)) or isinstance(self, type(other))):
            return NotImplemented
        return self.values() == other.values()

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # the values change, as in the official client


def _made_late(slot: Any) -> property:
    def get(self: Any) -> dict[str, Any]:
        if slot.__get__(self) is None:
            slot.__set__(self, {})
        return cast("dict[str, Any]", slot.__get__(self))

    return property(get, slot.__set__)


# Most objects have nothing in it, and an empty dict takes 64 bytes.
cast("Any", BaseDomain).extra = _made_late(BaseDomain.__dict__["extra"])


def one_of(kind: type[D], value: Any) -> D:
    """Take a value as it is, or make it of a JSON object of the API."""
    if isinstance(value, kind):
        return value
    if isinstance(value, Mapping):
        return kind.from_dict(cast("Mapping[str, Any]", value))
    raise InvalidValueException(f"{value!r} is no {kind.__name__}, and no JSON object of one")


class DomainIdentityMixin:
    """What values with an id and a name have in common."""

    __slots__ = ()

    id: int | None
    name: str | None

    @property
    def id_or_name(self) -> int | str:
        """The id, or else the name.

        :raises InvalidValueException: when there is neither.
        """
        if self.id is not None:
            return self.id
        if self.name is not None:
            return self.name
        raise InvalidValueException("id or name must be set")

    def has_id_or_name(self, id_or_name: int | str) -> bool:
        """Tell whether this is the id or the name.

        :param id_or_name: An id as a number or as text, or a name.
        :raises InvalidValueException: when there is neither an id nor a name to compare with.
        """
        if self.id is None and self.name is None:
            raise InvalidValueException("id or name must be set")
        text = str(id_or_name)
        return text == self.name or (self.id is not None and text.isdecimal() and int(text) == self.id)
