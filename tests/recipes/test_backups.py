"""``convert_backup`` never converts two where one was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hcloud_images import (
    Client,
    InvalidInputException,
    InvalidValueException,
    NotFoundException,
    RetryPolicy,
    ServerErrorException,
    TransportException,
)
from hcloud_images.recipes import convert_backup
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox

from recipes.conftest import RunRecipe
from recipes.project import add, images, sent

MARK = {"hcloud-images/backup-of": "42"}


def converted(sandbox: Sandbox) -> set[int]:
    return {id for id, image in images(sandbox).items() if id // 1000 == 3 and image["type"] == "snapshot"}


def test_it_converts_the_newest(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    planned = run_recipe("convert_backup", 42, dry_run=True)
    assert (planned.image.id, planned.converted, planned.reason) == (
        3003,
        True,
        "image 3003 is the newest backup of server 42",
    )
    assert converted(sandbox) == set()
    done = run_recipe("convert_backup", Server(id=42), description="kept", labels={"keep": "yes"})
    assert (done.image.id, done.converted, done.image.type, done.image.description) == (3003, True, "snapshot", "kept")
    assert done.image.labels == {"keep": "yes", **MARK}
    assert converted(sandbox) == {3003}


def test_a_second_run_converts_none_until_there_is_a_newer_one(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    run_recipe("convert_backup", 42)
    again = run_recipe("convert_backup", 42)
    assert (again.image.id, again.converted) == (3003, False)
    assert again.reason == "image 3003 was converted before; no backup is newer"
    assert converted(sandbox) == {3003}
    assert run_recipe("convert_backup", 43).image.id == 3005
    add(sandbox, 3009, 60, type="backup", bound_to=42)
    assert run_recipe("convert_backup", 42).image.id == 3009


@pytest.mark.parametrize(
    "fault", [{"drop": True, "effect": True}, {"status": 500, "effect": True}, {"cut": True}], ids=str
)
@pytest.mark.parametrize("look_fails", [False, True])
def test_a_lost_answer_converts_no_second_one(
    run_recipe: RunRecipe, sandbox: Sandbox, fault: Any, look_fails: bool
) -> None:
    sandbox.control.fault(method="PUT", **fault)
    if look_fails:
        sandbox.control.fault(method="GET", path="/images/3003", code="unauthorized")
        with pytest.raises((TransportException, ServerErrorException)) as lost:
            run_recipe("convert_backup", 42)
        assert lost.value.method == "PUT"
        assert lost.value.__notes__[-2].startswith("A look at image 3003 failed as well: ")
        assert lost.value.__notes__[-1] == "Image 3003 may be converted, and paid for; a second run checks first."
    else:
        assert run_recipe("convert_backup", 42).converted
    assert run_recipe("convert_backup", 42).image.id == 3003
    assert converted(sandbox) == {3003}
    assert len(sent(sandbox, "PUT")) == 1


def test_a_clear_failure_is_one(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    sandbox.control.fault(method="PUT", code="invalid_input")
    with pytest.raises(InvalidInputException) as refused:
        run_recipe("convert_backup", 42)
    assert not hasattr(refused.value, "__notes__")
    assert run_recipe("convert_backup", 42).image.id == 3003


def test_one_that_is_gone(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    sandbox.control.fault(method="PUT", code="not_found")
    sandbox.control.fault(path="/images/3003", method="GET", code="not_found")
    with pytest.raises(NotFoundException) as gone:
        run_recipe("convert_backup", 42)
    assert not [note for note in gone.value.__notes__ if "paid for" in note]


def test_one_that_is_gone_after_a_lost_answer_isnt_paid_for(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    sandbox.control.fault(method="PUT", status=500)
    sandbox.control.fault(path="/images/3003", method="GET", code="not_found")
    with pytest.raises(ServerErrorException) as lost:
        run_recipe("convert_backup", 42)
    assert not [note for note in lost.value.__notes__ if "paid for" in note]


@pytest.mark.usefixtures("unfiltered")
@pytest.mark.parametrize("created", ["some day", None])
@pytest.mark.parametrize(
    "fields", [{"type": "backup", "bound_to": 42}, {"type": "snapshot", "labels": MARK}], ids=["backup", "converted"]
)
def test_what_may_be_the_newest_ends_it(
    run_recipe: RunRecipe, sandbox: Sandbox, fields: dict[str, Any], created: Any
) -> None:
    """Otherwise an older backup would be converted, and paid for."""
    add(sandbox, 101, created=created, **fields)
    for dry_run in (True, False):
        result = run_recipe("convert_backup", 42, dry_run=dry_run)
        assert (result.image, result.converted) == (None, False)
        assert result.reason == "the creation time of image 101 is unknown"
    assert sent(sandbox, "PUT") == []


@pytest.mark.usefixtures("unfiltered")
def test_only_its_own_that_can_be_used(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    """The sandbox ignores type, status, sort and server here."""
    for number, fields in enumerate(
        [
            {"bound_to": 43},
            {"bound_to": None},
            {"status": "creating"},
            {"status": "unavailable"},
            {"deleted": "2026-05-20T00:00:00Z"},
            {"type": "snapshot", "bound_to": None},
            {"type": "snapshot", "bound_to": None, "labels": {"hcloud-images/backup-of": "43"}},
        ]
    ):
        add(sandbox, 100 + number, 90, **{"type": "backup", "bound_to": 42, **fields})
    assert run_recipe("convert_backup", 42).image.id == 3003
    assert run_recipe("convert_backup", 44).image is None


def test_a_server_without_backups(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    result = run_recipe("convert_backup", 44)
    assert (result.image, result.converted, result.reason) == (None, False, "server 44 has no backup that can be used")


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    ("server", "options"), [("web-1", {}), (42, {"labels": {"by": 1}}), (42, {"description": b"x"})], ids=repr
)
def test_what_cant_be_meant_is_refused(
    run_recipe: RunRecipe, sandbox: Sandbox, server: Any, options: Any, dry_run: bool
) -> None:
    with pytest.raises(InvalidValueException):
        run_recipe("convert_backup", server, dry_run=dry_run, **options)
    assert sandbox.control.count == 0


def test_an_interruption_says_what_may_be_paid_for(sandbox: Sandbox) -> None:
    def interrupt(exchange: Any) -> None:
        if exchange.method == "PUT":
            raise KeyboardInterrupt

    options: Any = {"on_response": interrupt, "retry": RetryPolicy(attempts=1)}
    with Client(sandbox.token, sandbox.url, **options) as client, pytest.raises(KeyboardInterrupt) as ended:
        convert_backup(client, 42)
    assert ended.value.__notes__[-1:] == ["Image 3003 may be converted, and paid for; a second run checks first."]
