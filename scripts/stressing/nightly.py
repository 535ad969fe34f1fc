"""Run the nightly job over many servers while requests fail, kill it at a random moment, and run it again.

After each night the sandbox has one snapshot of each server for each night that is kept: none created twice, none
lost, and everything else is as it was.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import define, field
from hcloud_images import Client
from hcloud_images.recipes import nightly
from hcloud_images_sandbox import Sandbox

from stressing.faults import RandomFaults

SCRIPTS = Path(__file__).parents[1]
KEEP = 7
FIRST_NIGHT = datetime(2026, 5, 1, 3, tzinfo=UTC)
LABELS = {"nightly": "yes"}
SELECTOR = "nightly=yes"


class VirtualClock:
    """Lets no wait of a client take real time."""

    def __init__(self) -> None:
        self._now = time.monotonic()

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


@define
class Nights:
    """A sandbox with many servers, and what it has to have after each night."""

    sandbox: Sandbox
    servers: int
    share: float
    chance: random.Random
    faults: RandomFaults = field(init=False)
    ids: list[int] = field(init=False)
    #: Ids of the snapshots that were there after a night, by night and server.
    known: dict[tuple[str, int], int] = field(factory=dict)
    _others: dict[int, Any] = field(factory=dict)
    _nights: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        control = self.sandbox.control
        self.ids = [control.add_server(f"node-{number}", LABELS) for number in range(self.servers)]
        control.rate_limit(10_000_000, 10_000_000)
        self._others = self._images()
        self.faults = RandomFaults.of(self.sandbox, self.share, self.chance)

    def begin(self) -> str:
        """Let the next night come; return its name."""
        night = FIRST_NIGHT + timedelta(days=len(self._nights))
        self.sandbox.control.freeze(night.timestamp())
        self.sandbox.control.auto_advance(0.05)
        # At once: no lock of the server hides a creation that is sent again.
        self.sandbox.control.durations(create_image=self.chance.choice([0.01, 3]))
        self.sandbox.control.clear_log()
        self._nights.append(night.date().isoformat())
        return self._nights[-1]

    def _images(self) -> dict[int, Any]:
        return {image["id"]: image for image in self.sandbox.control.state()["images"]}

    def problems(self, kept: set[int]) -> list[str]:
        """Compare what is there with what has to be, and with what the last run says it kept."""
        images = self._images()
        own = {id: image for id, image in images.items() if id not in self._others}
        found: dict[tuple[str, int], list[int]] = {}
        for id, image in own.items():
            found.setdefault((image["labels"]["nightly/night"], image["created_from"]["id"]), []).append(id)
        expected = {(night, id) for night in self._nights[-KEEP:] for id in self.ids}
        created = max(own, default=0) - 10_000  # the sandbox counts the images that it ever created
        problems = [f"{key}: created twice: {several}" for key, several in found.items() if len(several) > 1]
        problems += [f"{key}: lost" for key in expected - found.keys()]
        problems += [f"{key}: not deleted" for key in found.keys() - expected]
        problems += [f"{key}: made again" for key, [id, *_] in found.items() if self.known.get(key, id) != id]
        problems += [f"image {id}: {image['status']}" for id, image in own.items() if image["status"] != "available"]
        if created != len(self._nights) * self.servers:
            problems.append(f"{created} created, not {len(self._nights)} nights of {self.servers} servers")
        if kept != own.keys():
            problems.append(f"the last run says it kept {len(kept)}, of {len(own)} that are there")
        if {id: images.get(id) for id in self._others} != self._others:
            problems.append("images of others were touched")
        self.known.update({key: several[0] for key, several in found.items()})
        return problems


def run_job(endpoint: str, token: str, night: str) -> None:
    """Run the job once, in a process of its own, and print what it reports."""
    with Client(token, endpoint, clock=VirtualClock()) as client:
        print("begun", flush=True)
        report = nightly(client, label_selector=SELECTOR, night=night, keep=KEEP)
    kept = [image.id for image in report.kept]
    print(json.dumps({"kept": kept, "failed": [str(failure) for failure in report.failed]}))


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--servers", type=int, default=200)
    parser.add_argument("--nights", type=int, default=50)
    parser.add_argument("--share", type=float, default=0.05, help="share of requests that fail")
    parser.add_argument("--seed", type=int, default=0)


def run(options: argparse.Namespace) -> int:
    chance = random.Random(options.seed)  # noqa: S311 - the same each time
    with Sandbox(validate=False) as sandbox:
        return stress(Nights(sandbox, options.servers, options.share, chance), options.nights)


def start(nights: Nights, night: str) -> subprocess.Popen[str]:
    sandbox = nights.sandbox
    command = [sys.executable, "-m", "stressing.nightly", sandbox.url, sandbox.token, night]
    process = subprocess.Popen(command, cwd=SCRIPTS, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101
    process.stdout.readline()
    return process


def stress(nights: Nights, count: int) -> int:
    """Go through many nights; return how many of them had a problem."""
    bad, killed, runs, requests, took = 0, Counter[str](), Counter[int](), 0, nights.servers / 50
    began = time.monotonic()
    for _ in range(count):
        night = nights.begin()
        process = start(nights, night)
        start_of_run = time.monotonic()
        try:
            process.wait(nights.chance.uniform(0, took))
            took = time.monotonic() - start_of_run
        except subprocess.TimeoutExpired:
            process.kill()
            took *= 1.1  # so that now and then one comes to its end, which says how long it takes
        process.communicate()
        log = nights.sandbox.control.log
        phase = "deleting" if any(one.method == "DELETE" for one in log) else "waiting"
        phase = phase if any(one.path == "/v1/actions" for one in log) else "creating" if log else "nothing yet"
        killed["after its end" if process.returncode == 0 else phase] += 1
        number = 0
        while True:
            number += 1
            output, _ = (process := start(nights, night)).communicate()
            if process.returncode:
                continue  # a listing failed, say; it can be run again
            report = json.loads(output)
            if not report["failed"]:
                break
        runs[number] += 1
        requests += nights.sandbox.control.count
        problems = nights.problems(set(report["kept"]))
        bad += bool(problems)
        print(night, "; ".join(problems[:5]) or "right", f"({number} runs after the kill)", flush=True)
    print(f"{count} nights, {nights.servers} servers, {time.monotonic() - began:.0f} s: {bad} nights with a problem")
    print(f"killed while: {dict(killed)}; runs after the kill: {dict(sorted(runs.items()))}")
    print(f"{requests} requests, {nights.faults.happened.total()} of them spoiled:")
    for what, number in sorted(nights.faults.happened.items()):
        print(f"{number:8} {what}")
    return bad


if __name__ == "__main__":
    run_job(*sys.argv[1:])
