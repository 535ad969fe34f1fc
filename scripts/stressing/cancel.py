"""Cancel calls at random moments, and see that no connection is lost. Prints a line for each way of cancelling."""

from __future__ import annotations

import argparse
import asyncio
import random
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from contextvars import ContextVar
from time import monotonic
from typing import Any

import anyio
import httpx
import psutil  # type: ignore[import-untyped]
import trustme

from stressing.pools import PoolCalls

LIMIT, IDLE = 100, 20
WIDTHS = (1, 20, 300)
KINDS = ("plain", "tls", "proxy")
end_of_call: ContextVar[float | None] = ContextVar("end_of_call", default=None)


def time_left() -> float | None:
    end = end_of_call.get()
    return None if end is None else end - monotonic()


class Server:
    """Responds to each request after a moment, and is a proxy as well; ``connections`` counts the open ones."""

    def __init__(self) -> None:
        ca = trustme.CA()
        self.trust, self._tls = ssl.create_default_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.configure_trust(self.trust)
        ca.issue_cert("127.0.0.1").configure_cert(self._tls)
        self.requests = 0
        self.ports: dict[str, int] = {}

    async def _respond(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                if head.startswith(b"CONNECT"):
                    writer.write(b"HTTP/1.1 200 go\r\n\r\n")
                    await self._relay(reader, writer)
                    break
                await asyncio.sleep(random.uniform(0, 0.002))  # noqa: S311
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 500)
                await writer.drain()
                await asyncio.sleep(0)
                writer.write(b"x" * 1500)
                await writer.drain()
        writer.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.ports["tls"])

        async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                while data := await source.read(65536):
                    sink.write(data)
                    await sink.drain()
            sink.close()

        await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))

    async def _main(self, ready: threading.Event, stop: asyncio.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), stop
        self._loop.set_exception_handler(lambda *_: None)  # clients that go away in the handshake
        async with AsyncExitStack() as stack:
            for kind, tls in (("plain", None), ("tls", self._tls), ("proxy", None)):
                server = await asyncio.start_server(self._respond, "127.0.0.1", 0, ssl=tls, backlog=1000)
                await stack.enter_async_context(server)
                self.ports[kind] = server.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Run in a thread."""
        ready, stop = threading.Event(), asyncio.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._main(ready, stop)), daemon=True)
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(stop.set)
            thread.join()


def open_sockets(port: int) -> int:
    """Count this process's connections to a port."""
    found = psutil.Process().net_connections("tcp")
    return sum(bool(one.raddr) and one.raddr.port == port and one.fd != -1 for one in found)


class Caller:
    """Makes calls, each of which has to end well when it isn't cancelled."""

    def __init__(self, server: Server, kind: str) -> None:
        self.port = server.ports[kind]
        self._calls = PoolCalls(
            f"{'http' if kind == 'plain' else 'https'}://127.0.0.1:{server.ports['tls' if kind == 'proxy' else kind]}/",
            proxy=f"http://127.0.0.1:{self.port}" if kind == "proxy" else None,
            trust=server.trust,
            time_left=time_left,
            max_connections=LIMIT,
            max_idle=IDLE,
        )
        self.close = self._calls.close
        self.completed = self.cancelled = 0
        self.errors: list[Exception] = []

    async def call(self) -> None:
        assert len(await self._calls.get()) == 2000  # noqa: S101, PLR2004 - what the server sends
        self.completed += 1


async def wait_for(call: Callable[[], Awaitable[None]], seconds: float) -> None:
    await asyncio.wait_for(call(), seconds)


