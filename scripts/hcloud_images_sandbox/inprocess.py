"""The sandbox without a server: httpx transports that hand requests to it within the process."""

from __future__ import annotations

from typing import NoReturn

import anyio
import httpx
from anyio.from_thread import BlockingPortalProvider
from starlette.types import ASGIApp, Receive, Scope, Send

from hcloud_images_sandbox.app import CLOSE_EXTENSION


class AsyncTransport(httpx.AsyncBaseTransport):
    """For async clients, on asyncio and on trio."""

    def __init__(self, app: ASGIApp) -> None:
        async def app_that_can_close(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "extensions": {CLOSE_EXTENSION: _close}}, receive, send)

        self._asgi = httpx.ASGITransport(app_that_can_close)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        timeout = request.extensions.get("timeout", {}).get("read")
        try:
            with anyio.fail_after(timeout):
                return await self._asgi.handle_async_request(request)
        except TimeoutError:
            raise httpx.ReadTimeout(f"the sandbox didn't respond within {timeout} s", request=request) from None


class Transport(httpx.BaseTransport):
    """For sync clients, also where an event loop runs: each request has a short-lived one of its own, in a thread.

    So there is nothing that would have to be closed, or that a fork would leave behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._async = AsyncTransport(app)
        self._loops = BlockingPortalProvider()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        with self._loops as loop:
            return loop.call(self._respond, request)

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        response = await self._async.handle_async_request(request)
        # Not read through the response, which would inflate what a fault says is compressed.
        content = b"".join([chunk async for chunk in response.stream])  # type: ignore[union-attr]
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(content))


def _close() -> NoReturn:
    raise httpx.RemoteProtocolError("the sandbox closed the connection without a response")
