"""Which images to keep and which to delete: pure functions of images. What isn't known is kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from typing import Any, TypeAlias, cast

from attrs import evolve, frozen

from hcloud_images._checks import check_count, check_kind, invalid_value
from hcloud_images._values.arguments import OneOrMore, require_list, to_id
from hcloud_images.errors import InvalidValueException
from hcloud_images.images import Image
from hcloud_images.servers import Server


@frozen
class Decision:
    """Whether to keep an image, and why.

    :param image: The image.
    :param keep: Whether it is kept; otherwise it is deleted.
    :param reason: Why, in words.
    """

    image: Image
    keep: bool
    reason: str

    def __attrs_post_init__(self) -> None:
        """Refuse what could be mistaken for a decision to delete."""
        check_kind("image", self.image, Image, "an Image of hcloud_images")
        check_kind("keep", self.keep, bool, "True or False")

    def __str__(self) -> str:
        return f"{'keep' if self.keep else 'delete'} image {self.image.id}: {self.reason}"


#: Makes decisions about images, such as ``retention`` with its arguments set by ``functools.partial``.
Policy: TypeAlias = Callable[[Sequence[Image]], Iterable[Decision]]
#: Decides about the images of one server, newest first: whether to keep each, and why.
_Rule: TypeAlias = Callable[[Sequence[Image]], Iterable[tuple[bool, str]]]

# The periods of `retention`, and the format that all times of one have in common.
_PERIODS = {
    "daily": ("day", "%Y-%m-%d"),
    "weekly": ("week", "%G-W%V"),
    "monthly": ("month", "%Y-%m"),
    "yearly": ("year", "%Y"),
}


def retention(
    images: Iterable[Image],
    *,
    daily: int = 0,
    weekly: int = 0,
    monthly: int = 0,
    yearly: int = 0,
    now: datetime | None = None,
) -> list[Decision]:
    """Keep the newest snapshot of each of the last days, weeks, months and years; of each server for itself.

    It sends nothing; ``carry_out`` does what it decides. Only periods that have a snapshot count, so nothing is deleted
    because a job didn't run for a year. One snapshot can stand for several periods.

    :param images: The images to decide about.
    :param daily: Number of days to keep one for.
    :param weekly: Number of weeks, which begin on Monday.
    :param monthly: Number of months.
    :param yearly: Number of years.
    :param now: The current time, by default that of the UTC clock. Later images are kept and don't count. Its time zone
        says when days begin.
    :returns: A decision for each image, the newest first.
    :raises InvalidValueException: when nothing would be kept, a number is negative, or ``now`` has no time zone.
    """
    now = to_time("now", datetime.now(UTC) if now is None else now)
    counts = {"daily": daily, "weekly": weekly, "monthly": monthly, "yearly": yearly}
    for name, count in counts.items():
        check_count(name, count, least=0)
    if not any(counts.values()):
        raise InvalidValueException("nothing would be kept: set daily, weekly, monthly or yearly")

    def rule(newest_first: Sequence[Image]) -> Iterable[tuple[bool, str]]:
        reasons: dict[int | None, str] = {}
        for name, (period, form) in _PERIODS.items():
            seen: set[str] = set()
            for image in newest_first:
                key = f"{_created(image).astimezone(now.tzinfo):{form}}"
                if key not in seen and len(seen) < counts[name]:
                    seen.add(key)
                    reasons.setdefault(image.id, f"the newest of {period} {key}")
        for image in newest_first:
            yield image.id in reasons, reasons.get(image.id, "not the newest of any period to keep")

    return _decide(images, rule, lambda image: f"created after {now}" if _created(image) > now else None)


def keep_newest(images: Iterable[Image], keep: int) -> list[Decision]:
    """Keep a number of snapshots of each server, at least one."""
    check_count("keep", keep)

    def rule(newest_first: Sequence[Image]) -> Iterable[tuple[bool, str]]:
        for number, _ in enumerate(newest_first):
            yield number < keep, f"{'one of' if number < keep else 'older than'} the {keep} newest of its server"

    return _decide(images, rule)


def keep_since(images: Iterable[Image], when: datetime, keep: int) -> list[Decision]:
    """Keep snapshots from a time on, and a number of each server, no matter how old."""

    def rule(newest_first: Sequence[Image]) -> Iterable[tuple[bool, str]]:
        for number, image in enumerate(newest_first):
            if _created(image) >= when:
                yield True, f"not older than {when}"
            else:
                yield (
                    number < keep,
                    f"older than {when}" + f", but one of the {keep} newest of its server" * (number < keep),
                )

    return _decide(images, rule)


def _decide(
    images: Iterable[Image], rule: _Rule, other_reason: Callable[[Image], str | None] = lambda _: None
) -> list[Decision]:
    """Decide about each image once, the newest first. What is kept because it isn't known or ready doesn't count."""
    decisions: list[Decision] = []
    of_server: defaultdict[int | None, list[Image]] = defaultdict(list)
    several = [
        check_kind("images", image, Image, "Images of hcloud_images") for image in require_list("images", images)
    ]
    for image in {image.id: image for image in several}.values():  # a page may repeat one
        if reason := reason_not_to_count(image) or other_reason(image):
            decisions.append(Decision(image, True, reason))
        else:
            of_server[server_of(image)].append(image)
    for several in of_server.values():
        several.sort(key=age, reverse=True)
        decided = zip(several, rule(several), strict=True)
        decisions += (secured(Decision(image, keep, reason)) for image, (keep, reason) in decided)
    return sorted(decisions, key=lambda decision: age(decision.image), reverse=True)


def secured(decision: Decision) -> Decision:
    """Turn a decision into one to keep, where the image must not be deleted."""
    image = decision.image
    if decision.keep or not (reason := reason_not_to_count(image) or _reason_to_protect(image)):
        return decision
    return evolve(decision, keep=True, reason=reason)


def reason_not_to_count(image: Image) -> str | None:
    """Return why an image isn't a usable snapshot of known age."""
    if image.type != "snapshot":
        return f"its type is {image.type}, not snapshot"
    if image.status != "available":
        return f"its status is {image.status}, not available"
    if is_deleted(image):
        return "it is already deleted"
    if not has_known_age(image):
        return "its creation time is unknown"
    if server_of(image) is None:
        return "its server is unknown"
    return None


