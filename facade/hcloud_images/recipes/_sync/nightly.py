"""A snapshot of each of many servers, each night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time

from attrs import evolve

from hcloud_images import Client
from hcloud_images._checks import check_kind, check_limit
from hcloud_images._values.arguments import MAX_ID, OneOrMore, or_unset, to_label_selector, to_labels
from hcloud_images.actions import BoundAction
from hcloud_images.errors import (
    ActionFailedException,
    HCloudException,
    InvalidValueException,
    LockedException,
    ServerErrorException,
    TransportException,
)
from hcloud_images.images import Image
from hcloud_images.recipes._decisions import (
    Policy,
    age,
    is_deleted,
    matches,
    server_of,
    to_night,
    to_policy,
    to_server_ids,
)
from hcloud_images.recipes._reports import Failure, NightlyReport, ServerDecision, name_image, noting
from hcloud_images.recipes._sync.cleanup import carry_out, decide_in_scope
from hcloud_images.servers import Server


def nightly(
    client: Client,
    *,
    label_selector: str | None = None,
    servers: OneOrMore[Server | int] | None = None,
    keep: int | Policy = 7,
    night: date | str | None = None,
    job: str = "nightly",
    description: str | None = None,
    labels: Mapping[str, str] | None = None,
    deadline: float | None = 3600.0,
    dry_run: bool = False,
) -> NightlyReport:
    """Create a snapshot of each server, wait for all, and keep the last ones of each.

    A server that fails doesn't end the run. Running it again is safe, even after a crash: the label
    ``<job>/night=<night>`` finds the snapshots that exist, so no server gets a second one for a night. Two runs at the
    same time may both create one. Only snapshots of this job and of these servers are ever deleted, and none that
    ``keep_last`` never deletes.

    :param client: The client to use.
    :param label_selector: The labels of the servers; pass either this or ``servers``.
    :param servers: The servers, or their ids.
    :param keep: How many snapshots to keep of each server, at least 1, or a policy, such as
        ``partial(retention, daily=7, weekly=4)``.
    :param night: The night's date; by default today by the UTC clock. Set it if a run may last past midnight.
    :param job: Names the job in labels; two jobs of the same servers need two names.
    :param description: The description; by default the API chooses one.
    :param labels: Labels of the snapshots, in addition to the label of the night.
    :param deadline: Maximum number of seconds to wait until all are ready; ``None`` sets no limit. The client's
        ``poll_interval`` says how often to poll.
    :param dry_run: Create and delete nothing; the report says what a run would do.
    :returns: What was decided, done, and failed.
    :raises InvalidValueException: when an argument isn't valid.
    :raises HCloudException: when servers or snapshots can't be listed. A note says what was started and is paid for;
        other exceptions that end the run have the same note.
    """
    night = to_night(night)
    to_labels(labels)
    or_unset("description", description)
    limit = check_limit("deadline", deadline)
    policy = to_policy(keep)
    every_night = f"{check_kind('job', job, str, 'a string')}/night"
    mark = {every_night: str(night)}
    run = _Run(client, mark)
    chosen = _choose(client, label_selector, to_server_ids(servers))
    ids = [server.id for server in chosen if server.id is not None]
    present = run.find()
    plan = _plan(chosen, present, str(night))
    creating = [image for id in ids if (image := present.get(id)) and image.status == "creating"]
    report = NightlyReport(night=night, servers=plan, dry_run=dry_run)
    if not chosen:
        error = HCloudException(f"no server matches {label_selector}" if label_selector else "no servers")
        return evolve(report, failed=(Failure(error),))
    if dry_run:
        images: Sequence[Image] = client.images.get_all(type="snapshot", label_selector=every_night, sort="id")
        for image in images:
            if image.id in {one.id for one in creating}:
                image.status = "available"  # as after the wait of a run
        planned = [_planned(one.server, {**(labels or {}), **mark}, images, night) for one in plan if one.create]
        decisions = decide_in_scope([*images, *planned], policy, ids, every_night)
        known = {image.id for image in images}
        cleanup = carry_out(client, [one for one in decisions if one.image.id in known], dry_run=True)
        return evolve(report, decisions=cleanup.decisions)

    with noting(run.describe):
        for decision in plan:
            if decision.create:
                run.create(decision.server, description, labels)
        waited = [*run.begun, *creating]
        errors = run.wait(waited, limit)
        images = client.images.get_all(type="snapshot", label_selector=every_night, sort="id")
        ready = run.check(waited, images, errors)
        cleanup = carry_out(client, decide_in_scope(images, policy, ids, every_night))
    return evolve(
        report,
        created=tuple(ready[image.id] for image in run.begun if image.id in ready),
        decisions=cleanup.decisions,
        deleted=cleanup.deleted,
        failed=(*run.failed, *cleanup.failed),
    )


class _Run:
    """What one run has started so far."""

    def __init__(self, client: Client, mark: dict[str, str]) -> None:
        self._client, self._mark, self._selector = client, mark, to_label_selector(mark)
        self._creating: int | None = None
        #: The actions of images, where the response to the creation arrived; an action needn't name its image.
        self._actions: dict[int | None, BoundAction] = {}
        #: The images whose creation this run started.
        self.begun: list[Image] = []
        self.failed: list[Failure] = []

    def describe(self) -> str:
        """Say what was started and is paid for."""
        texts = [f"Started, and paid for: {', '.join(map(name_image, self.begun))}."] if self.begun else []
        if self._creating is not None:
            texts.append(f"A snapshot of server {self._creating} may have been started, too.")
        if texts:
            texts.append(f"The label {self._selector} finds them; to continue, run the job again with the same night.")
        return " ".join(texts)

    def find(self) -> dict[int | None, Image]:
        """Find the snapshots of this night, by ids of servers; what failed isn't one."""
        images = self._client.images.get_all(type="snapshot", label_selector=self._selector, sort="id")
        found = [
            image
            for image in sorted(images, key=age)
            if (image.type == "snapshot" and image.status != "unavailable" and not is_deleted(image))
            and self._mark.items() <= (image.labels or {}).items()
        ]
        return {server_of(image): image for image in found}

    def create(self, server: Server, description: str | None, labels: Mapping[str, str] | None) -> None:
        """Start a snapshot; after an ambiguous failure, search for it."""
        self._creating = server.id
        try:
            try:
                response = self._client.servers.create_image(
                    server, description, labels={**(labels or {}), **self._mark}
                )
            except (TransportException, ServerErrorException, LockedException) as error:
                # The server may be locked by the snapshot that an earlier run started.
                try:
                    found = (self.find()).get(server.id)
                except HCloudException as search:
                    error.add_note(f"The search for its snapshot failed as well: {search}")
                    raise error from error.__cause__
                if found is None:
                    raise
                self.begun.append(found)
            else:
                self.begun.append(response.image)
                self._actions[response.image.id] = response.action
        except HCloudException as error:
            self.failed.append(Failure(error, server=server.id))
        self._creating = None

    def wait(self, images: Iterable[Image], limit: float) -> Mapping[int | None, HCloudException]:
        """Wait for images, by their actions where these are known; return the errors by ids of images."""
        errors: dict[int | None, HCloudException] = {}
        with self._client.deadline(max(limit, 1e-9)):
            with suppress(HCloudException):  # each action says how it ended; images say it for those that don't
                self._client.actions.wait(list(self._actions.values()), deadline=None)
            for image in images:
                action = self._actions.get(image.id)
                try:
                    if action is None or action.status == action.STATUS_RUNNING:
                        # One at a time, which is no slower: they are all being created.
                        self._client.images.wait_until_available([image], deadline=None)
                    elif action.status == action.STATUS_ERROR:
                        errors[image.id] = ActionFailedException(action)
                except HCloudException as error:
                    errors[image.id] = error
        return errors

    def check(
        self, waited: Iterable[Image], images: Iterable[Image], errors: Mapping[int | None, HCloudException]
    ) -> dict[int | None, Image]:
        """Return those that are ready now, by ids; note the others as failed."""
        statuses = {image.id: image.status for image in images}
        ready = {image.id: image for image in images if image.status == "available"}
        for image in waited:
            if image.id not in ready:
                error = errors.get(image.id) or HCloudException(f"{statuses.get(image.id, 'gone')} after the wait")
                self.failed.append(Failure(error, server=server_of(image), image=image.id))
        return ready


