"""One promise about time: the policy bounds each request with its retries, a block everything inside it.

The clock of the deadlines stands still, but for what requests and waits take.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    ActionsException,
    ActionTimeoutException,
    AsyncClient,
    Client,
    ConnectionException,
    HCloudException,
    InvalidValueException,
    RetryPolicy,
    TimeoutException,
)
from hcloud_images.images import Image
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox

WRONG_SECONDS = ["60", -1, float("nan"), [1], True]
PAGES, REQUEST = 8, 0.4
client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
windows = pytest.mark.parametrize("window", [1, 8])


class SlowServer:
    """Has eight pages of whatever is asked for, and takes its time with each request; the clock of its clients, too."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.requests = 0
        self.fails = False
        self._lock = threading.Lock()

    def now(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        with self._lock:
            self.time += seconds

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests += 1
        self.advance(REQUEST)
        if self.fails:
            raise httpx.ReadError("broken")
        page = int(request.url.params.get("page", 1))
        pagination = {"page": page, "next_page": page + 1 if page < PAGES else None, "last_page": PAGES}
        image = {"id": page, "status": "creating", "created_from": {"id": 43}}
        return httpx.Response(
            200,
            json={
                "images": [image],
                "image": image,
                "actions": [{"id": page, "status": "running"}],
                "action": {"id": 1, "status": "running"},
                "meta": {"pagination": pagination},
            },
        )


def served_by(server: SlowServer) -> dict[str, Any]:
    return {"transport": httpx.MockTransport(server), "clock": server}


@pytest.fixture
def server() -> SlowServer:
    return SlowServer()


async def listed(entries: Any) -> list[Any]:
    return [one async for one in entries] if isinstance(entries, AsyncIterator) else list(entries)


async def waited(client: Any) -> None:
    await done((await done(client.actions.get_by_id(1))).wait_until_finished())


LISTS: dict[str, Callable[[Any], Any]] = {
    "get_all": lambda client: done(client.images.get_all()),
    "iter_all": lambda client: listed(client.images.iter_all()),
    "get_actions": lambda client: done(client.images.get_actions(Image(id=1))),
    "all actions": lambda client: done(client.images.actions.get_all()),
    "find_created_image": lambda client: done(client.servers.find_created_image(Server(id=42), {"a": "b"})),
}
WAITS: dict[str, Callable[[Any], Any]] = {
    "wait": lambda client: done(client.actions.wait([1], deadline=None)),
    "as_completed": lambda client: listed(client.actions.as_completed([1], deadline=None)),
    "wait_until_finished": waited,
    "wait_until_available": lambda client: done(client.images.wait_until_available([1], deadline=None)),
}
#: What is raised at the end of a block, which names what is still going on.
ENDS: dict[str, tuple[type[Exception], str]] = {
    "wait": (ActionsException, "1 are still running"),
    "as_completed": (ActionsException, "1 are still running"),
    "wait_until_finished": (ActionTimeoutException, "timed out"),
    "wait_until_available": (TimeoutException, r"still being created: images \[1\]"),
}


@client_kinds
@windows
@pytest.mark.parametrize("name", LISTS)
def test_policy_bounds_each_request(client_kind: ClientKind, window: int, name: str, server: SlowServer) -> None:
    policy = RetryPolicy(deadline=2.5 * REQUEST if window == 1 else (PAGES + 1) * REQUEST)
    client_kind.run(
        LISTS[name], "token", transport=httpx.MockTransport(server), clock=server, retry=policy, page_window=window
    )
    assert server.requests == PAGES


@client_kinds
@pytest.mark.parametrize("name", WAITS)
def test_policy_bounds_each_poll(client_kind: ClientKind, name: str, server: SlowServer) -> None:
    """A wait goes on as long as it was told to."""

    async def scenario(client: Any) -> None:
        error, text = ENDS[name]
        with client.deadline(50), pytest.raises(error, match=text):
            await WAITS[name](client)
        assert server.time == pytest.approx(1050, abs=REQUEST)

    policy = RetryPolicy(deadline=2 * REQUEST)
    client_kind.run(
        scenario, "token", transport=httpx.MockTransport(server), clock=server, retry=policy, poll_interval=5
    )
    assert server.requests > 5


@client_kinds
def test_policy_bounds_a_request_with_its_retries(client_kind: ClientKind, server: SlowServer) -> None:
    server.fails = True

    async def scenario(client: Any) -> None:
        with pytest.raises(ConnectionException):
            await done(client.images.get_by_id(1))
        assert server.time <= 1000 + 20 + REQUEST
        assert server.requests > 2

    policy = RetryPolicy(attempts=1000, deadline=20)
    client_kind.run(scenario, "token", **served_by(server), retry=policy)


@client_kinds
@windows
@pytest.mark.parametrize("name", LISTS)
def test_block_bounds_all_pages(client_kind: ClientKind, window: int, name: str, server: SlowServer) -> None:
    # Those that run side by side may all begin before the first of them has moved the clock.
    whole = 2 if window == 1 else 0

    async def scenario(client: Any) -> None:
        block = client.deadline((whole + 0.5) * REQUEST)
        with block, pytest.raises(TimeoutException, match="the deadline is over") as caught:
            await LISTS[name](client)
        assert not caught.value.sent
        assert caught.value.path
        assert server.requests == whole + 1

    client_kind.run(scenario, "token", **served_by(server), page_window=window)


@client_kinds
@pytest.mark.parametrize("name", WAITS)
def test_block_bounds_waits(client_kind: ClientKind, name: str, server: SlowServer) -> None:
    async def scenario(client: Any) -> None:
        error, text = ENDS[name]
        with client.deadline(10), pytest.raises(error, match=text):
            await WAITS[name](client)
        assert server.time == pytest.approx(1010, abs=REQUEST)

    client_kind.run(scenario, "token", **served_by(server))


@client_kinds
@pytest.mark.parametrize("latency", [0, 0.3])
def test_block_that_ends_a_wait_on_real_clocks(client_kind: ClientKind, latency: float, sandbox: Sandbox) -> None:
    """Whether it ends between two polls or within one, and whether the wait's own deadline is the same or none."""
    sandbox.control.durations(create_image=600)
    if latency:
        sandbox.control.latency(latency)

    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        for deadline in (0.2, None):
            with client.deadline(0.2), pytest.raises(ActionsException) as caught:
                await done(client.actions.wait([created], interval=0.05, deadline=deadline))
            assert [failure.action.id for failure in caught.value.exceptions] == [created.action.id]
        with client.deadline(0.2), pytest.raises(TimeoutException, match=f"still being .*{created.image.id}"):
            await done(client.images.wait_until_available([created.image], interval=0.05))

    client_kind.run(scenario, sandbox.token, sandbox.url)


@client_kinds
def test_timeout_of_a_poll_is_not_the_end_of_a_block(client_kind: ClientKind, sandbox: Sandbox) -> None:
    sandbox.control.latency(0.3)

    async def scenario(client: Any) -> None:
        with client.deadline(60), pytest.raises(TimeoutException, match="no response"):
            await done(client.actions.wait([501]))

    client_kind.run(scenario, sandbox.token, sandbox.url, timeout=0.1, retry=RetryPolicy(attempts=1))


@client_kinds
@pytest.mark.parametrize("seconds", [1, 10, 100])
def test_earliest_end_counts(client_kind: ClientKind, seconds: int, server: SlowServer) -> None:
    async def scenario(client: Any) -> None:
        with client.deadline(10), client.deadline(seconds), client.deadline(100), pytest.raises(ActionsException):
            await WAITS["wait"](client)
        assert server.time == pytest.approx(1000 + min(10, seconds), abs=REQUEST)
        await done(client.images.get_by_id(1))

    client_kind.run(scenario, "token", **served_by(server))


@client_kinds
def test_nothing_is_sent_when_it_is_over(client_kind: ClientKind, server: SlowServer) -> None:
    async def scenario(client: Any) -> None:
        with client.deadline(1):
            server.advance(1)
            for call in (*LISTS.values(), waited, lambda client: done(client.images.delete(Image(id=1)))):
                with pytest.raises(TimeoutException):
                    await call(client)
            for name in ("wait", "as_completed", "wait_until_available"):
                with pytest.raises(ENDS[name][0], match=ENDS[name][1]):
                    await WAITS[name](client)
        assert server.requests == 0

    client_kind.run(scenario, "token", **served_by(server))


def test_blocks_that_end_in_another_order(server: SlowServer) -> None:
    """As those of two generators in a `zip` do."""

    def images(client: Client, seconds: float) -> Iterator[Any]:
        with client.deadline(seconds):
            yield from client.images.iter_all()

    with Client("token", transport=httpx.MockTransport(server), clock=server) as client:
        first, second = images(client, 10), images(client, 20)
        next(first), next(second)
        first.close()
        server.advance(15)
        with pytest.raises(ActionsException):  # the second block is open, and may end yet
            client.actions.wait([1], deadline=None)
        second.close()
        server.advance(1000)
        assert client.images.get_by_id(1).id == 1


def test_block_of_an_async_generator_that_nobody_ends(server: SlowServer) -> None:
    async def images(client: AsyncClient) -> AsyncIterator[Any]:
        with client.deadline(10):
            async for image in client.images.iter_all():
                yield image

    async def main() -> None:
        async with AsyncClient("token", transport=httpx.MockTransport(server), clock=server) as client:
            generator = images(client)
            await anext(generator)
            await asyncio.create_task(generator.aclose())  # type: ignore[attr-defined]
            server.advance(1000)
            assert (await client.images.get_by_id(1)).id == 1

    asyncio.run(main())


def test_block_that_is_entered_again(server: SlowServer) -> None:
    with Client("token", transport=httpx.MockTransport(server), clock=server) as client:
        limit = client.deadline(5)
        with limit, pytest.raises(RuntimeError, match="once"), limit:
            pass
        with pytest.raises(RuntimeError, match="once"), limit:  # its tasks may still go by the first time
            pass
        server.advance(1000)
        assert client.images.get_by_id(1).id == 1


def test_block_ends_with_an_error_inside(server: SlowServer) -> None:
    with Client("token", transport=httpx.MockTransport(server), clock=server) as client:
        with pytest.raises(HCloudException), client.deadline(1):
            client.images.get_by_id(0)
        server.advance(1000)
        assert client.images.get_by_id(1).id == 1


@client_kinds
@pytest.mark.parametrize("wrong", WRONG_SECONDS)
def test_wrong_times_are_refused_before_a_request(client_kind: ClientKind, sandbox: Sandbox, wrong: Any) -> None:
    async def scenario(client: Any) -> None:
        for wait, subject in (client.actions.wait, 501), (client.images.wait_until_available, 2001):
            for name in "interval", "deadline":
                with pytest.raises(
                    InvalidValueException, match=rf"^{name} must be a (finite )?number of seconds, at least 0,"
                ):
                    await done(wait([subject], **{name: wrong}))
        with (
            pytest.raises(
                InvalidValueException, match=r"^deadline must be a number of seconds, more than 0, or None, got"
            ),
            client.deadline(wrong),
        ):
            pass
        action = await done(client.actions.get_by_id(501))
        with pytest.raises(InvalidValueException, match=r"^max_retries must be a number, at least 0, or None, got"):
            await done(action.wait_until_finished(wrong))

    client_kind.run(scenario, sandbox.token, sandbox.url)
    assert [request.path for request in sandbox.control.log] == ["/v1/actions/501"]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("wrong", [*WRONG_SECONDS, None])
@pytest.mark.parametrize("name", ["poll_interval", "poll_max_retries", "page_window", "max_body"])
def test_wrong_numbers_are_refused_by_the_constructor(kind: Any, name: str, wrong: Any) -> None:
    with pytest.raises(InvalidValueException, match=rf"^{name} must be a"):
        kind("token", **{name: wrong})
