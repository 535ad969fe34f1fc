"""Create, label, wait for and delete images for minutes, from threads and tasks, while everything fails now and then.

In the end the sandbox's books and what the workers know have to agree: no image lost, none created twice.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import anyio
import psutil  # type: ignore[import-untyped]
from attrs import define, field
from hcloud_images import AsyncClient, Client, ConflictException, HCloudException, NotFoundException, RetryPolicy
from hcloud_images.servers import Server
from hcloud_images_sandbox import Sandbox

THREADS, TASKS = 16, 100
LABEL = "soak"
FAULTS: list[dict[str, Any]] = [
    {"drop": True, "effect": True},
    {"drop": True, "effect": False},
    {"cut": True},
    {"status": 502, "effect": True},
    {"status": 503},
    {"status": 504, "effect": True},
    {"status": 500, "effect": True},
    {"code": "rate_limit_exceeded"},
    {"delay": 0.3},
]


def serve(pipe: Connection) -> None:
    """Run the sandbox in a process of its own, let it fail at random, and give its books in the end."""
    chance = random.Random(0)  # noqa: S311 - the same each time
    with Sandbox(validate=False) as sandbox:
        sandbox.control.rate_limit(10_000_000, 10_000_000)
        sandbox.control.durations(create_image=0.02)
        servers = [server["id"] for server in sandbox.control.state()["servers"]]
        pipe.send((sandbox.url, sandbox.token, servers))
        made = 0
        while not pipe.poll(0.05):
            sandbox.control.faults([chance.choice(FAULTS) for _ in range(chance.randint(0, 2))])
            sandbox.control.clear_log()
            made += 1
        sandbox.control.faults([])
        pipe.recv()
        time.sleep(1)  # what clients gave up on may still be under way
        pipe.send([image for image in sandbox.control.state()["images"] if LABEL in image["labels"]])


@define
class Tally:
    """What the workers know: which runs have an image, and what happened."""

    kept: dict[str, int] = field(factory=dict)
    happened: Counter[str] = field(factory=Counter)
    unsure: set[str] = field(factory=set)
    lock: Any = field(factory=threading.Lock)

    def note(self, what: str) -> None:
        with self.lock:
            self.happened[what] += 1


async def create(client: Any, server: int, run: str, tally: Tally, done: Callable[[Any], Awaitable[Any]]) -> Any:
    """Create an image exactly once, despite all failures."""
    labels = {LABEL: run}
    while True:
        try:
            return (await done(client.servers.create_image(Server(id=server), labels=labels))).image
        except ConflictException:
            tally.note("server was locked")
            await done(client._caller.sleep(0.05))
        except HCloudException as error:
            tally.note(f"creation: {type(error).__name__}")
            found = await sure(partial(client.servers.find_created_image, Server(id=server), labels), tally, done)
            if found is not None:
                tally.note("creation was found")
                return found


async def sure(call: Callable[[], Any], tally: Tally, done: Callable[[Any], Awaitable[Any]]) -> Any:
    """Repeat what may be repeated until it is done."""
    while True:
        try:
            return await done(call())
        except (ConflictException, NotFoundException):
            raise
        except HCloudException as error:
            tally.note(f"repeated: {type(error).__name__}")


async def work(client: Any, name: str, servers: list[int], end: float, tally: Tally, done: Any) -> None:
    """Have images made, labelled, waited for and deleted; keep every tenth."""
    chance = random.Random(name)  # noqa: S311 - the same each time
    number = 0
    while time.monotonic() < end:
        number += 1
        run = f"{name}-{number}"
        image = await create(client, chance.choice(servers), run, tally, done)
        with tally.lock:
            tally.kept[run] = image.id
        while True:
            try:
                await sure(partial(client.images.update, image, description=run), tally, done)
                break
            except ConflictException:
                await done(client._caller.sleep(0.02))
        actions = await sure(partial(client.images.get_actions, image), tally, done)
        await sure(partial(client.actions.wait, actions, interval=0.02), tally, done)
        if number % 10:
            try:
                await sure(partial(client.images.delete, image), tally, done)
            except NotFoundException:
                tally.note("was deleted by a try before")
            with tally.lock:
                del tally.kept[run]
        tally.note("images")


async def at_once(value: Any) -> Any:
    return value


def threads(endpoint: str, token: str, servers: list[int], end: float, tally: Tally) -> list[threading.Thread]:
    def run(client: Client, name: str) -> None:
        async def main() -> None:
            await work(client, name, servers, end, tally, at_once)

        # The same worker for both kinds of client: with the sync one it never gives way.
        try:
            main().send(None)
        except StopIteration:
            return

    client = Client(token, endpoint, retry=RetryPolicy(deadline=10))
    made = [threading.Thread(target=run, args=(client, f"thread{number}")) for number in range(THREADS)]
    for thread in made:
        thread.start()
    return made


async def tasks(endpoint: str, token: str, servers: list[int], end: float, tally: Tally) -> None:
    async def awaited(coming: Any) -> Any:
        return await coming

    async with (
        AsyncClient(token, endpoint, retry=RetryPolicy(deadline=10)) as client,
        anyio.create_task_group() as group,
    ):
        for number in range(TASKS):
            group.start_soon(work, client, f"task{number}", servers, end, tally, awaited)


def watch(end: float, seen: list[tuple[float, int, int]]) -> None:
    process = psutil.Process()
    start = time.monotonic()
    while time.monotonic() < end:
        time.sleep(1)
        seen.append((time.monotonic() - start, process.memory_info().rss, process.num_fds()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
    server.start()
    endpoint, token, servers = ours.recv()
    tally = Tally()
    seen: list[tuple[float, int, int]] = []
    end = time.monotonic() + options.seconds
    watcher = threading.Thread(target=watch, args=(end, seen))
    watcher.start()
    running = threads(endpoint, token, servers, end, tally)
    anyio.run(tasks, endpoint, token, servers, end, tally)
    for thread in [*running, watcher]:
        thread.join()
    ours.send(None)
    images = ours.recv()
    server.join()
    for what, count in sorted(tally.happened.items()):
        print(f"{what:40} {count:8}")
    fifth = max(1, len(seen) // 5)
    early, late = seen[fifth : 2 * fifth], seen[-fifth:]
    memory = [max(one[1] for one in part) / 2**20 for part in (early, late)]
    print(f"memory, second fifth and last: {memory[0]:.0f} MiB, {memory[1]:.0f} MiB")
    print(f"descriptors: {max(one[2] for one in early)}, {max(one[2] for one in late)}")
    booked = Counter(image["labels"][LABEL] for image in images)
    twice = [run for run, count in booked.items() if count > 1]
    lost = tally.kept.keys() - booked.keys()
    unknown = booked.keys() - tally.kept.keys()
    print(f"images kept {len(tally.kept)}, in the books {len(images)}; twice {twice}, lost {lost}, unknown {unknown}")
    return bool(twice or lost or unknown)


if __name__ == "__main__":
    sys.exit(main())
