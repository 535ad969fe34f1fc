"""Nothing lost, nothing paid twice: retries, deadlines, and what happens around them.

Private names: tables of single decisions, and steps that a client takes too fast to be met at.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import socket
import ssl
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpcore
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    APIException,
    AsyncClient,
    Client,
    ClientClosedException,
    ConnectionException,
    HCloudException,
    InvalidResponseException,
    InvalidValueException,
    NotFoundException,
    Retry,
    RetryPolicy,
    TimeoutException,
)
from hcloud_images._runtime._sync.deadline_stream import DeadlineStream
from hcloud_images._runtime.api_errors import api_exception
from hcloud_images._runtime.deadline import Deadline, remaining_time
from hcloud_images._runtime.retry import RetryBudget, retry_wait
from hcloud_images.errors import Exchange
from hcloud_images.images import Image
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox

client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
QUICK: dict[str, Any] = {"poll_interval": 0}


def api(method: str, status: int, code: str = "odd", wait: float | None = None) -> APIException:
    return api_exception(code, "odd", None, Exchange(method, "/images/1", status, wait=wait))


def broken(
    method: str, *, sent: bool = True, kind: type[ConnectionException] = ConnectionException
) -> ConnectionException:
    return kind("odd", Exchange(method, "/images/1"), sent=sent)


#: Whether a request that ended so is sent again: as a read, a PUT, a DELETE; and as a POST.
DECISIONS: list[tuple[str, Any, bool, bool]] = [
    ("no connection", lambda method: broken(method, sent=False), True, True),
    ("connection broke", broken, True, False),
    ("timeout before it was sent", lambda method: broken(method, sent=False, kind=TimeoutException), True, True),
    ("timeout", lambda method: broken(method, kind=TimeoutException), True, False),
    ("unexpected response", lambda method: InvalidResponseException("odd", Exchange(method, "/x")), False, False),
    ("conflict", lambda method: api(method, 409, "conflict"), True, False),
    ("other 409", lambda method: api(method, 409, "uniqueness_error"), False, False),
    ("locked", lambda method: api(method, 423, "locked"), True, False),
    ("protected", lambda method: api(method, 423, "protected"), False, False),
    ("rate limit", lambda method: api(method, 429, "rate_limit_exceeded"), True, True),
    *[
        (str(status), lambda method, status=status: api(method, status), False, False)
        for status in (400, 401, 403, 404, 422)
    ],
    *[(str(status), lambda method, status=status: api(method, status), False, False) for status in (500, 501, 505)],
    *[(str(status), lambda method, status=status: api(method, status), True, False) for status in (502, 503, 504)],
]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
@pytest.mark.parametrize(
    ("made", "repeatable", "post"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS]
)
def test_decision(made: Any, repeatable: bool, post: bool, method: str) -> None:
    wait = retry_wait(RetryPolicy(), made(method), 1, None)
    assert (wait is not None) == (post if method == "POST" else repeatable)
    assert retry_wait(RetryPolicy(attempts=1), made(method), 1, None) is None


def test_waits() -> None:
    policy, error = RetryPolicy(), api("GET", 503)
    for attempt, most in [(1, 0.5), (2, 1.0), (5, 8.0)]:
        waits = [retry_wait(policy, error, attempt, None) or 0.0 for _ in range(300)]
        assert 0 <= min(waits) < most / 4
        assert most / 2 < max(waits) <= most
    assert retry_wait(policy, error, 6, None) is None
    limited = api("GET", 429, "rate_limit_exceeded", wait=3.0)
    assert 3.0 <= (retry_wait(policy, limited, 1, None) or 0) <= 3.5
    assert 3.0 <= (retry_wait(policy, limited, 500, None) or 0) <= 23
    assert retry_wait(policy, limited, 1, 2.9) is None
    year = api("GET", 429, "rate_limit_exceeded", wait=365 * 86400.0)
    assert retry_wait(policy, year, 1, None) is None


def test_budget() -> None:
    budget = RetryBudget()
    failed, late = broken("GET"), broken("GET", kind=TimeoutException)
    assert [budget.spend(one, 20) for one in (late, failed, failed)] == [True, True, False]
    for _ in range(4):
        budget.refund()
    assert budget.spend(failed, 20)
    assert not budget.spend(failed, 20)
    assert budget.spend(api("GET", 429, "rate_limit_exceeded"), 20)
    for _ in range(100):
        budget.refund()
    assert [budget.spend(failed, 20) for _ in range(5)] == [True] * 4 + [False]
    assert all(RetryBudget().spend(late, None) for _ in range(1000))


@client_kinds
@pytest.mark.usefixtures("no_waits")
def test_empty_budget_ends_retries(client_kind: ClientKind, sandbox: Sandbox) -> None:
    sandbox.control.fault(code="unavailable", status=503, times=None)
    seen: list[Retry] = []

    async def scenario(client: Any) -> None:
        with pytest.raises(APIException) as caught:
            await done(client.images.get_by_id(1))
        assert "RetryPolicy.budget" in caught.value.__notes__[0]

    policy = RetryPolicy(budget=5, on_retry=seen.append)
    client_kind.run(scenario, sandbox.token, sandbox.url, retry=policy)
    assert sandbox.control.count == 2
    assert [(one.attempt, one.error.path, one.wait <= 0.5) for one in seen] == [(1, "/v1/images/1", True)]


@client_kinds
@pytest.mark.parametrize(
    "fault",
    [{"drop": True, "effect": True}, *({"status": one, "effect": True} for one in (500, 502, 504)), {"cut": True}],
)
def test_creation_that_ends_unclear_is_found(client_kind: ClientKind, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    sandbox.control.fault(method="POST", **fault)

    async def scenario(client: Any) -> Any:
        labels = {"run": "4711"}
        assert await done(client.servers.find_created_image(Server(id=42), labels)) is None
        with pytest.raises(HCloudException) as caught:
            await done(client.servers.create_image(Server(id=42), description="x", labels=labels))
        assert "find_created_image" in caught.value.__notes__[0]
        found = await done(client.servers.find_created_image(Server(id=42), labels))
        assert (found.description, found.labels) == ("x", labels)
        assert await done(client.servers.find_created_image(Server(id=43), labels)) is None
        for wrong in ({}, ["x"], "x=1", {"a": 1}, {"a,b": "c"}, {"a": "b,!c"}, {"a": "b c"}, {"!a": ""}):
            with pytest.raises(InvalidValueException, match="label"):
                await done(client.servers.find_created_image(Server(id=42), wrong))

    client_kind.run(scenario, sandbox.token, sandbox.url)
    assert [request.method for request in sandbox.control.log].count("POST") == 1


@client_kinds
@pytest.mark.usefixtures("no_waits")
def test_deletion_whose_answer_got_lost_is_a_success(client_kind: ClientKind, sandbox: Sandbox) -> None:
    sandbox.control.fault(method="DELETE", drop=True, effect=True)
    sandbox.control.fault(method="DELETE", code="locked", skip=2)

    async def scenario(client: Any) -> None:
        assert await done(client.images.delete(Image(id=2001)))
        with pytest.raises(NotFoundException):
            await done(client.images.delete(Image(id=2001)))
        with pytest.raises(NotFoundException):  # the first try surely had no effect
            await done(client.images.delete(Image(id=2001)))

    client_kind.run(scenario, sandbox.token, sandbox.url)
    assert [request.status for request in sandbox.control.log if request.method == "DELETE"][1:] == [404, 404, 423, 404]


@client_kinds
def test_deadline_of_a_block(client_kind: ClientKind, sandbox: Sandbox) -> None:
    sandbox.control.fault(method="GET", delay=30.0, times=None)

    async def scenario(client: Any) -> None:
        with client.deadline(0.05), pytest.raises(TimeoutException, match="within the deadline"):
            await done(client.images.get_by_id(1))
        with client.deadline(5), client.deadline(0.05), pytest.raises(TimeoutException):
            await done(client.images.get_all())
        with pytest.raises(InvalidValueException), client.deadline(0):
            pass

    client_kind.run(scenario, sandbox.token, sandbox.url)
    sandbox.control.reset()


@client_kinds
def test_deadline_of_a_block_ends_waiting(client_kind: ClientKind, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        with client.deadline(0.1), pytest.raises(HCloudException):
            await done(created.action.wait_until_finished())

    sandbox.control.durations(create_image=600)
    client_kind.run(scenario, sandbox.token, sandbox.url, poll_interval=60)


@client_kinds
def test_token_that_changes(client_kind: ClientKind, sandbox: Sandbox) -> None:
    tokens = [sandbox.token, "odd token"]

    async def scenario(client: Any) -> None:
        await done(client.images.get_by_id(1001))
        with pytest.raises(InvalidValueException, match="token") as caught:
            await done(client.images.get_by_id(1001))
        assert "odd token" not in str(caught.value)

    with pytest.raises(KeyError, match="vault"):
        client_kind.run(lambda client: done(client.images.get_list()), lambda: {}["vault"], sandbox.url)
    client_kind.run(scenario, lambda: tokens.pop(0), sandbox.url)


def test_http_is_for_this_machine() -> None:
    for endpoint in ("http://api.example/v1", "http://192.0.2.1/v1", "http://127.0.0.1.example"):
        with pytest.raises(InvalidValueException, match="allow_insecure"):
            Client("token", endpoint)
        Client("token", endpoint, allow_insecure=True).close()
    for endpoint in ("http://localhost:1/v1", "http://127.0.0.9/v1", "http://[::1]:1/v1"):
        Client("token", endpoint).close()
    with pytest.raises(InvalidValueException, match="verify=False"):
        Client("token", verify=False)
    with pytest.raises(InvalidValueException, match="certificates"):
        Client("token", verify="/nowhere")


@pytest.mark.parametrize("client", [Client("secret"), AsyncClient("secret")])
def test_clients_are_not_pickled(client: Any) -> None:
    # Its parts are private, and hold the token or lead to it.
    http = client._caller._http
    for one in (client, client._caller, client.images, http, http._options.token):
        with pytest.raises(HCloudException, match=r"can't be .*pickled"):
            pickle.dumps(one)


def test_one_client_for_32_threads(sandbox: Sandbox) -> None:
    with Client(sandbox.token, sandbox.url) as client, ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda _: client.images.get_by_id(1001).id, range(320)))
    assert found == [1001] * 320


def test_one_client_for_500_tasks(sandbox: Sandbox) -> None:
    found: list[int | None] = []

    async def one(client: AsyncClient) -> None:
        found.append((await client.images.get_by_id(1001)).id)

    async def main() -> None:
        async with AsyncClient(sandbox.token, sandbox.url) as client, anyio.create_task_group() as group:
            for _ in range(500):
                group.start_soon(one, client)

    anyio.run(main)
    assert found == [1001] * 500


def test_one_async_client_in_two_event_loops(sandbox: Sandbox) -> None:
    client = AsyncClient(sandbox.token, sandbox.url)

    async def main() -> None:
        await client.images.get_by_id(1001)
        await client._caller._http._connections._transport.aclose()  # forgetting it would leave it to the loop

    anyio.run(main)
    with pytest.raises(ClientClosedException, match="another event loop"):
        anyio.run(client.images.get_by_id, 1001)


def _in_a_child(client: Client, results: Any) -> None:
    results.put(client.images.get_by_id(1001).id)


def test_forked_child_has_connections_of_its_own(sandbox: Sandbox) -> None:
    context = multiprocessing.get_context("fork")
    with Client(sandbox.token, sandbox.url) as client:
        assert client.images.get_by_id(1001).id == 1001
        results = context.SimpleQueue()
        child = context.Process(target=_in_a_child, args=(client, results))
        child.start()
        assert results.get() == 1001
        child.join()
        assert child.exitcode == 0
        assert client.images.get_by_id(1001).id == 1001


def test_threads_of_a_forked_child_share_one_transport(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Private names, since only a look inside tells whether one was lost."""
    made: list[str] = []

    # Each thread finds out that it is in a child before any of them makes a transport.
    all_here, here = threading.Barrier(8), set[str]()

    def child() -> int:
        thread = threading.current_thread().name  # others ask as well, when they collect clients of other tests
        if thread.startswith("child") and thread not in here:
            here.add(thread)
            all_here.wait(5)
        return parent + 1

    with Client(sandbox.token, sandbox.url) as client:
        client.images.get_by_id(1001)
        parent = os.getpid()
        with monkeypatch.context() as patch, ThreadPoolExecutor(8, "child") as pool:
            patch.setattr("hcloud_images._runtime._sync.transport.proxy_for", made.append)
            patch.setattr(os, "getpid", child)
            assert set(pool.map(lambda _: client.images.get_by_id(1001).id, range(8))) == {1001}
            assert len(made) == 1
            connections = client._caller._http._connections
            client.close()
            # Both are still known: this one, and the parent's.
            (forked,) = connections._forked_transports
        assert forked is not connections._transport
        forked.close()


