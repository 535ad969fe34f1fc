"""Checks of arguments, before anything is sent; errors name the argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from math import isfinite
from typing import Any, TypeAlias, TypeVar, cast

from hcloud_images_api.types import UNSET, Unset

from hcloud_images.errors import InvalidValueException

T = TypeVar("T")

#: One value, or several.
OneOrMore: TypeAlias = Iterable[T] | T


#: The largest id that the API can store.
MAX_ID = 2**63 - 1


def check_encodable(name: str, value: Any) -> Any:
    """Refuse what can't be sent as a single value; that of an enum's member is what the member stands for."""
    value = value.value if isinstance(value, Enum) else value
    if not isinstance(value, str | int | float):
        kinds = "a string such as 'role=web'" if name == "label_selector" else "a string or a number"
        raise InvalidValueException(f"{name} must be {kinds}, got {value!r:.100}")
    try:
        str(value).encode()
    except ValueError as error:  # half a character; a number of thousands of digits
        raise InvalidValueException(f"{name} can't be sent: {error}") from error
    if isinstance(value, float) and not isfinite(value):
        raise InvalidValueException(f"{name} must be a finite number, got {value!r}")
    return value


def or_unset(name: str, value: T | None) -> T | Unset:
    """Leave out an argument that wasn't given."""
    return UNSET if value is None else cast("T", check_encodable(name, value))


def to_list(name: str, value: OneOrMore[Any] | None, of: str | None = None) -> list[str] | Unset:
    """Make a list of strings; a single value becomes a list of one.

    :param of: The kind of resource whose values are accepted as ids, such as ``server``.
    """
    if value is None:
        return UNSET
    if isinstance(value, bytes | Mapping):
        raise InvalidValueException(f"{name} must be a string or a list of strings, got {value!r:.100}")
    one = isinstance(value, str) or not isinstance(value, Iterable)
    values = cast("Iterable[Any]", [value] if one else value)
    if of is not None:
        values = [to_id(entry, of) for entry in values]
    return [str(check_encodable(name, entry)) for entry in values]


def to_id(value: Any, what: str) -> int:
    """Return the id of a resource, or the id itself, as a number.

    :param value: A value, anything else with an ``id``, or an id.
    :param what: The kind that is expected, such as ``image``.
    """
    kind = _kind_of(value)
    if kind is not None and kind != what:
        raise InvalidValueException(f"expected {what} or id, got {kind}: {value!r}"[:200])
    number = getattr(value, "id", value)
    if number is None:
        raise InvalidValueException(f"this {what} has no id; get it from the API first, or pass one with an id")
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) <= len(str(MAX_ID)):
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MAX_ID:
        shown = "a huge number" if isinstance(number, int) and number > MAX_ID else repr(number)[:100]
        raise InvalidValueException(f"{what} id must be a positive integer or a string of digits, got {shown}")
    return int(number)


def to_ids(name: str, values: Iterable[Any], what: str) -> list[int]:
    """Return the ids of several; what ``create_image`` returned has one of them."""
    return [to_id(getattr(one, what) if _is_created(one) else one, what) for one in require_list(name, values)]


def _is_created(value: object) -> bool:
    """Recognize what ``create_image`` returned, here or in the official client; servers have an ``image``, too."""
    return any(cls.__name__.endswith("CreateImageResponse") for cls in type(value).__mro__)


def to_name(name: str) -> str:
    """Refuse a name that isn't one: without it, the filter would keep everything."""
    if not name:
        raise InvalidValueException(f"name must not be empty, got {name!r}")
    return name


def _kind_of(value: Any) -> str | None:
    """Return what kind of resource a value of this library or of the official client is."""
    for cls in type(value).__mro__:
        if cls.__module__.startswith("hcloud_images_api.models."):
            return cls.__module__.rpartition(".")[2]
        package, _, rest = cls.__module__.partition(".")
        if package == "hcloud" and (resource := rest.partition(".")[0]) != "core":
            return resource.removesuffix("s")
    return None


def require_list(name: str, values: Iterable[T]) -> list[T]:
    """Refuse what isn't a list."""
    if _is(values, Iterable) and not _is(values, str, bytes, Mapping):
        return list(values)
    shown = f"{values!r:.100}"
    if hasattr(values, "id") or _is_created(values):
        one = "created" if _is_created(values) else name.removesuffix("s")
        shown = f"one {type(values).__name__}; pass [{one}]"
    raise InvalidValueException(f"{name} must be a list, got {shown}")


def to_labels(labels: Mapping[str, str] | None) -> dict[str, str] | Unset:
    """Check labels: strings only; the server decides which strings are allowed."""
    if labels is None:
        return UNSET
    if not _is(labels, Mapping):
        raise InvalidValueException(f"labels must be a mapping of strings to strings, got {labels!r:.100}")
    for key, value in labels.items():
        if not _is(key, str) or not _is(value, str):
            raise InvalidValueException(f"labels must be a mapping of strings to strings, got {key!r}: {value!r}")
        check_encodable("labels", key)
        check_encodable("labels", value)
    return dict(labels)


def _is(value: object, *kinds: type) -> bool:
    """Check what callers without a type checker may pass."""
    return isinstance(value, kinds)


def to_label_selector(labels: Mapping[str, str]) -> str:
    """Build the label selector that matches all of these labels.

    :raises InvalidValueException: when there are none, or one would change the selector.
    """
    to_labels(labels)
    if not labels:
        raise InvalidValueException("labels must not be empty: without a label, another image could be mistaken for it")
    if "" in labels:
        raise InvalidValueException("labels can't have an empty key")
    for text in (text for label in labels.items() for text in label):
        if set(text) & set(",=!()") or text.split() != [text] * bool(text):
            raise InvalidValueException(f"labels can't contain {text!r}")
    return ",".join(f"{key}={value}" for key, value in labels.items())


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Split into batches of at most this size."""
    return (values[start : start + size] for start in range(0, len(values), size))
