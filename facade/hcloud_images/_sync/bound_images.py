"""Images that know their client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import define
from hcloud_images import known
from hcloud_images._sync.actions import ActionsPageResult, BoundAction
from hcloud_images._sync.core import BoundModelBase
from hcloud_images._sync.servers import BoundServer
from hcloud_images.arguments import OneOrMore
from hcloud_images.base import BaseDomain
from hcloud_images.domain import Image, Meta

if TYPE_CHECKING:
    from hcloud_images._sync.images import ImagesClient


class BoundImage(BoundModelBase[Image], Image):
    """An image that knows its client.

    :param client: ``client.images`` of a client.
    :param data: A JSON object of the API.
    """

    __slots__ = ("_client", "complete")

    model = Image
    _client: ImagesClient
    # Mutable, so not covariant by the book; but nobody sets another kind of server here.
    bound_to: BoundServer | None  # pyright: ignore[reportIncompatibleVariableOverride]
    created_from: BoundServer | None  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, client: ImagesClient, data: Mapping[str, Any]) -> None:
        super().__init__(client, data)

    def _server_of(self, value: Any) -> BoundServer:
        """Bind what the API tells of a server."""
        server = super()._server_of(value)
        return BoundServer.known(self._client.parent.servers, server)

    def update(
        self,
        description: str | None = None,
        type: known.ConvertedImageType | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> BoundImage:
        """Change this snapshot or backup; ``PUT /images/{id}``.

        :param description: New text for people.
        :param type: ``snapshot`` converts a backup.
        :param labels: New labels, in place of all it has.
        :returns: The image as it is now; this object stays as it was.
        :raises HCloudException: of the same kinds as ``client.images.update``.
        """
        return self._client.update(self, description, type, labels)

    def delete(self) -> bool:
        """Delete this snapshot or backup; ``DELETE /images/{id}``.

        :returns: ``True``; every failure is an exception.
        :raises HCloudException: of the same kinds as ``client.images.delete``.
        """
        return self._client.delete(self)

    def change_protection(self, delete: bool | None = None) -> BoundAction:
        """Protect this snapshot, or lift its protection; ``POST /images/{id}/actions/change_protection``.

        :param delete: Whether deleting it is refused.
        :raises HCloudException: of the same kinds as ``client.images.change_protection``.
        """
        return self._client.change_protection(self, delete)

    def get_actions_list(
        self,
        sort: OneOrMore[known.ActionSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        status: OneOrMore[known.ActionStatus] | None = None,
    ) -> ActionsPageResult:
        """Get one page of the actions of this image; ``GET /images/{id}/actions``.

        :param sort: As in ``client.images.get_actions_list``.
        :param page: Which page, counted from 1.
        :param per_page: Entries on a page; 25 unless given, 50 at most.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises HCloudException: of the same kinds as ``client.images.get_actions_list``.
        """
        return self._client.get_actions_list(self, sort, page, per_page, status)

    def get_actions(
        self, sort: OneOrMore[known.ActionSort] | None = None, status: OneOrMore[known.ActionStatus] | None = None
    ) -> list[BoundAction]:
        """Get all actions of this image, page by page; ``GET /images/{id}/actions``.

        :param sort: As in ``client.images.get_actions_list``.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises HCloudException: of the same kinds as ``client.images.get_actions``.
        """
        return self._client.get_actions(self, sort, status)


class ImagesPageResult(NamedTuple):
    """One page of images."""

    images: list[BoundImage]
    meta: Meta


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False)
class CreateImageResponse(BaseDomain):
    """What creating an image gives: the image, still being created, and the action that creates it."""

    action: BoundAction
    image: BoundImage
