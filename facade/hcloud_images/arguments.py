"""Checks of what callers pass, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar, cast

from hcloud_images_api.types import UNSET, Unset

from hcloud_images.errors import InvalidValueException
from hcloud_images.lazily import lazily

with lazily():
    from hcloud_images_api import models

T = TypeVar("T")

#: One value, or several.
OneOrMore: TypeAlias = Iterable[T] | T


#: The largest number that the API has room for.
MAX_ID = 2**63 - 1


def _sound(value: Any) -> Any:
    """Refuse what can't be sent as a value of its own."""
    if not isinstance(value, str | int | float):
        raise InvalidValueException(f"{value!r} is neither text nor a number")
    try:
        str(value).encode()
    except ValueError as error:  # half a character; a number of thousands of digits
        raise InvalidValueException(f"an argument can't be sent: {error}") from error
    return value


def given(value: T | None) -> T | Unset:
    """Leave out an argument that wasn't given."""
    return UNSET if value is None else cast("T", _sound(value))


def several(value: OneOrMore[str | int] | None) -> list[str] | Unset:
    """Make a list of text; a single value stands for a list of one."""
    if value is None:
        return UNSET
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [str(_sound(value))]
    if isinstance(value, bytes):
        raise InvalidValueException(f"{value!r} is neither text nor a list")
    return [str(_sound(one)) for one in value]


def id_of(value: Any, what: str) -> int:
    """Return the id of a resource, or the id itself, as a number."""
    number = getattr(value, "id", value)
    if number is None:
        raise InvalidValueException(f"this {what} has no id; get it from the API first, or pass one with an id")
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < len(str(MAX_ID)):
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MAX_ID:
        shown = "a huge number" if isinstance(number, int) and number > MAX_ID else repr(number)[:100]
        raise InvalidValueException(f"{shown} is no id of an {what}; an id is a positive int, or a string of digits")
    return number


def listed(values: Iterable[T]) -> list[T]:
    """Make a list of what a method takes several of."""
    if not isinstance(values, Iterable) or isinstance(values, str | bytes | Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValueException(f"{values!r} is no list")
    return list(values)


def labels_given(labels: Mapping[str, str] | None) -> models.Labels | Unset:
    """Make the generated form of labels; only text is taken, and what text is allowed is the server's to say."""
    if labels is None:
        return UNSET
    if not isinstance(labels, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValueException(f"labels={labels!r}: labels have to be a mapping of strings to strings")
    for key, value in labels.items():
        if not isinstance(key, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - likewise
            raise InvalidValueException(f"label {key!r} has the value {value!r}; both have to be strings")
        _sound(key)
        _sound(value)
    return models.Labels.from_dict(labels)


def selector_of(labels: Mapping[str, str]) -> str:
    """Make the label selector of what has all of these labels.

    :raises InvalidValueException: when there are none, or when one would be another selector.
    """
    labels_given(labels)
    if not labels:
        raise InvalidValueException("labels={}: without a label, another image might be taken for it")
    for text in (text for label in labels.items() for text in label):
        if set(text) & set(",=!()") or text.split() != [text] * bool(text):
            raise InvalidValueException(f"{text!r} can't be part of a label")
    return ",".join(f"{key}={value}" for key, value in labels.items())


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut into pieces of at most this size."""
    return (values[start : start + size] for start in range(0, len(values), size))
