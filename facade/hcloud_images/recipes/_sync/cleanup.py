"""Delete snapshots that are too many or too old."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from attrs import evolve

from hcloud_images import Client
from hcloud_images._checks import check_count
from hcloud_images._values.arguments import OneOrMore
from hcloud_images.errors import HCloudException, InvalidValueException, NotFoundException
from hcloud_images.images import Image
from hcloud_images.recipes._decisions import (
    Decision,
    Policy,
    check_decisions,
    keep_newest,
    keep_since,
    matches,
    out_of_scope,
    secured,
    to_server_ids,
    to_time,
)
from hcloud_images.recipes._reports import CleanupReport, Failure, noting
from hcloud_images.servers import Server


def keep_last(
    client: Client,
    keep: int,
    *,
    servers: OneOrMore[Server | int] | None = None,
    label_selector: str | None = None,
    dry_run: bool = False,
) -> CleanupReport:
    """Delete all but the newest snapshots of each server.

    Only snapshots that are available, and whose server and age are known, count or are ever deleted. Protected ones
    count and are kept; so are those whose protection is unknown.

    :param client: The client to use.
    :param keep: How many to keep of each server, at least 1.
    :param servers: The servers whose snapshots to look at, or their ids; without it, those of all servers. Pass this,
        ``label_selector``, or both.
    :param label_selector: The labels of the snapshots to look at; without it, those with any labels.
    :param dry_run: Delete nothing; the report says what would be deleted.
    :returns: What was decided and done; a failed deletion doesn't end the run.
    :raises InvalidValueException: when neither ``servers`` nor ``label_selector`` is given, or an argument isn't
        valid.
    :raises HCloudException: when the snapshots can't be listed.
    """
    check_count("keep", keep)
    return _clean_up(client, lambda images: keep_newest(images, keep), servers, label_selector, dry_run=dry_run)


def older_than(
    client: Client,
    when: datetime | str | timedelta,
    *,
    servers: OneOrMore[Server | int] | None = None,
    label_selector: str | None = None,
    keep: int = 1,
    now: datetime | None = None,
    dry_run: bool = False,
) -> CleanupReport:
    """Delete the snapshots that were created before a time.

    It never deletes what ``keep_last`` never deletes.

    :param client: The client to use.
    :param when: The time, with a time zone; a string is in RFC 3339. A ``timedelta`` counts back from now.
    :param servers: The servers whose snapshots to look at, or their ids; without it, those of all servers. Pass this,
        ``label_selector``, or both.
    :param label_selector: The labels of the snapshots to look at; without it, those with any labels.
    :param keep: How many of the newest of each server to keep, no matter how old.
    :param now: The current time; by default that of the UTC clock.
    :param dry_run: Delete nothing; the report says what would be deleted.
    :returns: What was decided and done; a failed deletion doesn't end the run.
    :raises InvalidValueException: when ``when`` can't be parsed, has no time zone or is in the future, when neither
        ``servers`` nor ``label_selector`` is given, or another argument isn't valid.
    :raises HCloudException: when the snapshots can't be listed.
    """
    now = to_time("now", datetime.now(UTC) if now is None else now).astimezone(UTC)
    try:
        since = to_time("when", now - when if isinstance(when, timedelta) else when).astimezone(UTC)
    except OverflowError as error:
        raise InvalidValueException(f"when is too long ago: {when!r}") from error
    if since > now:
        raise InvalidValueException(f"when must not be in the future, got {when!r}; now is {now}")
    check_count("keep", keep, least=0)
    return _clean_up(client, lambda images: keep_since(images, since, keep), servers, label_selector, dry_run=dry_run)


def _clean_up(
    client: Client,
    policy: Policy,
    servers: OneOrMore[Server | int] | None,
    label_selector: str | None,
    *,
    dry_run: bool,
) -> CleanupReport:
    if servers is None and label_selector is None:
        raise InvalidValueException("pass servers, label_selector or both")
    if label_selector is not None:
        matches({}, label_selector)
    ids = to_server_ids(servers)
    images = client.images.get_all(type="snapshot", label_selector=label_selector, sort="id")
    return carry_out(client, decide_in_scope(images, policy, ids, label_selector), dry_run=dry_run)


def decide_in_scope(
    images: Iterable[Image], policy: Policy, servers: list[int] | None, selector: str | None
) -> list[Decision]:
    """Let a policy decide about the images in scope, and keep the others."""
    reasons = [(image, out_of_scope(image, servers, selector)) for image in images]
    inside = {image.id: image for image, reason in reasons if reason is None}
    decisions = check_decisions(policy(list(inside.values())))
    # About the images as they were listed, whatever the policy did to them.
    decided = [evolve(one, image=inside[one.image.id]) for one in decisions if one.image.id in inside]
    return [*decided, *(Decision(image, True, reason) for image, reason in reasons if reason is not None)]


def carry_out(client: Client, decisions: Iterable[Decision], *, dry_run: bool = False) -> CleanupReport:
    """Delete the images that were decided to be deleted, by ``retention`` for example.

    Images that ``keep_last`` would never delete are kept despite the decision; the report says so.

    :param client: The client to use.
    :param decisions: Whether to keep each image.
    :param dry_run: Delete nothing; the report says what would be deleted.
    :returns: What was done. An image that is gone already counts as deleted; a failed deletion doesn't end the run.
    :raises InvalidValueException: when ``decisions`` has anything else; nothing was sent.
    """
    decided: dict[int | None, Decision] = {}
    for decision in map(secured, check_decisions(decisions)):
        if decision.keep or decision.image.id not in decided:  # where decisions differ, the one that keeps wins
            decided[decision.image.id] = decision
    deleted: list[Image] = []
    failed: list[Failure] = []
    with noting(lambda: f"Already deleted: images {[image.id for image in deleted]}." if deleted else ""):
        for image in [] if dry_run else [decision.image for decision in decided.values() if not decision.keep]:
            with noting(partial("Image {} may be deleted.".format, image.id)):
                try:
                    with suppress(NotFoundException):
                        client.images.delete(image)
                    deleted.append(image)
                except HCloudException as error:
                    failed.append(Failure(error, image=image.id))
    secure = tuple(decided.values())
    return CleanupReport(dry_run=dry_run, decisions=secure, deleted=tuple(deleted), failed=tuple(failed))
