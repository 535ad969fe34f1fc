"""Actions: what the API does and takes a while for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from hcloud_images._sync.core import BoundModelBase, ResourceClientBase, all_pages, each
from hcloud_images.arguments import OneOrMore, batched, given, id_of, listed, several
from hcloud_images.domain import Action, Meta
from hcloud_images.errors import ActionFailedException, ActionTimeoutException, actions_exception
from hcloud_images.exchange import unexpected
from hcloud_images.known import ActionSort, ActionStatus
from hcloud_images.lazily import lazily
from hcloud_images.listing import Listing
from hcloud_images.polling import DEFAULT_BACKOFF, BackoffFunction, Patience

with lazily():
    from hcloud_images_api import models
    from hcloud_images_api.api.actions import get_action, get_actions
    from hcloud_images_api.api.images import get_images_action, list_images_actions

#: Ids in one request: as many as a page has by itself.
AT_ONCE = 25


class BoundAction(BoundModelBase[Action], Action):
    """An action that knows its client."""

    __slots__ = ("_client", "complete")

    model = Action
    _client: ActionsClient

    def wait_until_finished(self, max_retries: int | None = None) -> None:
        """Look at the action until it isn't running any more; ``GET /actions/{id}``.

        :param max_retries: How often to look at most; ``poll_max_retries`` of the client unless given.
        :raises ActionFailedException: when it ended with an error.
        :raises ActionTimeoutException: when it is still running after the last look.
        :raises HCloudException: of the same kinds as ``client.actions.get_by_id``.
        """
        connection = self._client.connection
        looks = connection.poll_max_retries if max_retries is None else max_retries

        def look(_: list[BoundAction]) -> None:
            self.reload()

        for _ in finishing([self], look, Patience(connection.poll_interval, looks=looks), connection.sleep):
            pass
        if self.status == Action.STATUS_RUNNING:
            raise ActionTimeoutException(self)
        if self.status == Action.STATUS_ERROR:
            raise ActionFailedException(self)


def finishing(
    actions: Iterable[BoundAction],
    look: Callable[[list[BoundAction]], None],
    patience: Patience,
    sleep: Callable[[float], None],
) -> Iterator[BoundAction]:
    """Give actions as they end, until none is running or the patience is at its end.

    :param look: Gets the newest values of the actions that are running.
    """
    running = list(actions)
    while running:
        look(running)
        for action in running:
            if action.status != Action.STATUS_RUNNING:
                yield action
        running = [action for action in running if action.status == Action.STATUS_RUNNING]
        pause = patience.pause() if running else None
        if pause is None:
            return
        sleep(pause)


class ActionsPageResult(NamedTuple):
    """One page of actions."""

    actions: list[BoundAction]
    meta: Meta


class ActionsClient(ResourceClientBase):
    """Actions of any resource."""

    def get_by_id(self, id: int) -> BoundAction:
        """Get one action; ``GET /actions/{id}``.

        :param id: Which one.
        :raises NotFoundException: when there is none.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(get_action.sync_detailed, id_of(id, "action")), models.ActionEnvelope, self.one
        )

    def one(self, answer: models.ActionEnvelope) -> BoundAction:
        """Map an answer that holds one action."""
        return BoundAction.bound(self, answer.action)

    def page(self, answer: models.ActionsPage) -> ActionsPageResult:
        """Map a page of actions."""
        actions = Listing(BoundAction.bound(self, action) for action in answer.actions)
        return ActionsPageResult(actions, Meta.of(answer.meta))

    def as_completed(
        self,
        actions: Iterable[Action | BoundAction | int],
        *,
        interval: float | BackoffFunction = DEFAULT_BACKOFF,
        deadline: float | None = 3600.0,
        on_progress: Callable[[list[BoundAction]], object] | None = None,
    ) -> Iterator[BoundAction]:
        """Give actions as they end, well or not; ``GET /actions``, one request for each 25 that are running.

        :param actions: Which ones, or their ids; bound ones are kept up to date.
        :param interval: Seconds between two looks, or a function that tells them; longer each time unless given.
        :param deadline: Seconds after which no further look is taken; ``None`` sets no limit.
        :param on_progress: Called after each look, with all of the actions; closed at the end if it can be.
        :raises ActionsException: when some are still running at the deadline.
        :raises UnexpectedAnswerException: when the answer lacks one.
        :raises HCloudException: whatever else goes wrong.
        """
        every = [self._bound(action) for action in listed(actions)]

        def look(running: list[BoundAction]) -> None:
            for some in batched(running, AT_ONCE):
                self._update(some)
            if on_progress:
                on_progress(every)

        try:
            for action in finishing(every, look, Patience(interval, deadline), self.connection.sleep):
                yield action
        finally:
            if close := getattr(on_progress, "close", None):
                close()
        running = [action for action in every if action.status == Action.STATUS_RUNNING]
        if running:
            raise actions_exception(every)

    def wait(
        self,
        actions: Iterable[Action | BoundAction | int],
        *,
        interval: float | BackoffFunction = DEFAULT_BACKOFF,
        deadline: float | None = 3600.0,
        on_progress: Callable[[list[BoundAction]], object] | None = None,
    ) -> list[BoundAction]:
        """Wait until all actions have ended; ``GET /actions``, one request for each 25 that are running.

        :param actions: As all that follow: as in ``as_completed``.
        :returns: The actions, in the order given.
        :raises ActionsException: when some failed, or are still running at the deadline; ``finished`` has the others.
        :raises UnexpectedAnswerException: when the answer lacks one.
        :raises HCloudException: whatever else goes wrong.
        """
        every = [self._bound(action) for action in listed(actions)]
        ended = self.as_completed(every, interval=interval, deadline=deadline, on_progress=on_progress)
        for _ in ended:
            pass
        if any(action.status == Action.STATUS_ERROR for action in every):
            raise actions_exception(every)
        return every

    def _bound(self, action: Action | BoundAction | int) -> BoundAction:
        if isinstance(action, BoundAction):
            return action
        return BoundAction.bound(self, models.Action(id=id_of(action, "action"), status=Action.STATUS_RUNNING))

    def _update(self, actions: Sequence[BoundAction]) -> None:
        """Get the newest values of up to 25 actions."""
        page = self.connection.call(
            partial(get_actions.sync_detailed, id=[id_of(action, "action") for action in actions]),
            models.ActionsPage,
            self.page,
        )
        fresh = {action.id: action for action in page.actions}
        for action in actions:
            if action.id not in fresh:
                raise unexpected(f"the answer lacks action {action.id}; it was asked for by id")
            action.take(fresh[action.id])


