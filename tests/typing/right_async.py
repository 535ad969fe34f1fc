"""Right uses of the async client; errors are as in right_sync.py. Never run, see test_checkers.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, assert_type

from hcloud_images import (
    APIException,
    AsyncClient,
    Exchange,
    RateLimit,
    Retry,
    RetryPolicy,
    TransportException,
    constant_backoff_function,
    exponential_backoff_function,
)
from hcloud_images.actions import (
    Action,
    ActionError,
    ActionResource,
    ActionSort,
    ActionStatus,
    AsyncActionsClient,
    AsyncActionsPageResult,
    AsyncBoundAction,
    AsyncResourceActionsClient,
)
from hcloud_images.core import Meta, Pagination
from hcloud_images.deprecation import DeprecationInfo
from hcloud_images.images import (
    Architecture,
    AsyncBoundImage,
    AsyncCreateImageResponse,
    AsyncImagesClient,
    AsyncImagesPageResult,
    Image,
    ImageProtection,
    ImageStatus,
    ImageType,
)
from hcloud_images.servers import (
    AsyncBoundServer,
    AsyncServersClient,
    AsyncServersPageResult,
    Location,
    Server,
    ServerProtection,
    ServerSort,
    ServerStatus,
    ServerType,
)


def tell_retry(retry: Retry) -> None:
    assert_type(retry.error, APIException | TransportException)
    assert_type(retry.attempt, int)
    assert_type(retry.wait, float)


def tell_exchange(exchange: Exchange) -> int:
    assert_type(exchange.method, str)
    assert_type(exchange.path, str)
    assert_type(exchange.status_code, int | None)
    assert_type(exchange.correlation_id, str | None)
    return exchange.status_code or 0


def tell_progress(actions: list[AsyncBoundAction]) -> int:
    return len(actions)


def make() -> AsyncClient:
    policy = RetryPolicy(attempts=3, deadline=None, wait_for_rate_limit=True, budget=None, on_retry=tell_retry)
    assert_type(policy, RetryPolicy)
    assert_type(policy.attempts, int)
    assert_type(policy.deadline, float | None)
    AsyncClient("token", "https://api.example/v1", "name", "1.0", 0.5, 10, (3.0, 30.0))
    AsyncClient(lambda: "token", timeout=None, poll_interval=constant_backoff_function(1), verify="certificates.pem")
    AsyncClient("token", poll_interval=exponential_backoff_function(base=1, multiplier=2, cap=10, jitter=True))
    AsyncClient("token", on_request=tell_exchange, on_response=tell_exchange, max_body=1024, page_window=2)
    assert_type(AsyncClient.from_env(), AsyncClient)
    assert_type(AsyncClient.from_env(cli_context="work", retry=policy, timeout=5), AsyncClient)
    return AsyncClient("token", retry=policy, allow_insecure=True)


async def use_client() -> None:
    async with make() as client:
        assert_type(client, AsyncClient)
        assert_type(client.images, AsyncImagesClient)
        assert_type(client.images.actions, AsyncResourceActionsClient)
        assert_type(client.actions, AsyncActionsClient)
        assert_type(client.servers, AsyncServersClient)
        assert_type(client.deadline(5), AbstractContextManager[None])
        with client.deadline(1.5):
            await client.images.get_all()
        rate = client.rate_limit
        assert_type(rate, RateLimit | None)
        if rate is not None:
            assert_type(rate.remaining, int)
            assert_type(rate.wait, float)
    await client.aclose()


async def list_images(client: AsyncClient, known: ImageType, servers: list[int]) -> AsyncIterator[str]:
    page = await client.images.get_list(name="debian-12", page=2, per_page=50, include_deprecated=True)
    assert_type(page, AsyncImagesPageResult)
    assert_type(page.meta, Meta)
    assert_type(page.meta.pagination, Pagination | None)
    if page.meta.pagination is not None:
        assert_type(page.meta.pagination.next_page, int | None)
        assert_type(page.meta.pagination.total_entries, int | None)
    images, meta = page
    assert_type(images[0], AsyncBoundImage)
    assert_type(meta, Meta)

    await client.images.get_list(type="snapshot", status="available", architecture="arm", sort="id", bound_to=1)
    await client.images.get_list(type=["snapshot", "backup"], status=("creating",), sort=["id:asc"], bound_to=servers)
    await client.images.get_list(type=known, architecture={"x86", "arm"}, bound_to=(str(one) for one in servers))
    await client.images.get_list(type="of tomorrow", status=["of", "tomorrow"], sort="size", architecture="riscv")
    text: str = "of tomorrow"
    await client.images.get_list(type=text, status=[text], sort=(text,), architecture=text)

    for image in await client.images.get_all(label_selector="env=prod", sort=["id"]):
        assert_type(image, AsyncBoundImage)
    everything: list[AsyncBoundImage] = await client.images.get_all()
    newest = max(everything, key=lambda image: image.id or 0)
    assert_type(newest, AsyncBoundImage)
    assert_type(client.images.iter_all(type="snapshot"), AsyncIterator[AsyncBoundImage])
    async for image in client.images.iter_all():
        yield image.description or ""


async def read_image(client: AsyncClient) -> str:
    image = await client.images.get_by_id(1)
    assert_type(image, AsyncBoundImage)
    assert_type(image.id, int | None)
    assert_type(image.name, str | None)
    kind: ImageType | None = image.type  # with a literal for each value that there ever was
    assert_type(image.status, ImageStatus | None)
    assert_type(image.architecture, Architecture | None)
    assert_type(image.description, str | None)
    assert_type(image.image_size, float | None)
    assert_type(image.disk_size, float | None)
    assert_type(image.created, datetime | None)
    assert_type(image.deprecated, datetime | None)
    assert_type(image.deleted, datetime | None)
    assert_type(image.deprecation, DeprecationInfo | None)
    assert_type(image.bound_to, AsyncBoundServer | None)
    assert_type(image.created_from, AsyncBoundServer | None)
    assert_type(image.labels, dict[str, str] | None)
    assert_type(image.protection, ImageProtection | None)
    assert_type(image.rapid_deploy, bool | None)
    flavor: str | None = image.os_flavor  # likewise
    assert kind or flavor
    assert_type(image.os_version, str | None)
    assert_type(image.extra, Mapping[str, Any])
    assert_type(image.id_or_name, int | str)
    assert_type(image.has_id_or_name("debian-12"), bool)
    assert_type(image.data_model, Image)
    assert_type(Image.from_dict({"id": 1}), Image)
    if image.deprecation is not None:
        assert_type(image.deprecation.unavailable_after, datetime | None)
    if image.created_from is not None:
        assert_type(await image.created_from.create_image(), AsyncCreateImageResponse)
    if image.protection is not None:
        assert_type(image.protection["delete"], bool)
    await image.reload()
    status: str | None = image.status
    if status is None or image.type is None:
        return ""
    return status.upper() + image.type


async def find_image(client: AsyncClient, architecture: Architecture) -> AsyncBoundImage:
    found = await client.images.get_by_name_and_architecture("debian-12", architecture, include_deprecated=True)
    assert_type(found, AsyncBoundImage | None)
    assert_type(await client.images.get_by_name("debian-12"), AsyncBoundImage | None)
    if found is None:
        raise LookupError
    assert_type(found, AsyncBoundImage)
    return found


async def change_image(client: AsyncClient, bound: AsyncBoundImage) -> None:
    plain = Image(id=1, type="snapshot", created="2026-05-04T10:00:00Z")
    assert_type(await client.images.update(bound, description="new"), AsyncBoundImage)
    assert_type(await client.images.update(plain, type="snapshot", labels={"env": "prod"}), AsyncBoundImage)
    assert_type(await bound.update(labels={}), AsyncBoundImage)
    assert_type(await client.images.delete(plain), bool)
    assert_type(await client.images.delete(bound), bool)
    assert_type(await bound.delete(), bool)
    assert_type(await client.images.change_protection(plain, delete=True), AsyncBoundAction)
    assert_type(await client.images.change_protection(bound), AsyncBoundAction)
    assert_type(await bound.change_protection(delete=False), AsyncBoundAction)


async def create_image(client: AsyncClient, server: Server) -> None:
    response = await client.servers.create_image(server, "before the update", "backup", {"env": "prod"})
    assert_type(response, AsyncCreateImageResponse)
    assert_type(response.image, AsyncBoundImage)
    assert_type(response.action, AsyncBoundAction)
    bound = await client.servers.get_by_id(1)
    assert_type(bound, AsyncBoundServer)
    assert_type(bound.name, str | None)
    assert_type(await bound.create_image(type="snapshot"), AsyncCreateImageResponse)
    assert_type(await client.servers.find_created_image(bound, {"run": "1"}, type="backup"), AsyncBoundImage | None)


async def use_actions(client: AsyncClient, image: AsyncBoundImage, status: ActionStatus, sort: ActionSort) -> None:
    page = await client.images.get_actions_list(image, sort=["started:desc"], status="running")
    assert_type(page, AsyncActionsPageResult)
    actions, meta = page
    assert_type(actions, list[AsyncBoundAction])
    assert_type(meta, Meta)
    assert_type(await client.images.get_actions(Image(id=1), sort=sort, status=[status]), list[AsyncBoundAction])
    assert_type(await image.get_actions(), list[AsyncBoundAction])
    assert_type((await image.get_actions_list(page=1)).actions, list[AsyncBoundAction])
    assert_type(await client.images.actions.get_list(status=["success"]), AsyncActionsPageResult)
    assert_type(await client.images.actions.get_all(sort="command"), list[AsyncBoundAction])
    assert_type(client.images.actions.iter_all(), AsyncIterator[AsyncBoundAction])
    assert_type(await client.images.actions.get_by_id(1), AsyncBoundAction)

    action = await client.actions.get_by_id(1)
    assert_type(action.id, int)
    assert_type(action.status, ActionStatus | None)
    assert_type(action.progress, int | None)
    assert_type(action.command, str | None)
    assert_type(action.started, datetime | None)
    assert_type(action.finished, datetime | None)
    assert_type(action.error, ActionError | None)
    assert_type(action.resources, list[ActionResource] | None)
    if action.error is not None:
        assert_type(action.error["code"], str)
    for resource in action.resources or []:
        assert_type(resource["id"], int)
    assert_type(action.data_model, Action)
    await action.wait_until_finished(max_retries=3)


async def wait(client: AsyncClient, action: AsyncBoundAction) -> None:
    await client.actions.wait([action], interval=2, deadline=None, on_progress=tell_progress)
    ended = await client.actions.wait((Action(id=1), action, 3), interval=lambda retries: 2.0, on_progress=print)
    assert_type(ended, list[AsyncBoundAction])
    async for one in client.actions.as_completed({1, 2}, deadline=60):
        assert_type(one, AsyncBoundAction)


async def list_servers(client: AsyncClient, sort: ServerSort, status: ServerStatus) -> str:
    page = await client.servers.get_list("web-1", "env=prod", 1, 50, [status, "off"], sort="created:desc")
    assert_type(page, AsyncServersPageResult)
    servers = await client.servers.get_all(label_selector="env=prod", status="running", sort=[sort, "id"])
    assert_type(servers, list[AsyncBoundServer])
    async for server in client.servers.iter_all(status=("running", status)):
        assert_type(server.image, AsyncBoundImage | None)
        assert_type(server.server_type, ServerType | None)
        assert_type(server.location, Location | None)
        assert_type(server.protection, ServerProtection | None)
        assert_type(server.locked, bool | None)
        assert_type(server.primary_disk_size, float | None)
        assert_type(server.data_model.image, Image | None)
        if server.server_type is not None and server.location is not None:
            assert_type(server.server_type.name, str | None)
            assert_type(server.location.city, str | None)
    assert_type(await client.servers.get_by_name("web-1"), AsyncBoundServer | None)
    await client.images.get_list(bound_to=servers)
    await client.images.get_all(bound_to=servers[0])
    await client.images.get_all(bound_to=[servers[0], 42, "43"])
    created = [await server.create_image() for server in servers]
    assert_type(await client.actions.wait(created), list[AsyncBoundAction])
    await client.actions.wait([created[0], created[1].action, 7])
    assert_type(await client.actions.get_list(), AsyncActionsPageResult)
    assert_type(await client.actions.get_all(status="error"), list[AsyncBoundAction])
    return str(page.servers[0].name)
