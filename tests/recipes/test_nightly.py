"""The nightly job: one snapshot of each server for each night, whatever happens."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import anyio
import pytest
from hcloud_images import (
    ActionFailedException,
    AsyncClient,
    Client,
    ConnectionException,
    HCloudException,
    InvalidValueException,
    LockedException,
    NotFoundException,
    ServerErrorException,
    TimeoutException,
)
from hcloud_images.images import Image
from hcloud_images.recipes import Decision, Failure, aio, nightly, retention
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox

from recipes.conftest import RunRecipe
from recipes.project import START, UNTOUCHABLE, add, ids, images, sent, snapshots_by_night

NIGHT = "2026-06-01"
MARK = {"nightly/night": NIGHT}


def test_a_night(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    report = run_recipe("nightly", servers=[42, 43, 44], night=NIGHT, labels={"by": "cron"}, description="asleep")
    made = [images(sandbox)[image.id] for image in report.created]
    assert [(one["created_from"]["id"], one["status"], one["labels"], one["description"]) for one in made] == [
        (server, "available", {"by": "cron", **MARK}, "asleep") for server in (42, 43, 44)
    ]
    assert [(one.server.id, one.create, one.reason) for one in report.servers] == [
        (server, True, f"no snapshot yet for {NIGHT}") for server in (42, 43, 44)
    ]
    assert [image.status for image in report.created] == ["available"] * 3
    assert (report.failed, report.deleted, ids(report.kept)) == ((), (), ids(report.created))
    assert str(report) == f"night {NIGHT}: 3 servers, 3 created, 0 deleted, 3 kept, 0 failed"
    assert len(sent(sandbox, "GET")) <= 2 + 3


def test_servers_are_selected_by_their_labels(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    report = run_recipe("nightly", label_selector="role in (web,db)", night=NIGHT)
    assert [(one.server.id, one.server.name, one.create) for one in report.servers] == [
        (42, "web-1", True),
        (43, "db-1", True),
    ]
    sandbox.control.add_server("web-2", {"role": "web"})
    report = run_recipe("nightly", label_selector="role in (web,db)", night=NIGHT)
    assert [one.server.name for one in report.servers if one.create] == ["web-2"]
    assert len(report.created) == 1


@pytest.mark.usefixtures("unfiltered")
def test_servers_with_other_labels_are_left_alone(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    assert ids(
        decision.server for decision in run_recipe("nightly", label_selector="role=web", night=NIGHT).servers
    ) == {42}


def test_no_server_that_matches_is_a_failure(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    report = run_recipe("nightly", label_selector="role=wbe", night=NIGHT)
    assert [str(failure) for failure in report.failed] == ["all: HCloudException: no server matches role=wbe"]


def test_a_second_run_creates_none(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    first = run_recipe("nightly", servers=[42, 43], night=NIGHT)
    sandbox.control.clear_log()
    second = run_recipe("nightly", servers=[42, 43, 44], night=date(2026, 6, 1))
    assert len(sent(sandbox, "POST")) == 1
    assert [one.create for one in second.servers] == [False, False, True]
    assert second.servers[0].reason == f"image {first.created[0].id} is the snapshot for {NIGHT}"
    assert [len(several) for several in snapshots_by_night(sandbox).values()] == [1, 1, 1]


def test_the_night_is_today_by_the_utc_clock(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    before = datetime.now(UTC).date()
    assert before <= run_recipe("nightly", servers=42).night <= datetime.now(UTC).date()


def test_another_job_has_its_own(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    run_recipe("nightly", servers=42, night=NIGHT)
    report = run_recipe("nightly", servers=42, night=NIGHT, job="weekly", keep=1)
    assert (len(report.created), report.deleted) == (1, ())
    assert len(report.decisions) == 1


def test_it_keeps_the_last(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for night in range(4):
        run_recipe("nightly", servers=[42, 43], night=f"2026-06-0{night + 1}", keep=3)
    assert sorted(snapshots_by_night(sandbox)) == [(f"2026-06-0{n}", s) for n in (2, 3, 4) for s in (42, 43)]


def test_it_keeps_what_a_policy_says(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    for night in range(10):
        sandbox.control.freeze((datetime(2026, 6, 1, 3, tzinfo=UTC) + timedelta(days=night)).timestamp())
        policy = partial(retention, daily=2, weekly=2, now=datetime(2027, 1, 1, tzinfo=UTC))
        run_recipe("nightly", servers=42, night=f"2026-06-{night + 1:02}", keep=policy)
    assert sorted(night for night, _ in snapshots_by_night(sandbox)) == ["2026-06-07", "2026-06-09", "2026-06-10"]


@pytest.mark.parametrize("keep", [2, partial(retention, daily=2, now=datetime(2100, 1, 1, tzinfo=UTC))], ids=str)
def test_a_dry_run_says_what_a_run_does(run_recipe: RunRecipe, sandbox: Sandbox, keep: Any) -> None:
    for night in range(3):
        sandbox.control.freeze((datetime(2026, 6, 1, 3, tzinfo=UTC) + timedelta(days=night)).timestamp())
        run_recipe("nightly", servers=[42, 43], night=f"2026-06-0{night + 1}", keep=7)
    sandbox.control.advance(86400)
    sandbox.control.clear_log()
    options: Any = {"servers": [42, 43, 44], "night": "2026-06-04", "keep": keep}
    planned = run_recipe("nightly", dry_run=True, **options)
    assert {one.method for one in sandbox.control.log} == {"GET"}
    assert (planned.created, planned.deleted, planned.failed) == ((), (), ())
    assert str(planned).splitlines()[:2] == [
        "night 2026-06-04: 3 servers, 3 to create, 4 to delete, 2 to keep",
        "create snapshot of server 42: no snapshot yet for 2026-06-04",
    ]
    done = run_recipe("nightly", **options)
    assert done.servers == planned.servers
    new = ids(done.created)
    assert [one for one in done.decisions if one.image.id not in new] == list(planned.decisions)
    assert {one.image.id for one in planned.decisions if not one.keep} == ids(done.deleted)


@pytest.mark.usefixtures("unfiltered")
def test_what_must_not_be_deleted(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    """The sandbox ignores type, status, sort and selector here, and gives everything twice."""
    night = {"nightly/night": "2026-04-01"}
    for number, fields in enumerate(UNTOUCHABLE.values()):
        add(sandbox, 100 + number, -10, **{"labels": night, **fields})
    for day in range(4):
        add(sandbox, 200 + day, day, labels=night)
    before = images(sandbox)
    report = run_recipe("nightly", servers=42, night=NIGHT, keep=3)
    assert ids(report.deleted) == {200, 201}
    assert images(sandbox).keys() == (before.keys() | ids(report.created)) - {200, 201}
    assert len(snapshots_by_night(sandbox)[NIGHT, 42]) == 1
    assert run_recipe("nightly", servers=42, night=NIGHT, keep=3).created == ()


def test_a_policy_decides_about_images_as_they_are(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    """Whatever it says of them."""
    add(sandbox, 101, labels=MARK, protection={"delete": True})
    add(sandbox, 102, labels={"nightly/night": "2026-05-01"}, created_from={"id": 43, "name": "db-1"})
    unprotected = {**images(sandbox)[101], "protection": {"delete": False}}

    def policy(several: Any) -> list[Decision]:
        return [Decision(Image.from_dict({**unprotected, "id": id}), False, "I say so") for id in (101, 102, 2001)]

    report = run_recipe("nightly", servers=42, night=NIGHT, keep=policy)
    assert {one.image.id: one.reason for one in report.decisions} == {
        101: "it is protected",
        102: "its server wasn't requested",
    }
    assert sent(sandbox, "DELETE") == []


def test_a_server_that_fails_doesnt_end_it(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    with Client(sandbox.token, sandbox.url) as client:
        client.servers.create_image(Server(id=43))
    sandbox.control.auto_advance(0)  # 43 stays locked
    report = run_recipe("nightly", servers=[999, 43, 44], night=NIGHT, deadline=0.001)
    assert [(one.server, type(one.error)) for one in report.failed] == [
        (999, NotFoundException),
        (43, LockedException),
        (44, TimeoutException),
    ]
    assert str(report.failed[0]).startswith("server 999: NotFoundException: ")
    sandbox.control.auto_advance(5)
    report = run_recipe("nightly", servers=[43, 44], night=NIGHT)
    assert ([len(several) for several in snapshots_by_night(sandbox).values()], report.failed) == ([1, 1], ())
    assert report.servers[1].create is False


def test_an_action_that_fails_is_reported_and_made_up_for(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    sandbox.control.fail_next_action(code="disk_full")
    report = run_recipe("nightly", servers=[42, 43], night=NIGHT)
    [failure] = report.failed
    assert (failure.server, type(failure.error)) == (42, ActionFailedException)
    assert images(sandbox)[failure.image]["status"] == "unavailable"
    assert str(failure) == (
        "server 42, image 10001: create_image of server 42 (image 10001) failed: the action failed (disk_full)"
    )
    assert (len(report.created), len(report.kept)) == (1, 2)
    report = run_recipe("nightly", servers=[42, 43], night=NIGHT)
    assert (len(report.created), report.failed) == (1, ())
    assert [len(several) for several in snapshots_by_night(sandbox).values()] == [1, 1]


def test_notes_of_a_failure_are_separated() -> None:
    error = HCloudException("no server")
    for note in ("First.", "Second."):
        error.add_note(note)
    assert str(Failure(error, server=42)) == "server 42: HCloudException: no server; First; Second"


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": True, "effect": True},
        {"status": 504, "effect": True},
        {"cut": True},
        {"code": "locked", "effect": True},
    ],
    ids=str,
)
def test_a_creation_whose_answer_is_lost_is_found(run_recipe: RunRecipe, sandbox: Sandbox, fault: Any) -> None:
    sandbox.control.fault(method="POST", **fault)
    report = run_recipe("nightly", servers=[42, 43], night=NIGHT)
    assert (len(report.created), report.failed) == (2, ())
    assert len(sent(sandbox, "POST")) == 2
    assert [image.status for image in report.created] == ["available"] * 2


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 500}, {"status": 504}], ids=str)
def test_a_creation_that_never_arrived_is_for_the_next_run(run_recipe: RunRecipe, sandbox: Sandbox, fault: Any) -> None:
    sandbox.control.fault(method="POST", **fault)
    report = run_recipe("nightly", servers=[42, 43], night=NIGHT)
    [failure] = report.failed
    assert failure.server == 42
    assert isinstance(failure.error, ConnectionException | ServerErrorException)
    assert len(run_recipe("nightly", servers=[42, 43], night=NIGHT).created) == 1
    assert [len(several) for several in snapshots_by_night(sandbox).values()] == [1, 1]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 200, "body": '{"actions": []}'}], ids=str)
def test_a_wait_for_actions_that_fails_doesnt_end_it(run_recipe: RunRecipe, sandbox: Sandbox, fault: Any) -> None:
    """The images are waited for instead, each for itself."""
    sandbox.control.fault(path="/actions", **fault)
    sandbox.control.fault(path="/images/10001", code="not_found")
    sandbox.control.fault(path="/images/10002", status=500)
    sandbox.control.durations(create_image=12)
    sandbox.control.fail_next_action()
    report = run_recipe("nightly", servers=[42, 43, 44], night=NIGHT)
    assert (len(report.created), [(one.server, type(one.error)) for one in report.failed]) == (
        2,
        [(42, NotFoundException)],
    )


@pytest.mark.parametrize("names_image", [True, False])
@pytest.mark.parametrize("before", ["lost", "crashed"])
def test_images_whose_actions_arent_known_are_waited_for(
    run_recipe: RunRecipe, sandbox: Sandbox, before: str, names_image: bool
) -> None:
    sandbox.control.image_resources(names_image)
    sandbox.control.durations(create_image=30)
    sandbox.control.fail_next_action()
    if before == "lost":
        sandbox.control.fault(method="POST", drop=True, effect=True, times=2)
    else:
        with Client(sandbox.token, sandbox.url) as client:
            for server in (42, 43):
                client.servers.create_image(server, labels=MARK)
    report = run_recipe("nightly", servers=[42, 43], night=NIGHT)
    assert [str(one) for one in report.failed] == [
        "server 42, image 10001: HCloudException: unavailable after the wait"
    ]
    assert [image["status"] for id, image in images(sandbox).items() if id > 10_000] == ["unavailable", "available"]
    assert len(sent(sandbox, "GET")) > 10


def test_the_wait_for_images_ends_with_the_deadline(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    with Client(sandbox.token, sandbox.url) as client:
        for server in (42, 43):
            client.servers.create_image(server, labels=MARK)
    sandbox.control.auto_advance(0)
    clock = {"clock": sandbox.control.clock, "poll_interval": 10}
    report = run_recipe("nightly", servers=[42, 43, 44], night=NIGHT, deadline=0.5, client_options=clock)
    assert [(one.server, type(one.error)) for one in report.failed] == [
        (server, TimeoutException) for server in (44, 42, 43)
    ]
    report = run_recipe("nightly", servers=[42, 43, 44], night=NIGHT, deadline=None, client_options=clock)
    assert (report.failed, len(report.kept)) == ((), 3)


def test_the_error_of_an_action_is_reported_though_it_names_no_image(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    sandbox.control.image_resources(False)
    sandbox.control.fail_next_action(code="disk_full")
    report = run_recipe("nightly", servers=[42, 43], night=NIGHT)
    [failure] = report.failed
    assert (failure.server, failure.error.action.error["code"], len(report.created)) == (42, "disk_full", 1)


@pytest.mark.usefixtures("unfiltered")
def test_what_is_no_snapshot_is_none_of_this_night(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    add(sandbox, 101, type="backup", bound_to=42, labels=MARK)
    add(sandbox, 102, deleted="2026-06-01T00:00:00Z", labels=MARK)
    add(sandbox, 103, deleted="some day", labels=MARK)
    assert len(run_recipe("nightly", servers=42, night=NIGHT).created) == 1


def test_an_error_that_ends_it_says_what_was_begun(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    sandbox.control.fault(path="/images", skip=1, status=500)
    with pytest.raises(ServerErrorException) as ended:
        run_recipe("nightly", servers=[42, 43], night=NIGHT)
    [first, second] = sorted(id for several in snapshots_by_night(sandbox).values() for id in several)
    assert ended.value.__notes__[-1:] == [
        (
            f"Started, and paid for: image {first} of server 42, image {second} of server 43."
            f" The label nightly/night={NIGHT} finds them; to continue, run the job again with the same night."
        )
    ]


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_an_interruption_says_what_was_begun(sandbox: Sandbox, end: type[BaseException]) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(5)

    def interrupt(exchange: Any) -> None:
        if exchange.path.endswith("/43/actions/create_image"):
            raise end

    with Client(sandbox.token, sandbox.url, on_response=interrupt) as client, pytest.raises(end) as ended:
        nightly(client, servers=[42, 43, 44], night=NIGHT)
    assert ended.value.__notes__[-1:] == [
        (
            "Started, and paid for: image 10001 of server 42. A snapshot of server 43 may have been started, too."
            f" The label nightly/night={NIGHT} finds them; to continue, run the job again with the same night."
        )
    ]
    with Client(sandbox.token, sandbox.url, clock=sandbox.control.clock) as client:
        report = nightly(client, servers=[42, 43, 44], night=NIGHT)
    assert [one.create for one in report.servers] == [False, False, True]
    assert [len(several) for several in snapshots_by_night(sandbox).values()] == [1, 1, 1]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancellation_says_what_was_begun(sandbox: Sandbox, backend: str) -> None:
    notes: list[str] = []

    async def main() -> None:
        with anyio.CancelScope() as scope:

            def cancel(exchange: Any) -> None:
                if exchange.path == "/v1/actions":
                    scope.cancel()

            async with AsyncClient(sandbox.token, sandbox.url, on_request=cancel) as client:
                try:
                    await aio.nightly(client, servers=[42], night=NIGHT)
                except anyio.get_cancelled_exc_class() as cancelled:
                    notes.extend(cancelled.__notes__)
                    raise

    anyio.run(main, backend=backend)
    assert len(notes) == 1
    assert notes[0].startswith("Started, and paid for: image 10001 of server 42. The label ")


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"servers": 42, "label_selector": "role=web"},
        {"servers": "web"},
        {"label_selector": "role=web=db"},
        {"servers": 42, "keep": 0},
        {"servers": 42, "keep": "7"},
        {"servers": 42, "keep": retention},
        {"servers": 42, "keep": partial(retention, daily=-1)},
        {"servers": 42, "keep": partial(retention, dayly=7)},
        {"servers": 42, "keep": lambda images: None},
        {"servers": b"*"},
        {"label_selector": {"role": "web"}},
        {"servers": 42, "night": 0},
        {"servers": 42, "night": False},
        {"servers": 42, "job": None},
        {"servers": 42, "night": "tonight"},
        {"servers": 42, "night": datetime(2026, 6, 1, tzinfo=UTC)},
        {"servers": 42, "night": 20260601},
        {"servers": 42, "job": "a,b"},
        {"servers": 42, "labels": "by=cron"},
        {"servers": 42, "labels": {"by": 1}},
        {"servers": 42, "description": b"x"},
        {"servers": 42, "deadline": "1h"},
        {"servers": 42, "deadline": -1},
        {"servers": 42, "deadline": True},
    ],
    ids=str,
)
def test_what_cant_be_meant_is_refused(run_recipe: RunRecipe, sandbox: Sandbox, arguments: Any) -> None:
    with pytest.raises(InvalidValueException):
        run_recipe("nightly", **arguments)
    assert sandbox.control.count == 0


def test_no_server_at_all_is_a_failure(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    report = run_recipe("nightly", servers=[])
    assert str(report).splitlines()[1] == "failed: all: HCloudException: no servers"


def test_thirty_nights() -> None:
    """In two seconds, nobody waits for real; in the end the last seven nights are there."""
    sandbox = Sandbox(validate=False)
    began = time.process_time()  # which other programs on the machine don't change
    with Client(sandbox.token, transport=sandbox.transport(), clock=sandbox.control.clock) as client:
        for number in range(30):
            night = START + timedelta(days=number)
            sandbox.control.freeze(night.timestamp())
            sandbox.control.auto_advance(1)
            report = nightly(client, servers=[42, 43, 44, 45], night=night.date())
            assert (len(report.created), report.failed) == (4, ())
    assert time.process_time() - began < 2
    nights = [(START + timedelta(days=number)).date().isoformat() for number in range(23, 30)]
    assert sorted(snapshots_by_night(sandbox)) == [(night, server) for night in nights for server in (42, 43, 44, 45)]
