"""The budgets of requests: what a client knows of them, and how its calls keep to them.

Private names: what a limiter makes of headers is a table, and its clock is no one's business outside.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import pytest
from flavours import FLAVOURS, Flavour, done
from hcloud_images import Client, RateLimit, RetryPolicy

# Private: by a client alone, these moments take seconds.
from hcloud_images._runtime.rate_limit import RateLimiter, read_rate_limit
from hcloud_images_sandbox import Sandbox

flavours = pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)


def heads(remaining: int, *, limit: int = 60, full_in: int = 60) -> dict[str, str]:
    return {
        "Date": "Mon, 01 Jun 2026 12:00:00 GMT",
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(1780315200 + full_in),
    }


def test_wait_gets_shorter_as_time_goes_by() -> None:
    rate = read_rate_limit(heads(0, full_in=600), monotonic())
    assert rate == RateLimit(60, 0, 1780315800, seconds_per_request=10.0, seen=0.0)
    assert rate.wait == pytest.approx(10, abs=0.1)
    assert rate.wait_for(3) == pytest.approx(30, abs=0.1)
    older = read_rate_limit(heads(0, full_in=600), monotonic() - 7)
    assert older
    assert older.wait == pytest.approx(3, abs=0.1)
    assert older.wait_for(2) == pytest.approx(13, abs=0.1)
    oldest = read_rate_limit(heads(0, full_in=600), monotonic() - 3600)
    assert oldest
    assert oldest.wait == 0


@pytest.mark.parametrize("name", ["Date", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"])
@pytest.mark.parametrize("text", [None, "", "soon", "1.5", "Mon, 99 Jun 2026 12:00:00 GMT"])
def test_headers_that_make_no_sense_report_nothing(name: str, text: str | None) -> None:
    headers = heads(5)
    if text is None:
        del headers[name]
    else:
        headers[name] = text
    assert read_rate_limit(headers, monotonic()) is None


def test_each_of_many_waits_for_its_own_turn() -> None:
    limiter = RateLimiter()
    assert limiter.wait_for(limiter.begin()) == 0
    limiter.end(heads(2, full_in=58))
    waits = [limiter.wait_for(limiter.begin()) for _ in range(5)]
    assert waits == [pytest.approx(wait, abs=0.1) for wait in (0, 0, 1, 2, 3)]
    for _ in waits:
        limiter.end(None)
    assert limiter.wait_for(limiter.begin()) == 0


def test_threads_at_once_are_not_refused(sandbox: Sandbox) -> None:
    sandbox.control.rate_limit(limit=36_000, remaining=36_000)
    policy = RetryPolicy(attempts=1, wait_for_rate_limit=True)
    with Client(sandbox.token, sandbox.url, retry=policy) as client, ThreadPoolExecutor(8) as pool:
        client.images.get_by_id(1001)
        sandbox.control.rate_limit(limit=36_000, remaining=5)
        client.images.get_by_id(1001)
        together = threading.Barrier(8)

        def call(_: int) -> int | None:
            together.wait()
            return client.images.get_by_id(1001).id

        assert list(pool.map(call, range(8))) == [1001] * 8
    assert {request.status for request in sandbox.control.log} == {200}


@flavours
def test_reads_of_actions_have_a_budget_of_their_own(flavour: Flavour, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.rate_limit(limit=100, remaining=10)

    async def scenario(client: Any) -> None:
        assert client.rate_limit is None
        await done(client.actions.get_by_id(503))
        assert client.rate_limit is None
        await done(client.images.get_by_id(2003))
        assert (client.rate_limit.limit, client.rate_limit.remaining) == (100, 9)
        await done(client.images.actions.get_list())
        assert client.rate_limit.remaining == 9
        await done((await done(client.images.get_by_id(2001))).change_protection(delete=True))
        assert client.rate_limit.remaining == 7

    flavour.run(scenario, sandbox.token, sandbox.url)
