"""The values that the API speaks of, as attrs classes. Nothing here does any I/O."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from attrs import define, field, fields
from attrs.converters import optional
from attrs.setters import NO_OP
from hcloud_images_api.types import UNSET, Unset

from hcloud_images import known
from hcloud_images.errors import InvalidValueException, UnexpectedAnswerException
from hcloud_images.lazily import lazily

with lazily():
    from hcloud_images_api import models

D = TypeVar("D", bound="BaseDomain")


def to_time(value: str | datetime) -> datetime:
    """Parse an RFC 3339 time; one without an offset is taken as UTC."""
    try:
        time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidValueException(f"{value!r} is no RFC 3339 time, such as 2026-05-04T10:00:00Z") from error
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    """Turn a generated object, or a list of them, into what ``json.loads`` would give."""
    if isinstance(value, list):
        return [_plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return value.to_dict() if hasattr(value, "to_dict") else value


def _late(slot: Any, kind: type, convert: Callable[[Any, Any], Any]) -> property:
    def get(self: Any) -> Any:
        value = slot.__get__(self)
        if value is not None and not isinstance(value, kind):
            try:
                value = convert(self, value)
            except InvalidValueException as error:
                raise UnexpectedAnswerException(f"{slot.__name__} can't be read: {error}") from error
            slot.__set__(self, value)
        return value

    return property(get, slot.__set__)


def _reads_late(kind: type, convert: Callable[[Any, Any], Any], *names: str) -> Callable[[type[D]], type[D]]:
    """Decorate an attrs class: keep these fields as they came until someone reads them; most are never read."""

    def decorate(cls: type[D]) -> type[D]:
        for name in names:
            setattr(cls, name, _late(cls.__dict__[name], kind, convert))
        return cls

    return decorate


def _time(_: object, value: Any) -> datetime:
    return to_time(value)


def _server(image: Image, value: Any) -> Server:
    # Bound images have a way of their own.
    return image._server_of(value)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def _json(_: object, value: Any) -> Any:
    return _plain(value)


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
    found = {name: _plain(getattr(model, attribute)) for name, attribute in names.items()}
    return extra | {name: value for name, value in found.items() if value is not UNSET}


class _Unreadable(str):
    """Stands for a value, and is shown as it is."""

    __slots__ = ()
    __repr__ = str.__str__


@define(eq=False, repr=False, on_setattr=NO_OP)
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
            self.values()  # converts all of it
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
        """Return the fields by name, as they are."""
        return {one.name: getattr(self, one.name) for one in fields(type(self))}

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


def _one(kind: type[D], value: Any) -> D:
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


@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP)
class Pagination(BaseDomain):
    """Where a page stands among all pages; what the server didn't tell is ``None``."""

    page: int | None = None
    per_page: int | None = None
    previous_page: int | None = None
    next_page: int | None = None
    last_page: int | None = None
    total_entries: int | None = None

    _generated = staticmethod(lambda: models.MetaPaginationType0)


def _to_pagination(value: Any) -> Pagination:
    return _one(Pagination, value)


@_reads_late(Pagination, lambda _, value: Pagination.of(value), "pagination")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP)
class Meta(BaseDomain):
    """What an answer says of itself; empty when it said nothing."""

    pagination: Pagination | None = field(default=None, converter=optional(_to_pagination))

    _generated = staticmethod(lambda: models.Meta)

    @classmethod
    def of(cls, model: models.Meta | Unset) -> Self:
        """Map what an answer said of itself, which may be nothing."""
        return super().of(model) if model else cls()


@_reads_late(datetime, _time, "announced", "unavailable_after")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP)
class DeprecationInfo(BaseDomain):
    """When a deprecation was announced, and until when the thing can still be used."""

    announced: datetime | None = field(default=None, converter=optional(to_time))
    unavailable_after: datetime | None = field(default=None, converter=optional(to_time))

    _generated = staticmethod(lambda: models.ImageDeprecationType0)


def _to_deprecation(value: Any) -> DeprecationInfo:
    return _one(DeprecationInfo, value)


@_reads_late(datetime, _time, "created")
@_reads_late(dict, _json, "labels")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP)
class Server(BaseDomain, DomainIdentityMixin):
    """As much of a server as an image needs.

    :param id: Its id.
    :param name: Its name.
    :param status: One of the ``STATUS_`` values, or one that came later.
    :param created: When it was created.
    :param labels: Its labels.
    """

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_INIT: ClassVar[str] = "initializing"
    STATUS_STARTING: ClassVar[str] = "starting"
    STATUS_STOPPING: ClassVar[str] = "stopping"
    STATUS_OFF: ClassVar[str] = "off"
    STATUS_DELETING: ClassVar[str] = "deleting"
    STATUS_MIGRATING: ClassVar[str] = "migrating"
    STATUS_REBUILDING: ClassVar[str] = "rebuilding"
    STATUS_UNKNOWN: ClassVar[str] = "unknown"

    id: int | None = None
    name: str | None = None
    status: str | None = None
    created: datetime | None = field(default=None, converter=optional(to_time))
    labels: dict[str, str] | None = None

    _generated = staticmethod(lambda: models.Server)


