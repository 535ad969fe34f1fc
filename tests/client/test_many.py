"""Many pages and actions at once: right, within the rate limit, and with nothing left behind when it ends early."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import psutil
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import AsyncClient, Client, HCloudException, NotFoundException, RetryPolicy, ServerErrorException
from hcloud_images.errors import InvalidValueException
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox
from token_leaks import TOKEN

Run = Callable[..., Any]
PAGES = 12


@pytest.fixture(params=CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
def client_kind(request: pytest.FixtureRequest) -> ClientKind:
    return request.param


@pytest.fixture(scope="module")
def big_server() -> Iterator[Sandbox]:
    with Sandbox(validate=False, token=TOKEN) as sandbox:
        yield sandbox


@pytest.fixture
def big(big_server: Sandbox) -> Sandbox:
    """A sandbox with 12 pages of 5 snapshots."""
    big_server.control.reset()
    snapshots = [image for image in big_server.control.state()["images"] if image["type"] == "snapshot"]
    others = len(big_server.control.state()["images"]) - len(snapshots)
    big_server.control.size(others + PAGES * 5)
    return big_server


def run(client_kind: ClientKind, sandbox: Sandbox, scenario: Any, **options: Any) -> Any:
    options = {"retry": RetryPolicy(attempts=1), **options}

    async def prepared(client: Any) -> Any:
        client.images.max_per_page = 5
        return await scenario(client)

    return client_kind.run(prepared, sandbox.token, sandbox.url, **options)


async def collect(values: Any, count: int | None = None) -> list[Any]:
    """Take some of what a method gives, and close it."""
    found: list[Any] = []
    try:
        while count is None or len(found) < count:
            found.append(await anext(values) if hasattr(values, "__anext__") else next(values))
    except (StopIteration, StopAsyncIteration):
        pass
    await done(values.aclose() if hasattr(values, "aclose") else values.close())
    return found


def pages_asked(sandbox: Sandbox) -> list[int]:
    return sorted(int(one.query.partition("page=")[2].partition("&")[0]) for one in sandbox.control.log)


@pytest.mark.parametrize("window", [1, 3, 8, 50])
def test_all_pages_in_order_with_as_many_requests(client_kind: ClientKind, big: Sandbox, window: int) -> None:
    images = run(
        client_kind, big, lambda client: done(client.images.get_all(type="snapshot", sort="id")), page_window=window
    )
    ids = [image.id for image in images]
    assert (len(ids), ids) == (PAGES * 5, sorted(set(ids)))
    assert pages_asked(big) == list(range(1, PAGES + 1))


@pytest.mark.parametrize("window", [1, 4])
def test_side_by_side_unless_the_window_is_one(client_kind: ClientKind, big: Sandbox, window: int) -> None:
    # While the second page takes its time to fail, others are asked for.
    big.control.fault(code="server_error", delay=0.2, skip=1)
    with pytest.raises(ServerErrorException):
        run(client_kind, big, lambda client: done(client.images.get_all(type="snapshot")), page_window=window)
    assert big.control.count == 2 if window == 1 else big.control.count > 2


def test_one_page_is_one_request(client_kind: ClientKind, big: Sandbox) -> None:
    run(client_kind, big, lambda client: done(client.images.get_all(type="backup")))
    assert big.control.count == 1


def test_no_totals_means_one_after_the_other(client_kind: ClientKind, big: Sandbox) -> None:
    big.control.null_totals()
    images = run(client_kind, big, lambda client: done(client.images.get_all(type="snapshot", sort="id")))
    assert len({image.id for image in images}) == PAGES * 5
    assert pages_asked(big) == list(range(1, PAGES + 1))


def test_list_that_grows(client_kind: ClientKind, big: Sandbox) -> None:
    # The first page knows of 4 pages only; by the time of the fourth there are all.
    big.control.fault(set={"meta.pagination.last_page": 4})
    images = run(client_kind, big, lambda client: done(client.images.get_all(type="snapshot", sort="id")))
    assert [image.id for image in images] == sorted({image.id for image in images})
    assert (len(images), pages_asked(big)) == (PAGES * 5, list(range(1, PAGES + 1)))


def test_list_that_shrinks(client_kind: ClientKind, big: Sandbox) -> None:
    big.control.fault(set={"meta.pagination.last_page": 10_000, "meta.pagination.total_entries": 50_000})
    images = run(
        client_kind, big, lambda client: done(client.images.get_all(type="snapshot", sort="id")), page_window=4
    )
    assert len(images) == PAGES * 5
    assert max(pages_asked(big)) <= PAGES + 4


def test_entry_that_moves_to_the_next_page_is_there_once(client_kind: ClientKind, big: Sandbox) -> None:
    big.control.fault(set={"images.0.id": 2001}, skip=2)
    images = run(
        client_kind, big, lambda client: done(client.images.get_all(type="snapshot", sort="id")), page_window=1
    )
    assert [image.id for image in images].count(2001) == 1


@pytest.mark.parametrize("page", range(2, PAGES + 1))
def test_first_error_ends_it(client_kind: ClientKind, big: Sandbox, page: int) -> None:
    big.control.fault(code="server_error", skip=page - 1, times=None)
    with pytest.raises(ServerErrorException), unchanged():
        run(client_kind, big, lambda client: done(client.images.get_all(type="snapshot")), page_window=4)
    assert big.control.count <= page + 4


def test_window_narrows_with_the_rate_limit(client_kind: ClientKind, big: Sandbox) -> None:
    big.control.freeze()
    big.control.rate_limit(limit=3600, remaining=PAGES)
    images = run(client_kind, big, lambda client: done(client.images.get_all(type="snapshot")), page_window=50)
    assert len(images) == PAGES * 5
    assert big.control.count == PAGES


@pytest.mark.parametrize("window", [0, -1])
def test_no_window(window: int) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(InvalidValueException, match="page_window"):
            kind("token", page_window=window)


class unchanged:  # noqa: N801 - reads as a statement
    """The block leaves no thread and no connection behind."""

    def __enter__(self) -> None:
        self.threads = set(threading.enumerate())
        self.connections = self.count()

    def count(self) -> int:
        return len([one for one in psutil.Process().net_connections("tcp") if one.raddr])

    def __exit__(self, *_: object) -> None:
        gc.collect()
        left = {thread for thread in threading.enumerate() if not thread.name.startswith("AnyIO")} - self.threads
        for thread in left:
            thread.join(1)  # those of pages that nobody needs any more are about to end
        left = {thread for thread in left if thread.is_alive()}
        assert not {thread for thread in left if "trio" not in thread.name.lower()}
        for _ in range(200):
            if self.count() <= self.connections:
                return
            anyio.run(anyio.lowlevel.checkpoint)
        assert self.count() <= self.connections


@pytest.mark.parametrize("count", [0, 1, 5, 6, 23, 59, 60])
def test_iter_all_closed_early(client_kind: ClientKind, big: Sandbox, count: int) -> None:
    with unchanged():
        found = run(
            client_kind,
            big,
            lambda client: collect(client.images.iter_all(type="snapshot", sort="id"), count),
            page_window=2,
        )
    assert len(found) == count
    # At most the chunk that was begun: two pages beyond what was needed.
    assert big.control.count <= (0 if not count else 1 + -(-max(count - 5, 0) // 10) * 2)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("page", range(1, PAGES + 1))
@pytest.mark.parametrize("what", ["get_all", "iter_all", "wait"])
def test_cancelled(big: Sandbox, backend: str, page: int, what: str) -> None:
    """Cancelled once the server has seen so many requests."""

    async def main() -> None:
        async with AsyncClient(big.token, big.url, page_window=4, retry=RetryPolicy(attempts=1)) as client:
            client.images.max_per_page = 5
            calls: dict[str, Callable[[], Awaitable[Any]]] = {
                "get_all": lambda: client.images.get_all(type="snapshot"),
                "iter_all": lambda: collect(client.images.iter_all(type="snapshot")),
                "wait": lambda: client.actions.wait([created.action], interval=0),
            }
            if what == "wait":
                created = await client.servers.create_image(Server(id=42))
            big.control.clear_log()
            async with anyio.create_task_group() as group:

                async def work() -> None:
                    await calls[what]()

                group.start_soon(work)
                with anyio.fail_after(20):
                    while big.control.count < page:
                        await anyio.lowlevel.checkpoint()
                group.cancel_scope.cancel()
            # The client is as good as new.
            assert (await client.images.get_by_id(2001)).id == 2001
        if backend == "asyncio":
            assert asyncio.all_tasks() == {asyncio.current_task()}

    big.control.latency(0.002)
    big.control.durations(create_image=10_000)
    with unchanged():
        anyio.run(main, backend=backend)


def test_wait_asks_once_for_25(client_kind: ClientKind, big: Sandbox) -> None:
    async def scenario(client: Any) -> Any:
        image = await done(client.images.get_by_id(2001))
        actions = [await done(image.change_protection(delete)) for delete in [True, False] * 15]
        before = big.control.count
        ended = await done(client.actions.wait(actions, interval=0))
        assert [one.status for one in ended] == ["success"] * 30
        return big.control.count - before

    assert run(client_kind, big, scenario) == 2


def test_wait_backs_off_and_takes_a_function(client_kind: ClientKind, big: Sandbox) -> None:
    big.control.freeze()
    big.control.auto_advance(1)
    asked: list[int] = []

    async def scenario(client: Any) -> Any:
        created = await done(client.servers.create_image(Server(id=42)))
        await done(client.actions.wait([created.action], interval=lambda retries: asked.append(retries) or 0))

    run(client_kind, big, scenario)
    assert asked == list(range(1, len(asked) + 1))
    assert asked


def test_wait_for_what_is_no_action(client_kind: ClientKind, big: Sandbox) -> None:
    with pytest.raises(InvalidValueException, match=r"action id must be .* got 'x'"):
        run(client_kind, big, lambda client: done(client.actions.wait(["x"])))
    assert big.control.count == 0


def test_error_while_waiting(client_kind: ClientKind, big: Sandbox) -> None:
    big.control.fault(code="not_found")
    with pytest.raises(NotFoundException):
        run(client_kind, big, lambda client: done(client.actions.wait([501])))


@pytest.mark.parametrize("page", [2, 4, 6])
@pytest.mark.parametrize("wrong", ["following", "entry", "refused"])
def test_error_names_its_own_page(client_kind: ClientKind, page: int, wrong: str) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        headers = {"X-Correlation-Id": f"page-{number}"}
        if number == page and wrong == "refused":
            return httpx.Response(403, json={"error": {"code": "forbidden", "message": "no"}}, headers=headers)
        following = number + 1 if number < 6 else None
        body = {
            "images": [{"id": "x" if number == page and wrong == "entry" else number}],
            "meta": {"pagination": {"next_page": 1 if number == page and wrong == "following" else following}},
        }
        body["meta"]["pagination"]["last_page"] = 6  # type: ignore[call-overload, index]
        return httpx.Response(200, json=body, headers=headers)

    async def scenario(client: Any) -> None:
        for call in (lambda: done(client.images.get_all()), lambda: collect(client.images.iter_all())):
            with pytest.raises(HCloudException) as caught:
                await call()
            error: Any = caught.value
            assert error.correlation_id == error.exchange.correlation_id == f"page-{page}"

    client_kind.run(scenario, "token", transport=httpx.MockTransport(server), page_window=8)
