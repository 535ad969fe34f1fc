"""A client for the images part of the Hetzner Cloud API, sync and async."""

from typing import TYPE_CHECKING

from hcloud_images import _exceptions as _exceptions
from hcloud_images import actions as actions
from hcloud_images import core as core
from hcloud_images import deprecation as deprecation
from hcloud_images import images as images
from hcloud_images import servers as servers
from hcloud_images._lazy import module_hooks
from hcloud_images._runtime.backoff import BackoffFunction, constant_backoff_function, exponential_backoff_function
from hcloud_images._runtime.rate_limit import RateLimit
from hcloud_images._runtime.retry import Retry, RetryPolicy

from ._client import Client
from .errors import *
from .version import __version__

if TYPE_CHECKING:
    from hcloud_images._async.client import AsyncClient
else:
    __getattr__, __dir__ = module_hooks(globals(), "hcloud_images._async.client")

# Every name is spelled out, here and in the packages: mypy doesn't follow ``+= errors.__all__``. Imports of submodules
# are relative, since pyright takes only these for attributes of the package.
__all__ = ["AsyncClient", "Client", "RateLimit", "Retry", "RetryPolicy", "__version__"]
__all__ += ["BackoffFunction", "constant_backoff_function", "exponential_backoff_function"]
__all__ += ["ClientClosedException", "Exchange", "HCloudException", "InvalidValueException"]
__all__ += ["APIException", "ForbiddenException", "InvalidInputException", "NotFoundException", "UnauthorizedException"]
__all__ += ["ConflictException", "LockedException", "ProtectedException", "RateLimitException", "ServerErrorException"]
__all__ += ["ConnectionException", "InvalidResponseException", "TimeoutException", "TransportException"]
__all__ += ["ActionException", "ActionFailedException", "ActionTimeoutException", "ActionsException"]
