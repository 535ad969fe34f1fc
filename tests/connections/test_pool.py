"""The pools of connections, over real sockets."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
import trustme
import vcr
from socket_server import SocketServer
from stressing.cancel import WAYS, measure, open_sockets
from stressing.cancel import Server as CancelServer

from connections.servers import KINDS, RESPONSE, Kind, received, respond, respond_once

kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
# What belongs to an event loop that is over, or to a call that was interrupted while it closed it, can't be closed in
# any other way; Python says so.
by_the_garbage_collector = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
async_kinds = pytest.mark.parametrize("kind", KINDS[1:], ids=lambda kind: kind.name)


def scenario(kind: Kind) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Run what is decorated, at once."""
    return kind.run


@kinds
def test_a_connection_is_used_again(kind: Kind) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running)
            assert [await calls.get() for _ in range(3)] == [b"hello"] * 3
            assert running.came == 1
            await calls.close()
            assert running.wait_until_open(0)


@kinds
def test_one_that_the_server_closed_meanwhile_is_not(kind: Kind) -> None:
    with SocketServer(respond_once) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running)
            for count in range(1, 4):
                assert await calls.get() == b"hello"
                assert running.wait_until_open(0)
                assert running.came == count
            await calls.close()


@kinds
def test_nor_one_that_expired(kind: Kind) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, expiry=-1)
            for count in range(1, 4):
                assert await calls.get() == b"hello"
                assert running.wait_until_open(1)
                assert running.came == count
            await calls.close()
            assert running.wait_until_open(0)


@kinds
def test_no_more_than_some_stay_idle(kind: Kind) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, max_idle=2)
            for response in [await calls.begin() for _ in range(5)]:
                await calls.end(response)
            assert running.came == 5
            assert running.wait_until_open(2)
            await calls.close()
            assert running.wait_until_open(0)


@kinds
def test_the_limit_holds_and_waiting_ends(kind: Kind) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, max_connections=1)
            response = await calls.begin()
            for seconds in (0.05, 0, -1):
                with pytest.raises(httpx.PoolTimeout):
                    await calls.get(pool=seconds)
                assert not calls.sent
            await calls.end(response)
            assert await calls.get() == b"hello"
            assert running.came == 1
            await calls.close()


@async_kinds
def test_who_waits_comes_next(kind: Kind) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, max_connections=2)
            ended: list[int] = []

            async def one(number: int) -> None:
                await calls.get()
                ended.append(number)

            async with anyio.create_task_group() as group:
                for number in range(40):
                    group.start_soon(one, number)
            assert sorted(ended) == list(range(40))
            assert running.most <= 2
            await calls.close()


def test_threads_share_a_pool() -> None:
    with SocketServer(respond) as running:
        calls, bodies = KINDS[0].calls(running, max_connections=3), []

        def work() -> None:
            bodies.extend([anyio.run(calls.get) for _ in range(20)])

        threads = [threading.Thread(target=work) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert bodies == [b"hello"] * 400
        assert running.most <= 3
        anyio.run(calls.close)
        assert running.wait_until_open(0)


@kinds
def test_closing_while_a_call_is_under_way(kind: Kind) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running)
            response = await calls.begin()
            await calls.close()
            await calls.close()
            assert running.open == 1
            assert await calls.end(response) == b"hello"
            assert running.wait_until_open(0)
            with pytest.raises(httpx.ConnectError, match="closed"):
                await calls.get()
            assert not calls.sent


@async_kinds
def test_closing_while_a_call_waits(kind: Kind) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, max_connections=1)
            response = await calls.begin()

            async def wait() -> None:
                with pytest.raises(httpx.ConnectError, match="closed"):
                    await calls.get()

            async with anyio.create_task_group() as group:
                group.start_soon(wait)
                await anyio.lowlevel.checkpoint()
                await calls.close()
                await calls.end(response)
            assert running.came == 1