def test_close_during_calls(sandbox: Sandbox) -> None:
    sandbox.control.latency(0.05)
    client = Client(sandbox.token, sandbox.url, retry=RetryPolicy(attempts=1))
    ends: list[object] = []
    begun = threading.Barrier(9)

    def work() -> None:
        begun.wait()
        try:
            for _ in range(20):
                client.images.get_by_id(1001)
        except HCloudException as error:
            ends.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun.wait()
    client.close()
    for thread in threads:
        thread.join()
    assert len(ends) == 8
    sandbox.control.latency(0)


def test_more_pages_than_there_can_be(sandbox: Sandbox) -> None:
    sandbox.control.fault(set={"meta.pagination.next_page": 10**9, "meta.pagination.last_page": 10**9}, times=None)
    with Client(sandbox.token, sandbox.url) as client, pytest.raises(InvalidResponseException, match="never end"):
        client.images.get_all()
    assert sandbox.control.count == 1


@client_kinds
def test_more_calls_than_connections(client_kind: ClientKind, sandbox: Sandbox) -> None:
    sandbox.control.fault(method="GET", delay=30.0, times=None)
    ends: list[str] = []

    async def one(client: Any, number: int) -> None:
        with client.deadline(0.2 if number >= 100 else 8.0), pytest.raises(TimeoutException) as caught:
            await done(client.images.get_by_id(1001))
        ends.append(caught.value.message)

    async def scenario(client: Any) -> None:
        with ThreadPoolExecutor(110) as pool:
            async with anyio.create_task_group() as group:
                for number in range(110):
                    while number == 100 and sandbox.control.count < 100:  # noqa: ASYNC110 - the sandbox is a thread
                        await anyio.sleep(0.01)
                    if isinstance(client, Client):
                        pool.submit(anyio.run, one, client, number)
                    else:
                        group.start_soon(one, client, number)

    client_kind.run(scenario, sandbox.token, sandbox.url, retry=RetryPolicy(attempts=1))
    sandbox.control.reset()
    assert len(ends) == 110
    assert sum("were busy within the deadline" in text for text in ends) == 10