def is_deleted(image: Image) -> bool:
    """Return whether an image is deleted, be it at a time that can't be read."""
    return image.deleted is not None or "deleted" in image.extra


def _reason_to_protect(image: Image) -> str | None:
    if isinstance(image.protection, Mapping) and image.protection.get("delete") is False:
        return None
    return "it is protected" if image.protection else "its protection is unknown"


def out_of_scope(image: Image, servers: Collection[int] | None, selector: str | None) -> str | None:
    """Say why an image is out of scope."""
    if servers is not None and server_of(image) not in servers:
        return "its server wasn't requested"
    if selector is not None and not matches(image.labels, selector):
        return f"its labels don't match {selector}"
    return None


def server_of(image: Image) -> int | None:
    """Return the id of the server that an image was created from, if it is known."""
    return image.created_from.id if image.created_from is not None else None


def age(image: Image) -> tuple[datetime, int]:
    """Return what sorts images by age; equal times are settled by id, unknown ones come first."""
    return (_created(image) if has_known_age(image) else datetime.min.replace(tzinfo=UTC)), image.id or 0


def has_known_age(image: Image) -> bool:
    """Return whether it is known when an image was created."""
    return _is_readable(image.created)


def _created(image: Image) -> datetime:
    # What isn't readable was sorted out. In UTC: times of one time zone compare by its wall clock, which is set back
    # once a year.
    return cast("datetime", image.created).astimezone(UTC)


def _is_readable(time: Any) -> bool:
    """Return whether it can be compared, in any time zone."""
    return isinstance(time, datetime) and time.utcoffset() is not None and MINYEAR < time.year < MAXYEAR


def to_time(name: str, value: datetime | str | timedelta) -> datetime:
    """Return a time with a time zone.

    :raises InvalidValueException: when it can't be read, or has no time zone.
    """
    time = value
    if isinstance(value, str):
        with suppress(ValueError):
            time = datetime.fromisoformat(value)
    if not isinstance(time, datetime) or not _is_readable(time):
        raise invalid_value(name, "a time with a time zone, such as 2026-05-04T10:00:00Z", value)
    return time


def to_night(night: Any) -> date:
    """Return the day that a night is named by; the one of the UTC clock by default."""
    found = datetime.now(UTC).date() if night is None else night
    if isinstance(night, str):
        with suppress(ValueError):
            found = date.fromisoformat(night)
    if not isinstance(found, date) or isinstance(found, datetime):
        raise invalid_value("night", "a date such as 2026-05-04", night)
    return found


def to_policy(keep: Any) -> Policy:
    """Return a policy for a number of snapshots, or a policy that can be called, before anything is paid for."""
    if not callable(keep):
        count = check_count("keep", keep)
        return lambda images: keep_newest(images, count)
    policy = cast("Policy", keep)
    try:
        list(policy([]))
    except TypeError as error:
        raise InvalidValueException(f"keep must return decisions about a list of images: {error}") from error
    return policy


def check_decisions(decisions: Iterable[Decision]) -> list[Decision]:
    """Refuse what isn't a decision."""
    several = require_list("decisions", decisions)
    return [check_kind("decisions", one, Decision, "Decisions of hcloud_images.recipes") for one in several]


def to_server_ids(servers: OneOrMore[Server | int] | None) -> list[int] | None:
    """Return the ids of servers, each once; a single one stands for a list of one."""
    if servers is None:
        return None
    one = isinstance(servers, str | bytes | Mapping) or not isinstance(servers, Iterable)
    several = cast("Iterable[Server | int]", [servers] if one else servers)
    return list(dict.fromkeys(to_id(server, "server") for server in several))


_REQUIREMENT = re.compile(
    r"\s*(?:!\s*(?P<absent>[^\s!=(),]+)|(?P<key>[^\s!=(),]+)"
    r"(?:\s*(?P<operator>==?|!=)\s*(?P<value>[^\s!=(),]*)|\s+(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*"
)


def matches(labels: Mapping[str, str] | None, selector: str) -> bool:
    """Return whether labels match a label selector, for a server that ignores it; unknown labels never do.

    :raises InvalidValueException: when it can't be read.
    """
    check_kind("label_selector", selector, str, "a string such as 'role=web'")
    results: list[bool] = []
    for text in re.split(r",(?![^()]*\))", selector):
        found = _REQUIREMENT.fullmatch(text)
        if found is None:
            raise InvalidValueException(f"label_selector: can't read {text!r} of {selector!r}")
        if labels is None:
            continue
        if found["absent"]:
            results.append(found["absent"] not in labels)
            continue
        key, operator = found["key"], found["operator"] or found["set"]
        values = [found["value"]] if found["operator"] else [one.strip() for one in (found["values"] or "").split(",")]
        has = key in labels and (operator is None or labels[key] in values)
        results.append(has is (operator not in {"!=", "notin"}))
    return labels is not None and all(results)
