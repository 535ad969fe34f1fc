"""Right uses of the sync client. Never run: type checkers read it, see test_checkers.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, assert_type

import hcloud_images as hcloud
from hcloud_images import (
    ActionException,
    ActionFailedException,
    ActionsException,
    APIException,
    Client,
    ConnectionException,
    Exchange,
    HCloudException,
    InvalidInputException,
    InvalidResponseException,
    InvalidValueException,
    NotFoundException,
    RateLimit,
    Retry,
    RetryPolicy,
    TimeoutException,
    TransportException,
    constant_backoff_function,
    exponential_backoff_function,
)
from hcloud_images.actions import (
    Action,
    ActionError,
    ActionResource,
    ActionsClient,
    ActionSort,
    ActionsPageResult,
    ActionStatus,
    BoundAction,
    ResourceActionsClient,
)
from hcloud_images.core import Meta, Pagination
from hcloud_images.deprecation import DeprecationInfo
from hcloud_images.images import (
    Architecture,
    BoundImage,
    CreateImageResponse,
    Image,
    ImageProtection,
    ImagesClient,
    ImageSort,
    ImagesPageResult,
    ImageStatus,
    ImageType,
)
from hcloud_images.servers import (
    BoundServer,
    Location,
    Server,
    ServerProtection,
    ServersClient,
    ServerSort,
    ServersPageResult,
    ServerStatus,
    ServerType,
)


def reach_modules(
    image: hcloud.images.client.BoundImage, server: hcloud.servers.domain.Server, meta: hcloud.core.domain.Meta
) -> None:
    # Of the packages' imports, pyright takes only the relative ones for attributes: ``from .client import *``.
    assert_type(image, BoundImage)
    assert_type(server, Server)
    assert_type(meta, Meta)
    assert_type(hcloud.actions.domain.Action(1), Action)
    assert_type(hcloud.deprecation.domain.DeprecationInfo, type[DeprecationInfo])


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


def tell_progress(actions: list[BoundAction]) -> int:
    return len(actions)


def make() -> Client:
    policy = RetryPolicy(attempts=3, deadline=None, wait_for_rate_limit=True, budget=None, on_retry=tell_retry)
    assert_type(policy, RetryPolicy)
    assert_type(policy.attempts, int)
    assert_type(policy.deadline, float | None)
    Client("token", "https://api.example/v1", "name", "1.0", 0.5, 10, (3.0, 30.0))
    Client(lambda: "token", timeout=None, poll_interval=constant_backoff_function(1), verify="certificates.pem")
    Client("token", poll_interval=exponential_backoff_function(base=1, multiplier=2, cap=10, jitter=True))
    Client("token", on_request=tell_exchange, on_response=tell_exchange, max_body=1024, page_window=2)
    assert_type(Client.from_env(), Client)
    assert_type(Client.from_env(cli_context="work", retry=policy, timeout=5), Client)
    return Client("token", retry=policy, allow_insecure=True)


def use_client() -> None:
    with make() as client:
        assert_type(client, Client)
        assert_type(client.images, ImagesClient)
        assert_type(client.images.actions, ResourceActionsClient)
        assert_type(client.actions, ActionsClient)
        assert_type(client.servers, ServersClient)
        assert_type(client.deadline(5), AbstractContextManager[None])
        with client.deadline(1.5):
            client.images.get_all()
        rate = client.rate_limit
        assert_type(rate, RateLimit | None)
        if rate is not None:
            assert_type(rate.remaining, int)
            assert_type(rate.wait, float)
    client.close()


def list_images(client: Client, known: ImageType, servers: list[int]) -> Iterator[str]:
    page = client.images.get_list(name="debian-12", page=2, per_page=50, include_deprecated=True)
    assert_type(page, ImagesPageResult)
    assert_type(page.meta, Meta)
    assert_type(page.meta.pagination, Pagination | None)
    if page.meta.pagination is not None:
        assert_type(page.meta.pagination.next_page, int | None)
        assert_type(page.meta.pagination.total_entries, int | None)
    images, meta = page
    assert_type(images[0], BoundImage)
    assert_type(meta, Meta)

    client.images.get_list(type="snapshot", status="available", architecture="arm", sort="created:desc", bound_to=1)
    client.images.get_list(type=["snapshot", "backup"], status=("creating",), sort=["name", "id:asc"], bound_to=servers)
    client.images.get_list(type=known, architecture={"x86", "arm"}, bound_to=(str(one) for one in servers))
    client.images.get_list(type="of tomorrow", status=["of", "tomorrow"], sort="size", architecture="riscv")
    text: str = "of tomorrow"
    client.images.get_list(type=text, status=[text], sort=(text,), architecture=text)

    for image in client.images.get_all(label_selector="env=prod", sort=["id"]):
        assert_type(image, BoundImage)
    everything: list[BoundImage] = client.images.get_all()
    newest = max(everything, key=lambda image: image.id or 0)
    assert_type(newest, BoundImage)
    assert_type(client.images.iter_all(type="snapshot"), Iterator[BoundImage])
    yield from (image.description or "" for image in client.images.iter_all())


def read_image(client: Client) -> str:
    image = client.images.get_by_id(1)
    assert_type(image, BoundImage)
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
    assert_type(image.bound_to, BoundServer | None)
    assert_type(image.created_from, BoundServer | None)
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
        assert_type(image.created_from.create_image(), CreateImageResponse)
    if image.protection is not None:
        assert_type(image.protection["delete"], bool)
    image.reload()
    status: str | None = image.status
    if status is None or image.type is None:
        return ""
    return status.upper() + image.type


def find_image(client: Client, architecture: Architecture) -> BoundImage:
    found = client.images.get_by_name_and_architecture("debian-12", architecture, include_deprecated=True)
    assert_type(found, BoundImage | None)
    assert_type(client.images.get_by_name("debian-12"), BoundImage | None)
    if found is None:
        raise LookupError
    assert_type(found, BoundImage)
    return found


def change_image(client: Client, bound: BoundImage) -> None:
    plain = Image(id=1, type="snapshot", created="2026-05-04T10:00:00Z")
    assert_type(client.images.update(bound, description="new"), BoundImage)
    assert_type(client.images.update(plain, type="snapshot", labels={"env": "prod"}), BoundImage)
    assert_type(bound.update(labels={}), BoundImage)
    assert_type(client.images.delete(plain), bool)
    assert_type(client.images.delete(bound), bool)
    assert_type(bound.delete(), bool)
    assert_type(client.images.change_protection(plain, delete=True), BoundAction)
    assert_type(client.images.change_protection(bound), BoundAction)
    assert_type(bound.change_protection(delete=False), BoundAction)


def create_image(client: Client, server: Server) -> None:
    response = client.servers.create_image(server, "before the update", "backup", {"env": "prod"})
    assert_type(response, CreateImageResponse)
    assert_type(response.image, BoundImage)
    assert_type(response.action, BoundAction)
    bound = client.servers.get_by_id(1)
    assert_type(bound, BoundServer)
    assert_type(bound.name, str | None)
    assert_type(bound.create_image(type="snapshot"), CreateImageResponse)
    assert_type(client.servers.find_created_image(bound, {"run": "1"}, type="backup"), BoundImage | None)


def use_actions(client: Client, image: BoundImage, status: ActionStatus, sort: ActionSort, order: ImageSort) -> None:
    page = client.images.get_actions_list(image, sort=["started:desc"], status="running")
    assert_type(page, ActionsPageResult)
    actions, meta = page
    assert_type(actions, list[BoundAction])
    assert_type(meta, Meta)
    assert_type(client.images.get_actions(Image(id=1), sort=sort, status=[status]), list[BoundAction])
    assert_type(image.get_actions(), list[BoundAction])
    assert_type(image.get_actions_list(page=1).actions, list[BoundAction])
    assert_type(client.images.actions.get_list(status=["success"]), ActionsPageResult)
    assert_type(client.images.actions.get_all(sort="command"), list[BoundAction])
    assert_type(client.images.actions.iter_all(), Iterator[BoundAction])
    assert_type(client.images.actions.get_by_id(1), BoundAction)
    client.images.get_all(sort=[order])

    action = client.actions.get_by_id(1)
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
    action.wait_until_finished(max_retries=3)


def wait(client: Client, action: BoundAction) -> None:
    client.actions.wait([action], interval=2, deadline=None, on_progress=tell_progress)
    ended = client.actions.wait((Action(id=1), action, 3), interval=constant_backoff_function(2), on_progress=print)
    assert_type(ended, list[BoundAction])
    for one in client.actions.as_completed({1, 2}, deadline=60):
        assert_type(one, BoundAction)


def handle(client: Client) -> object:
    try:
        client.images.get_by_id(1)
    except NotFoundException as error:
        assert_type(error.code, int | str)
        assert_type(error.message, str)
        assert_type(error.correlation_id, str | None)
        assert_type(error.status_code, int | None)
        assert_type(error.method, str | None)
        assert_type(error.path, str | None)
    except InvalidInputException as error:
        return error.details["fields"]
    except TimeoutException as error:
        assert_type(error.sent, bool)
        builtin: TimeoutError = error
        return builtin
    except (ConnectionException, InvalidResponseException) as error:
        assert_type(error.message, str)
        assert_type(error.exchange, Exchange | None)
    except ActionFailedException as error:
        assert_type(error.action, Action)
        assert_type(error.message, str)
    except ActionsException as error:
        assert_type(error.finished, list[Action])
        for failed in error.exceptions:
            assert_type(failed, ActionException | ExceptionGroup[ActionException])
    except InvalidValueException as error:
        value_error: ValueError = error
        return value_error
    except HCloudException as error:
        return error.args
    return None


def list_servers(client: Client, sort: ServerSort, status: ServerStatus) -> str:
    page = client.servers.get_list("web-1", "env=prod", 1, 50, [status, "off"], sort="created:desc")
    assert_type(page, ServersPageResult)
    servers = client.servers.get_all(label_selector="env=prod", status="running", sort=[sort, "id"])
    assert_type(servers, list[BoundServer])
    for server in client.servers.iter_all(status=("running", status)):
        assert_type(server.image, BoundImage | None)
        assert_type(server.server_type, ServerType | None)
        assert_type(server.location, Location | None)
        assert_type(server.protection, ServerProtection | None)
        assert_type(server.locked, bool | None)
        assert_type(server.primary_disk_size, float | None)
        assert_type(server.data_model.image, Image | None)
        if server.server_type is not None and server.location is not None:
            assert_type(server.server_type.name, str | None)
            assert_type(server.location.city, str | None)
    assert_type(client.servers.get_by_name("web-1"), BoundServer | None)
    client.images.get_list(bound_to=servers)
    client.images.get_all(bound_to=servers[0])
    client.images.get_all(bound_to=[servers[0], 42, "43"])
    created = [server.create_image() for server in servers]
    assert_type(client.actions.wait(created), list[BoundAction])
    client.actions.wait([created[0], created[1].action, 7])
    assert_type(client.actions.get_list(), ActionsPageResult)
    assert_type(client.actions.get_all(status="error"), list[BoundAction])
    return str(page.servers[0].name)
