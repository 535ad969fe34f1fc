"""A client for the images part of the Hetzner Cloud API, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hcloud_images import aliases as _aliases
from hcloud_images import errors as _errors
from hcloud_images._sync import client as _client
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
    InvalidValueException,
    LockedException,
    NotFoundException,
    ProtectedException,
    RateLimitException,
    ServerErrorException,
    TimeoutException,
    TransportException,
    UnauthorizedException,
    UnexpectedAnswerException,
)
from hcloud_images.polling import BackoffFunction, constant_backoff_function, exponential_backoff_function
from hcloud_images.rates import RateLimit
from hcloud_images.retry import Retry, RetryPolicy
from hcloud_images.version import __version__

if TYPE_CHECKING:
    from hcloud_images._async.client import AsyncClient
else:
    __getattr__ = _aliases.lazy(__name__, "hcloud_images._async.client")

_aliases.alias("hcloud_images._exceptions", _errors)
_aliases.alias("hcloud_images._client", _client)

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
    "UnexpectedAnswerException",
    "__version__",
    "constant_backoff_function",
    "exponential_backoff_function",
]
