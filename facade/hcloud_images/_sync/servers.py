"""Servers: find them, and create images of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from hcloud_images_api import models
from hcloud_images_api.api.servers import create_server_image, get_server, list_servers

from hcloud_images._runtime._sync.pages import collect_pages, iter_pages
from hcloud_images._sync._base import BoundModelBase, ResourceClientBase
from hcloud_images._sync.actions import BoundAction
from hcloud_images._sync.images import BoundImage, CreateImageResponse
from hcloud_images._terminal.listing import Listing
from hcloud_images._values.arguments import OneOrMore, or_unset, to_id, to_label_selector, to_labels, to_list, to_name
from hcloud_images._values.image import Image
from hcloud_images._values.literals import NewImageType, ServerSort, ServerStatus
from hcloud_images._values.meta import Meta, to_meta
from hcloud_images._values.server import Server
from hcloud_images.errors import Exchange


class BoundServer(Server, BoundModelBase[Server]):
    """A server that knows its client.

    ``bound_to`` and ``created_from`` of an image are servers with only an id and, at most, a name.

    :param client: The resource client, ``client.servers``.
    :param data: A JSON object of the API.
    :param complete: Whether ``data`` has all fields.
    :raises InvalidValueException: when ``data`` isn't such an object.
    """

    __slots__ = ("_client", "complete")

    model: ClassVar[type[Server]] = Server
    complete: bool
    _client: ServersClient
    if TYPE_CHECKING:
        image: BoundImage | None  # pyright: ignore[reportIncompatibleVariableOverride] - nobody sets another

    def __init__(self, client: ServersClient, data: Mapping[str, Any], complete: bool = True) -> None:
        self._client, self.complete = client, complete
        self._load(data)

    def _to_image(self, value: Any) -> Image:
        image: Image = self._client._parent.images._bound(value)  # pyright: ignore[reportPrivateUsage] - one client
        return image

    def create_image(
        self, description: str | None = None, type: NewImageType | None = None, labels: Mapping[str, str] | None = None
    ) -> CreateImageResponse:
        """Create an image of this server; ``POST /servers/{id}/actions/create_image``.

        :param description: The description; by default the API chooses one.
        :param type: ``snapshot``, the default, or ``backup``.
        :param labels: Labels of the new image.
        :returns: The image, still being created, and the action to wait for.
        :raises HCloudException: as ``client.servers.create_image``.
        """
        return self._client.create_image(self, description=description, type=type, labels=labels)


class ServersPageResult(NamedTuple):
    """One page of servers."""

    servers: list[BoundServer]
    meta: Meta


class ServersClient(ResourceClientBase):
    """Finds servers and creates images of them."""

    def get_list(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
        status: OneOrMore[ServerStatus] | None = None,
        sort: OneOrMore[ServerSort] | None = None,
    ) -> ServersPageResult:
        """Get one page of servers; ``GET /servers``. A filter that takes several values also takes a single one.

        :param name: Keep the server with exactly this name.
        :param label_selector: Keep servers whose labels satisfy it, such as ``env=prod,!temporary``.
        :param page: Page number, starting at 1.
        :param per_page: Entries on a page; by default 25, at most 50.
        :param status: Keep servers in any of these states: ``running``, ``off``, ``starting``, ``stopping``,
            ``initializing``, ``rebuilding``, ``migrating``, ``deleting``, ``unknown``.
        :param sort: Sort keys, most important first: ``id``, ``name``, ``created``, each optionally with
            ``:asc`` or ``:desc``.
        :raises InvalidInputException: when the API rejects a value.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(
                list_servers.sync_detailed,
                name=or_unset("name", name),
                label_selector=or_unset("label_selector", label_selector),
                page=or_unset("page", page),
                per_page=or_unset("per_page", per_page),
                status=to_list("status", status),
                sort=to_list("sort", sort),
            ),
            models.ServersPage,
            self._to_page,
        )

    def get_all(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        status: OneOrMore[ServerStatus] | None = None,
        sort: OneOrMore[ServerSort] | None = None,
    ) -> list[BoundServer]:
        """Get all servers, several pages concurrently; ``GET /servers``.

        All parameters: see ``get_list``.

        :raises InvalidInputException: when the API rejects a value.
        :raises InvalidResponseException: when the pages would never end.
        :raises HCloudException: when anything else fails.
        """
        fetch = partial(self.get_list, name=name, label_selector=label_selector, status=status, sort=sort)
        return Listing(collect_pages(fetch, self.max_per_page, self._caller))

    def iter_all(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        status: OneOrMore[ServerStatus] | None = None,
        sort: OneOrMore[ServerSort] | None = None,
    ) -> Iterator[BoundServer]:
        """Yield all servers one by one, with no more than ``page_window`` pages in memory; ``GET /servers``.

        All parameters: see ``get_list``.

        :raises HCloudException: as ``get_all``, at the page that fails.
        """
        fetch = partial(self.get_list, name=name, label_selector=label_selector, status=status, sort=sort)
        return iter_pages(fetch, self.max_per_page, self._caller)

    def get_by_name(self, name: str) -> BoundServer | None:
        """Get the server with this name; ``GET /servers``.

        :param name: Name of the server.
        :returns: The server, or ``None`` when there is none.
        :raises InvalidValueException: when ``name`` is empty.
        :raises HCloudException: as ``get_list``.
        """
        page = self.get_list(name=to_name(name))
        return page.servers[0] if page.servers else None

    def get_by_id(self, id: int) -> BoundServer:
        """Get one server; ``GET /servers/{id}``.

        :param id: Id of the server.
        :raises NotFoundException: when the server doesn't exist.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(get_server.sync_detailed, to_id(id, "server")), models.ServerEnvelope, self._to_server
        )

    def _to_server(self, envelope: models.ServerEnvelope, _: Exchange) -> BoundServer:
        return BoundServer(self, envelope.server)

    def _to_page(self, envelope: models.ServersPage, exchange: Exchange) -> ServersPageResult:
        servers = Listing([BoundServer(self, data) for data in envelope.servers])
        return ServersPageResult(servers, to_meta(envelope.meta, exchange))

    def create_image(
        self,
        server: Server | BoundServer,
        description: str | None = None,
        type: NewImageType | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> CreateImageResponse:
        """Create an image of a server; ``POST /servers/{id}/actions/create_image``.

        It costs money, so it is only sent again if the first attempt can't have had an effect. If it fails without a
        response, or with a ``ServerErrorException``, ``find_created_image`` finds the image, if there is one. To be
        sure that it is the right one, set a label that no other image has.

        :param server: The server, or its id.
        :param description: The description; by default the API chooses one.
        :param type: ``snapshot``, the default, or ``backup``.
        :param labels: Labels of the new image.
        :returns: The image, still being created, and the action to wait for.
        :raises NotFoundException: when the server doesn't exist.
        :raises InvalidInputException: when the API rejects a value.
        :raises LockedException: when another action is running on the server.
        :raises HCloudException: when anything else fails.
        """
        body = models.CreateImageBody(or_unset("description", description), or_unset("type", type), to_labels(labels))
        return self._caller.call(
            partial(create_server_image.sync_detailed, to_id(server, "server"), body=body),
            models.CreatedImage,
            self._to_create_response,
            check_first="for a new image, with client.servers.find_created_image()",
        )

    def _to_create_response(self, envelope: models.CreatedImage, _: Exchange) -> CreateImageResponse:
        return CreateImageResponse(
            action=BoundAction(self._parent.actions, envelope.action),
            image=BoundImage(self._parent.images, envelope.image),
        )

    def _bound(self, data: Mapping[str, Any] | int) -> BoundServer:
        """Bind the server of an image, which may be no more than its id."""
        return BoundServer(self, {"id": data} if isinstance(data, int) else data, False)

    def find_created_image(
        self, server: Server | BoundServer, labels: Mapping[str, str], *, type: NewImageType = "snapshot"
    ) -> BoundImage | None:
        """Find the image of a creation whose response got lost; ``GET /images``.

        :param server: The server of the image.
        :param labels: Labels that the creation set, at least one; ideally one that no other image has.
        :param type: Type of the creation: ``snapshot`` or ``backup``.
        :returns: The newest such image, finished or still being created; ``None`` when there is none, so the creation
            can be sent again.
        :raises InvalidValueException: when ``labels`` is empty, or a label isn't valid.
        :raises HCloudException: as ``client.images.get_all``.
        """
        number, selector = to_id(server, "server"), to_label_selector(labels)
        found = self._parent.images.get_all(label_selector=selector, type=type, sort="created:desc")
        return next((one for one in found if one.created_from is not None and one.created_from.id == number), None)
