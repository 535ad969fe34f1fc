"""One test body for the sync client and for the async one, on asyncio and on trio."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import attrs
from hcloud_images import AsyncClient, Client

Scenario = Callable[[Any], Awaitable[Any]]


@attrs.frozen
class ClientKind:
    """A kind of client, and what runs it."""

    name: str
    client: type[Client | AsyncClient]
    backend: str = "asyncio"

    def run(self, scenario: Scenario, *arguments: Any, **options: Any) -> Any:
        """Make a client from the arguments, run the scenario with it, and close it."""

        async def main() -> Any:
            client = self.client(*arguments, **options)
            try:
                return await scenario(client)
            finally:
                await done(client.close() if isinstance(client, Client) else client.aclose())

        return anyio.run(main, backend=self.backend)


CLIENT_KINDS = [
    ClientKind("sync", Client),
    ClientKind("asyncio", AsyncClient),
    ClientKind("trio", AsyncClient, "trio"),
]


async def done(value: Any) -> Any:
    """Return what a method returned, or what its coroutine gives."""
    return await value if inspect.isawaitable(value) else value
