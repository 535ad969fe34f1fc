"""Retention is a pure function: same images, same decisions; nothing unknown, protected or newest is deleted.

Private names: the decisions are pure functions, which the job hands on to no one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hcloud_images import InvalidValueException
from hcloud_images.images import Image
from hcloud_images.recipes import Decision, retention
from hcloud_images.recipes._decisions import keep_newest, keep_since, matches
from hcloud_images_sandbox.selector import parse_selector
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


def snapshot(id: int, created: Any, **fields: Any) -> Image:
    data = {"type": "snapshot", "status": "available", "created_from": {"id": 42}, "protection": {"delete": False}}
    return Image.from_dict({"id": id, "created": created, **data, **fields})


def kept(decisions: list[Decision]) -> list[int | None]:
    return [decision.image.id for decision in decisions if decision.keep]


def test_days_weeks_months_and_years() -> None:
    """One a day for three years: what a wall calendar says."""
    several = [snapshot(day, (NOW - timedelta(days=1100 - day)).isoformat()) for day in range(1, 1101)]
    decisions = retention(several, daily=7, weekly=4, monthly=12, yearly=3, now=NOW)
    reasons = {f"{one.image.created:%Y-%m-%d}": one.reason for one in decisions if one.keep}
    assert reasons == {
        **{f"2026-05-{day}": f"the newest of day 2026-05-{day}" for day in range(25, 32)},
        "2026-05-24": "the newest of week 2026-W21",
        "2026-05-17": "the newest of week 2026-W20",
        "2026-05-10": "the newest of week 2026-W19",
        **{f"2026-{day}": f"the newest of month 2026-{day[:2]}" for day in ("01-31", "02-28", "03-31", "04-30")},
        **{
            f"2025-{day}": f"the newest of month 2025-{day[:2]}"
            for day in ("06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31")
        },
        "2024-12-31": "the newest of year 2024",
    }
    assert {one.reason for one in decisions if not one.keep} == {"not the newest of any period to keep"}


def test_only_periods_with_a_snapshot_count() -> None:
    old = [snapshot(id, f"2020-01-{id:02}T03:00:00Z") for id in range(1, 10)]
    assert kept(retention(old, daily=7, now=NOW)) == [9, 8, 7, 6, 5, 4, 3]


def test_days_begin_in_the_time_zone_of_now() -> None:
    late = [snapshot(1, "2026-05-04T21:00:00Z"), snapshot(2, "2026-05-04T23:00:00Z")]
    assert kept(retention(late, daily=2, now=NOW)) == [2]
    assert kept(retention(late, daily=2, now=NOW.astimezone(ZoneInfo("Europe/Berlin")))) == [2, 1]


def test_what_is_created_later_doesnt_count() -> None:
    several = [snapshot(1, "2026-05-30T00:00:00Z"), snapshot(2, "2026-06-30T00:00:00Z")]
    assert [(one.image.id, one.reason) for one in retention(several, yearly=1, now=NOW)] == [
        (2, "created after 2026-05-31 12:00:00+00:00"),
        (1, "the newest of year 2026"),
    ]


def test_an_hour_that_is_repeated_is_in_order() -> None:
    """02:10 of winter is after 02:30 of summer, also for times that a program made in one time zone."""
    several = [
        snapshot(id, datetime(2026, 10, 25, 2, minute, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).isoformat())
        for id, minute, fold in ((1, 30, 0), (2, 10, 1))
    ]
    for image in several:
        image.created = image.created.astimezone(ZoneInfo("Europe/Berlin")) if image.created else None
    now = datetime(2026, 10, 25, 2, 5, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    assert kept(retention(several, daily=1, now=now)) == [2, 1]  # 2 is later than now
    assert kept(retention(several, daily=1, now=now + timedelta(days=1))) == [2]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"daily": 0},
        {"daily": -1, "weekly": 3},
        {"daily": 1.5},
        {"daily": True},
        {"daily": "7"},
        {"daily": 7, "now": datetime(2026, 5, 1)},  # noqa: DTZ001
        {"daily": 7, "now": "now"},
        {"daily": 7, "now": 0},
        {"daily": 7, "now": "2026-05-01"},
    ],
    ids=str,
)
def test_what_cant_be_meant_is_refused(arguments: Any) -> None:
    with pytest.raises(InvalidValueException):
        retention([], **arguments)


def maybe(usual: Any, *odd: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), st.sampled_from([usual, *odd]))


TIMES = st.one_of(
    st.integers(0, 40).map(lambda days: (NOW - timedelta(days=days)).isoformat()),  # many at the same time
    st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)).map(datetime.isoformat),  # noqa: DTZ001
    st.sampled_from(
        ["some day", None, "2026-05-01T00:00:00", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"]
    ),
)
IMAGES = st.lists(
    st.builds(
        snapshot,
        st.integers(1, 60),
        TIMES,
        type=maybe("snapshot", "backup", "system", None, "new"),
        status=maybe("available", "creating", "unavailable", None),
        protection=maybe({"delete": False}, {"delete": True}, {}, None, {"delete": None}, {"delete": 0}),
        created_from=maybe({"id": 42}, {"id": 43}, None),
        deleted=maybe(None, "2026-05-01T00:00:00Z", "some day"),
    ),
    max_size=40,
    unique_by=lambda image: image.id,
)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12)), ZoneInfo("Europe/Berlin")])
COUNTS = st.tuples(*[st.integers(0, 5)] * 4).filter(any)


def counts(image: Image) -> bool:
    """Say again, in other words, what has to be known of an image that stands for a night."""
    return (
        (image.type, image.status, image.deleted) == ("snapshot", "available", None)
        and "deleted" not in image.extra
        and image.created is not None
        and image.created.tzinfo is not None
        and image.created_from is not None
    )


@settings(max_examples=200, deadline=None)
@given(IMAGES, COUNTS, ZONES, st.randoms(use_true_random=False))
def test_properties(images: list[Image], numbers: tuple[int, ...], zone: Any, chance: Any) -> None:
    names = ("daily", "weekly", "monthly", "yearly")
    arguments: dict[str, Any] = {**dict(zip(names, numbers, strict=True)), "now": NOW.astimezone(zone)}
    policies: list[Any] = [
        lambda several: retention(several, **arguments),
        lambda several: keep_newest(several, max(numbers)),
        lambda several: keep_since(several, NOW - timedelta(days=20), max(numbers)),
    ]
    for policy in policies:
        decisions = policy(images)
        assert sorted(one.image.id for one in decisions) == sorted(image.id or 0 for image in images)
        assert all(one.reason for one in decisions)
        shuffled = [*images, *images[:3]]  # a page may repeat some
        chance.shuffle(shuffled)
        assert policy(shuffled) == decisions
        assert all(one.keep for one in policy([one.image for one in decisions if one.keep]))
        deleted = [one.image for one in decisions if not one.keep]
        assert all(counts(image) and image.protection == {"delete": False} for image in deleted)
        assert not any(image.protection and image.protection["delete"] is not False for image in deleted)
        for server in (42, 43):
            of_server = [one.image for one in decisions if counts(one.image) and one.image.created_from.id == server]
            if policy is policies[0]:
                assert not [image for image in deleted if image.created and image.created > NOW]
                of_server = [image for image in of_server if image.created and image.created <= NOW]
            newest_first = sorted(of_server, key=lambda image: (image.created, image.id), reverse=True)
            first = 1 if policy is policies[0] else max(numbers)
            assert not [image for image in newest_first[:first] if image in deleted]


LABELS = st.dictionaries(st.sampled_from(["a", "b", "x.org/c"]), st.sampled_from(["", "1", "2", "a-b.c"]), max_size=3)
REQUIREMENT = st.builds(
    str.format,
    st.sampled_from(
        ["{0}={1}", "{0}=={1}", "{0}!={1}", "{0}", "!{0}", " {0} = {1} ", "{0} in ({1},{2})", "{0} notin ( {1} , {2} )"]
    ),
    st.sampled_from(["a", "b", "x.org/c"]),
    st.sampled_from(["", "1", "2", "a-b.c"]),
    st.sampled_from(["1", "2"]),
)


@given(LABELS, st.lists(REQUIREMENT, min_size=1, max_size=3).map(",".join))
def test_selectors_match_as_in_the_sandbox(labels: dict[str, str], selector: str) -> None:
    assert matches(labels, selector) is parse_selector(selector).accepts(labels)
    assert not matches(None, selector)


@pytest.mark.parametrize("selector", ["", ",", "a,", "a=b=c", "a in b", "a in (b", "a b", "=a", "!", "a,,b"])
def test_selectors_that_cant_be_read_are_refused(selector: str) -> None:
    for labels in ({}, None):
        with pytest.raises(InvalidValueException, match="label_selector"):
            matches(labels, selector)
