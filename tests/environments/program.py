"""What a program does with a client, in an environment that its arguments name: list, create, wait, close.

Run by ``test_environments.py`` and by ``nox -s frozen``. Nothing here is an assertion: with ``-O`` those are gone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import anyio
from hcloud_images import AsyncClient, Client


def use(client: Client) -> None:
    """Use the sync client; several pages at once, in threads."""
    images = client.images.get_all(include_deprecated=True)
    created = client.servers.create_image(42, labels={"from": "program"})
    (action,) = client.actions.wait([created], interval=0)
    client.images.delete(created.image)
    say(len(images), action.status)


async def use_async(client: AsyncClient) -> None:
    """Use the async client in the same way."""
    images = await client.images.get_all(include_deprecated=True)
    created = await client.servers.create_image(42, labels={"from": "program"})
    (action,) = await client.actions.wait([created], interval=0)
    await client.images.delete(created.image)
    say(len(images), action.status)


def say(count: int, status: str) -> None:
    """Say that it went well, at once: a child process has the same buffer."""
    print("well" if count > 25 and status == "success" else f"{count} images, {status}", flush=True)


def plain(token: str, url: str, **options: object) -> None:
    """Use one client of each kind, and load what https needs."""
    Client(token).close()
    with Client(token, url) as client:
        use(client)

    async def main() -> None:
        async with AsyncClient(token, url) as client:
            await use_async(client)

    anyio.run(main, backend_options=options)


def uvloop(token: str, url: str) -> None:
    """Run the async client on uvloop."""
    plain(token, url, use_uvloop=True)


def prefork(token: str, url: str) -> None:
    """Fork after clients were used: children and parent go on with them."""
    with Client(token, url) as client:
        use(client)
        in_a_child(lambda: use(client))
        use(client)

    async def main() -> AsyncClient:
        client = AsyncClient(token, url)
        await use_async(client)
        return client

    asynchronous = anyio.run(main)
    in_a_child(lambda: anyio.run(use_async, asynchronous))
    anyio.run(asynchronous.aclose)


def in_a_child(act: Callable[[], object]) -> None:
    """Do it in a child process, and fail if that does."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - the child must not go on with the parent's program
            print(repr(error), flush=True)
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    {"plain": plain, "uvloop": uvloop, "prefork": prefork}[sys.argv[1]](*sys.argv[2:4])
