"""The newest exchange of this thread or task, for errors to name."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from hcloud_images.errors import (
    APIException,
    ClientClosedException,
    Exchange,
    TransportException,
    UnexpectedAnswerException,
)

#: What parsing and mapping raise when an answer isn't what was expected.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)

newest: ContextVar[Exchange | None] = ContextVar("newest", default=None)
#: The headers of its answer, while there is one.
heads: ContextVar[Mapping[str, str] | None] = ContextVar("heads", default=None)


def forgotten(error: BaseException) -> BaseException:
    """Drop the frames of an error, and of what led to it: their variables hold the token, or half of an object."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            one.__traceback__ = None
            waiting += [one.__cause__, one.__context__]
    return error


@contextmanager
def readable() -> Generator[None]:
    """Around a generated function and a mapping: an answer that they can't take becomes an error of this library."""
    try:
        yield
    except (APIException, TransportException, ClientClosedException):
        raise
    except UNREADABLE as error:
        if newest.get() is None:  # nothing was sent: it is about what came before, such as the token
            raise
        raise UnexpectedAnswerException(
            f"the answer isn't what the API describes: {error!r}", newest.get()
        ) from forgotten(error)


def unexpected(message: str) -> UnexpectedAnswerException:
    """Make an error about the newest answer."""
    return UnexpectedAnswerException(message, newest.get())
