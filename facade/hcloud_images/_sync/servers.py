"""As much of servers as images need: create an image of one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Self

from hcloud_images._sync.core import BoundModelBase, ResourceClientBase
from hcloud_images.arguments import given, id_of, labels_given, selector_of
from hcloud_images.domain import Server
from hcloud_images.known import NewImageType
from hcloud_images.lazily import lazily

with lazily():
    from hcloud_images_api import models
    from hcloud_images_api.api.servers import create_server_image, get_server

if TYPE_CHECKING:
    from hcloud_images._sync.bound_images import BoundImage, CreateImageResponse


class BoundServer(BoundModelBase[Server], Server):
    """A server that knows its client.

    ``bound_to`` and ``created_from`` of an image are such, with no more than id and name.
    """

    __slots__ = ("_client", "complete")

    model = Server
    _client: ServersClient

    @classmethod
    def known(cls, client: ServersClient, server: Server) -> Self:
        """Bind what an image tells of a server."""
        bound = cls.__new__(cls)
        bound._bind(client, server.values(), complete=False)  # noqa: SLF001 - the same class
        return bound

    def create_image(
        self, description: str | None = None, type: NewImageType | None = None, labels: Mapping[str, str] | None = None
    ) -> CreateImageResponse:
        """Create an image of this server; ``POST /servers/{id}/actions/create_image``.

        :param description: Text for people; the API makes one up unless given.
        :param type: ``snapshot``, which is what you get unless you say otherwise, or ``backup``.
        :param labels: Labels of the new image.
        :returns: The image, still being created, and the action to wait for.
        :raises HCloudException: of the same kinds as ``client.servers.create_image``.
        """
        return self._client.create_image(self, description, type, labels)


class ServersClient(ResourceClientBase):
    """Finds servers and creates images of them."""

    def get_by_id(self, id: int) -> BoundServer:
        """Get one server; ``GET /servers/{id}``.

        :param id: Which one.
        :raises NotFoundException: when there is none.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(get_server.sync_detailed, id_of(id, "server")), models.ServerEnvelope, self.one
        )

    def one(self, answer: models.ServerEnvelope) -> BoundServer:
        """Map an answer that holds one server."""
        return BoundServer.bound(self, answer.server)

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
        :param description: Text for people; the API makes one up unless given.
        :param type: ``snapshot``, which is what you get unless you say otherwise, or ``backup``.
        :param labels: Labels of the new image.
        :returns: The image, still being created, and the action to wait for.
        :raises NotFoundException: when there is no such server.
        :raises InvalidInputException: when the API doesn't take a value.
        :raises LockedException: when another action is running on the server.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(
                create_server_image.sync_detailed,
                id_of(server, "server"),
                body=models.CreateImageBody(given(description), given(type), labels_given(labels)),
            ),
            models.CreatedImage,
            self.parent.images.created,
        )

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
        :raises HCloudException: of the same kinds as ``client.images.get_all``.
        """
        number, selector = id_of(server, "server"), selector_of(labels)
        found = self.parent.images.get_all(label_selector=selector, type=type, sort="created:desc")
        return next((one for one in found if one.created_from is not None and one.created_from.id == number), None)
