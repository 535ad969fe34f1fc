"""The client that everything starts from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, Unpack, cast

from hcloud_images._sync.actions import ActionsClient
from hcloud_images._sync.core import Connection
from hcloud_images._sync.images import ImagesClient
from hcloud_images._sync.servers import ServersClient
from hcloud_images.checks import Timeout, Token, TokenSource, check_count, check_endpoint, check_timeout, user_agent
from hcloud_images.deadlines import deadline
from hcloud_images.errors import Exchange, HCloudException, InvalidValueException
from hcloud_images.lazily import lazily, load
from hcloud_images.polling import BackoffFunction, constant_backoff_function
from hcloud_images.retry import RetryPolicy

with lazily():
    from hcloud_images import environment as _environment
    from hcloud_images import transport as _transport

if TYPE_CHECKING:
    from hcloud_images.environment import Options
    from hcloud_images.network import Verify
    from hcloud_images.rates import RateLimit
    from hcloud_images.transport import Transport

    class ClientOptions(Options, total=False):
        """With what only this kind of client takes."""

        transport: Transport | None


class Client:
    """A client for the images part of the Hetzner Cloud API.

    Use it as a context manager, or call ``close()`` at the end. One client serves any number of threads.

    :param token: API token of a project, or a function that returns the one to use now.
    :param api_endpoint: Address of the API.
    :param application_name: Your application's name, sent as part of the user agent.
    :param application_version: Your application's version, likewise.
    :param poll_interval: Seconds between two looks at a running action, or a function that tells them.
    :param poll_max_retries: How often ``wait_until_finished`` looks at most.
    :param timeout: Seconds to wait for a connection and for each part of an answer, or a (connect, read) pair;
        ``None`` waits for ever.
    :param retry: How often and how long requests are tried.
    :param page_window: How many pages ``get_all`` fetches side by side at most; 1 fetches one after the other.
    :param max_body: Bytes of an answer's body that are read at most.
    :param verify: Which certificates to trust: ``True`` for those that httpx trusts, the path of a file or folder with
        others, or an ``ssl.SSLContext``. ``False`` trusts everyone, and needs ``allow_insecure``.
    :param allow_insecure: Whether the token may be shown to whoever is on the way: by http to another machine, or by
        ``verify=False``.
    :param transport: An httpx transport to use instead of the network, for tests or special routes. The deadline
        can't cut short what it does, in the sync client.
    :param on_request: Called with an ``Exchange`` before each request, retries included. What it raises is logged,
        and changes nothing.
    :param on_response: Called with an ``Exchange`` after each answer, likewise.
    :raises InvalidValueException: when an argument can't be right.
    """

    #: The images, and through ``images.actions`` the actions of images.
    images: ImagesClient
    #: Actions of any resource, by id.
    actions: ActionsClient
    #: As much of servers as images need.
    servers: ServersClient

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
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        page_window: int = 8,
        max_body: int = 64 * 1024 * 1024,
        verify: Verify = True,
        allow_insecure: bool = False,
        transport: Transport | None = None,
        on_request: Callable[[Exchange], object] | None = None,
        on_response: Callable[[Exchange], object] | None = None,
    ) -> None:
        secret = Token(token)
        del token  # tracebacks show variables
        check_count("page_window", page_window)
        if not isinstance(retry, RetryPolicy):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValueException(
                f"retry={retry!r} is no RetryPolicy; RetryPolicy(attempts=1) switches retries off"
            )
        if verify is False and not allow_insecure:
            raise InvalidValueException("verify=False shows the token to whoever is on the way; see allow_insecure")
        arguments = (
            secret.check(),
            check_endpoint(api_endpoint, allow_insecure=allow_insecure or transport is not None),
            {"User-Agent": user_agent(application_name, application_version)},
            check_timeout(timeout),
            check_count("max_body", max_body),
            on_request,
            on_response,
        )
        if isinstance(poll_interval, int | float):
            poll_interval = constant_backoff_function(poll_interval)
        load()
        http = _transport.HttpClient(*arguments, transport=transport, verify=verify)
        self.connection: Connection = Connection(http, retry, poll_interval, poll_max_retries, page_window)
        self.images = ImagesClient(self)
        self.actions = ActionsClient(self)
        self.servers = ServersClient(self)

    @classmethod
    def from_env(cls, *, cli_context: bool | str = False, **options: Unpack[ClientOptions]) -> Self:
        """Make a client of what the environment has: ``HCLOUD_TOKEN``, and ``HCLOUD_ENDPOINT`` if that is set.

        :param cli_context: ``True`` also looks, where ``HCLOUD_TOKEN`` isn't set, for a context of the hcloud CLI: the
            one that ``HCLOUD_CONTEXT`` names or else the active one, in the file that ``HCLOUD_CONFIG`` names or else
            in the CLI's own. A name takes that context, whatever the variables say.
        :param options: Whatever else the constructor takes.
        :raises InvalidValueException: when there is no token; says what to set.
        """
        return cls(**(_environment.found(cli_context) | cast("Any", options)))

    @property
    def rate_limit(self) -> RateLimit | None:
        """The project's budget of requests, as the newest answer told; ``None`` before the first one."""
        return self.connection.rate_limit

    def deadline(self, seconds: float) -> AbstractContextManager[None]:
        """Let all calls inside a ``with`` block end within so many seconds; also where the retry policy has more.

        :param seconds: For all of them together. A call that doesn't end by then raises ``TimeoutException``.
        :raises InvalidValueException: when that isn't more than 0.
        """
        return deadline(seconds)

    def __reduce__(self) -> NoReturn:
        raise HCloudException("a client can't be pickled: it holds a token and connections; make one where you need it")

    def close(self) -> None:
        """Close all connections; the client can't be used afterwards."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
