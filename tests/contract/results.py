"""Writes down what each call of a scenario gave, and what each response became, in a form that JSON has.

What is ``None`` is left out: a field that the API gets one day is that in everything recorded before. Private names:
each response passes one place, and no value shows all of its fields.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from hcloud_images import HCloudException
from hcloud_images.core import BaseDomain

# What errors have next to their text; none has all of it.
PARTS = ("code", "message", "details", "status_code", "correlation_id", "method", "path")
PARTS += ("sent", "action", "exceptions", "finished", "__notes__")
_seen: ContextVar[list[Any]] = ContextVar("seen")


@contextmanager
def results() -> Iterator[list[Any]]:
    """Collect what ``done`` gets to see."""
    seen: list[Any] = []
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def watch(client: Any) -> list[Any]:
    """Collect what a client makes of each response, of those too that no method returns: pages, looks at an action."""
    caller = client._caller
    call, responses = caller.call, []

    async def later(coming: Any) -> Any:
        return note(await coming)

    def note(result: Any) -> Any:
        responses.append(to_json(result))
        return result

    def watched(*arguments: Any, **options: Any) -> Any:
        result = call(*arguments, **options)
        return later(result) if inspect.isawaitable(result) else note(result)

    caller.call = watched
    return responses


async def done(value: Any) -> Any:
    """Return what a method returned or its coroutine gives, and write it down; errors as well."""
    try:
        value = await value if inspect.isawaitable(value) else value
    except HCloudException as error:
        _seen.get().append(to_json(error))
        raise
    _seen.get().append(to_json(value))
    return value


async def failing(call: Any) -> HCloudException:
    """Return the error that a call ends in."""
    try:
        # The sync client fails when called, the async one when awaited.
        value = call()
        value = await value if inspect.isawaitable(value) else value
    except HCloudException as error:
        _seen.get().append(to_json(error))
        return error
    raise AssertionError(f"no error, but {value!r}")


def to_json(value: Any) -> Any:
    """Make JSON of a value, with the name of its class, so that nothing of it can change unnoticed."""
    if isinstance(value, BaseDomain):
        # A field that no recorded response has changes nothing here.
        value = {_name(value): {name: one for name, one in value._state().items() if one not in (None, {})}}
    elif isinstance(value, HCloudException):
        parts = {name: getattr(value, name) for name in PARTS if getattr(value, name, None) is not None}
        value = {_name(value): {"text": str(value), **parts} if parts else str(value)}
    elif hasattr(value, "_asdict"):
        value = {_name(value): value._asdict()}
    if isinstance(value, dict):
        return {key: to_json(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.decode() if isinstance(value, bytes) else value


def _name(value: object) -> str:
    return type(value).__name__.removeprefix("Async")
