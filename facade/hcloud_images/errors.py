"""Every exception of this library.

HCloudException
├── APIException                  the API answered with an error
│   ├── InvalidInputException     400, 422: it doesn't take what was sent
│   ├── UnauthorizedException     401: the token isn't known, or may only read
│   ├── ForbiddenException        403: not allowed, or a limit of the project is reached
│   ├── NotFoundException         404
│   ├── ConflictException         409: the resource changed meanwhile
│   │   ├── LockedException       423: another action is running on it
│   │   └── ProtectedException    423: it is protected from this
│   ├── RateLimitException        429: the project's budget of requests is used up
│   └── ServerErrorException      5xx
├── TransportException            there is no answer that can be used
│   ├── ConnectionException       no connection, or it broke
│   ├── TimeoutException          it took too long (also a TimeoutError)
│   └── InvalidResponseException  the response doesn't match the API description
├── InvalidValueException         refused before any request (also a ValueError)
├── ClientClosedException         the client was closed before
├── ActionException
│   ├── ActionFailedException     the action ended with an error
│   └── ActionTimeoutException    the action was still running when the wait gave up
└── ActionsException              several of these at once (also an ExceptionGroup)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from attrs import field, frozen

if TYPE_CHECKING:
    from hcloud_images._values.action import Action
else:  # for typing.get_type_hints(); the values import this module
    from hcloud_images_api.models import Action

__all__ = [
    "APIException",
    "ActionException",
    "ActionFailedException",
    "ActionTimeoutException",
    "ActionsException",
    "ClientClosedException",
    "ConflictException",
    "ConnectionException",
    "Exchange",
    "ForbiddenException",
    "HCloudException",
    "InvalidInputException",
    "InvalidResponseException",
    "InvalidValueException",
    "LockedException",
    "NotFoundException",
    "ProtectedException",
    "RateLimitException",
    "ServerErrorException",
    "TimeoutException",
    "TransportException",
    "UnauthorizedException",
]


@frozen
class Exchange:
    """A request, and what is known of its answer; holds no secret.

    :param method: The HTTP method.
    :param path: The path of the address, without query.
    :param status_code: The HTTP status; ``None`` while there is no answer.
    :param correlation_id: Names the request towards the provider's support, where the answer told.
    :param wait: Seconds until the rate limit lets another request through, where the answer told.
    :param seconds: From the request to the end of its answer.
    """

    method: str
    path: str
    status_code: int | None = None
    correlation_id: str | None = None
    wait: float | None = field(default=None, repr=False)
    seconds: float | None = field(default=None, repr=False)

    def __str__(self) -> str:
        text = f"{self.method} {self.path}"
        if self.status_code is not None:
            text += f" answered {self.status_code}"
        return text


def _restore(cls: type[HCloudException], args: tuple[Any, ...], state: dict[str, Any]) -> HCloudException:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class HCloudException(Exception):
    """What every exception of this library is."""

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls __init__ with args, which are the text alone.
        return _restore, (type(self), self.args, self.__dict__)


class _RequestException(HCloudException):
    """An error that belongs to a request: ``method``, ``path``, and ``status_code`` where there was an answer."""

    def __init__(self, text: str, exchange: Exchange | None) -> None:
        super().__init__(text)
        self.exchange = exchange
        self.method: str | None = exchange.method if exchange else None
        self.path: str | None = exchange.path if exchange else None
        self.status_code: int | None = exchange.status_code if exchange else None
        self.correlation_id: str | None = exchange.correlation_id if exchange else None


class APIException(_RequestException):
    """The API answered with an error.

    :param code: What happened, for programs; the HTTP status where the answer had no code.
    :param message: What happened, for people.
    :param details: More of it, in a shape of the code's own; ``{"content": bytes}`` for an answer that isn't the API's.
    :param correlation_id: Names the request towards the provider's support.
    :param exchange: Which request it was.
    """

    def __init__(
        self,
        code: int | str,
        message: str,
        details: Any,
        *,
        correlation_id: str | None = None,
        exchange: Exchange | None = None,
    ) -> None:
        names = [str(code)] if correlation_id is None else [str(code), correlation_id]
        text = f"{message or 'no message'} ({', '.join(names)})"
        super().__init__(text if exchange is None else f"{text}: {exchange}", exchange)
        self.code = code
        self.message = message
        self.details = details
        self.correlation_id = correlation_id


class InvalidInputException(APIException):
    """The API doesn't take what was sent; ``details`` names the fields."""