EXITS = {
    "sync": "client = Client(*arguments); client.images.get_by_id(1001)",
    "asyncio": "client = AsyncClient(*arguments); asyncio.run(client.images.get_by_id(1001))",
    "trio": "client = AsyncClient(*arguments); trio.run(client.images.get_by_id, 1001)",
    "in a call": """
client = Client(*arguments)
client.images.get_by_id(1001)
begun = threading.Event()
busy = Client(*arguments, on_request=lambda _: begun.set())
threading.Thread(target=busy.actions.get_by_id, args=(501,), daemon=True).start()
begun.wait()
""",
}


@pytest.mark.parametrize("way", EXITS)
def test_exit_with_open_clients(way: str, sandbox: Sandbox) -> None:
    sandbox.control.fault(path="/actions/501", delay=30.0)
    program = (
        "import asyncio, sys, threading, trio\nfrom hcloud_images import *\narguments = sys.argv[1:]\n" + EXITS[way]
    )
    command = [sys.executable, "-c", program, sandbox.token, sandbox.url]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    sandbox.control.reset()
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7.0),
        ("Mon, 01 Jun 2026 12:00:07 GMT", 7.0),
        ("Mon Jun  1 12:00:07 2026", 7.0),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0.0),
    ],
)
def test_retry_after(asked: str, seconds: float, sandbox: Sandbox) -> None:
    sandbox.control.freeze("2026-06-01T12:00:00Z")
    sandbox.control.fault(status=503, headers={"Retry-After": asked})
    policy = RetryPolicy(attempts=1)
    with Client(sandbox.token, sandbox.url, retry=policy) as client, pytest.raises(APIException) as caught:
        client.images.get_by_id(1001)
    assert caught.value.exchange
    assert caught.value.exchange.wait == seconds


