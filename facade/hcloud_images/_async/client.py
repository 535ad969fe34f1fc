"""The client that everything starts from."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from hcloud_images._async.actions import AsyncActionsClient
from hcloud_images._async.core import AsyncConnection
from hcloud_images._async.images import AsyncImagesClient
from hcloud_images._async.servers import AsyncServersClient
from hcloud_images.errors import InvalidValueException
from hcloud_images.polling import BackoffFunction, constant_backoff_function
from hcloud_images.retry import RetryPolicy
from hcloud_images.transport import AsyncHttpClient, AsyncTransport, httpx_arguments


class AsyncClient:
    """A client for the images part of the Hetzner Cloud API.

    Use it as a context manager, or call ``aclose()`` at the end. One client serves any number of tasks.

    :param token: API token of a project.
    :param api_endpoint: Address of the API.
    :param application_name: Your application's name, sent as part of the user agent.
    :param application_version: Your application's version, likewise.
    :param poll_interval: Seconds between two looks at a running action, or a function that tells them.
    :param poll_max_retries: How often ``wait_until_finished`` looks at most.
    :param timeout: Seconds to wait for a connection and for each part of an answer, or a (connect, read) pair;
        ``None`` waits for ever.
    :param retry: How often and how long requests are tried.
    :param page_window: How many pages ``get_all`` fetches side by side at most; 1 fetches one after the other.
    :param transport: An httpx transport to use instead of the network, for tests or special routes.
    :raises InvalidValueException: when an argument can't be right.
    """

    #: The images, and through ``images.actions`` the actions of images.
    images: AsyncImagesClient
    #: Actions of any resource, by id.
    actions: AsyncActionsClient
    #: As much of servers as images need.
    servers: AsyncServersClient

    def __init__(
        self,
        token: str,
        api_endpoint: str = "https://api.hetzner.cloud/v1",
        application_name: str | None = None,
        application_version: str | None = None,
        poll_interval: float | BackoffFunction = 1.0,
        poll_max_retries: int = 120,
        timeout: float | tuple[float, float] | None = 30.0,
        *,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        page_window: int = 8,
        transport: AsyncTransport | None = None,
    ) -> None:
        if page_window < 1:
            raise InvalidValueException(f"page_window={page_window!r}: has to be at least 1")
        arguments = httpx_arguments(token, api_endpoint, application_name, application_version, timeout)
        if isinstance(poll_interval, int | float):
            poll_interval = constant_backoff_function(poll_interval)
        self.connection = AsyncConnection(
            AsyncHttpClient(**arguments, transport=transport), retry, poll_interval, poll_max_retries, page_window
        )
        self.images = AsyncImagesClient(self)
        self.actions = AsyncActionsClient(self)
        self.servers = AsyncServersClient(self)

    async def aclose(self) -> None:
        """Close all connections; the client can't be used afterwards."""
        await self.connection.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
