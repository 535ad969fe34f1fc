"""Measure how the cost of ours grows with the number of images, and what many clients make of one rate limit."""

from __future__ import annotations

import argparse
import gc
import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median

import anyio
from attrs import asdict, define
from benchmarking.process import ServerProcess
from hcloud_images import AsyncClient, Client, RateLimitException, RetryPolicy
from hcloud_images_sandbox.server import Sandbox
from rich.console import Console
from rich.table import Table

BUILD = Path(__file__).resolve().parents[2] / "build"
TOKEN = "0" * 64
#: How often each size is timed, and how many images are fetched for that at least.
ROUNDS, AT_LEAST = 3, 20_000
#: The calls each client makes, requests an hour that the rate limit lets through, and what is left of it at first.
CALLS, LIMIT, LEFT = 6, 36_000, 100
#: How much more time or memory an image may take in a long list than in a short one.
MOST_GROWTH = 1.3
POLICIES = {
    "RetryPolicy()": RetryPolicy(),
    "RetryPolicy(wait_for_rate_limit=True)": RetryPolicy(wait_for_rate_limit=True),
}
console = Console(width=140)


@define
class Growth:
    """The cost of fetching this many images."""

    call: str
    images: int
    requests: int
    seconds: float
    microseconds_per_image: float
    peak_kilobytes: float


def get_all(client: Client) -> int:
    return len(client.images.get_all())


def iter_all(client: Client) -> int:
    return sum(1 for _ in client.images.iter_all())


def memory(server: ServerProcess, call: Callable[[Client], int], images: int) -> tuple[int, int]:
    """Return the requests for this many images, and the peak of bytes held."""
    with Client(TOKEN, server.url) as client:
        tracemalloc.start()
        # By then the caches of httpx and urllib are full, which stay as they are however many images follow.
        server.set(total=10_000)
        call(client)
        gc.collect()
        tracemalloc.reset_peak()
        server.set(total=images)
        found = call(client)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    if found != images:
        raise SystemExit(f"{call.__name__} gave {found} of {images} images")
    return server.set(), peak


def growth(server: ServerProcess, call: Callable[[Client], int], sizes: list[int]) -> list[Growth]:
    """Let the sizes take turns, so that other load on the machine affects all of them."""
    cost = {images: memory(server, call, images) for images in sizes}
    seconds: dict[int, list[float]] = {images: [] for images in sizes}
    with Client(TOKEN, server.url) as client:
        for _ in range(ROUNDS):
            for images, found in seconds.items():
                times = max(1, AT_LEAST // images)
                server.set(total=images)
                start = time.perf_counter()
                for _ in range(times):
                    call(client)
                found.append((time.perf_counter() - start) / times)
    return [
        Growth(
            call.__name__,
            images,
            requests,
            median(seconds[images]),
            median(seconds[images]) / images * 1e6,
            peak / 1024,
        )
        for images, (requests, peak) in cost.items()
    ]


@define
class Crowd:
    """What became of the calls of clients that share one rate limit."""

    policy: str
    calls: int
    failed: int
    failed_before_deadline: int
    requests: int
    refused: int
    seconds: float
    slowest_call: float
    slowest_by_fastest_client: float


async def crowd(sandbox: Sandbox, name: str, policy: RetryPolicy, members: int) -> Crowd:
    """Let each client make its calls one after the other, and all clients at once."""
    sandbox.control.rate_limit(LIMIT, LEFT)
    sandbox.control.clear_log()
    calls: list[float] = []
    failures: list[float] = []
    clients: list[float] = []
    start = time.perf_counter()

    async def member() -> None:
        async with AsyncClient(sandbox.token, sandbox.url, retry=policy) as client:
            for _ in range(CALLS):
                called = time.perf_counter()
                try:
                    await client.images.get_by_id(2001)
                except RateLimitException:
                    failures.append(time.perf_counter() - called)
                calls.append(time.perf_counter() - called)
        clients.append(time.perf_counter() - start)

    async with anyio.create_task_group() as group:
        for _ in range(members):
            group.start_soon(member)
    if len(calls) != members * CALLS:
        raise SystemExit(f"{len(calls)} of {members * CALLS} calls ended")
    log = sandbox.control.log
    return Crowd(
        name,
        len(calls),
        len(failures),
        sum(policy.deadline is None or after < policy.deadline for after in failures),
        len(log),
        sum(request.status == 429 for request in log),  # noqa: PLR2004 - as the API refuses
        max(clients),
        max(calls),
        max(clients) / min(clients),
    )


def show(title: str, rows: list[Growth] | list[Crowd]) -> None:
    table = Table(*(name.replace("_", " ") for name in asdict(rows[0])), title=title)
    for row in rows:
        table.add_row(*(f"{value:,.2f}" if isinstance(value, float) else f"{value}" for value in asdict(row).values()))
    console.print(table)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000], help="numbers of images")
    parser.add_argument("--clients", type=int, default=50, help="that share one rate limit")


def run(options: argparse.Namespace) -> int:
    with ServerProcess() as server:
        grown = growth(server, get_all, options.sizes) + growth(server, iter_all, options.sizes)
    show("growth", grown)
    found = {(one.call, one.images): one for one in grown}
    small, large = sorted(options.sizes)[-3:][0], max(options.sizes)
    ratios = {
        "get_all_time_per_image": found["get_all", large].microseconds_per_image
        / found["get_all", small].microseconds_per_image,
        "iter_all_peak": found["iter_all", large].peak_kilobytes / found["iter_all", small].peak_kilobytes,
    }
    for name, ratio in ratios.items():
        console.print(f"{name}, {large:,} images ÷ {small:,} images: {ratio:.2f} (at most {MOST_GROWTH:.2f})")
    with Sandbox(validate=False) as sandbox:
        crowds = [anyio.run(crowd, sandbox, *policy, options.clients) for policy in POLICIES.items()]
    show(f"{options.clients} clients, {CALLS} calls each, {LEFT} requests left of {LIMIT:,} an hour", crowds)
    written = {"growth": [asdict(one) for one in grown], "ratios": ratios, "crowds": [asdict(one) for one in crowds]}
    BUILD.mkdir(exist_ok=True)
    (BUILD / "scale.json").write_text(json.dumps(written, indent=1) + "\n")
    return int(max(ratios.values()) > MOST_GROWTH)
