"""Images: list, find, change and delete them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING

from hcloud_images import known
from hcloud_images._sync.actions import ActionsPageResult, BoundAction, ResourceActionsClient
from hcloud_images._sync.bound_images import BoundImage, CreateImageResponse, ImagesPageResult
from hcloud_images._sync.core import ResourceClientBase, all_pages, each
from hcloud_images.arguments import OneOrMore, given, id_of, labels_given, several
from hcloud_images.domain import Image, Meta
from hcloud_images.lazily import lazily
from hcloud_images.listing import Listing

with lazily():
    from hcloud_images_api import models
    from hcloud_images_api.api.images import (
        change_image_protection,
        delete_image,
        get_image,
        list_image_actions,
        list_images,
        update_image,
    )

if TYPE_CHECKING:
    from hcloud_images._sync.client import Client


class ImagesClient(ResourceClientBase):
    """Lists, finds, changes and deletes images."""

    #: The actions of all images.
    actions: ResourceActionsClient

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.actions = ResourceActionsClient(client)

    def get_list(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        bound_to: OneOrMore[str | int] | None = None,
        type: OneOrMore[known.ImageType] | None = None,
        architecture: OneOrMore[known.Architecture] | None = None,
        sort: OneOrMore[known.ImageSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        status: OneOrMore[known.ImageStatus] | None = None,
        include_deprecated: bool | None = None,
    ) -> ImagesPageResult:
        """Get one page of images; ``GET /images``. A filter that takes several values also takes a single one.

        :param name: Keep images with exactly this name.
        :param label_selector: Keep images whose labels satisfy it, such as ``env=prod,!temporary``.
        :param bound_to: Keep backups that are bound to any of these servers, given by id.
        :param type: Keep images of any of these types: ``system``, ``app``, ``snapshot``, ``backup``.
        :param architecture: Keep images for any of these architectures: ``x86``, ``arm``.
        :param sort: Sort keys, most important first: ``id``, ``name``, ``created``, each with ``:asc`` or ``:desc``
            if wanted.
        :param page: Which page, counted from 1.
        :param per_page: Entries on a page; 25 unless given, 50 at most.
        :param status: Keep images in any of these states: ``creating``, ``available``, ``unavailable``.
        :param include_deprecated: Whether deprecated images are listed too; they aren't unless asked for.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(
                list_images.sync_detailed,
                name=given(name),
                label_selector=given(label_selector),
                bound_to=several(bound_to),
                type_=several(type),
                architecture=several(architecture),
                sort=several(sort),
                page=given(page),
                per_page=given(per_page),
                status=several(status),
                include_deprecated=given(include_deprecated),
            ),
            models.ImagesPage,
            self.page,
        )

    def get_all(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        bound_to: OneOrMore[str | int] | None = None,
        type: OneOrMore[known.ImageType] | None = None,
        architecture: OneOrMore[known.Architecture] | None = None,
        sort: OneOrMore[known.ImageSort] | None = None,
        status: OneOrMore[known.ImageStatus] | None = None,
        include_deprecated: bool | None = None,
    ) -> list[BoundImage]:
        """Get all images, several pages at once; ``GET /images``.

        :param name: As all that follow: as in ``get_list``.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises UnexpectedAnswerException: when the pages would never end.
        :raises HCloudException: whatever else goes wrong.
        """
        fetch = partial(
            self.get_list,
            name=name,
            label_selector=label_selector,
            bound_to=bound_to,
            type=type,
            architecture=architecture,
            sort=sort,
            status=status,
            include_deprecated=include_deprecated,
        )
        return all_pages(fetch, self.max_per_page, self.connection)

    def iter_all(
        self,
        name: str | None = None,
        label_selector: str | None = None,
        bound_to: OneOrMore[str | int] | None = None,
        type: OneOrMore[known.ImageType] | None = None,
        architecture: OneOrMore[known.Architecture] | None = None,
        sort: OneOrMore[known.ImageSort] | None = None,
        status: OneOrMore[known.ImageStatus] | None = None,
        include_deprecated: bool | None = None,
    ) -> Iterator[BoundImage]:
        """Give all images one by one, with no more than ``page_window`` pages in memory; ``GET /images``.

        :param name: As all that follow: as in ``get_list``.
        :raises HCloudException: of the same kinds as ``get_all``, when it gets there.
        """
        fetch = partial(
            self.get_list,
            name=name,
            label_selector=label_selector,
            bound_to=bound_to,
            type=type,
            architecture=architecture,
            sort=sort,
            status=status,
            include_deprecated=include_deprecated,
        )
        return each(fetch, self.max_per_page, self.connection, self.connection.page_window())

    def get_by_id(self, id: int) -> BoundImage:
        """Get one image; ``GET /images/{id}``.

        :param id: Which one.
        :raises NotFoundException: when there is none.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(get_image.sync_detailed, id_of(id, "image")), models.ImageEnvelope, self.one
        )

    def get_by_name(self, name: str) -> BoundImage | None:
        """Get the first image with this name, whatever its architecture; ``GET /images``.

        Deprecated, as in the official client: a name exists once for each architecture. Use
        ``get_by_name_and_architecture``.

        :param name: Which one.
        :returns: The image, or ``None`` when there is none.
        :raises HCloudException: of the same kinds as ``get_list``.
        """
        warnings.warn(
            "get_by_name finds the image of any architecture; use get_by_name_and_architecture",
            DeprecationWarning,
            stacklevel=2,
        )
        return _first(self.get_list(name=name))

    def get_by_name_and_architecture(
        self, name: str, architecture: known.Architecture, *, include_deprecated: bool | None = None
    ) -> BoundImage | None:
        """Get the image with this name and architecture; ``GET /images``.

        :param name: Which one.
        :param architecture: ``x86`` or ``arm``.
        :param include_deprecated: Whether it may be a deprecated one.
        :returns: The image, or ``None`` when there is none.
        :raises HCloudException: of the same kinds as ``get_list``.
        """
        return _first(self.get_list(name=name, architecture=architecture, include_deprecated=include_deprecated))

    def update(
        self,
        image: Image | BoundImage,
        description: str | None = None,
        type: known.ConvertedImageType | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> BoundImage:
        """Change a snapshot or backup; ``PUT /images/{id}``. What isn't given stays as it is.

        :param image: Which one.
        :param description: New text for people.
        :param type: ``snapshot`` converts a backup.
        :param labels: New labels, in place of all it has.
        :returns: The image as it is now.
        :raises NotFoundException: when there is no such image.
        :raises InvalidInputException: when the API doesn't take a value, or the image can't be changed.
        :raises HCloudException: whatever else goes wrong.
        """
        body = models.UpdateImageBody(given(description), given(type), labels_given(labels))
        return self.connection.call(
            partial(update_image.sync_detailed, id_of(image, "image"), body=body), models.ImageEnvelope, self.one
        )

    def delete(self, image: Image | BoundImage) -> bool:
        """Delete a snapshot or backup; ``DELETE /images/{id}``.

        :param image: Which one.
        :returns: ``True``; every failure is an exception.
        :raises NotFoundException: when there is no such image.
        :raises ProtectedException: when it is protected from being deleted.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(delete_image.sync_detailed, id_of(image, "image")), NoneType, lambda _: True
        )

    def change_protection(self, image: Image | BoundImage, delete: bool | None = None) -> BoundAction:
        """Protect a snapshot, or lift its protection; ``POST /images/{id}/actions/change_protection``.

        :param image: Which one.
        :param delete: Whether deleting it is refused.
        :returns: The action that does it.
        :raises NotFoundException: when there is no such image.
        :raises InvalidInputException: when it isn't a snapshot.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(
                change_image_protection.sync_detailed,
                id_of(image, "image"),
                body=models.ChangeProtectionBody(given(delete)),
            ),
            models.ActionEnvelope,
            self.parent.actions.one,
        )

    def get_actions_list(
        self,
        image: Image | BoundImage,
        sort: OneOrMore[known.ActionSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        status: OneOrMore[known.ActionStatus] | None = None,
    ) -> ActionsPageResult:
        """Get one page of the actions of an image; ``GET /images/{id}/actions``.

        :param image: Which one.
        :param sort: Sort keys, most important first: ``id``, ``command``, ``status``, ``started``, ``finished``,
            each with ``:asc`` or ``:desc`` if wanted.
        :param page: Which page, counted from 1.
        :param per_page: Entries on a page; 25 unless given, 50 at most.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises NotFoundException: when there is no such image.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(
                list_image_actions.sync_detailed,
                id_of(image, "image"),
                sort=several(sort),
                page=given(page),
                per_page=given(per_page),
                status=several(status),
            ),
            models.ActionsPage,
            self.parent.actions.page,
        )

    def get_actions(
        self,
        image: Image | BoundImage,
        sort: OneOrMore[known.ActionSort] | None = None,
        status: OneOrMore[known.ActionStatus] | None = None,
    ) -> list[BoundAction]:
        """Get all actions of an image, page by page; ``GET /images/{id}/actions``.

        :param image: Which one.
        :param sort: As in ``get_actions_list``.
        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :raises NotFoundException: when there is no such image.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises UnexpectedAnswerException: when the pages would never end.
        :raises HCloudException: whatever else goes wrong.
        """
        return all_pages(
            partial(self.get_actions_list, image, sort=sort, status=status), self.max_per_page, self.connection
        )

    def one(self, answer: models.ImageEnvelope) -> BoundImage:
        """Map an answer that holds one image."""
        return BoundImage.bound(self, answer.image)

    def page(self, answer: models.ImagesPage) -> ImagesPageResult:
        """Map a page of images."""
        images = Listing(BoundImage.bound(self, image) for image in answer.images)
        return ImagesPageResult(images, Meta.of(answer.meta))

    def created(self, answer: models.CreatedImage) -> CreateImageResponse:
        """Map what creating an image gives."""
        return CreateImageResponse(
            action=BoundAction.bound(self.parent.actions, answer.action),
            image=BoundImage.bound(self, answer.image),
        )


def _first(page: ImagesPageResult) -> BoundImage | None:
    return page.images[0] if page.images else None