def _to_server(value: Any) -> Server:
    return Server(id=value) if isinstance(value, int) else _one(Server, value)


@_reads_late(datetime, _time, "created", "deprecated", "deleted")
@_reads_late(Server, _server, "bound_to", "created_from")
@_reads_late(DeprecationInfo, lambda _, value: DeprecationInfo.of(value), "deprecation")
@_reads_late(dict, _json, "protection", "labels")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP)
class Image(BaseDomain, DomainIdentityMixin):
    """An image.

    :param id: Its id.
    :param name: Its name, unique per architecture; only system images have one.
    :param type: ``system``, ``app``, ``snapshot``, ``backup``, or what came later.
    :param created: When it was created; text is parsed.
    :param description: Text for people.
    :param image_size: Size of what is stored, in GB; a snapshot is billed by it.
    :param disk_size: Size of the disk in it, in GB.
    :param deprecated: Since when it is deprecated; when missing, taken from ``deprecation``.
    :param bound_to: The server that a backup is bound to.
    :param os_flavor: Flavor of the operating system, such as ``debian``.
    :param os_version: Version of the operating system.
    :param architecture: ``x86``, ``arm``, or what came later.
    :param rapid_deploy: Whether servers are made from it especially fast.
    :param created_from: The server that it was created from.
    :param protection: What it is protected from.
    :param labels: Its labels.
    :param status: ``creating``, ``available``, ``unavailable``, or what came later.
    :param deprecation: When the deprecation was announced, and when the image goes.
    :param deleted: When it was deleted.
    """

    id: int | None = None
    name: str | None = None
    type: known.ImageType | None = None
    created: datetime | None = field(default=None, converter=optional(to_time))
    description: str | None = None
    image_size: float | None = None
    disk_size: float | None = None
    deprecated: datetime | None = field(default=None, converter=optional(to_time))
    bound_to: Server | None = field(default=None, converter=optional(_to_server))
    os_flavor: str | None = None
    os_version: str | None = None
    architecture: known.Architecture | None = None
    rapid_deploy: bool | None = None
    created_from: Server | None = field(default=None, converter=optional(_to_server))
    protection: known.ImageProtection | None = None
    labels: dict[str, str] | None = None
    status: known.ImageStatus | None = None
    deprecation: DeprecationInfo | None = field(default=None, converter=optional(_to_deprecation))
    deleted: datetime | None = field(default=None, converter=optional(to_time))

    columns: ClassVar[tuple[str, ...]] = (
        "id",
        "type",
        "status",
        "name",
        "description",
        "image_size",
        "created",
        "labels",
    )
    _generated = staticmethod(lambda: models.Image)
    _repeated = frozenset({"type", "status", "os_flavor", "os_version", "architecture"})

    def __attrs_post_init__(self) -> None:
        if self.deprecation is not None and self.deprecated is None:
            self.deprecated = self.deprecation.announced

    def fill(self, model: models.Image) -> None:
        """Take over what a generated object holds."""
        super().fill(model)
        if model.deprecation and not model.deprecated:
            self.deprecated = cast("Any", model.deprecation.announced or None)

    def _server_of(self, value: Any) -> Server:
        """Make a server of what the API tells of it."""
        return Server.of(value) if isinstance(value, models.ImageCreatedFromType0) else _to_server(value)


@_reads_late(datetime, _time, "started", "finished")
@_reads_late(dict, _json, "error")
@define(eq=False, repr=False, weakref_slot=False, on_setattr=NO_OP)
class Action(BaseDomain):
    """Something that the API does and that takes a while.

    :param id: Its id.
    :param command: What it does, such as ``create_image``.
    :param status: One of the ``STATUS_`` values, or one that came later.
    :param progress: How far it is, in percent.
    :param started: When it started; text is parsed.
    :param finished: When it ended; ``None`` while it runs.
    :param resources: What it works on.
    :param error: Why it failed.
    """

    STATUS_RUNNING: ClassVar[str] = "running"
    STATUS_SUCCESS: ClassVar[str] = "success"
    STATUS_ERROR: ClassVar[str] = "error"

    id: int
    command: str | None = None
    status: known.ActionStatus | None = None
    progress: int | None = None
    started: datetime | None = field(default=None, converter=optional(to_time))
    finished: datetime | None = field(default=None, converter=optional(to_time))
    resources: list[known.ActionResource] | None = None
    error: known.ActionError | None = None

    columns: ClassVar[tuple[str, ...]] = ("id", "command", "status", "progress", "started", "finished")
    _generated = staticmethod(lambda: models.Action)

    def fill(self, model: models.Action) -> None:
        """Take over what a generated object holds."""
        super().fill(model)
        self.resources = _plain(self.resources)
