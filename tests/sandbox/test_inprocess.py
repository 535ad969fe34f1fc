"""Clients that reach the sandbox in-process: all is as it is over a socket, and there is neither socket nor server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpx
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    AsyncClient,
    Client,
    ConnectionException,
    HCloudException,
    InvalidResponseException,
    ProtectedException,
    RateLimitException,
    RetryPolicy,
    ServerErrorException,
    TimeoutException,
    UnauthorizedException,
)
from hcloud_images.images import Image
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox
from normalise import normalise
from pytest_recording.network import blocking_context
from token_leaks import TOKEN

ONCE = RetryPolicy(attempts=1)
each_client_kind = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda one: one.name)


@pytest.fixture
def unserved() -> Iterator[Sandbox]:
    """A sandbox that isn't a server, as is seen afterwards."""
    before = servers()
    sandbox = Sandbox(token=TOKEN)
    yield sandbox
    with pytest.raises(RuntimeError, match="pass transport"):
        _ = sandbox.url
    assert servers() == before


def servers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "hcloud-images-sandbox"]


def run(client_kind: ClientKind, sandbox: Sandbox, scenario: Any, **options: Any) -> Any:
    transport = sandbox.transport() if client_kind.name == "sync" else sandbox.async_transport()
    options = {"poll_interval": 0, "retry": ONCE, **options}
    with blocking_context():
        return client_kind.run(scenario, sandbox.token, transport=transport, **options)


def prepare(sandbox: Sandbox) -> None:
    sandbox.control.reset()
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)
    sandbox.control.size(120)


async def reading_and_writing(client: Any) -> list[Any]:
    created = await done(client.servers.create_image(Server(id=42), description="ä", labels={"a": "b"}))
    first = normalise(created)
    await done(created.action.wait_until_finished())
    await done(created.image.reload())
    updated = await done(created.image.update(description="kept", labels={}))
    await done((await done(updated.change_protection(delete=True))).wait_until_finished())
    with pytest.raises(ProtectedException) as protected:
        await done(updated.delete())
    actions = await done(updated.get_actions(sort="id"))
    await done((await done(updated.change_protection(delete=False))).wait_until_finished())
    return [
        first,
        normalise(created.image),
        normalise(updated),
        str(protected.value).rpartition("(")[0],
        normalise(actions),
        await done(updated.delete()),
        normalise(await done(client.images.get_all(type=["snapshot", "backup"], sort="created:desc"))),
        normalise(await done(client.images.get_list(label_selector="role in (web,db)", page=2, per_page=2))),
        normalise(await done(client.images.get_by_name_and_architecture("debian-13", "arm"))),
    ]


def asked(sandbox: Sandbox) -> list[Any]:
    # Pages that are fetched side by side come in any order.
    return sorted((one.method, one.path, one.query, one.body, one.status) for one in sandbox.control.log)


@each_client_kind
def test_the_same_as_over_a_socket(sandbox: Sandbox, unserved: Sandbox, client_kind: ClientKind) -> None:
    prepare(sandbox)
    served = client_kind.run(reading_and_writing, sandbox.token, sandbox.url, poll_interval=0, retry=ONCE)
    prepare(unserved)
    assert run(client_kind, unserved, reading_and_writing) == served
    assert asked(unserved) == asked(sandbox)
    assert unserved.control.state()["actions"] == sandbox.control.state()["actions"]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


@each_client_kind
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"code": "unavailable"}, ServerErrorException),
        ({"code": "rate_limit_exceeded"}, RateLimitException),
        ({"status": 502, "body": "<html>"}, ServerErrorException),
        ({"drop": True}, ConnectionException),
        ({"cut": True}, InvalidResponseException),
        ({"set": {"image.id": "x"}}, InvalidResponseException),
        ({"headers": {"Content-Encoding": "gzip"}}, HCloudException),
        ({"delay": 60}, TimeoutException),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else "",
)
def test_faults(unserved: Sandbox, client_kind: ClientKind, fault: dict[str, Any], error: type[Exception]) -> None:
    unserved.control.fault(**fault)

    async def scenario(client: Any) -> Any:
        with pytest.raises(error):
            await done(client.images.get_by_id(2001))
        return await done(client.images.get_by_id(2001))

    with within(30):
        retry = RetryPolicy(attempts=1, deadline=0.5) if "delay" in fault else ONCE
        assert run(client_kind, unserved, scenario, retry=retry).description == "web before upgrade"


@each_client_kind
def test_a_timeout_of_the_client(unserved: Sandbox, client_kind: ClientKind) -> None:
    unserved.control.latency(60)

    async def scenario(client: Any) -> None:
        with pytest.raises(TimeoutException, match=r"no response from .* within the read timeout of 0.05 s"):
            await done(client.images.get_by_id(2001))

    with within(30):
        run(client_kind, unserved, scenario, timeout=0.05)


@each_client_kind
def test_control(unserved: Sandbox, client_kind: ClientKind) -> None:
    unserved.control.freeze("2030-01-01T00:00:00Z")
    unserved.control.durations(create_image=7200)
    unserved.control.rate_limit(limit=100, remaining=50)

    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        unserved.control.advance(3600)
        assert (await done(client.actions.get_by_id(created.action.id))).progress == 50
        unserved.control.advance(3600)
        await done(created.action.reload())
        assert created.action.finished.isoformat() == "2030-01-01T02:00:00+00:00"
        assert client.rate_limit.limit == 100

    run(client_kind, unserved, scenario)
    assert [one.status for one in unserved.control.log] == [201, 200, 200]


@each_client_kind
def test_tokens(unserved: Sandbox, client_kind: ClientKind) -> None:
    transport = unserved.transport() if client_kind.name == "sync" else unserved.async_transport()

    async def scenario(client: Any) -> None:
        assert (await done(client.images.get_by_id(2001))).id == 2001
        with pytest.raises(UnauthorizedException, match="read-only"):
            await done(client.images.delete(Image(id=2001)))

    client_kind.run(scenario, unserved.readonly_token, transport=transport)


def test_sync_and_async_clients_of_one_sandbox_from_threads_and_tasks(unserved: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(unserved.token, transport=unserved.async_transport()) as client:
            with Client(unserved.token, transport=unserved.transport()) as blocking:
                async with anyio.create_task_group() as group:
                    for number in range(10):
                        group.start_soon(client.images.update, Image(id=2001), str(number))
                        group.start_soon(anyio.to_thread.run_sync, blocking.images.update, Image(id=2002), str(number))
            assert (await client.images.get_by_id(2002)).description.isdigit()  # type: ignore[union-attr]

    anyio.run(main)
    assert unserved.control.count == 21


def test_the_control_endpoint_and_clients_of_httpx(unserved: Sandbox) -> None:
    with httpx.Client(base_url="http://sandbox", transport=unserved.transport()) as client:
        # A body that comes in parts, which only sync clients can read.
        assert client.post("/_control", content=iter([b'{"size":', b" 60}"])).status_code == 204
        assert len(client.get("/_control").json()["images"]) == 60
        assert client.get("/v1/images").status_code == 401
        assert client.head("/v1/images").content == b""
