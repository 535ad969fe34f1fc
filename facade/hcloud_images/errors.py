"""Every exception of this library.

HCloudException
├── APIException                  the API responded with an error
│   ├── InvalidInputException     400, 422: it rejects what was sent
│   ├── UnauthorizedException     401: the token isn't valid, or is read-only
│   ├── ForbiddenException        403: not allowed, or a limit of the project is reached
│   ├── NotFoundException         404
│   ├── ConflictException         409: the resource changed at the same time
│   │   ├── LockedException       423: another action is running on it
│   │   └── ProtectedException    423: it is protected from this
│   ├── RateLimitException        429: the project's budget of requests is used up
│   └── ServerErrorException      5xx
├── TransportException            no usable response
│   ├── ConnectionException       no connection, or it broke
│   ├── TimeoutException          it took too long (also a TimeoutError)
│   └── InvalidResponseException  the response doesn't match the API description
├── InvalidValueException         refused before any request (also a ValueError)
├── ClientClosedException         the client is closed
├── ActionException
│   ├── ActionFailedException     the action ended with an error
│   └── ActionTimeoutException    the action was still running when the wait gave up
└── ActionsException              several of these (also an ExceptionGroup)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from attrs import field, frozen

if TYPE_CHECKING:
    from hcloud_images._values.action import Action
else:  # for typing.get_type_hints(); the values import this module
    from hcloud_images_api.models import Action

__all__ = ["ClientClosedException", "Exchange", "HCloudException", "InvalidValueException"]
__all__ += ["APIException", "ForbiddenException", "InvalidInputException", "NotFoundException", "UnauthorizedException"]
__all__ += ["ConflictException", "LockedException", "ProtectedException", "RateLimitException", "ServerErrorException"]
__all__ += ["ConnectionException", "InvalidResponseException", "TimeoutException", "TransportException"]
__all__ += ["ActionException", "ActionFailedException", "ActionTimeoutException", "ActionsException"]


@frozen
class Exchange:
    """A request, and what is known about its response; holds no secret.

    :param method: The HTTP method.
    :param path: The path of the URL, without query.
    :param status_code: The HTTP status; ``None`` without a response.
    :param correlation_id: Request id to quote to Hetzner support, if the response had one.
    :param wait: Seconds until the rate limit has room for another request, if the response said so.
    :param seconds: From the request to the end of its response.
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
            text += f" returned {self.status_code}"
        return text


def _restore(cls: type[HCloudException], args: tuple[Any, ...], state: dict[str, Any]) -> HCloudException:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class HCloudException(Exception):
    """Base class of every exception of this library."""

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls __init__ with args, which are the text alone.
        return _restore, (type(self), self.args, self.__dict__)


class _RequestException(HCloudException):
    """An error of a request: ``method``, ``path``, and ``status_code`` if there was a response."""

    def __init__(self, text: str, exchange: Exchange | None) -> None:
        super().__init__(text)
        self.exchange = exchange
        self.method: str | None = exchange.method if exchange else None
        self.path: str | None = exchange.path if exchange else None
        self.status_code: int | None = exchange.status_code if exchange else None
        self.correlation_id: str | None = exchange.correlation_id if exchange else None


class APIException(_RequestException):
    """The API responded with an error.

    :param code: What happened, for programs; the HTTP status if the response had no code.
    :param message: What happened, for people.
    :param details: Details, in a shape that depends on the code; ``{"content": bytes}`` if the response isn't JSON.
    :param correlation_id: Request id to quote to Hetzner support.
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
    """The API rejects what was sent; ``details`` names the fields."""


class UnauthorizedException(APIException):
    """The token isn't valid, or is read-only."""


class ForbiddenException(APIException):
    """The token may not do this, or a limit of the project is reached."""


class NotFoundException(APIException):
    """The token's project doesn't have this resource."""


class ConflictException(APIException):
    """The state of the resource prevents it: changed at the same time, locked, or protected."""


class LockedException(ConflictException):
    """Another action is running on the resource."""


class ProtectedException(ConflictException):
    """The resource is protected from this; lift the protection first."""


class RateLimitException(APIException):
    """The project's budget of requests is used up for now."""


class ServerErrorException(APIException):
    """The server failed."""


class TransportException(_RequestException):
    """There is no usable response.

    :param message: What happened, and what to do about it.
    :param exchange: Which request it was.
    """

    def __init__(self, message: str, exchange: Exchange | None = None) -> None:
        super().__init__(message if exchange is None else f"{exchange}: {message}", exchange)
        self.message = message


class ConnectionException(TransportException):
    """No connection, or it broke.

    :param sent: Whether the request may have reached the server.
    :param permanent: Whether a retry can't help, for example if a certificate isn't trusted or a proxy refuses.
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
    """A value isn't valid; nothing was sent."""


class ClientClosedException(HCloudException, RuntimeError):
    """The client is closed; make a new one."""


class ActionException(HCloudException):
    """An action failed or is still running; a note names its resources.

    :param action: The action as it was last seen.
    """

    _what = "A generic action exception"
    _state = ""

    def __init__(self, action: Action) -> None:
        error: Mapping[str, Any] = action.error or {}
        code, reason = error.get("code"), error.get("message")
        failed = code is not None and reason is not None
        names = [str(name) for name in (code if failed else action.command, action.id) if name is not None]
        text = f"{self._what}: {reason}" if failed else self._what
        self.message: str = f"{text} ({', '.join(names)})"
        super().__init__(self.message)
        self.action = action
        if self._state:
            self.add_note(f"{_subject(action)} {self._state}" + (f": {reason}" if failed else ""))


def _subject(action: Action) -> str:
    """Say what an action is about, such as "create_image of server 42 (image 10001)"."""
    given = list[Any](action.resources or ())  # in a response they may be anything
    resources = [f"{resource.get('type')} {resource.get('id')}" for resource in given if hasattr(resource, "get")]
    subject = " of ".join([str(action.command or f"action {action.id}"), *resources[:1]])
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
    """Some of several actions failed or were still running at the end; there is an exception for each.

    :param message: What happened.
    :param exceptions: An ``ActionFailedException`` or ``ActionTimeoutException`` for each of them.
    :param finished: The actions that succeeded.
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
        return ActionsException, (self.message, list(self.exceptions), self.finished), self.__dict__
