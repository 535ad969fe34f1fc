"""Every fault, under every kind of operation, sync and async: a right value or our error, in time, and nothing is left.

Calls share the time they wait: those of one fault run side by side, each with a server and a client of its own.
"""

from __future__ import annotations

import asyncio
import gc
import io
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
import rich.console
import rich.traceback
from hcloud_images import AsyncClient, Client, HCloudException, RetryPolicy
from hcloud_images.core import BaseDomain
from hcloud_images.images import Image
from hcloud_images.servers import Server
from token_leaks import TOKEN

from faults.certificates import Certificates
from faults.conftest import Result
from faults.faults import FAULTS, Fault, start_server
from faults.server import FaultServer

#: Seconds for each call, and after which the test itself takes it for hanging.
DEADLINE, HANGING = 0.4, 10.0
#: Seconds where a retry has to bring the right value; its wait is up to half a second.
PATIENT = 3.0
#: Whose errors are rendered by rich too, which takes a second for each: one of each kind.
RENDERED = {
    "reset_after_accept",
    "silent_after_the_request",
    "http_garbage",
    "body_html",
    "type_image_number",
    "status_404",
    "limit_far_away",
    "redirect_302",
    "tls_self_signed",
}
OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "read": lambda client: client.images.get_by_id(1),
    "list": lambda client: client.images.get_all(),
    "update": lambda client: client.images.update(Image(id=1), description="x"),
    "delete": lambda client: client.images.delete(Image(id=1)),
    "create": lambda client: client.servers.create_image(Server(id=42), description="x"),
    "wait": lambda client: client.actions.wait([1], interval=0.01),
}
CALLS = [(operation, mode) for operation in OPERATIONS for mode in ("sync", "async")]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def read_all(value: Any) -> None:
    """Read all of a value, as a program would; what can't be read has to say so in our words."""
    for one in value if isinstance(value, list) else [value]:
        assert one is True or isinstance(one, BaseDomain), one
        if isinstance(one, BaseDomain):
            for name in one.__attrs_attrs__:  # type: ignore[attr-defined]
                try:
                    getattr(one, name.name)
                except HCloudException:
                    continue
        assert TOKEN not in repr(one)


def make_call(
    fault: Fault, operation: str, mode: str, options: dict[str, Any]
) -> tuple[float, Any, BaseException | None]:
    """Make one call; return how long it took, and what came of it."""
    call = OPERATIONS[operation]
    start = 0.0

    async def asynchronous() -> Any:
        nonlocal start
        async with AsyncClient(TOKEN, **options) as client:
            start = time.monotonic()
            try:
                return await call(client)
            finally:
                left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
                assert left == []

    try:
        if mode == "async":
            value = anyio.run(asynchronous)
        else:
            with Client(TOKEN, **options) as client:
                start = time.monotonic()
                value = call(client)
    except Exception as error:  # noqa: BLE001 - looked at by the caller
        return time.monotonic() - start, None, error
    return time.monotonic() - start, value, None


def render(error: BaseException) -> str:
    """Render an error in every way that someone may: with variables, and with all that led to it."""
    text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return f"{text} {error} {error!r} {error.args!r} {vars(error)!r}"


def sockets() -> int:
    folder = Path("/proc/self/fd")
    return sum(1 for one in folder.iterdir() if _target(one).startswith("socket:")) if folder.exists() else 0


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, certificates: Certificates, results: list[Result]) -> None:
    gc.collect()
    threads, before = set(threading.enumerate()), sockets()
    deadline = PATIENT if fault.harmless else DEADLINE
    retry = RetryPolicy(deadline=deadline)

    def one(case: tuple[str, str]) -> tuple[Result, BaseException | None]:
        operation, mode = case
        server, address = start_server(fault, certificates)
        options: dict[str, Any] = {"retry": retry, "timeout": 5.0, "max_body": 4_000_000, **address}
        seconds, value, error = make_call(fault, operation, mode, options)
        server.close()
        assert seconds < HANGING
        if error is None:
            read_all(value)
        else:
            assert isinstance(error, HCloudException), render(error)
        # A creation of which the whole request was read may have taken effect; a rate limit tells that it hasn't.
        posted = [entry for entry in server.requests if entry.startswith("POST")]
        limited = "429" in fault.name or fault.name.startswith("limit_")
        assert limited or len(posted) <= 1, f"paid {len(posted)} times"
        if fault.harmless and (operation != "create" or limited):
            assert error is None, render(error)
        end = "value" if error is None else type(error).__name__
        return Result(fault.name, operation, mode, end, max(0.0, seconds - deadline)), error

    with ThreadPoolExecutor(len(CALLS)) as pool:
        found = list(pool.map(one, CALLS))
    for result, error in found:
        results.append(result)
        if error is not None:
            assert TOKEN not in render(error), result
    errors = [error for _, error in found if error is not None]
    if fault.name in RENDERED:
        console = rich.console.Console(file=io.StringIO(), width=200)
        for error in errors[:2]:
            made = rich.traceback.Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True)
            console.print(made)
        assert errors
        assert TOKEN not in console.file.getvalue()  # type: ignore[attr-defined]
    del found, errors
    gc.collect()
    assert set(threading.enumerate()) - threads == set()
    assert sockets() <= before


def test_right_certificate_is_trusted(certificates: Certificates) -> None:
    server = FaultServer(lambda link: link.read() and link.respond(), tls=certificates.server("right"))
    try:
        endpoint = f"https://127.0.0.1:{server.port}/v1"
        with Client(TOKEN, endpoint, verify=certificates.verify) as client:
            assert client.images.get_by_id(1).id == 1
    finally:
        server.close()