def test_deadline_before_encryption_leaves_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connected = httpcore.SyncBackend().connect_tcp(*server.getsockname())
        theirs, _ = server.accept()
    theirs.settimeout(2)
    with theirs:
        stream = DeadlineStream(connected, remaining_time)
        with Deadline(1e-9), pytest.raises(httpcore.ConnectTimeout):
            stream.start_tls(ssl.create_default_context(), "api.example")
        assert theirs.recv(1) == b""


POLICIES: list[dict[str, Any]] = [
    *[{"attempts": wrong} for wrong in (0, -1, 2.5, "3", None, True)],
    *[{"deadline": wrong} for wrong in (0, -1, "5", float("nan"), True)],
    *[{"budget": wrong} for wrong in (-1, "a", 1.5, True)],
    {"on_retry": 5},
]


@pytest.mark.parametrize("wrong", POLICIES, ids=str)
def test_policy_that_can_not_be_right(wrong: dict[str, Any]) -> None:
    [name] = wrong
    with pytest.raises(InvalidValueException, match=rf"^{name} must be an? .*, got "):
        RetryPolicy(**wrong)


@pytest.mark.parametrize("encoding", ["", "Identity", " identity"])
def test_encodings_that_are_none(encoding: str, sandbox: Sandbox) -> None:
    sandbox.control.fault(headers={"Content-Encoding": encoding})
    with Client(sandbox.token, sandbox.url) as client:
        assert client.images.get_by_id(1001).id == 1001


def test_encoding_that_was_not_asked_for_does_not_hide_the_status(sandbox: Sandbox) -> None:
    sandbox.control.fault(status=404, body="\x0b\x02\x80", headers={"Content-Encoding": "br"})
    sandbox.control.fault(headers={"Content-Encoding": "br"})
    with Client(sandbox.token, sandbox.url) as client:
        with pytest.raises(NotFoundException):
            client.images.get_by_id(1001)
        with pytest.raises(InvalidResponseException, match="unrequested encoding: br"):
            client.images.get_by_id(1001)
