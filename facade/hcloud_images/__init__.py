"""A client for the images part of the Hetzner Cloud API, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hcloud_images import _client as _client
from hcloud_images import _exceptions as _exceptions
from hcloud_images import actions as actions
from hcloud_images import core as core
from hcloud_images import deprecation as deprecation
from hcloud_images import errors as errors
from hcloud_images import images as images
from hcloud_images import servers as servers
from hcloud_images._lazy import list_names, load_async
from hcloud_images._runtime.backoff import BackoffFunction, constant_backoff_function, exponential_backoff_function
from hcloud_images._runtime.rate_limit import RateLimit
from hcloud_images._runtime.retry import Retry, RetryPolicy
from hcloud_images._sync.client import Client
from hcloud_images.errors import (
    ActionException,
    ActionFailedException,
    ActionsException,
    ActionTimeoutException,
    APIException,
    ClientClosedException,
    ConflictException,
    ConnectionException,
    Exchange,
    ForbiddenException,
    HCloudException,
    InvalidInputException,
    InvalidResponseException,
    InvalidValueException,
    LockedException,
    NotFoundException,
    ProtectedException,
    RateLimitException,
    ServerErrorException,
    TimeoutException,
    TransportException,
    UnauthorizedException,
)
from hcloud_images.version import __version__

if TYPE_CHECKING:
    from hcloud_images._async.client import AsyncClient

__all__ = [
    "APIException",
    "ActionException",
    "ActionFailedException",
    "ActionTimeoutException",
    "ActionsException",
    "AsyncClient",
    "BackoffFunction",
    "Client",
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
    "RateLimit",
    "RateLimitException",
    "Retry",
    "RetryPolicy",
    "ServerErrorException",
    "TimeoutException",
    "TransportException",
    "UnauthorizedException",
    "__version__",
    "constant_backoff_function",
    "exponential_backoff_function",
]

if not TYPE_CHECKING:  # which would make any name one of the module's

    def __getattr__(name: str) -> Any:
        return load_async(__name__, "hcloud_images._async.client", name)


def __dir__() -> list[str]:
    return list_names(globals())
