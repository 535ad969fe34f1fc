"""Images: list, find, change and delete them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from attrs import define
from hcloud_images_api import models
from hcloud_images_api.api.images import (
    change_image_protection,
    delete_image,
    get_image,
    list_image_actions,
    list_images,
    update_image,
)

from hcloud_images._runtime._sync.pages import collect_pages, iter_pages
from hcloud_images._runtime.backoff import BackoffFunction
from hcloud_images._runtime.deadline import until_over
from hcloud_images._sync._base import BoundModelBase, ClientBase, ResourceClientBase
from hcloud_images._sync.actions import (
    ActionsPageResult,
    BoundAction,
    ResourceActionsClient,
    to_action,
    to_actions_page,
)
from hcloud_images._terminal.listing import Listing
from hcloud_images._values import literals
from hcloud_images._values.arguments import OneOrMore, or_unset, to_id, to_ids, to_labels, to_list, to_name
from hcloud_images._values.image import CreatedImage, Image
from hcloud_images._values.meta import Meta, to_meta
from hcloud_images._values.server import Server
from hcloud_images.errors import Exchange, TimeoutException

if TYPE_CHECKING:
    from hcloud_images._sync.servers import BoundServer


class BoundImage(Image, BoundModelBase[Image]):
    """An image that knows its client.

    :param client: The resource client, ``client.images``.
    :param data: A JSON object of the API.
    :raises InvalidValueException: when ``data`` isn't such an object.
    """

    __slots__ = ("_client", "complete")

    model: ClassVar[type[Image]] = Image
    complete: bool
    _client: ImagesClient
    if TYPE_CHECKING:  # the servers' module imports this one
        bound_to: BoundServer | None  # pyright: ignore[reportIncompatibleVariableOverride] - nobody sets another
        created_from: BoundServer | None  # pyright: ignore[reportIncompatibleVariableOverride] - likewise

    def __init__(self, client: ImagesClient, data: Mapping[str, Any]) -> None:
        self._client, self.complete = client, True
        self._load(data)

    def _to_server(self, value: Any) -> Server:
        server: Server = self._client._parent.servers._bound(value)  # pyright: ignore[reportPrivateUsage] - one client
        return server

    def update(
        self,
        description: str | None = None,
        type: literals.ConvertedImageType | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> BoundImage:
        """Change this snapshot or backup; ``PUT /images/{id}``.

        :param description: The new description.
        :param type: ``snapshot`` converts a backup.
        :param labels: New labels, which replace all labels of the image.
        :returns: The image as it is now; this object stays as it was.
        :raises HCloudException: as ``client.images.update``.
        """
        return self._client.update(self, description=description, type=type, labels=labels)

    def delete(self) -> bool:
        """Delete this snapshot or backup; ``DELETE /images/{id}``.

        :returns: ``True``; every failure is an exception.
        :raises HCloudException: as ``client.images.delete``.
        """
        return self._client.delete(self)

    def change_protection(self, delete: bool | None = None) -> BoundAction:
        """Protect this snapshot, or lift its protection; ``POST /images/{id}/actions/change_protection``.

        :param delete: Whether to protect it from deletion.
        :raises HCloudException: as ``client.images.change_protection``.
        """
        return self._client.change_protection(self, delete=delete)

    def get_actions_list(
        self,
        sort: OneOrMore[literals.ActionSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        status: OneOrMore[literals.ActionStatus] | None = None,
    ) -> ActionsPageResult:
        """Get one page of the actions of this image; ``GET /images/{id}/actions``.

        :param sort: As in ``client.images.get_actions_list``.
        :param page: Page number, starting at 1.
        :param per_page: Entries on a page; by default 25, at most 50.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises HCloudException: as ``client.images.get_actions_list``.
        """
        return self._client.get_actions_list(self, sort=sort, page=page, per_page=per_page, status=status)

    def get_actions(
        self, sort: OneOrMore[literals.ActionSort] | None = None, status: OneOrMore[literals.ActionStatus] | None = None
    ) -> list[BoundAction]:
        """Get all actions of this image, several pages concurrently; ``GET /images/{id}/actions``.

        :param sort: As in ``client.images.get_actions_list``.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises HCloudException: as ``client.images.get_actions``.
        """
        return self._client.get_actions(self, sort=sort, status=status)


class ImagesPageResult(NamedTuple):
    """One page of images."""

    images: list[BoundImage]
    meta: Meta


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False)
class CreateImageResponse(CreatedImage):
    """The result of creating an image: the image, still being created, and the action that creates it."""

    action: BoundAction
    image: BoundImage


class ImagesClient(ResourceClientBase):
    """Lists, finds, changes and deletes images."""

    #: The actions of all images.
    actions: ResourceActionsClient

    def __init__(self, client: ClientBase) -> None:
        super().__init__(client)
        self.actions = ResourceActionsClient(client)

    def get_list(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        bound_to: OneOrMore[str | int | Server] | None = None,
        type: OneOrMore[literals.ImageType] | None = None,
        architecture: OneOrMore[literals.Architecture] | None = None,
        sort: OneOrMore[literals.ImageSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        status: OneOrMore[literals.ImageStatus] | None = None,
        include_deprecated: bool | None = None,
    ) -> ImagesPageResult:
        """Get one page of images; ``GET /images``. A filter that takes several values also takes a single one.

        :param name: Keep images with exactly this name.
        :param label_selector: Keep images whose labels satisfy it, such as ``env=prod,!temporary``.
        :param bound_to: Keep backups that are bound to any of these servers, or servers with these ids.
        :param type: Keep images of any of these types: ``system``, ``app``, ``snapshot``, ``backup``.
        :param architecture: Keep images for any of these architectures: ``x86``, ``arm``.
        :param sort: Sort keys, most important first: ``id``, ``name``, ``created``, each optionally with
            ``:asc`` or ``:desc``.
        :param page: Page number, starting at 1.
        :param per_page: Entries on a page; by default 25, at most 50.
        :param status: Keep images in any of these states: ``creating``, ``available``, ``unavailable``.
        :param include_deprecated: Whether to list deprecated images, too; by default they are left out.
        :raises InvalidInputException: when the API rejects a value.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(
                list_images.sync_detailed,
                name=or_unset("name", name),
                label_selector=or_unset("label_selector", label_selector),
                bound_to=to_list("bound_to", bound_to, of="server"),
                type_=to_list("type", type),
                architecture=to_list("architecture", architecture),
                sort=to_list("sort", sort),
                page=or_unset("page", page),
                per_page=or_unset("per_page", per_page),
                status=to_list("status", status),
                include_deprecated=or_unset("include_deprecated", include_deprecated),
            ),
            models.ImagesPage,
            self._to_page,
        )

    def get_all(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        bound_to: OneOrMore[str | int | Server] | None = None,
        type: OneOrMore[literals.ImageType] | None = None,
        architecture: OneOrMore[literals.Architecture] | None = None,
        sort: OneOrMore[literals.ImageSort] | None = None,
        status: OneOrMore[literals.ImageStatus] | None = None,
        include_deprecated: bool | None = None,
    ) -> list[BoundImage]:
        """Get all images, several pages concurrently; ``GET /images``.

        All parameters: see ``get_list``.

        :raises InvalidInputException: when the API rejects a value.
        :raises InvalidResponseException: when the pages would never end.
        :raises HCloudException: when anything else fails.
        """
        get = partial(self.get_list, name=name, label_selector=label_selector, bound_to=bound_to, sort=sort)
        get = partial(get, type=type, architecture=architecture, status=status, include_deprecated=include_deprecated)
        return Listing(collect_pages(get, self.max_per_page, self._caller))

    def iter_all(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        bound_to: OneOrMore[str | int | Server] | None = None,
        type: OneOrMore[literals.ImageType] | None = None,
        architecture: OneOrMore[literals.Architecture] | None = None,
        sort: OneOrMore[literals.ImageSort] | None = None,
        status: OneOrMore[literals.ImageStatus] | None = None,
        include_deprecated: bool | None = None,
    ) -> Iterator[BoundImage]:
        """Yield all images one by one, with no more than ``page_window`` pages in memory; ``GET /images``.

        All parameters: see ``get_list``.

        :raises HCloudException: as ``get_all``, at the page that fails.
        """
        get = partial(self.get_list, name=name, label_selector=label_selector, bound_to=bound_to, sort=sort)
        get = partial(get, type=type, architecture=architecture, status=status, include_deprecated=include_deprecated)
        return iter_pages(get, self.max_per_page, self._caller)

    def get_by_id(self, id: int) -> BoundImage:
        """Get one image; ``GET /images/{id}``.

        :param id: Id of the image.
        :raises NotFoundException: when the image doesn't exist.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(get_image.sync_detailed, to_id(id, "image")), models.ImageEnvelope, self._to_image
        )

    def get_by_name(self, name: str) -> BoundImage | None:
        """Get the first image with this name, of any architecture; ``GET /images``.

        Deprecated, as in the official client: a name exists once for each architecture. Use
        ``get_by_name_and_architecture``.

        :param name: Name of the image.
        :returns: The image, or ``None`` when there is none.
        :raises InvalidValueException: when ``name`` is empty.
        :raises HCloudException: as ``get_list``.
        """
        warnings.warn(
            "get_by_name ignores the architecture; use get_by_name_and_architecture",
            DeprecationWarning,
            stacklevel=2,
        )
        return _first(self.get_list(name=to_name(name)))

    def get_by_name_and_architecture(
        self, name: str, architecture: literals.Architecture, *, include_deprecated: bool | None = None
    ) -> BoundImage | None:
        """Get the image with this name and architecture; ``GET /images``.

        :param name: Name of the image.
        :param architecture: ``x86`` or ``arm``.
        :param include_deprecated: Whether to find deprecated images, too.
        :returns: The image, or ``None`` when there is none.
        :raises InvalidValueException: when ``name`` is empty.
        :raises HCloudException: as ``get_list``.
        """
        name = to_name(name)
        return _first(self.get_list(name=name, architecture=architecture, include_deprecated=include_deprecated))

    def wait_until_available(
        self,
        images: Iterable[Image | BoundImage | CreateImageResponse | int],
        *,
        interval: float | BackoffFunction | None = None,
        deadline: float | None = 3600.0,
    ) -> list[BoundImage]:
        """Wait until images are no longer being created, without their actions; ``GET /images/{id}`` for each.

        :param images: Images, their ids, or results of ``create_image``.
        :param interval: Seconds between two polls, or a function that returns them; by default ``poll_interval`` of
            the client.
        :param deadline: Seconds after which polling stops; ``None`` sets no limit.
        :returns: The images, in the order given.
        :raises TimeoutException: when some are still being created at the deadline, be it that of
            ``client.deadline()``.
        :raises NotFoundException: when an image doesn't exist, or no longer does.
        :raises HCloudException: when anything else fails.
        """
        ids = to_ids("images", images, "image")
        found: dict[int, BoundImage] = {}
        schedule = self._caller.schedule(interval, deadline)
        pending = list(dict.fromkeys(ids))
        with until_over():
            while pending:
                for id in pending.copy():
                    found[id] = self.get_by_id(id)
                    if found[id].status != "creating":
                        pending.remove(id)
                pause = schedule.pause() if pending else None
                if pause is None:
                    break
                self._caller.sleep(pause)
        if pending:
            raise TimeoutException(
                f"still being created: images {pending}; wait again, or set a longer deadline=", sent=False
            )
        return [found[id] for id in ids]

    def update(
        self,
        image: Image | BoundImage,
        description: str | None = None,
        type: literals.ConvertedImageType | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> BoundImage:
        """Change a snapshot or backup; ``PUT /images/{id}``. Arguments that are left out change nothing.

        :param image: The image, or its id.
        :param description: The new description.
        :param type: ``snapshot`` converts a backup.
        :param labels: New labels, which replace all labels of the image.
        :returns: The image as it is now.
        :raises NotFoundException: when the image doesn't exist.
        :raises InvalidInputException: when the API rejects a value, or the image can't be changed.
        :raises HCloudException: when anything else fails.
        """
        body = models.UpdateImageBody(or_unset("description", description), or_unset("type", type), to_labels(labels))
        return self._caller.call(
            partial(update_image.sync_detailed, to_id(image, "image"), body=body),
            models.ImageEnvelope,
            self._to_image,
            check_first=None if type is None else "whether it is a snapshot now, with client.images.get_by_id()",
        )

    def delete(self, image: Image | BoundImage) -> bool:
        """Delete a snapshot or backup; ``DELETE /images/{id}``.

        :param image: The image, or its id.
        :returns: ``True``; every failure is an exception.
        :raises NotFoundException: when the image doesn't exist.
        :raises ProtectedException: when it is protected from being deleted.
        :raises HCloudException: when anything else fails.
        """
        number = to_id(image, "image")
        return self._caller.call(partial(delete_image.sync_detailed, number), NoneType, lambda _, __: True)

    def change_protection(self, image: Image | BoundImage, delete: bool | None = None) -> BoundAction:
        """Protect a snapshot, or lift its protection; ``POST /images/{id}/actions/change_protection``.

        :param image: The image, or its id.
        :param delete: Whether to protect it from deletion.
        :returns: The action that does it.
        :raises NotFoundException: when the image doesn't exist.
        :raises InvalidInputException: when it isn't a snapshot.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(
                change_image_protection.sync_detailed,
                to_id(image, "image"),
                body=models.ChangeProtectionBody(or_unset("delete", delete)),
            ),
            models.ActionEnvelope,
            partial(to_action, self._parent.actions),
        )

    def get_actions_list(
        self,
        image: Image | BoundImage,
        sort: OneOrMore[literals.ActionSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        status: OneOrMore[literals.ActionStatus] | None = None,
    ) -> ActionsPageResult:
        """Get one page of the actions of an image; ``GET /images/{id}/actions``.

        :param image: The image, or its id.
        :param sort: Sort keys, most important first: ``id``, ``command``, ``status``, ``started``, ``finished``,
            each optionally with ``:asc`` or ``:desc``.
        :param page: Page number, starting at 1.
        :param per_page: Entries on a page; by default 25, at most 50.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises NotFoundException: when the image doesn't exist.
        :raises InvalidInputException: when the API rejects a value.
        :raises HCloudException: when anything else fails.
        """
        return self._caller.call(
            partial(
                list_image_actions.sync_detailed,
                to_id(image, "image"),
                sort=to_list("sort", sort),
                page=or_unset("page", page),
                per_page=or_unset("per_page", per_page),
                status=to_list("status", status),
            ),
            models.ActionsPage,
            partial(to_actions_page, self._parent.actions),
            rate_budget="actions",
        )

    def get_actions(
        self,
        image: Image | BoundImage,
        sort: OneOrMore[literals.ActionSort] | None = None,
        status: OneOrMore[literals.ActionStatus] | None = None,
    ) -> list[BoundAction]:
        """Get all actions of an image, several pages concurrently; ``GET /images/{id}/actions``.

        :param image: The image, or its id.
        :param sort: As in ``get_actions_list``.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises NotFoundException: when the image doesn't exist.
        :raises InvalidInputException: when the API rejects a value.
        :raises InvalidResponseException: when the pages would never end.
        :raises HCloudException: when anything else fails.
        """
        fetch = partial(self.get_actions_list, image, sort=sort, status=status)
        return Listing(collect_pages(fetch, self.max_per_page, self._caller))

    def _bound(self, data: Mapping[str, Any]) -> BoundImage:
        """Bind the image of a server."""
        return BoundImage(self, data)

    def _to_image(self, envelope: models.ImageEnvelope, _: Exchange) -> BoundImage:
        return BoundImage(self, envelope.image)

    def _to_page(self, envelope: models.ImagesPage, exchange: Exchange) -> ImagesPageResult:
        images = Listing([BoundImage(self, data) for data in envelope.images])
        return ImagesPageResult(images, to_meta(envelope.meta, exchange))


def _first(page: ImagesPageResult) -> BoundImage | None:
    return page.images[0] if page.images else None
