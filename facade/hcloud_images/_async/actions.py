"""Actions: what the API does that takes time."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from hcloud_images_api import models
from hcloud_images_api.api.actions import get_action, get_actions
from hcloud_images_api.api.images import get_images_action, list_images_actions

from hcloud_images._async._base import AsyncBoundModelBase, AsyncResourceClientBase
from hcloud_images._runtime._async.pages import collect_pages, iter_pages
from hcloud_images._runtime.backoff import BackoffFunction, PollSchedule
from hcloud_images._runtime.deadline import until_over
from hcloud_images._runtime.hooks import call_hook
from hcloud_images._terminal.listing import Listing
from hcloud_images._values.action import Action, actions_exception, timed_out
from hcloud_images._values.arguments import OneOrMore, batched, or_unset, require_list, to_id, to_list
from hcloud_images._values.literals import ActionSort, ActionStatus
from hcloud_images._values.meta import Meta, to_meta
from hcloud_images.errors import ActionFailedException, Exchange, InvalidResponseException

if TYPE_CHECKING:
    from hcloud_images._async.images import AsyncCreateImageResponse
else:  # for typing.get_type_hints(); images import this module
    from hcloud_images._values.base import BaseDomain as AsyncCreateImageResponse

#: Ids in one request: as many as a page has by default.
IDS_PER_REQUEST = 25
_LIST_ENDED = "the API no longer lists the actions of all resources; use client.images.actions"


class AsyncBoundAction(Action, AsyncBoundModelBase[Action]):
    """An action that knows its client.

    :param client: The resource client, ``client.actions``.
    :param data: A JSON object of the API.
    :param complete: Whether ``data`` has all fields.
    :raises InvalidValueException: when ``data`` isn't such an object.
    """

    model = Action
    _client: AsyncActionsClient
    complete: bool

    def __init__(self, client: AsyncActionsClient, data: Mapping[str, Any], complete: bool = True) -> None:
        self._client, self.complete = client, complete
        self._load(data)

    async def wait_until_finished(self, max_retries: int | None = None) -> None:
        """Poll the action until it ends; ``GET /actions/{id}``.

        :param max_retries: Maximum number of polls; by default ``poll_max_retries`` of the client.
        :raises ActionFailedException: when it ended with an error.
        :raises ActionTimeoutException: when it is still running after the last poll, or when ``client.deadline()`` is
            over.
        :raises HCloudException: as ``client.actions.get_by_id``.
        """
        await self._client._wait_until_finished(self, max_retries)  # pyright: ignore[reportPrivateUsage]
        if self.status == Action.STATUS_RUNNING:
            raise timed_out(self, "max_retries=, poll_max_retries= of the client, or client.deadline()")
        if self.status == Action.STATUS_ERROR:
            raise ActionFailedException(self)


class AsyncActionsPageResult(NamedTuple):
    """One page of actions."""

    actions: list[AsyncBoundAction]
    meta: Meta


def to_action(client: AsyncActionsClient, envelope: models.ActionEnvelope, _: Exchange) -> AsyncBoundAction:
    """Map one action."""
    return AsyncBoundAction(client, envelope.action)


def to_actions_page(
    client: AsyncActionsClient, envelope: models.ActionsPage, exchange: Exchange
) -> AsyncActionsPageResult:
    """Map a page of actions."""
    actions = Listing([AsyncBoundAction(client, data) for data in envelope.actions])
    return AsyncActionsPageResult(actions, to_meta(envelope.meta, exchange))


class AsyncActionsClient(AsyncResourceClientBase):
    """Actions of any resource."""

    async def get_by_id(self, id: int) -> AsyncBoundAction:
        """Get one action; ``GET /actions/{id}``.

        :param id: Id of the action.
        :raises NotFoundException: when the action doesn't exist.
        :raises HCloudException: when anything else fails.
        """
        return await self._caller.call(
            partial(get_action.asyncio_detailed, to_id(id, "action")),
            models.ActionEnvelope,
            partial(to_action, self),
            rate_budget="actions",
        )

    async def get_list(
        self,
        status: OneOrMore[ActionStatus] | None = None,
        sort: OneOrMore[ActionSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> AsyncActionsPageResult:
        """Get one page of the actions of all resources; ``GET /actions``.

        Deprecated, as in the official client: the API ended this in January 2025. Use ``client.images.actions``.

        :param status: As in ``client.images.actions.get_list``.
        :param sort: As in ``client.images.actions.get_list``.
        :param page: Page number, starting at 1.
        :param per_page: Entries on a page; by default 25, at most 50.
        :raises InvalidInputException: when the API rejects a value, or refuses to list.
        :raises HCloudException: when anything else fails.
        """
        warnings.warn(_LIST_ENDED, DeprecationWarning, stacklevel=2)
        return await self._list(status=status, sort=sort, page=page, per_page=per_page)

    async def get_all(
        self, status: OneOrMore[ActionStatus] | None = None, sort: OneOrMore[ActionSort] | None = None
    ) -> list[AsyncBoundAction]:
        """Get all actions of all resources, several pages concurrently; ``GET /actions``. Deprecated like ``get_list``.

        All parameters: see ``get_list``.

        :raises InvalidInputException: when the API rejects a value, or refuses to list.
        :raises InvalidResponseException: when the pages would never end.
        :raises HCloudException: when anything else fails.
        """
        warnings.warn(_LIST_ENDED, DeprecationWarning, stacklevel=2)
        fetch = partial(self._list, status=status, sort=sort)
        return Listing(await collect_pages(fetch, self.max_per_page, self._caller))

    async def _list(
        self,
        *,
        status: OneOrMore[ActionStatus] | None,
        sort: OneOrMore[ActionSort] | None,
        page: int | None,
        per_page: int | None,
    ) -> AsyncActionsPageResult:
        return await self._caller.call(
            partial(
                get_actions.asyncio_detailed,
                status=to_list("status", status),
                sort=to_list("sort", sort),
                page=or_unset("page", page),
                per_page=or_unset("per_page", per_page),
            ),
            models.ActionsPage,
            partial(to_actions_page, self),
            rate_budget="actions",
        )

    async def as_completed(
        self,
        actions: Iterable[Action | AsyncCreateImageResponse | int],
        *,
        interval: float | BackoffFunction | None = None,
        deadline: float | None = 3600.0,
        on_progress: Callable[[list[AsyncBoundAction]], object] | None = None,
    ) -> AsyncIterator[AsyncBoundAction]:
        """Yield each action as soon as it ends, in success or error; ``GET /actions``, one request for 25 running ones.

        :param actions: Actions, their ids, or results of ``create_image``; bound actions are updated in place.
        :param interval: Seconds between two polls, or a function that returns them; by default ``poll_interval`` of
            the client.
        :param deadline: Seconds after which polling stops; ``None`` sets no limit.
        :param on_progress: Called after each poll, with all of the actions; its ``close()``, if any, is called at the
            end. Their errors are logged and change nothing.
        :raises ActionsException: when some are still running at the deadline, be it that of ``client.deadline()``.
        :raises InvalidResponseException: when a response lacks one of them.
        :raises HCloudException: when anything else fails.
        """
        tracked = [self._bound(action) for action in require_list("actions", actions)]

        async def refresh(running: list[AsyncBoundAction]) -> None:
            for batch in batched(running, IDS_PER_REQUEST):
                await self._refresh(batch)
            call_hook(on_progress, tracked)

        try:
            with until_over():
                async for action in self._poll(tracked, refresh, self._caller.schedule(interval, deadline)):
                    yield action
        finally:
            call_hook(getattr(on_progress, "close", None))
        if any(action.status == Action.STATUS_RUNNING for action in tracked):
            raise actions_exception(tracked)

    async def wait(
        self,
        actions: Iterable[Action | AsyncCreateImageResponse | int],
        *,
        interval: float | BackoffFunction | None = None,
        deadline: float | None = 3600.0,
        on_progress: Callable[[list[AsyncBoundAction]], object] | None = None,
    ) -> list[AsyncBoundAction]:
        """Wait until all actions have ended; ``GET /actions``, one request for 25 running ones.

        All parameters: see ``as_completed``.

        :returns: The actions, in the order given.
        :raises ActionsException: when some failed, or are still running at the deadline, be it that of
            ``client.deadline()``; ``finished`` has the others.
        :raises InvalidResponseException: when a response lacks one of them.
        :raises HCloudException: when anything else fails.
        """
        tracked = [self._bound(action) for action in require_list("actions", actions)]
        async for _ in self.as_completed(tracked, interval=interval, deadline=deadline, on_progress=on_progress):
            pass
        if any(action.status == Action.STATUS_ERROR for action in tracked):
            raise actions_exception(tracked)
        return tracked

    def _bound(self, action: Action | AsyncCreateImageResponse | int) -> AsyncBoundAction:
        action = getattr(action, "action", action)
        if isinstance(action, AsyncBoundAction):
            return action
        running = Action(to_id(action, "action"), status=Action.STATUS_RUNNING)
        return AsyncBoundAction(self, running.to_dict(), complete=False)

    async def _poll(
        self,
        actions: Iterable[AsyncBoundAction],
        refresh: Callable[[list[AsyncBoundAction]], Awaitable[None]],
        schedule: PollSchedule,
    ) -> AsyncIterator[AsyncBoundAction]:
        """Yield actions as they end, until none is running or the schedule is at its end."""
        running = list(actions)
        while running:
            await refresh(running)
            for action in running:
                if action.status != Action.STATUS_RUNNING:
                    yield action
            running = [action for action in running if action.status == Action.STATUS_RUNNING]
            pause = schedule.pause() if running else None
            if pause is None:
                return
            await self._caller.sleep(pause)

    async def _wait_until_finished(self, action: AsyncBoundAction, max_retries: int | None) -> None:
        max_polls = self._caller.poll_max_retries if max_retries is None else max_retries
        schedule = self._caller.schedule(None, max_polls=max_polls)
        with until_over():
            async for _ in self._poll([action], lambda _: action.reload(), schedule):
                pass

    async def _refresh(self, actions: Sequence[AsyncBoundAction]) -> None:
        """Get the newest values of up to 25 actions."""
        page = await self._caller.call(
            partial(get_actions.asyncio_detailed, id=[to_id(action, "action") for action in actions]),
            models.ActionsPage,
            partial(to_actions_page, self),
            rate_budget="actions",
        )
        fresh = {action.id: action for action in page.actions}
        for action in actions:
            if action.id not in fresh:
                message = f"the response lacks action {action.id}, which was requested by id"
                raise InvalidResponseException(message, page.meta.exchange)
            action._replace(fresh[action.id])  # pyright: ignore[reportPrivateUsage]


class AsyncResourceActionsClient(AsyncResourceClientBase):
    """Actions of all images."""

    async def get_by_id(self, id: int) -> AsyncBoundAction:
        """Get one action of any image; ``GET /images/actions/{id}``.

        :param id: Id of the action.
        :raises NotFoundException: when the action doesn't exist.
        :raises HCloudException: when anything else fails.
        """
        return await self._caller.call(
            partial(get_images_action.asyncio_detailed, to_id(id, "action")),
            models.ActionEnvelope,
            partial(to_action, self._parent.actions),
            rate_budget="actions",
        )

    async def get_list(
        self,
        status: OneOrMore[ActionStatus] | None = None,
        sort: OneOrMore[ActionSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> AsyncActionsPageResult:
        """Get one page of the actions of all images; ``GET /images/actions``.

        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :param sort: Sort keys, most important first: ``id``, ``command``, ``status``, ``started``, ``finished``,
            each optionally with ``:asc`` or ``:desc``.
        :param page: Page number, starting at 1.
        :param per_page: Entries on a page; by default 25, at most 50.
        :raises InvalidInputException: when the API rejects a value.
        :raises HCloudException: when anything else fails.
        """
        return await self._caller.call(
            partial(
                list_images_actions.asyncio_detailed,
                status=to_list("status", status),
                sort=to_list("sort", sort),
                page=or_unset("page", page),
                per_page=or_unset("per_page", per_page),
            ),
            models.ActionsPage,
            partial(to_actions_page, self._parent.actions),
            rate_budget="actions",
        )

    async def get_all(
        self, status: OneOrMore[ActionStatus] | None = None, sort: OneOrMore[ActionSort] | None = None
    ) -> list[AsyncBoundAction]:
        """Get all actions of all images, several pages concurrently; ``GET /images/actions``.

        All parameters: see ``get_list``.

        :raises InvalidInputException: when the API rejects a value.
        :raises InvalidResponseException: when the pages would never end.
        :raises HCloudException: when anything else fails.
        """
        fetch = partial(self.get_list, status=status, sort=sort)
        return Listing(await collect_pages(fetch, self.max_per_page, self._caller))

    def iter_all(
        self, status: OneOrMore[ActionStatus] | None = None, sort: OneOrMore[ActionSort] | None = None
    ) -> AsyncIterator[AsyncBoundAction]:
        """Yield all actions of all images one by one, with few pages in memory; ``GET /images/actions``.

        All parameters: see ``get_list``.

        :raises HCloudException: as ``get_all``, at the page that fails.
        """
        return iter_pages(partial(self.get_list, status=status, sort=sort), self.max_per_page, self._caller)
