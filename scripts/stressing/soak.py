"""Create, label, wait for and delete images for minutes, from threads and tasks, while requests fail at random.

In the end the sandbox has the images that the workers know: none lost, none created twice.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

import anyio
import psutil  # type: ignore[import-untyped]
from attrs import define, field
from hcloud_images import AsyncClient, Client, ConflictException, HCloudException, NotFoundException, RetryPolicy
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox

from stressing.faults import RandomFaults
from stressing.pools import done

THREADS, TASKS = 16, 100
LABEL = "soak"


def serve(pipe: Connection) -> None:
    """Run the sandbox in a process of its own, and send its images in the end."""
    with Sandbox(validate=False) as sandbox:
        control = sandbox.control
        control.rate_limit(10_000_000, 10_000_000)
        control.durations(create_image=0.02)
        pipe.send((sandbox.url, sandbox.token, [server["id"] for server in control.state()["servers"]]))
        RandomFaults.of(sandbox, 0.05, random.Random(0))  # noqa: S311 - the same each time
        pipe.recv()
        time.sleep(1)  # what clients gave up on may still be under way
        pipe.send([image for image in control.state()["images"] if LABEL in image["labels"]])


@define
class Tally:
    """What the workers know: which runs have an image, and what happened."""

    kept: dict[str, int] = field(factory=dict)
    happened: Counter[str] = field(factory=Counter)
    lock: Any = field(factory=threading.Lock)

    def note(self, what: str) -> None:
        with self.lock:
            self.happened[what] += 1


async def repeat(call: Callable[[], Any], tally: Tally) -> Any:
    """Repeat what may be repeated until it is done."""
    while True:
        try:
            return await done(call())
        except NotFoundException:
            raise
        except HCloudException as error:
            tally.note(f"repeated: {type(error).__name__}")
            await anyio.sleep(0.02)


async def create(client: Any, server: Server, run: str, tally: Tally) -> Any:
    """Create an image exactly once, despite all failures."""
    labels = {LABEL: run}
    while True:
        try:
            return (await done(client.servers.create_image(server, labels=labels))).image
        except ConflictException:
            tally.note("server was locked")
            await anyio.sleep(0.05)
        except HCloudException as error:
            tally.note(f"creation: {type(error).__name__}")
            found = await repeat(partial(client.servers.find_created_image, server, labels), tally)
            if found is not None:
                tally.note("creation was found")
                return found


async def work(client: Any, name: str, servers: list[int], end: float, tally: Tally) -> None:
    """Have images made, labelled, waited for and deleted; keep every tenth."""
    chance = random.Random(name)  # noqa: S311 - the same each time
    for number in count(1):
        if time.monotonic() >= end:
            return
        run = f"{name}-{number}"
        image = await create(client, Server(id=chance.choice(servers)), run, tally)
        tally.kept[run] = image.id
        await repeat(partial(client.images.update, image, description=run), tally)
        actions = await repeat(partial(client.images.get_actions, image), tally)
        await repeat(partial(client.actions.wait, actions, interval=0.02), tally)
        if number % 10:
            try:
                await repeat(partial(client.images.delete, image), tally)
            except NotFoundException:
                tally.note("was deleted by a try before")
            del tally.kept[run]
        tally.note("images")


async def tasks(endpoint: str, token: str, *arguments: Any) -> None:
    async with (
        AsyncClient(token, endpoint, retry=RetryPolicy(deadline=10)) as client,
        anyio.create_task_group() as group,
    ):
        for number in range(TASKS):
            group.start_soon(work, client, f"task{number}", *arguments)


def watch(end: float, seen: list[tuple[int, int]]) -> None:
    """Note memory and descriptors of this process each second."""
    process = psutil.Process()
    while time.monotonic() < end:
        time.sleep(1)
        seen.append((process.memory_info().rss, process.num_fds()))


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=int, default=600)


def run(options: argparse.Namespace) -> int:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
    server.start()
    endpoint, token, servers = ours.recv()
    tally = Tally()
    seen: list[tuple[int, int]] = []
    end = time.monotonic() + options.seconds
    client = Client(token, endpoint, retry=RetryPolicy(deadline=10))
    threads = [
        # The sync client in the same worker, in an event loop of its own.
        threading.Thread(target=anyio.run, args=(work, client, f"thread{number}", servers, end, tally))
        for number in range(THREADS)
    ]
    threads.append(threading.Thread(target=watch, args=(end, seen)))
    for thread in threads:
        thread.start()
    anyio.run(tasks, endpoint, token, servers, end, tally)
    for thread in threads:
        thread.join()
    ours.send(None)
    images = ours.recv()
    server.join()
    for what, number in sorted(tally.happened.items()):
        print(f"{what:40} {number:8}")
    fifth = max(1, len(seen) // 5)
    (early, early_descriptors), (late, late_descriptors) = (
        map(max, zip(*part, strict=True)) for part in (seen[fifth : 2 * fifth] or seen, seen[-fifth:])
    )
    print(f"memory, second fifth and last: {early / 2**20:.0f} MiB, {late / 2**20:.0f} MiB")
    print(f"descriptors: {early_descriptors}, {late_descriptors}")
    there = Counter(image["labels"][LABEL] for image in images)
    twice = [run for run, number in there.items() if number > 1]
    lost, unknown = tally.kept.keys() - there.keys(), there.keys() - tally.kept.keys()
    print(f"images kept {len(tally.kept)}, in the sandbox {len(images)}; twice {twice}, lost {lost}, unknown {unknown}")
    return bool(twice or lost or unknown)
