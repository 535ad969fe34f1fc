"""The recipes do what they say, sync and async, and ask for no more than that."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flavours import FLAVOURS, Flavour, done
from hcloud_images import ActionsException, NotFoundException, ServerErrorException
from hcloud_images_sandbox import Sandbox

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"
Cook = Callable[..., Any]


@pytest.fixture(params=FLAVOURS, ids=lambda one: one.name)
def cook(request: pytest.FixtureRequest, sandbox: Sandbox) -> Cook:
    """Run a recipe against the sandbox, with a client of one flavour, and return what it returns."""
    flavour: Flavour = request.param
    folder = RECIPES / ("_sync" if flavour.name == "sync" else "_async")

    def run(name: str, *arguments: Any, **options: Any) -> Any:
        spec = importlib.util.spec_from_file_location(f"{folder.name}_{name}", folder / f"{name}.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)

        async def scenario(client: Any) -> Any:
            return await done(getattr(module, name)(client, *arguments, **options))

        return flavour.run(scenario, sandbox.token, sandbox.url)

    return run


def ids(images: Any) -> list[int]:
    return [image.id for image in images]


def snapshots(sandbox: Sandbox) -> set[int]:
    return {image["id"] for image in sandbox.control.books()["images"] if image["type"] == "snapshot"}


def sent(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(one.method, one.path) for one in sandbox.control.log]


def test_every_recipe_is_tested_and_described() -> None:
    names = {path.stem for path in (RECIPES / "_async").glob("*.py")}
    page = (RECIPES.parent / "recipes.md").read_text()
    tests = Path(__file__).read_text()
    for name in names:
        assert f'cook("{name}"' in tests, name
        for side in ("_sync", "_async"):
            assert f"recipes/{side}/{name}.py" in page, name


def test_newest_image(cook: Cook, sandbox: Sandbox) -> None:
    assert cook("newest_image", "role=web").id == 2002
    assert cook("newest_image", "role=web,environment=production").id == 2001
    assert cook("newest_image", "example.com/team", architecture="arm").id == 2005
    assert cook("newest_image", "example.com/team", architecture="x86") is None
    assert sent(sandbox) == [("GET", "/v1/images")] * 4


def test_newest_image_leaves_out_what_is_being_created(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    [created] = cook_creation(cook, sandbox)
    assert cook("newest_image", "run=7") is None
    sandbox.control.advance(60)
    assert cook("newest_image", "run=7").id == created


def cook_creation(cook: Cook, sandbox: Sandbox) -> list[int]:
    """Begin a snapshot of server 42 and give up waiting at once; return its id."""
    before = snapshots(sandbox)
    with pytest.raises(ActionsException):
        cook("snapshot_fleet", [42], {"run": "7"}, deadline=0.01)
    return sorted(snapshots(sandbox) - before)


def test_keep_last_tells_before_it_deletes(cook: Cook, sandbox: Sandbox) -> None:
    before = snapshots(sandbox)
    assert set(ids(cook("keep_last", 1))) == {2001, 2004}
    assert {method for method, _ in sent(sandbox)} == {"GET"}
    assert snapshots(sandbox) == before


def test_keep_last_deletes_the_oldest_of_each_server(cook: Cook, sandbox: Sandbox) -> None:
    before = snapshots(sandbox)
    assert set(ids(cook("keep_last", 1, dry_run=False))) == {2001, 2004}
    assert snapshots(sandbox) == before - {2001, 2004}
    deletions = {path for method, path in sent(sandbox) if method == "DELETE"}
    assert deletions == {"/v1/images/2001", "/v1/images/2004"}


def test_keep_last_leaves_protected_ones_alone(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(30)
    cook("snapshot_fleet", [43], {"role": "db"})
    assert cook("keep_last", 1, "role=db", dry_run=False) == []
    assert 2003 in snapshots(sandbox)
    cook("snapshot_fleet", [43], {"role": "db"})
    assert len(cook("keep_last", 1, "role=db", dry_run=False)) == 1
    assert 2003 in snapshots(sandbox)


def test_keep_last_counts_only_what_can_be_used(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    [unfinished] = cook_creation(cook, sandbox)
    assert 2002 not in ids(cook("keep_last", 1, dry_run=False))
    assert {2002, unfinished} <= snapshots(sandbox)


def test_keep_last_never_keeps_nothing(cook: Cook, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        cook("keep_last", 0, dry_run=False)
    assert sent(sandbox) == []


def test_snapshot_fleet(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(30)
    made = cook("snapshot_fleet", [42, 43, 44], {"run": "7"})
    assert [(one.status, one.labels, one.created_from.id) for one in made] == [
        ("available", {"run": "7"}, server) for server in (42, 43, 44)
    ]
    looks = [path for method, path in sent(sandbox) if path == "/v1/actions"]
    assert len(looks) == 1


def test_snapshot_fleet_tells_of_failures(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(30)
    sandbox.control.fail_next_action()
    with pytest.raises(ActionsException, match="of 2 actions 1 failed") as error:
        cook("snapshot_fleet", [42, 43], {"run": "7"})
    assert len(error.value.finished) == 1


def begun_in(sandbox: Sandbox) -> list[tuple[str, int, str]]:
    """Return which snapshots the labels of a run find, by their servers, and how they are."""
    found = [image for image in sandbox.control.books()["images"] if image["labels"] == {"run": "7"}]
    return [(image["type"], image["created_from"]["id"], image["status"]) for image in found]


def test_snapshot_fleet_sees_through_what_it_began_before_an_error(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(30)
    before = snapshots(sandbox)
    with pytest.raises(NotFoundException) as refused:
        cook("snapshot_fleet", [42, 999, 43], {"run": "7"})
    [begun] = snapshots(sandbox) - before
    assert str(begun) in refused.value.__notes__[-1]
    assert begun_in(sandbox) == [("snapshot", 42, "available")]
    assert [path for method, path in sent(sandbox) if method == "POST"] == [
        f"/v1/servers/{server}/actions/create_image" for server in (42, 999)
    ]


def test_snapshot_fleet_loses_no_creation_that_ends_unclear(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(30)
    sandbox.control.fault(method="POST", skip=1, status=504, effect=True)
    with pytest.raises(ServerErrorException) as unclear:
        cook("snapshot_fleet", [42, 43, 44], {"run": "7"})
    assert any("find_created_image" in note for note in unclear.value.__notes__)
    assert [server for _, server, _ in begun_in(sandbox)] == [42, 43]


def test_snapshot_fleet_tells_of_failures_beside_an_error(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(30)
    sandbox.control.fail_next_action()
    with pytest.raises(ActionsException, match="of 1 actions 1 failed") as error:
        cook("snapshot_fleet", [42, 999], {"run": "7"})
    assert isinstance(error.value.__context__, NotFoundException)


def test_wait_for_snapshots(cook: Cook, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    [created] = cook_creation(cook, sandbox)
    sandbox.control.auto_advance(1)
    [ended] = cook("wait_for_snapshots", "run=7")
    assert (ended.id, ended.status) == (created, "available")
    assert cook("wait_for_snapshots", "run=7") == []


def test_convert_backup(cook: Cook, sandbox: Sandbox) -> None:
    converted = cook("convert_backup", 42, labels={"keep": "yes"})
    assert (converted.id, converted.type, converted.bound_to, converted.labels) == (
        3003,
        "snapshot",
        None,
        {"keep": "yes"},
    )
    assert converted.description == "Backup of web-1"
    assert 3003 in snapshots(sandbox)
    assert cook("convert_backup", 44) is None


def test_unprotected(cook: Cook, sandbox: Sandbox) -> None:
    assert set(ids(cook("unprotected"))) == snapshots(sandbox) - {2003}
    assert cook("unprotected", "role=db") == []


def test_monthly_cost(cook: Cook) -> None:
    assert cook("monthly_cost", Decimal("0.01"), "role=web") == Decimal("0.046")
    assert cook("monthly_cost", Decimal("0.01"), "nothing") == 0
