"""A dry run decides what the run after it does."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hcloud_images import Client
from hcloud_images.recipes import retention
from hcloud_images_sandbox import Sandbox

from recipes.conftest import RunRecipe
from recipes.project import UNTOUCHABLE, add, ids

SERVERS = [42, 43, 44]


def begin(sandbox: Sandbox) -> datetime:
    """Let the sandbox have the time of this machine, which a dry run goes by, and pass more slowly."""
    sandbox.control.freeze(time.time())
    sandbox.control.auto_advance(0.001)
    sandbox.control.durations(create_image=0.01)
    return datetime.fromtimestamp(sandbox.control.now, UTC)


def compare(run_recipe: RunRecipe, **options: Any) -> set[int]:
    """Compare the decisions of both; return the ids of what was deleted."""
    planned = run_recipe("nightly", dry_run=True, **options)
    done = run_recipe("nightly", **options)
    assert done.failed == ()
    assert done.servers == planned.servers
    new = ids(done.created)
    assert [(one.image.id, one.keep, one.reason) for one in done.decisions if one.image.id not in new] == [
        (one.image.id, one.keep, one.reason) for one in planned.decisions
    ]
    deleted = {one.image.id for one in planned.decisions if not one.keep}
    assert ids(done.deleted) == deleted
    return deleted


@pytest.mark.usefixtures("unfiltered")
@pytest.mark.parametrize("seed", range(8))
def test_at_random(run_recipe: RunRecipe, sandbox: Sandbox, seed: int) -> None:
    chance, now = random.Random(seed), begin(sandbox)  # noqa: S311 - the same each time
    night = str((now - timedelta(days=chance.choice([0, 0, 1]))).date())
    for id in range(100, 140):
        created = (now - timedelta(hours=chance.randrange(1, 24 * 20))).isoformat()
        odd = chance.choice(list(UNTOUCHABLE.values())) if chance.random() < 0.3 else {}
        server = {"id": chance.choice([*SERVERS, 45]), "name": "any"}
        labels = {"nightly/night": chance.choice(["2020-01-01", "2020-01-02", night] if id < 102 else ["2020-01-01"])}
        add(sandbox, id, **{"created": created, "created_from": server, "labels": labels, **odd})
    with Client(sandbox.token, sandbox.url) as client:  # of a run that crashed
        for server in chance.sample(SERVERS, chance.randrange(3)):
            client.servers.create_image(server, labels={"nightly/night": night})
    policy = partial(retention, daily=chance.randrange(1, 4), weekly=chance.randrange(3))
    for keep in (policy, chance.randrange(1, 4)):
        compare(run_recipe, servers=SERVERS, night=night, keep=keep)


def test_a_snapshot_of_a_run_that_crashed(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    now = begin(sandbox)
    for id in (101, 102):
        add(sandbox, id, created=(now - timedelta(days=103 - id)).isoformat(), labels={"nightly/night": str(id)})
    with Client(sandbox.token, sandbox.url) as client:
        client.servers.create_image(42, labels={"nightly/night": "2026-06-01"})
    assert compare(run_recipe, servers=42, night="2026-06-01", keep=2) == {101}


def test_a_night_that_lasts_past_midnight(run_recipe: RunRecipe, sandbox: Sandbox) -> None:
    """Yesterday's snapshot was late, too: it is the one of its day."""
    midnight = begin(sandbox).replace(hour=0, minute=0, second=0, microsecond=0)
    night, before = (str((midnight - timedelta(days=days)).date()) for days in (1, 2))
    add(sandbox, 101, created=(midnight - timedelta(hours=23)).isoformat(), labels={"nightly/night": before})
    assert compare(run_recipe, servers=42, night=night, keep=partial(retention, daily=2)) == set()
