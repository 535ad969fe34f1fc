"""Calls of one connection pool.

Private names: the pools are driven without the client, as they are without its retries.
"""

from __future__ import annotations

import inspect
import ssl
from collections.abc import Callable
from contextlib import closing
from typing import Any

import httpcore
import httpx
from hcloud_images._runtime._async.deadline_stream import AsyncDeadlineBackend
from hcloud_images._runtime._async.pool import AsyncConnectionPool
from hcloud_images._runtime._sync.deadline_stream import DeadlineBackend
from hcloud_images._runtime._sync.pool import ConnectionPool


class Transport(httpx.HTTPTransport):
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool  # type: ignore[assignment]  # httpx has no public way to hand one in


class AsyncTransport(httpx.AsyncHTTPTransport):
    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool  # type: ignore[assignment]  # httpx has no public way to hand one in


class PoolCalls:
    """Calls of one pool, awaited with both kinds of pool."""

    def __init__(
        self,
        url: str,
        *,
        sync: bool = False,
        proxy: str | None = None,
        trust: ssl.SSLContext | None = None,
        expiry: float = 5,
        time_left: Callable[[], float | None] = lambda: None,
        **options: Any,
    ) -> None:
        self._url, self.sent = url, False
        arguments: dict[str, Any] = {"ssl_context": trust, "keepalive_expiry": expiry}
        if proxy:
            arguments["proxy"] = httpcore.Proxy(proxy)
        if sync:
            plain = httpcore.ConnectionPool(network_backend=DeadlineBackend(time_left), **arguments)
            self.pool: Any = ConnectionPool(plain.create_connection, **options)
            self._transport: Any = Transport(self.pool)
        else:
            made = httpcore.AsyncConnectionPool(network_backend=AsyncDeadlineBackend(time_left), **arguments)
            self.pool = AsyncConnectionPool(made.create_connection, **options)
            self._transport = AsyncTransport(self.pool)

    async def begin(self, **timeout: float) -> httpx.Response:
        timeouts = {"connect": 10, "read": 10, "write": 10, "pool": 10, **timeout}
        request = httpx.Request("GET", self._url, extensions={"timeout": timeouts})
        try:
            if isinstance(self._transport, AsyncTransport):
                response: httpx.Response = await self._transport.handle_async_request(request)
            else:
                response = self._transport.handle_request(request)
        finally:
            self.sent = request.extensions.get("sent", False)
        return response

    async def end(self, response: httpx.Response) -> bytes:
        stream = response.stream
        if isinstance(stream, httpx.AsyncByteStream):
            try:
                return b"".join([chunk async for chunk in stream])
            finally:
                await response.aclose()
        with closing(response):
            return b"".join(stream)

    async def get(self, **timeout: float) -> bytes:
        return await self.end(await self.begin(**timeout))

    async def close(self) -> None:
        await done(self.pool.aclose() if hasattr(self.pool, "aclose") else self.pool.close())


async def done(value: Any) -> Any:
    """Return what a method returned, or what its coroutine gives."""
    return await value if inspect.isawaitable(value) else value