async def timeout(call: Callable[[], Awaitable[None]], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await call()


async def cancel(call: Callable[[], Awaitable[None]], seconds: float, times: int = 1) -> None:
    task = asyncio.ensure_future(call())
    await asyncio.sleep(seconds)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await task
    if task.cancelled():
        raise TimeoutError


async def cancel_thrice(call: Callable[[], Awaitable[None]], seconds: float) -> None:
    await cancel(call, seconds, 3)


async def task_group(call: Callable[[], Awaitable[None]], seconds: float) -> None:
    async def fail() -> None:
        await asyncio.sleep(seconds)
        raise TimeoutError

    with suppress(BaseExceptionGroup):
        async with asyncio.TaskGroup() as group:
            failing = group.create_task(fail())
            await group.create_task(call())  # type: ignore[arg-type]
            failing.cancel()
        return
    raise TimeoutError


async def scope(call: Callable[[], Awaitable[None]], seconds: float) -> None:
    with anyio.fail_after(seconds):
        await call()


async def deadline(call: Callable[[], Awaitable[None]], seconds: float) -> None:
    end_of_call.set(monotonic() + seconds)
    try:
        await call()
    except httpx.TimeoutException as error:
        raise TimeoutError from error


WAYS: dict[str, tuple[Any, ...]] = {
    "asyncio": (wait_for, timeout, cancel, cancel_thrice, task_group, scope, deadline),
    "trio": (scope, deadline),
}


async def batch(caller: Caller, way: Any, width: int, longest: float) -> int:
    """Make calls at once, and cancel each after a time of its own; count the sockets while they are under way."""
    most = 0

    async def one() -> None:
        try:
            await way(caller.call, random.uniform(0, longest))  # noqa: S311
        except TimeoutError:
            caller.cancelled += 1
        except Exception as error:  # noqa: BLE001 - counted
            caller.errors.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(width):
            group.start_soon(one)
        if width > 1:
            await anyio.sleep(longest / 2)
            most = open_sockets(caller.port)
    return most


async def measure(
    server: Server, kind: str, way: Any, calls: int, widths: tuple[int, ...] = WIDTHS
) -> tuple[bool, str]:
    """Return whether all is well, and how it went."""
    caller, most = Caller(server, kind), 0
    for width in widths:
        begun = monotonic()
        async with anyio.create_task_group() as group:
            for _ in range(width):
                group.start_soon(caller.call)
        usual = monotonic() - begun
        left = calls // len(widths)
        while left > 0:
            most = max(most, await batch(caller, way, min(width, left), usual * 0.7))
            left -= width
    begun, at_once = monotonic(), min(max(widths), LIMIT)
    with anyio.move_on_after(20):
        async with anyio.create_task_group() as group:
            for _ in range(at_once):
                group.start_soon(caller.call)
    took = monotonic() - begun
    begun, completed = monotonic(), caller.completed
    with anyio.move_on_after(20):
        await caller.call()
    next_took, completed = monotonic() - begun, caller.completed - completed
    await anyio.sleep(0.01)
    idle = open_sockets(caller.port)
    await caller.close()
    await anyio.sleep(0.01)
    after = open_sockets(caller.port)
    well = completed == 1 and next_took < 1 and most <= LIMIT and idle <= IDLE and not after and not caller.errors
    return well, (
        f"{caller.cancelled:6} cancelled, {caller.completed:6} completed, {len(caller.errors)} errors;"
        f" then {at_once} at once in {took:.2f} s and one in {1000 * next_took:.1f} ms;"
        f" sockets: {most} at most, {idle} idle, {after} after aclose()"
        + (f"\n    {caller.errors[0]!r}" if caller.errors else "")
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--calls", type=int, default=900, help="calls for each way and kind of connection (900)")
    parser.add_argument("--connection", choices=KINDS, action="append", help="only this kind of connection")


def run(options: argparse.Namespace) -> int:
    bad = 0
    with Server().running() as server:
        for kind in options.connection or KINDS:
            for backend, ways in WAYS.items():
                for way in ways:
                    well, text = anyio.run(measure, server, kind, way, options.calls, backend=backend)
                    bad += not well
                    print(f"{'ok ' if well else 'BAD'} {kind:6}{backend:8}{way.__name__:13}{text}", flush=True)
    return bad
