"""As much of servers as images need: create an image of one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from hcloud_images_api import models
from hcloud_images_api.api.servers import create_server_image, get_server

from hcloud_images._sync._base import BoundModelBase, ResourceClientBase
from hcloud_images._sync.actions import BoundAction
from hcloud_images._sync.images import BoundImage, CreateImageResponse
from hcloud_images._values.arguments import or_unset, to_id, to_label_selector, to_labels
from hcloud_images._values.literals import NewImageType
from hcloud_images._values.server import Server
from hcloud_images.errors import Exchange


class BoundServer(Server, BoundModelBase[Server]):
    """A server that knows its client.

    ``bound_to`` and ``created_from`` of an image are such, with no more than id and name.

    :param client: ``client.servers`` of a client.
    :param data: A JSON object of the API.
    :param complete: Whether ``data`` is all there is to know.
    :raises InvalidValueException: when ``data`` isn't such an object.
    """

    __slots__ = ("_client", "complete")

    model: ClassVar[type[Server]] = Server
    complete: bool
    _client: ServersClient

    def __init__(self, client: ServersClient, data: Mapping[str, Any], complete: bool = True) -> None:
        self._client, self.complete = client, complete
        self._load(data)

    def create_image(
        self, description: str | None = None, type: NewImageType | None = None, labels: Mapping[str, str] | None = None
    ) -> CreateImageResponse:
        """Create an image of this server; ``POST /servers/{id}/actions/create_image``.

        :param description: Text for people; by default the API makes one up.
        :param type: ``snapshot``, the default, or ``backup``.
        :param labels: Labels of the new image.
        :returns: The image, still being created, and the action to wait for.
        :raises HCloudException: as ``client.servers.create_image``.
        """
        return self._client.create_image(self, description, type, labels)


class ServersClient(ResourceClientBase):
    """Finds servers and creates images of them."""

    def get_by_id(self, id: int) -> BoundServer:
        """Get one server; ``GET /servers/{id}``.

        :param id: Which one.
        :raises NotFoundException: when there is none.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(get_server.sync_detailed, to_id(id, "server")), models.ServerEnvelope, self._to_server
        )

    def _to_server(self, envelope: models.ServerEnvelope, _: Exchange) -> BoundServer:
        return BoundServer(self, envelope.server)

    def create_image(
        self,
        server: Server | BoundServer,
        description: str | None = None,
        type: NewImageType | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> CreateImageResponse:
        """Create an image of a server; ``POST /servers/{id}/actions/create_image``.

        It costs money, so it is never sent twice unless the first try surely had no effect. When it ends without an
        answer, or with a ``ServerErrorException``, ``find_created_image`` tells whether it had; give it a label of its
        own to be sure that it is the one.

        :param server: Which one.
        :param description: Text for people; by default the API makes one up.
        :param type: ``snapshot``, the default, or ``backup``.
        :param labels: Labels of the new image.
        :returns: The image, still being created, and the action to wait for.
        :raises NotFoundException: when there is no such server.
        :raises InvalidInputException: when the API doesn't take a value.
        :raises LockedException: when another action is running on the server.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(
                create_server_image.sync_detailed,
                to_id(server, "server"),
                body=models.CreateImageBody(
                    or_unset("description", description), or_unset("type", type), to_labels(labels)
                ),
            ),
            models.CreatedImage,
            self._to_create_response,
            check_first="for a new image, with client.servers.find_created_image()",
        )

    def _to_create_response(self, envelope: models.CreatedImage, _: Exchange) -> CreateImageResponse:
        return CreateImageResponse(
            action=BoundAction(self._parent.actions, envelope.action),
            image=BoundImage(self._parent.images, envelope.image),
        )

    def _bound(self, data: Mapping[str, Any]) -> BoundServer:
        """Bind what an image tells of a server."""
        return BoundServer(self, data, complete=False)

    def find_created_image(
        self, server: Server | BoundServer, labels: Mapping[str, str], *, type: NewImageType = "snapshot"
    ) -> BoundImage | None:
        """Find the image that a creation made whose answer got lost; ``GET /images``.

        :param server: Of which server it was to be.
        :param labels: Labels that it was to have, at least one; best with one that no other image has.
        :param type: What it was to be: ``snapshot`` or ``backup``.
        :returns: The newest such image, whether it is still being created or not; ``None`` when there is none, so the
            creation can be sent again.
        :raises InvalidValueException: when there are no labels to find it by, or when they can't be labels.
        :raises HCloudException: as ``client.images.get_all``.
        """
        number, selector = to_id(server, "server"), to_label_selector(labels)
        found = self._parent.images.get_all(label_selector=selector, type=type, sort="created:desc")
        return next((one for one in found if one.created_from is not None and one.created_from.id == number), None)
