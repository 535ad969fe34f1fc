"""Wrong uses of the async client: both type checkers have to find each line that is marked, and no other."""

from __future__ import annotations

from hcloud_images import AsyncClient, Client
from hcloud_images.actions import AsyncBoundAction, BoundAction
from hcloud_images.images import AsyncBoundImage, Image
from hcloud_images.servers import AsyncBoundServer


def tell_sync(actions: list[BoundAction]) -> None: ...


def make() -> None:
    with AsyncClient("x"):  # error: async with
        pass
    AsyncClient()  # error: no token
    AsyncClient("x", retries=3)  # error: it is retry
    AsyncClient("x").close()  # error: it is aclose
    client: AsyncClient = Client.from_env()  # error: two kinds


async def forget_await(client: AsyncClient, image: AsyncBoundImage, action: AsyncBoundAction) -> None:
    client.images.get_all()  # error
    client.images.delete(image)  # error
    image.update(description="x")  # error
    image.reload()  # error
    action.wait_until_finished()  # error
    client.actions.wait([action])  # error
    client.aclose()  # error
    for _ in client.images.get_all():  # error
        pass
    client.images.get_by_id(1).description  # error
    client.images.get_list().images  # error
    images, meta = client.images.get_list()  # error
    image.delete().bit_length()  # error
    client.images.get_all()[0]  # error
    everything: list[AsyncBoundImage] = client.images.get_all()  # error


async def iterate(client: AsyncClient, action: AsyncBoundAction) -> None:
    for _ in client.images.iter_all():  # error: async for
        pass
    async for _ in await client.images.iter_all():  # error: nothing to wait for
        pass
    async for _ in client.images.get_all():  # error: await, and for
        pass
    for _ in client.actions.as_completed([action]):  # error: async for
        pass
    list(client.images.iter_all())  # error: no list of it


async def misuse(client: AsyncClient, image: AsyncBoundImage, server: AsyncBoundServer) -> None:
    (await client.images.get_by_name_and_architecture("debian-12", "x86")).id  # error: may be None
    (await client.images.get_by_id(1)).created.year  # error: may be None
    (await client.images.get_list(types="snapshot"))  # error: it is type
    (await client.images.get_list()).actions  # error: it is images
    await client.images.get_by_id("debian-12")  # error: that is a name
    await client.images.delete("debian-12")  # error: a name is no image
    await client.images.update(image, labels={"env": None})  # error: no text
    await Image().delete()  # error: it has no client
    await image.created_from.create_image()  # error: may be None
    await server.create_image(labels="env")  # error: not a mapping
    (await server.create_image()).wait_until_finished()  # error: that is in action
    await client.actions.wait([server])  # error: a server is no action
    await client.actions.wait([1], on_progress=tell_sync)  # error: gets those of the async client
    await client.rate_limit  # error: nothing to wait for