@by_the_garbage_collector
@pytest.mark.parametrize("second", ["asyncio", "trio"])
@async_kinds
def test_closing_in_another_loop(kind: Kind, second: str) -> None:
    with SocketServer(respond) as running:
        calls = kind.calls(running)
        kind.run(calls.get)
        anyio.run(calls.close, backend=second)
        assert running.wait_until_open(0)  # the server knows at once
    gc.collect()


@by_the_garbage_collector
def test_closing_while_its_loop_runs_elsewhere() -> None:
    with SocketServer(respond) as running:
        calls, called, closed = KINDS[1].calls(running), threading.Event(), threading.Event()

        async def other() -> None:
            await calls.get()
            called.set()
            await anyio.to_thread.run_sync(closed.wait)

        thread = threading.Thread(target=anyio.run, args=(other,))
        thread.start()
        called.wait()
        anyio.run(calls.close)
        closed.set()
        thread.join()
        assert running.wait_until_open(0)
    gc.collect()


# Cancelled


@pytest.mark.parametrize(
    ("backend", "way"),
    [(backend, way) for backend, ways in WAYS.items() for way in ways],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_cancelled_at_random_moments(backend: str, way: Any, tls_server: CancelServer) -> None:
    well, text = anyio.run(measure, tls_server, "tls", way, 60, (20,), backend=backend)
    assert well, text


@pytest.fixture(scope="module")
def tls_server() -> Iterator[CancelServer]:
    with CancelServer().running() as running:
        yield running


@pytest.mark.parametrize("idle", [0, 1])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_cancelled_at_every_step_by_asyncio(times: int, idle: int) -> None:
    with SocketServer(respond) as running:

        async def main() -> None:
            calls = KINDS[1].calls(running, max_connections=1, max_idle=idle)
            for steps in range(40):
                task = asyncio.ensure_future(calls.get())
                for _ in range(steps):
                    await asyncio.sleep(0)
                for _ in range(times):
                    task.cancel()
                    await asyncio.sleep(0)
                await asyncio.wait([task])
                assert task.cancelled() or task.result() == b"hello"
                assert await calls.get() == b"hello"
                assert steps % 10 or open_sockets(running.port) <= 1  # counting takes longer than calling
            await calls.close()

        asyncio.run(main())
        assert running.wait_until_open(0)


@pytest.mark.parametrize("idle", [0, 1])
@async_kinds
def test_cancelled_at_every_step_by_a_scope(kind: Kind, idle: int) -> None:
    with SocketServer(respond) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, max_connections=1, max_idle=idle)
            for steps in range(40):
                async with anyio.create_task_group() as group:
                    group.start_soon(calls.get)
                    for _ in range(steps):
                        await anyio.lowlevel.checkpoint()
                    group.cancel_scope.cancel()
                assert await calls.get() == b"hello"
                assert steps % 10 or open_sockets(running.port) <= 1  # counting takes longer than calling
            await calls.close()

        assert running.wait_until_open(0)


@by_the_garbage_collector
def test_interrupted_at_every_line() -> None:
    """Ctrl-C, wherever the pool is: no connection is lost, and the next call works."""
    line = 0

    class Interruption:
        def __init__(self, at: int) -> None:
            self.left = at

        def __call__(self, frame: FrameType, event: str, _argument: object) -> Interruption | None:
            if not {"_runtime", "httpcore"} & set(Path(frame.f_code.co_filename).parts):
                return None
            if event == "line":
                self.left -= 1
                if self.left == 0:
                    raise KeyboardInterrupt
            return self

    with SocketServer(respond) as running:
        interrupted = True
        while interrupted:
            line += 2  # of some 600; all of them take twice as long
            calls = KINDS[0].calls(running, max_connections=1)
            if line % 4:
                run(calls.get)  # with a connection that is idle
            interruption = Interruption(line)
            sys.settrace(interruption)
            try:
                run(calls.get)
                interrupted = False
            except KeyboardInterrupt:
                pass
            finally:
                sys.settrace(None)
            assert run(lambda calls=calls: calls.get(pool=0)) == b"hello", line
            run(calls.close)
        assert line > 50
        gc.collect()
        assert running.wait_until_open(0)


