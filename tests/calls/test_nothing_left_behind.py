"""What one call leaves behind doesn't reach another: bytes of a response, blocks, threads, locks.

A private name is used, that of the lock: what a fork does to it can't be seen from outside.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import socket
import threading
from collections.abc import AsyncIterator
from contextvars import copy_context
from typing import Any

import anyio
import httpx
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import AsyncClient, Client, Exchange, RetryPolicy
from hcloud_images._runtime.lock import lock
from socket_server import SocketServer

client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
PAGES = 6


def image(number: int) -> bytes:
    return json.dumps({"image": {"id": number}}).encode()


def framed(body: bytes, *, chunked: bool) -> bytes:
    if chunked:
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@client_kinds
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("surplus", [b"", b" ", b"\r\n", b"HTTP/1.1 200 OK\r\n", "again"])
def test_a_response_that_goes_on_is_not_the_next_one(
    client_kind: ClientKind, chunked: bool, surplus: bytes | str
) -> None:
    def respond(connection: socket.socket) -> None:
        while request := connection.recv(65536):
            response = framed(image(int(request.split()[1].rpartition(b"/")[2])), chunked=chunked)
            connection.sendall(response + (response if surplus == "again" else surplus))  # type: ignore[operator]

    async def scenario(client: Any) -> None:
        assert [(await done(client.images.get_by_id(number))).id for number in (1, 2, 3)] == [1, 2, 3]

    with SocketServer(respond) as server:
        client_kind.run(scenario, "token", server.url, retry=RetryPolicy(attempts=1))
        assert server.came == (3 if surplus else 1)


def respond_with_page(request: httpx.Request) -> httpx.Response:
    page = int(request.url.params.get("page", 1))
    pagination = {"page": page, "next_page": page + 1 if page < PAGES else None, "last_page": PAGES}
    return httpx.Response(200, json={"images": [{"id": page}], "image": {"id": 1}, "meta": {"pagination": pagination}})


transport = httpx.MockTransport(respond_with_page)


def test_what_a_hook_begins_has_no_deadline_of_the_pages_around_it() -> None:
    contexts: list[Any] = []

    def hook(_: Exchange) -> None:
        contexts.append(copy_context())

    with Client("token", transport=transport, on_response=hook) as client:
        assert len(client.images.get_all()) == PAGES
        other = Client("token", transport=transport)
        assert [context.run(other.images.get_by_id, 1).id for context in contexts] == [1] * PAGES


def test_exchanges_of_a_dropped_generator_are_not_collected() -> None:
    found: list[list[Exchange]] = []

    async def images(client: AsyncClient) -> AsyncIterator[Any]:
        with client.exchanges() as exchanges:
            found.append(exchanges)
            async for one in client.images.iter_all():
                yield one

    async def main() -> None:
        async with AsyncClient("token", transport=transport) as client:
            for _ in range(3):
                generator = images(client)
                await anext(generator)
                await asyncio.create_task(generator.aclose())  # type: ignore[attr-defined]
            await client.images.get_by_id(1)
        assert [len(exchanges) for exchanges in found] == [1, 1, 1]

    asyncio.run(main())


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_a_list_comes_without_a_group(backend: str, kind: type[BaseException]) -> None:
    def hook(exchange: Exchange) -> None:
        if len(seen) == PAGES // 2:
            raise kind
        seen.append(exchange)

    seen: list[Exchange] = []

    async def main() -> None:
        async with AsyncClient("token", transport=transport, on_response=hook) as client:
            with pytest.raises(kind):
                await client.images.get_all()

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("room", [0, 1, 3])
def test_pages_are_fetched_where_no_more_threads_can_start(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    start, started = threading.Thread.start, []

    def start_some(thread: threading.Thread) -> None:
        if len(started) == room:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_some)
    with Client("token", transport=transport) as client:
        assert [one.id for one in client.images.get_all()] == list(range(1, PAGES + 1))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is nothing to fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of a fork beside other threads
def test_a_child_does_not_wait_for_a_lock_of_another_thread() -> None:
    held, asked = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            asked.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    threading.Timer(0.05, asked.set).start()
    if not (child := os.fork()):
        os._exit(0 if lock.acquire(timeout=2) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    thread.join()
    gc.collect()
