"""Wrong uses of the sync client: both type checkers have to find each line that is marked, and no other."""

from __future__ import annotations

import hcloud_images
from hcloud_images import APIException, AsyncClient, Client, HCloudException, Retry, RetryPolicy, TransportException
from hcloud_images.actions import BoundAction
from hcloud_images.images import BoundImage, Image
from hcloud_images.servers import BoundServer


def tell_text(retry: str) -> None: ...
def tell_one(action: BoundAction) -> None: ...


def make() -> None:
    hcloud_images.Clients  # error: no such name
    Client()  # error: no token
    Client(1)  # error: a token that is no text
    Client("x", endpoint="http://127.0.0.1")  # error: it is api_endpoint
    Client("x", timeout="30")  # error: text for seconds
    Client("x", timeout=(1.0, 2.0, 3.0))  # error: connect and read, and what else?
    Client("x", retry=3)  # error: a number for a policy
    Client("x", "https://api.example", None, None, 1.0, 120, 30.0, RetryPolicy())  # error: by name only
    Client("x", on_request=lambda: None)  # error: takes no exchange
    Client.from_env(True)  # error: by name only
    Client.from_env(cli_context=1)  # error: neither yes nor a name
    Client.from_env(time_out=3)  # error: it is timeout
    RetryPolicy(retries=3)  # error: it is attempts
    RetryPolicy(attempts="3")  # error: text for a number
    RetryPolicy(on_retry=tell_text)  # error: gets a Retry
    RetryPolicy().attempts = 3  # error: frozen


def use(client: Client) -> None:
    client.image.get_all()  # error: it is images
    client.images.list()  # error: no such method
    client.rate_limit.remaining  # error: None before the first response
    client.deadline()  # error: how long?
    client.aclose()  # error: it is close


async def use_as_async(client: Client) -> None:
    await client.images.get_all()  # error: a list can't be awaited
    async with client:  # error: it isn't the async one
        pass
    async for _ in client.images.iter_all():  # error: likewise
        pass


def list_images(client: Client) -> None:
    client.images.get_list(types="snapshot")  # error: it is type
    client.images.get_list(type=1)  # error: a number for text
    client.images.get_list(status=["available", None])  # error: no state
    client.images.get_list(page="2")  # error: text for a number
    client.images.get_list(include_deprecated="yes")  # error: text for a bool
    client.images.get_list(bound_to=[1.5])  # error: no id
    client.images.get_list(architecture=b"arm")  # error: bytes are no text
    client.images.get_all(page=2)  # error: it gets all pages
    client.images.get_list().image  # error: it is images
    images, meta, more = client.images.get_list()  # error: there are two
    for entry in client.images.get_list().images:
        entry.size  # error: it is image_size
    client.images.get_all().images  # error: it is the list itself
    client.images.iter_all()[0]  # error: one by one only
    client.images.get_by_id()  # error: which one?
    client.images.get_by_id("debian-12")  # error: that is a name
    client.images.get_by_name_and_architecture("debian-12")  # error: for which architecture?
    client.images.get_by_name_and_architecture("debian-12", "arm", True)  # error: by name only


def read_image(client: Client, image: BoundImage) -> None:
    client.images.get_by_name_and_architecture("debian-12", "x86").id  # error: may be None
    image.description.upper()  # error: may be None
    image.created.year  # error: may be None
    image.labels["env"]  # error: may be None
    image.bound_to.name  # error: may be None
    image.deprecation.announced  # error: may be None
    image.image_size * 2  # error: may be None
    image.created_at  # error: no such field
    size: int = image.disk_size or 0  # error: a float
    if image.protection is not None:
        image.protection["deleted"]  # error: it is delete
    Image(size=1)  # error: no such field
    Image(id="1")  # error: text for a number
    Image().update(description="x")  # error: it has no client
    image.reload().id  # error: changes the image, gives nothing


def change_image(client: Client, image: BoundImage, server: BoundServer) -> None:
    image.update(name="x")  # error: can't be changed
    image.update(labels=["env"])  # error: not a mapping
    image.update(labels={"env": 1})  # error: a number for text
    client.images.update(description="x")  # error: which one?
    client.images.delete()  # error: which one?
    client.images.delete("debian-12")  # error: a name is no image
    client.images.delete(server)  # error: a server is no image
    client.images.change_protection(image, "delete")  # error: text for a bool
    image.delete().wait_until_finished()  # error: there is no action
    image.change_protection(delete=True).wait()  # error: it is wait_until_finished
    client.servers.create_image(image)  # error: an image is no server
    client.servers.power_off(server)  # error: the official client has it
    client.volumes  # error: likewise
    server.volumes  # error: in extra
    client.images.get_list(bound_to=image)  # error: an image is no server
    client.servers.get_list(status=1)  # error: text
    server.create_image(name="x")  # error: it is description
    server.create_image().id  # error: of the image or of the action?
    client.servers.find_created_image(server)  # error: with which labels?
    client.servers.find_created_image(server, {"run": "1"}).id  # error: may be None


def use_actions(client: Client, action: BoundAction, image: BoundImage) -> None:
    action.error["code"]  # error: may be None
    action.progress > 50  # error: may be None
    action.wait_until_finished(timeout=3)  # error: it is max_retries
    client.actions.get_all(label_selector="x")  # error: actions have no labels
    client.actions.wait(action)  # error: a list of them
    client.actions.wait([action, image])  # error: an image is no action
    client.actions.wait([action], 2.0)  # error: by name only
    client.actions.wait([action], on_progress=tell_one)  # error: gets all of them
    client.actions.wait([action], interval=lambda: 2.0)  # error: is asked with the number of retries
    client.actions.as_completed([action])[0]  # error: one by one only
    client.images.get_actions()  # error: of which image?
    client.images.actions.get_list(type="snapshot")  # error: actions have no type


def handle(client: Client, retry: Retry) -> None:
    try:
        client.images.get_by_id(1)
    except APIException as error:
        error.status  # error: it is status_code
        error.correlation_id.upper()  # error: may be None
    except TransportException as error:
        error.code  # error: the API has
    except HCloudException as error:
        error.message  # error: not all have one
    retry.wait = 3  # error: frozen
    retry.error.code  # error: not when there was no response
    other: Client = AsyncClient("x")  # error: two kinds
