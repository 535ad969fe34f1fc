"""Actions: what the API does and takes a while for."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from hcloud_images_api import models
from hcloud_images_api.api.actions import get_action
from hcloud_images_api.api.images import get_images_action, list_images_actions

from hcloud_images._async.core import AsyncBoundModelBase, AsyncResourceClientBase, all_pages
from hcloud_images.arguments import OneOrMore, given, id_of, several
from hcloud_images.domain import Action, Meta
from hcloud_images.errors import ActionFailedException, ActionTimeoutException


class AsyncBoundAction(AsyncBoundModelBase[Action], Action):
    """An action that knows its client."""

    __slots__ = ("_client", "complete")

    model = Action
    _client: AsyncActionsClient

    async def wait_until_finished(self, max_retries: int | None = None) -> None:
        """Look at the action until it isn't running any more; ``GET /actions/{id}``.

        :param max_retries: How often to look at most; ``poll_max_retries`` of the client unless given.
        :raises ActionFailedException: when it ended with an error.
        :raises ActionTimeoutException: when it is still running after the last look.
        :raises HCloudException: of the same kinds as ``client.actions.get_by_id``.
        """
        connection = self._client.connection
        looks = connection.poll_max_retries if max_retries is None else max_retries
        retries = 0
        while True:
            await self.reload()
            if self.status != Action.STATUS_RUNNING:
                break
            retries += 1
            if retries >= looks:
                raise ActionTimeoutException(self)
            await connection.sleep(connection.poll_interval(retries))
        if self.status == Action.STATUS_ERROR:
            raise ActionFailedException(self)


class AsyncActionsPageResult(NamedTuple):
    """One page of actions."""

    actions: list[AsyncBoundAction]
    meta: Meta


class AsyncActionsClient(AsyncResourceClientBase):
    """Actions of any resource."""

    async def get_by_id(self, id: int) -> AsyncBoundAction:
        """Get one action; ``GET /actions/{id}``.

        :param id: Which one.
        :raises NotFoundException: when there is none.
        :raises HCloudException: whatever else goes wrong.
        """
        return await self.connection.call(
            partial(get_action.asyncio_detailed, id_of(id, "action")), models.ActionEnvelope, self.one
        )

    def one(self, answer: models.ActionEnvelope) -> AsyncBoundAction:
        """Map an answer that holds one action."""
        return AsyncBoundAction.bound(self, answer.action)

    def page(self, answer: models.ActionsPage) -> AsyncActionsPageResult:
        """Map a page of actions."""
        actions = [AsyncBoundAction.bound(self, action) for action in answer.actions]
        return AsyncActionsPageResult(actions, Meta.of(answer.meta))


class AsyncResourceActionsClient(AsyncResourceClientBase):
    """Actions of all images."""

    async def get_by_id(self, id: int) -> AsyncBoundAction:
        """Get one action of any image; ``GET /images/actions/{id}``.

        :param id: Which one.
        :raises NotFoundException: when there is none.
        :raises HCloudException: whatever else goes wrong.
        """
        return await self.connection.call(
            partial(get_images_action.asyncio_detailed, id_of(id, "action")),
            models.ActionEnvelope,
            self.parent.actions.one,
        )

    async def get_list(
        self,
        status: OneOrMore[str] | None = None,
        sort: OneOrMore[str] | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> AsyncActionsPageResult:
        """Get one page of the actions of all images; ``GET /images/actions``.

        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :param sort: Sort keys, most important first: ``id``, ``command``, ``status``, ``started``, ``finished``,
            each with ``:asc`` or ``:desc`` if wanted.
        :param page: Which page, counted from 1.
        :param per_page: Entries on a page; 25 unless given, 50 at most.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises HCloudException: whatever else goes wrong.
        """
        return await self.connection.call(
            partial(
                list_images_actions.asyncio_detailed,
                status=several(status),
                sort=several(sort),
                page=given(page),
                per_page=given(per_page),
            ),
            models.ActionsPage,
            self.parent.actions.page,
        )

    async def get_all(
        self, status: OneOrMore[str] | None = None, sort: OneOrMore[str] | None = None
    ) -> list[AsyncBoundAction]:
        """Get all actions of all images, page by page; ``GET /images/actions``.

        :param status: As in ``get_list``.
        :param sort: As in ``get_list``.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises UnexpectedAnswerException: when the pages would never end.
        :raises HCloudException: whatever else goes wrong.
        """
        return await all_pages(partial(self.get_list, status=status, sort=sort), self.max_per_page)