def _choose(client: Client, selector: str | None, ids: Sequence[int] | None) -> list[Server]:
    """Return the requested servers."""
    if (selector is None) is (ids is None):
        raise InvalidValueException("pass either label_selector or servers")
    if selector is None:
        return [Server(id=id) for id in ids or ()]
    matches({}, selector)
    servers = client.servers.get_all(label_selector=selector)
    found = {server.id: server for server in servers if matches(server.labels, selector)}
    return [found[id] for id in sorted(found, key=lambda id: id or 0)]


def _plan(servers: Iterable[Server], present: Mapping[int | None, Image], night: str) -> tuple[ServerDecision, ...]:
    return tuple(
        ServerDecision(server, False, f"image {present[server.id].id} is the snapshot for {night}")
        if server.id in present
        else ServerDecision(server, True, f"no snapshot yet for {night}")
        for server in servers
    )


def _planned(server: Server, labels: dict[str, str], images: Iterable[Image], night: date) -> Image:
    """Return a placeholder for a snapshot that a dry run doesn't create; it is newer than all others."""
    # Tests may live in another time: newer than what is there, and no earlier than the night.
    created = max(*(age(image)[0] for image in images), datetime.combine(night, time(), UTC), datetime.now(UTC))
    return Image(
        MAX_ID + (server.id or 0),
        type="snapshot",
        status="available",
        created=created,
        created_from=server,
        protection={"delete": False},
        labels=labels,
    )