class UnauthorizedException(APIException):
    """The token isn't known, or may only read."""


class ForbiddenException(APIException):
    """The token may not do this, or a limit of the project is reached."""


class NotFoundException(APIException):
    """There is no such resource in the token's project."""


class ConflictException(APIException):
    """The resource is in the way of the request: it changed meanwhile, is locked, or is protected."""


class LockedException(ConflictException):
    """Another action is running on the resource."""


class ProtectedException(ConflictException):
    """The resource is protected from this; lift the protection first."""


class RateLimitException(APIException):
    """The project's budget of requests is used up for now."""


class ServerErrorException(APIException):
    """The server could not do it."""


class TransportException(_RequestException):
    """There is no answer that can be used.

    :param message: What happened, and what to do.
    :param exchange: Which request it was.
    """

    def __init__(self, message: str, exchange: Exchange | None = None) -> None:
        super().__init__(message if exchange is None else f"{exchange}: {message}", exchange)
        self.message = message


class ConnectionException(TransportException):
    """No connection, or it broke.

    :param sent: Whether the request may have reached the server.
    :param permanent: Whether a retry can't help, as where a certificate isn't trusted or a proxy refuses.
    """

    def __init__(
        self, message: str, exchange: Exchange | None = None, *, sent: bool = True, permanent: bool = False
    ) -> None:
        super().__init__(message, exchange)
        self.sent = sent
        self.permanent = permanent


class TimeoutException(ConnectionException, TimeoutError):
    """It took too long."""


class InvalidResponseException(TransportException):
    """The response doesn't match the API description."""


class InvalidValueException(HCloudException, ValueError):
    """A value that can't be right; nothing was sent."""


class ClientClosedException(HCloudException, RuntimeError):
    """The client was closed before; make a new one."""


class ActionException(HCloudException):
    """Something about an action; a note says what it is about.

    :param action: The action as it was last seen.
    """

    _what = "A generic action exception"
    _state = ""

    def __init__(self, action: Action) -> None:
        error: Mapping[str, Any] = action.error or {}
        code, reason = error.get("code"), error.get("message")
        failed = code is not None and reason is not None
        names = [name for name in (code if failed else action.command, str(action.id)) if name is not None]
        text = f"{self._what}: {reason}" if failed else self._what
        self.message: str = f"{text} ({', '.join(names)})"
        super().__init__(self.message)
        self.action = action
        if self._state:
            self.add_note(f"{_subject(action)} {self._state}" + (f": {reason}" if failed else ""))


def _subject(action: Action) -> str:
    """Say what an action is about, such as "create_image of server 42 (image 10001)"."""
    resources = [f"{resource.get('type')} {resource.get('id')}" for resource in action.resources or ()]
    subject = " of ".join([action.command or f"action {action.id}", *resources[:1]])
    return f"{subject} ({', '.join(resources[1:])})" if resources[1:] else subject


class ActionFailedException(ActionException):
    """The action ended with an error."""

    _what = "The pending action failed"
    _state = "failed"


class ActionTimeoutException(ActionException):
    """The action was still running when the wait gave up."""

    _what = "The pending action timed out"
    _state = "is still running"


class ActionsException(HCloudException, ExceptionGroup[ActionException]):
    """Of several actions, some failed or were still running at the end; each has an exception of its own.

    :param message: What happened.
    :param exceptions: An ``ActionFailedException`` or ``ActionTimeoutException`` for each of these.
    :param finished: The actions that ended well.
    """

    def __new__(cls, message: str, exceptions: Sequence[ActionException], finished: Sequence[Action] = ()) -> Self:
        """Make a group."""
        self = super().__new__(cls, message, exceptions)
        self.finished = list(finished)
        return self

    def __init__(self, message: str, exceptions: Sequence[ActionException], finished: Sequence[Action] = ()) -> None:
        super().__init__(message, exceptions)
        self.finished: list[Action] = list(finished)

    def derive(self, excs: Sequence[ActionException]) -> ActionsException:  # type: ignore[override]
        """Make a group of some of these, as ``except*`` does."""
        return ActionsException(self.message, excs, self.finished)

    def __reduce__(self) -> tuple[Any, ...]:
        return ActionsException, (self.message, list(self.exceptions), self.finished)