def run(call: Callable[[], Any]) -> Any:
    """Run what never waits."""
    try:
        call().send(None)
    except StopIteration as result:
        return result.value
    raise AssertionError


# Deadlines and addresses


@pytest.fixture
def silent() -> Iterator[tuple[int, list[str]]]:
    """Addresses that don't respond: their queues are full, and Linux drops what comes then."""
    hosts, port = [f"127.0.0.{number}" for number in range(2, 6)], 0
    with ExitStack() as stack:
        for host in hosts:
            listener = stack.enter_context(socket.socket())
            listener.bind((host, port))
            port = listener.getsockname()[1]
            listener.listen(0)
            for _ in range(3):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex((host, port))
        yield port, hosts


@contextmanager
def looking_up(monkeypatch: pytest.MonkeyPatch, found: Callable[[], list[str]]) -> Iterator[None]:
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host not in {"name.example", b"name.example"}:
            return real(host, port, *arguments, **options)
        return [one for address in found() for one in real(address, port, type=socket.SOCK_STREAM)]

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@kinds
def test_addresses_share_the_time(kind: Kind, silent: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    port, hosts = silent
    with looking_up(monkeypatch, lambda: hosts):

        @scenario(kind)
        async def _() -> None:
            begun = monotonic()
            calls = kind.calls_to(f"http://name.example:{port}/", time_left=lambda: begun + 0.4 - monotonic())
            with pytest.raises(httpx.ConnectTimeout):
                await calls.get()
            assert 0.2 < monotonic() - begun < 0.7
            assert not calls.sent


@kinds
def test_an_address_that_refuses_is_passed_over(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    with SocketServer(respond) as running, looking_up(monkeypatch, lambda: ["127.0.0.9", "127.0.0.8", "127.0.0.1"]):

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls_to(f"http://name.example:{running.port}/")
            assert await calls.get() == b"hello"
            await calls.close()


@kinds
def test_a_look_up_that_takes_all_the_time(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    left = 1.0

    def slow() -> list[str]:
        nonlocal left
        left = -1
        return ["127.0.0.1"]

    got: list[bytes] = []
    with SocketServer(lambda connection: got.append(connection.recv(1))) as running, looking_up(monkeypatch, slow):

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls_to(f"http://name.example:{running.port}/", time_left=lambda: left)
            with pytest.raises(httpx.ConnectTimeout):
                await calls.get()
            assert not calls.sent

        assert running.wait_until_open(0)
    assert not any(got)


@kinds
def test_a_server_that_drips(kind: Kind) -> None:
    def drip(connection: socket.socket) -> None:
        received(connection)
        for byte in RESPONSE:
            connection.sendall(bytes([byte]))
            connection.settimeout(0.05)
            try:
                connection.recv(1)
            except TimeoutError:
                continue

    with SocketServer(drip) as running:

        @scenario(kind)
        async def _() -> None:
            begun = monotonic()
            calls = kind.calls(running, time_left=lambda: begun + 0.3 - monotonic())
            with pytest.raises(httpx.ReadTimeout):
                await calls.get()
            assert monotonic() - begun < 0.6
            assert calls.sent

        assert running.wait_until_open(0)


@kinds
def test_a_host_that_cannot_be_one(kind: Kind) -> None:
    @scenario(kind)
    async def _() -> None:
        for host in ("a" * 64 + ".example", "nowhere.invalid"):
            calls = kind.calls_to(f"http://{host}/")
            with pytest.raises(httpx.ConnectError):
                await calls.get()
            assert not calls.sent


# TLS and proxies


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def encrypted(authority: trustme.CA, name: str, version: ssl.TLSVersion | None = None) -> tuple[Any, ssl.SSLContext]:
    ours, theirs = ssl.create_default_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.configure_trust(ours)
    authority.issue_cert(name).configure_cert(theirs)
    if version:
        theirs.maximum_version = version
    return theirs, ours


@pytest.mark.parametrize("when", ["after handshake", "after request", "in body"])
@pytest.mark.parametrize("what", ["garbage", "alert", "plain", "oversized"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@kinds
def test_tls_that_fails_after_the_handshake(
    kind: Kind, version: ssl.TLSVersion, what: str, when: str, authority: trustme.CA
) -> None:
    record = {
        "garbage": b"\x17\x03\x03\x00\x20" + b"\xee" * 32,
        "alert": b"\x15\x03\x03\x00\x02\x02\x28",
        "plain": RESPONSE,
        "oversized": b"\x17\x03\x03\xff\xff" + b"\xee" * 70000,
    }[what]
    theirs, ours = encrypted(authority, "127.0.0.1", version)

    def serve(connection: socket.socket) -> None:
        with connection.dup() as raw, theirs.wrap_socket(connection, server_side=True) as tls:
            if when != "after handshake":
                received(tls)
            if when == "in body":
                tls.sendall(RESPONSE[:-2])
            raw.sendall(record)
            while raw.recv(65536):
                pass

    with SocketServer(serve) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, "https", trust=ours)
            with pytest.raises(httpx.ReadError):
                await calls.get()
            assert calls.sent
            await calls.close()

        assert running.wait_until_open(0)


@kinds
def test_a_certificate_of_another(kind: Kind, authority: trustme.CA) -> None:
    theirs, ours = encrypted(authority, "other.example")
    with SocketServer(lambda connection: theirs.wrap_socket(connection, server_side=True).close()) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls(running, "https", trust=ours)
            with pytest.raises(httpx.ConnectError, match="verify failed"):
                await calls.get()
            assert not calls.sent

        assert running.wait_until_open(0)


@kinds
def test_a_proxy_is_told_ipv6_addresses_in_brackets(kind: Kind, authority: trustme.CA) -> None:
    heads: list[bytes] = []
    theirs, ours = encrypted(authority, "2001:db8::1")

    def serve(connection: socket.socket) -> None:
        heads.append(received(connection))
        connection.sendall(b"HTTP/1.1 200 go\r\n\r\n")
        with theirs.wrap_socket(connection, server_side=True) as tls:
            heads.append(received(tls))
            tls.sendall(RESPONSE)
            tls.recv(1)

    with SocketServer(serve) as running:

        @scenario(kind)
        async def _() -> None:
            proxy = f"http://127.0.0.1:{running.port}"
            calls = kind.calls_to("https://[2001:db8::1]/v1", proxy=proxy, trust=ours, brackets=True)
            assert await calls.get() == b"hello"
            await calls.close()

    assert heads[0].startswith(b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n")
    assert b"Host: [2001:db8::1]\r\n" in heads[1]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"HTTP/1.1 407 No\r\n\r\n", httpx.ProxyError),
        (b"", httpx.RemoteProtocolError),
        (b"garbage\r\n\r\n", httpx.RemoteProtocolError),
    ],
)
@kinds
def test_a_proxy_that_refuses(kind: Kind, reply: bytes, error: type[Exception]) -> None:
    def serve(connection: socket.socket) -> None:
        received(connection)
        connection.sendall(reply)

    with SocketServer(serve) as running:

        @scenario(kind)
        async def _() -> None:
            calls = kind.calls_to("https://nowhere.invalid/", proxy=f"http://127.0.0.1:{running.port}")
            with pytest.raises(error):
                await calls.get()
            assert not calls.sent  # but to the proxy

        assert running.wait_until_open(0)


@pytest.mark.parametrize("kind", KINDS[:2], ids=lambda kind: kind.name)
def test_vcrpy_records_and_plays(kind: Kind, tmp_path: Path) -> None:
    cassette = str(tmp_path / "cassette.yaml")

    @scenario(kind)
    async def _() -> None:
        with SocketServer(respond) as running:
            calls = kind.calls(running)
            with vcr.use_cassette(cassette):
                assert await calls.get() == b"hello"
            await calls.close()
        with vcr.use_cassette(cassette, record_mode=vcr.mode.NONE) as played:
            assert await calls.get() == b"hello"
            assert played.all_played
