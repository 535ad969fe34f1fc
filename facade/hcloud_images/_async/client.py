"""The client, from which everything starts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, Unpack, cast

from hcloud_images._async._base import AsyncClientBase
from hcloud_images._async.actions import AsyncActionsClient
from hcloud_images._async.images import AsyncImagesClient
from hcloud_images._async.servers import AsyncServersClient
from hcloud_images._checks import check_count, check_limit
from hcloud_images._runtime._async.caller import AsyncApiCaller
from hcloud_images._runtime._async.transport import AsyncConnections, AsyncHttpClient
from hcloud_images._runtime.backend import AsyncTransport
from hcloud_images._runtime.backoff import BackoffFunction, to_backoff_function
from hcloud_images._runtime.deadline import Clock, Deadline
from hcloud_images._runtime.environment import CommonOptions, options_from_env, options_of_official
from hcloud_images._runtime.hooks import exchanges
from hcloud_images._runtime.options import (
    UNPICKLABLE,
    CallOptions,
    HttpOptions,
    Timeout,
    Token,
    TokenSource,
    call_options,
    check_endpoint,
    check_timeout,
    check_verify,
    default_headers,
)
from hcloud_images._runtime.rate_limit import RateLimit
from hcloud_images._runtime.retry import RetryPolicy, check_policy
from hcloud_images._runtime.tls import Verify
from hcloud_images._values.missing import missing_attribute
from hcloud_images.errors import Exchange, HCloudException


class AsyncClientOptions(CommonOptions, total=False):
    """Options of ``from_env``, including those that only this kind of client takes."""

    transport: AsyncTransport | None


class AsyncClient(AsyncClientBase):
    """A client for the images part of the Hetzner Cloud API.

    Use it as a context manager, or call ``aclose()`` at the end. One client serves any number of tasks.

    :param token: API token of a project, or a function that returns the one to use now.
    :param api_endpoint: URL of the API.
    :param application_name: Your application's name, sent as part of the user agent.
    :param application_version: Your application's version, sent next to its name.
    :param poll_interval: Seconds between two polls of a running action, or a function that returns them.
    :param poll_max_retries: Maximum number of polls of ``wait_until_finished``.
    :param timeout: Seconds to wait for a connection and for each part of a response, or a (connect, read) pair;
        ``None`` waits forever.
    :param api_endpoint_hetzner: Not used, since that API has no images. Programs for the official client pass it.
    :param retry: How often and how long requests are retried.
    :param page_window: Maximum number of pages that ``get_all`` fetches concurrently; 1 fetches one after the other.
    :param max_body: Maximum size of a response's body, in bytes.
    :param verify: Which certificates to trust: ``True`` for those that httpx trusts, the path of a file or folder with
        others, or an ``ssl.SSLContext``. ``False`` trusts every server, and needs ``allow_insecure``.
    :param allow_insecure: Allow sending the token unencrypted: by http to another machine, or by ``verify=False``.
    :param transport: An httpx transport to use instead of the network, for tests or special routes. It handles proxies
        and TLS itself, and the deadline can't interrupt it in the sync client.
    :param on_request: Called with an ``Exchange`` before each request, retries included. Its errors are logged, and
        change nothing.
    :param on_response: Called with an ``Exchange`` after each response. Its errors are logged, and
        change nothing.
    :param clock: For tests: the time that waits and deadlines use, so that none takes real time.
    :raises InvalidValueException: when an argument isn't valid.
    """

    #: The images, and through ``images.actions`` the actions of images.
    images: AsyncImagesClient
    #: Actions of any resource, by id.
    actions: AsyncActionsClient
    #: Servers: find them, and create images of them.
    servers: AsyncServersClient

    def __init__(
        self,
        token: TokenSource,
        api_endpoint: str = "https://api.hetzner.cloud/v1",
        application_name: str | None = None,
        application_version: str | None = None,
        poll_interval: float | BackoffFunction = 1.0,
        poll_max_retries: int = 120,
        timeout: Timeout = 30.0,
        *,
        api_endpoint_hetzner: str = "https://api.hetzner.com/v1",  # noqa: ARG002 - see above
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        page_window: int = 8,
        max_body: int = 64 * 1024 * 1024,
        verify: Verify = True,
        allow_insecure: bool = False,
        transport: AsyncTransport | None = None,
        on_request: Callable[[Exchange], object] | None = None,
        on_response: Callable[[Exchange], object] | None = None,
        clock: Clock | None = None,
    ) -> None:
        secret = Token(token)
        del token  # tracebacks show variables
        options = HttpOptions(
            secret.check(),
            check_endpoint(api_endpoint, allow_insecure=allow_insecure or transport is not None),
            default_headers(application_name, application_version),
            check_timeout(timeout),
            check_count("max_body", max_body),
            check_verify(verify, allow_insecure=allow_insecure),
            on_request,
            on_response,
        )
        self._use(
            AsyncApiCaller(
                AsyncHttpClient(options, AsyncConnections(options, transport)),
                check_policy(retry),
                check_count("page_window", page_window),
                to_backoff_function(poll_interval, "poll_interval"),
                check_count("poll_max_retries", poll_max_retries, least=0),
                clock,
            )
        )

    def _use(self, caller: AsyncApiCaller) -> None:
        own = AsyncClientBase()  # what results belong to, also where a program replaces client.images by its own
        self._caller = own._caller = caller
        self.images = own.images = AsyncImagesClient(own)
        self.actions = own.actions = AsyncActionsClient(own)
        self.servers = own.servers = AsyncServersClient(own)

    @classmethod
    def from_env(cls, *, cli_context: bool | str = False, **options: Unpack[AsyncClientOptions]) -> Self:
        """Make a client from environment variables: ``HCLOUD_TOKEN``, and ``HCLOUD_ENDPOINT`` if that is set.

        :param cli_context: ``True`` uses a context of the hcloud CLI if ``HCLOUD_TOKEN`` isn't set: the one that
            ``HCLOUD_CONTEXT`` names, otherwise the active one, in the file that ``HCLOUD_CONFIG`` names, otherwise in
            the CLI's own. A name uses that context, regardless of these variables.
        :param options: All other arguments of the constructor.
        :raises InvalidValueException: when no token is set; the message says what to set.
        """
        return cls(**(options_from_env(cli_context) | cast("dict[str, Any]", options)))

    @classmethod
    def beside(cls, official: Any, **options: Unpack[AsyncClientOptions]) -> Self:
        """Make a client that uses the token, endpoint and user agent of an official client.

        :param official: An ``hcloud.Client``.
        :param options: All other arguments of the constructor.
        :raises InvalidValueException: when ``official`` isn't an ``hcloud.Client``.
        """
        return cls(**(options_of_official(official) | cast("dict[str, Any]", options)))

    @property
    def rate_limit(self) -> RateLimit | None:
        """The project's budget of requests, as the newest response reported it; ``None`` before the first one."""
        return self._caller.rate_limit

    def deadline(self, seconds: float | None) -> AbstractContextManager[None]:
        """Bound everything inside a ``with`` block to a number of seconds, regardless of the retry policy.

        :param seconds: For everything together; ``None`` sets no limit. A call that doesn't end in time raises
            ``TimeoutException``.
        :raises InvalidValueException: when it isn't more than 0.
        """
        return Deadline(check_limit("deadline", seconds, or_zero=False), self._caller.now)

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """Return a client with other options that shares connections, rate limits and token.

        The connections belong to this client: closing the other one doesn't close them.

        :param timeout: As in the constructor.
        :param retry: As in the constructor.
        :param headers: Sent with each request, in addition to those of the library.
        :param query: Query parameters added to each request, for those that this version doesn't know yet: text,
            numbers, bools, or lists of these. What a call sets itself takes precedence.
        :raises InvalidValueException: when an argument isn't valid.
        """
        client = type(self).__new__(type(self))
        vars(client).update(vars(self))
        client._use(self._caller.with_options(**call_options(options)))
        return client

    def exchanges(self) -> AbstractContextManager[list[Exchange]]:
        """Collect the ``Exchange`` of each response inside a ``with`` block, of all clients."""
        return exchanges()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise missing_attribute(self, name)

    def __reduce__(self) -> NoReturn:
        raise HCloudException(UNPICKLABLE)

    async def aclose(self) -> None:
        """Close all connections; the client can't be used afterwards."""
        await self._caller.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
