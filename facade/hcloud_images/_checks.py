"""Checks of numbers and types; errors name the argument, what is accepted, and what came."""

from __future__ import annotations

from math import inf
from typing import Any, TypeGuard, TypeVar

from hcloud_images.errors import InvalidValueException

T = TypeVar("T")

_MOST_BITS = 63


def invalid_value(name: str, accepted: str, value: Any) -> InvalidValueException:
    """Return the error about an argument."""
    return InvalidValueException(f"{name} must be {accepted}, got {value!r:.100}")


def check_kind(name: str, value: Any, kind: type[T], accepted: str) -> T:
    """Refuse what is of another type."""
    if not isinstance(value, kind):
        raise invalid_value(name, accepted, value)
    return value


def check_count(name: str, value: Any, least: int = 1, *, or_none: bool = False) -> Any:
    """Refuse what isn't an integer, or too low."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= least
    if not is_count and not (or_none and value is None):
        raise invalid_value(name, f"an integer, at least {least}" + ", or None" * or_none, value)
    return value


def check_interval(name: str, value: Any) -> float:
    """Refuse what isn't a number of seconds to wait."""
    if not _is_number(value) or not 0 <= value < inf:
        raise invalid_value(name, "a finite number of seconds, at least 0", value)
    return value


def check_limit(name: str, value: Any, what: str = "number of seconds", *, or_zero: bool = True) -> float:
    """Refuse what isn't a limit; return infinity for ``None``, which sets none."""
    if value is None:
        return inf
    if not _is_number(value) or not (value > 0 or (or_zero and value == 0)):
        raise invalid_value(name, f"a {what}, {'at least' if or_zero else 'more than'} 0, or None", value)
    return value


def _is_number(value: Any) -> TypeGuard[float]:
    # Larger integers can't be added to a time.
    is_integer = isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= _MOST_BITS
    return is_integer or isinstance(value, float)
