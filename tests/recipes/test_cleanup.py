"""``keep_last``, ``older_than`` and ``carry_out`` delete what they say, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hcloud.images import Image as OfficialImage
from hcloud_images import Client, InvalidValueException, UnauthorizedException
from hcloud_images.images import Image
from hcloud_images.recipes import Decision, carry_out, keep_last, retention
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox

from recipes.conftest import RunRecipe
from recipes.project import START, UNTOUCHABLE, add, ids, images, sent


def test_keep_last_deletes_all_but_the_newest_of_each_server(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for day in range(5):
        add(sandbox, 100 + day, day)
        add(sandbox, 200 + day, day, created_from={"id": 43, "name": "db-1"})
    before = images(sandbox)
    report = run_recipe("keep_last", 2, label_selector="test=yes")
    assert ids(report.deleted) == {100, 101, 102, 200, 201, 202}
    assert ids(report.kept) == {103, 104, 203, 204}
    assert images(sandbox).keys() == before.keys() - ids(report.deleted)
    assert str(report) == "6 deleted, 4 kept, 0 failed"


def test_a_dry_run_says_the_same_and_deletes_nothing(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for day in range(3):
        add(sandbox, 100 + day, day)
    planned = run_recipe("keep_last", 1, servers=42, label_selector="test", dry_run=True)
    assert str(planned).splitlines() == [
        "2 to delete, 1 to keep",
        "keep image 102: one of the 1 newest of its server",
        "delete image 101: older than the 1 newest of its server",
        "delete image 100: older than the 1 newest of its server",
    ]
    assert not planned.deleted
    assert sent(sandbox, "DELETE") == []
    assert run_recipe("keep_last", 1, servers=42, label_selector="test").decisions == planned.decisions


@pytest.mark.usefixtures("unfiltered")
@pytest.mark.parametrize("name", ["keep_last", "older_than"])
def test_what_must_not_be_deleted(run_recipe: RunRecipe, sandbox: Sandbox, name: str) -> None:
    """The sandbox ignores type, status, sort and selector here, and gives everything twice."""
    for number, fields in enumerate(UNTOUCHABLE.values()):
        add(sandbox, 100 + number, -10, **fields)
    for day in range(4):
        add(sandbox, 200 + day, day)
    before = images(sandbox)
    what: Any = 2 if name == "keep_last" else START + timedelta(days=1.5)
    report = run_recipe(name, what, servers=[Server(id=42)], label_selector="test=yes")
    assert ids(report.deleted) == {200, 201}
    assert images(sandbox).keys() == before.keys() - {200, 201}
    reasons = {decision.image.id: decision.reason for decision in report.decisions}
    assert len(reasons) == len(report.decisions) == len(before)
    assert all(reasons[100 + number] for number in range(len(UNTOUCHABLE)))


def test_equal_times_are_settled_by_id(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for id in (103, 101, 104, 102):
        add(sandbox, id)
    assert ids(run_recipe("keep_last", 2, label_selector="test").deleted) == {101, 102}


def test_protected_ones_count_and_unready_ones_dont(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    add(sandbox, 101, 1)
    add(sandbox, 102, 2, protection={"delete": True})
    add(sandbox, 103, 3, status="creating")
    add(sandbox, 104, 4, status="unavailable")
    assert ids(run_recipe("keep_last", 1, label_selector="test").deleted) == {101}
    add(sandbox, 105, 1)
    assert ids(run_recipe("keep_last", 2, label_selector="test").deleted) == set()


def test_what_is_gone_meanwhile_is_no_failure(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for day in range(3):
        add(sandbox, 100 + day, day)
    sandbox.control.fault(method="DELETE", code="not_found", effect=True)
    report = run_recipe("keep_last", 1, label_selector="test")
    assert (ids(report.deleted), report.failed) == ({100, 101}, ())


def test_a_deletion_that_fails_doesnt_end_it(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for day in range(4):
        add(sandbox, 100 + day, day)
    sandbox.control.fault(method="DELETE", code="protected")
    report = run_recipe("keep_last", 1, label_selector="test")
    [failure] = report.failed
    assert (ids(report.deleted), failure.image) == ({100, 101}, 102)
    assert str(report).splitlines()[1].startswith("failed: image 102: ProtectedException: ")


def test_older_than(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for day in range(4):
        add(sandbox, 100 + day, day)
    add(sandbox, 201, -300, created_from={"id": 43, "name": "db-1"})
    when = START + timedelta(days=2)
    report = run_recipe("older_than", when, label_selector="test", dry_run=True)
    assert [(one.image.id, one.keep, one.reason) for one in report.decisions] == [
        (103, True, f"not older than {when}"),
        (102, True, f"not older than {when}"),
        (101, False, f"older than {when}"),
        (100, False, f"older than {when}"),
        (201, True, f"older than {when}, but one of the 1 newest of its server"),
    ]
    assert ids(run_recipe("older_than", when.isoformat(), label_selector="test").deleted) == {100, 101}
    now = datetime(2026, 5, 4, 4, tzinfo=UTC)
    report = run_recipe("older_than", timedelta(days=1), label_selector="test", keep=0, now=now)
    assert ids(report.deleted) == {102, 201}


NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 5, 1),  # noqa: DTZ001
        "2026-05-01",
        "2026-05-01T03:00:00",
        "yesterday",
        "",
        20260501,
        1777604400.0,
        None,
        True,
        NOW.date(),
        NOW + timedelta(seconds=1),
        "2026-06-01T00:00:01Z",
        timedelta(seconds=-1),
        timedelta(days=999_999),
        timedelta.max,
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
    ],
    ids=repr,
)
def test_older_than_refuses_what_is_no_time(run_recipe: RunRecipe, sandbox: Sandbox, when: Any) -> None:
    with pytest.raises(InvalidValueException, match=r"\bwhen\b"):
        run_recipe("older_than", when, label_selector="test", now=NOW)
    assert sandbox.control.count == 0


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((0,), {"servers": 42}),
        ((-1,), {"servers": 42}),
        ((True,), {"servers": 42}),
        ((1.5,), {"servers": 42}),
        (("7",), {"servers": 42}),
        ((7,), {}),
        ((7,), {"servers": "web"}),
        ((7,), {"servers": [Image(id=42)]}),
        ((7,), {"servers": b"*"}),
        ((7,), {"servers": {42: "web-1"}}),
        ((7,), {"label_selector": {"role": "web"}}),
        ((7,), {"label_selector": b"role"}),
        ((7,), {"label_selector": ""}),
        ((7,), {"label_selector": "a==b=c"}),
    ],
    ids=repr,
)
def test_keep_last_refuses_what_cant_be_meant(
    run_recipe: RunRecipe, sandbox: Sandbox, arguments: Any, options: Any
) -> None:
    with pytest.raises(InvalidValueException):
        run_recipe("keep_last", *arguments, **options)
    assert sandbox.control.count == 0


def test_an_age_is_elapsed_time(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    """In Berlin, 03:30 of that day was half an hour after 01:59, and an hour ago the wall clock showed 01:30."""
    add(sandbox, 101, created="2026-03-29T01:29:00Z")
    add(sandbox, 102, created="2026-03-29T00:29:00Z")
    now = datetime(2026, 3, 29, 3, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    report = run_recipe("older_than", timedelta(hours=1), now=now, label_selector="test", keep=0)
    assert ids(report.deleted) == {102}


def test_a_time_that_is_repeated_can_be_in_the_future(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    berlin = ZoneInfo("Europe/Berlin")  # 02:10 of summer is before 02:05 of winter
    now, when = (datetime(2026, 10, 25, 2, minute, tzinfo=berlin, fold=fold) for minute, fold in ((10, 0), (5, 1)))
    with pytest.raises(InvalidValueException, match="future"):
        run_recipe("older_than", when, now=now, label_selector="test")


def test_no_servers_are_none(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    add(sandbox, 101)
    add(sandbox, 102)
    assert run_recipe("keep_last", 1, servers=[]).deleted == ()


def test_what_cant_be_listed_is_an_error(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    sandbox.control.fault(code="unauthorized")
    with pytest.raises(UnauthorizedException):
        run_recipe("keep_last", 1, label_selector="test")


def test_carry_out_deletes_nothing_that_must_not_be(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    """Also where the decisions come from somewhere else."""
    for number, fields in enumerate(UNTOUCHABLE.values()):
        add(sandbox, 100 + number, **fields)
    add(sandbox, 200)
    decisions = [
        Decision(Image.from_dict(data), False, "I say so") for id, data in images(sandbox).items() if id < 1000
    ]
    own = {"another server", "other labels", "no labels"}  # whoever decides says which ones
    wanted = {100 + number for number, what in enumerate(UNTOUCHABLE) if what in own} | {200}
    report = run_recipe("carry_out", decisions)
    assert ids(report.deleted) == wanted
    assert wanted.isdisjoint(images(sandbox))
    assert {decision.image.id for decision in report.decisions if not decision.keep} == wanted


def test_one_that_is_named_twice_is_deleted_once(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    add(sandbox, 101)
    add(sandbox, 102)
    [first, second] = (Image.from_dict(images(sandbox)[id]) for id in (101, 102))
    decisions = [Decision(first, False, "a"), Decision(first, False, "b"), Decision(second, False, "c")]
    decisions.append(Decision(second, True, "mine"))
    planned = run_recipe("carry_out", decisions, dry_run=True)
    assert str(planned).splitlines() == ["1 to delete, 1 to keep", "delete image 101: a", "keep image 102: mine"]
    report = run_recipe("carry_out", decisions)
    assert (report.decisions, ids(report.deleted), len(report.deleted)) == (planned.decisions, {101}, 1)
    assert sent(sandbox, "DELETE") == ["/v1/images/101"]


@pytest.mark.parametrize("decisions", [5, None, "2001", [2001], [Image(2001)], [None], {2001: False}], ids=repr)
def test_what_is_no_decision_is_refused(run_recipe: RunRecipe, sandbox: Sandbox, decisions: Any) -> None:
    good = Decision(Image.from_dict(images(sandbox)[2001]), False, "old")
    with pytest.raises(InvalidValueException, match="decisions must be "):
        run_recipe("carry_out", [good, *decisions] if isinstance(decisions, list) else decisions)
    assert sandbox.control.count == 0


@pytest.mark.parametrize("image", [2001, {"id": 2001}, None, OfficialImage(id=2001)], ids=repr)
def test_only_images_of_ours_can_be_decided_about(image: Any) -> None:
    with pytest.raises(InvalidValueException, match="image must be an Image of hcloud_images, got "):
        Decision(image, False, "old")
    with pytest.raises(InvalidValueException, match="images must be Images of hcloud_images, got "):
        retention([image], daily=7)
    with pytest.raises(InvalidValueException, match="keep must be True or False, got None"):
        Decision(Image(1), cast("Any", None), "not decided yet")


def test_an_image_under_way_may_be_deleted(sandbox: Sandbox) -> None:
    add(sandbox, 100)
    decisions = [Decision(Image.from_dict(images(sandbox)[100]), False, "old")]

    def interrupt(exchange: Any) -> None:
        raise KeyboardInterrupt

    with Client(sandbox.token, sandbox.url, on_response=interrupt) as client, pytest.raises(KeyboardInterrupt) as ended:
        carry_out(client, decisions)
    assert ended.value.__notes__[-1:] == ["Image 100 may be deleted."]


def test_what_ends_it_says_what_was_deleted(sandbox: Sandbox) -> None:
    for day in range(3):
        add(sandbox, 100 + day, day)

    def interrupt(exchange: Any) -> None:
        if exchange.path.endswith("/100"):
            raise KeyboardInterrupt

    with Client(sandbox.token, sandbox.url, on_request=interrupt) as client, pytest.raises(KeyboardInterrupt) as ended:
        keep_last(client, 1, label_selector="test")
    assert ended.value.__notes__[-2:] == ["Image 100 may be deleted.", "Already deleted: images [101]."]
    with Client(sandbox.token, sandbox.url) as client:
        assert carry_out(client, []).deleted == ()
