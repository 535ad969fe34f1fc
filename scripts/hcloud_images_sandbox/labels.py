"""The syntax of labels."""

from __future__ import annotations

import re
from collections.abc import Mapping

_RESERVED_PREFIX = "hetzner.cloud"
_MAX_PREFIX = 253
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_PREFIX = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")


def is_key(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    if slash and not (len(prefix) <= _MAX_PREFIX and _PREFIX.fullmatch(prefix)):
        return False
    return _NAME.fullmatch(name) is not None


def is_value(value: str) -> bool:
    return not value or _NAME.fullmatch(value) is not None


def problem_of_labels(labels: Mapping[str, str]) -> str | None:
    """Say what is wrong with labels that a user wants to set."""
    for key, value in labels.items():
        if not is_key(key):
            return f"{key!r} isn't a valid label key"
        if key.rpartition("/")[0] == _RESERVED_PREFIX:
            return f"{key!r}: the prefix {_RESERVED_PREFIX}/ is reserved"
        if not is_value(value):
            return f"{value!r} isn't a valid label value"
    return None