class ResourceActionsClient(ResourceClientBase):
    """Actions of all images."""

    def get_by_id(self, id: int) -> BoundAction:
        """Get one action of any image; ``GET /images/actions/{id}``.

        :param id: Which one.
        :raises NotFoundException: when there is none.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(get_images_action.sync_detailed, id_of(id, "action")),
            models.ActionEnvelope,
            self.parent.actions.one,
        )

    def get_list(
        self,
        status: OneOrMore[ActionStatus] | None = None,
        sort: OneOrMore[ActionSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> ActionsPageResult:
        """Get one page of the actions of all images; ``GET /images/actions``.

        :param status: Keep actions in any of these states: ``running``, ``success``, ``error``.
        :param sort: Sort keys, most important first: ``id``, ``command``, ``status``, ``started``, ``finished``,
            each with ``:asc`` or ``:desc`` if wanted.
        :param page: Which page, counted from 1.
        :param per_page: Entries on a page; 25 unless given, 50 at most.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises HCloudException: whatever else goes wrong.
        """
        return self.connection.call(
            partial(
                list_images_actions.sync_detailed,
                status=several(status),
                sort=several(sort),
                page=given(page),
                per_page=given(per_page),
            ),
            models.ActionsPage,
            self.parent.actions.page,
        )

    def get_all(
        self, status: OneOrMore[ActionStatus] | None = None, sort: OneOrMore[ActionSort] | None = None
    ) -> list[BoundAction]:
        """Get all actions of all images, page by page; ``GET /images/actions``.

        :param status: As in ``get_list``.
        :param sort: As in ``get_list``.
        :raises InvalidInputException: when the API doesn't know a value.
        :raises UnexpectedAnswerException: when the pages would never end.
        :raises HCloudException: whatever else goes wrong.
        """
        return all_pages(partial(self.get_list, status=status, sort=sort), self.max_per_page, self.connection)

    def iter_all(
        self, status: OneOrMore[ActionStatus] | None = None, sort: OneOrMore[ActionSort] | None = None
    ) -> Iterator[BoundAction]:
        """Give all actions of all images one by one, with few pages in memory; ``GET /images/actions``.

        :param status: As in ``get_list``.
        :param sort: As in ``get_list``.
        :raises HCloudException: of the same kinds as ``get_all``, when it gets there.
        """
        fetch = partial(self.get_list, status=status, sort=sort)
        return each(fetch, self.max_per_page, self.connection, self.connection.page_window())
