"""What the official client makes of the same faults, beside ours: `make faults OFFICIAL=1`.

Each read is a process of its own: some never end, and some take all the memory there is.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from faults.certificates import Certificates
from faults.faults import FAULTS, Fault, start_server

TOKEN = "canary" * 10
#: Seconds: what both clients are given as their timeout, ours as its deadline, and what both have.
TIMEOUT, DEADLINE, LIMIT = 2.0, 5.0, 30.0
MEMORY = 2 * 1024**3
READS: dict[str, Callable[[Any], Any]] = {
    "read": lambda client: client.images.get_by_id(1),
    "list": lambda client: client.images.get_all(),
}
ENDS = ("value", "its own error", "another library's error", "killed", f"running after {LIMIT:.0f} s")


def ours(options: dict[str, Any]) -> Any:
    from hcloud_images import Client, RetryPolicy  # noqa: PLC0415 - each process loads only what it uses

    return Client(TOKEN, timeout=TIMEOUT, retry=RetryPolicy(deadline=DEADLINE), **options)


def official(options: dict[str, Any]) -> Any:
    os.environ["REQUESTS_CA_BUNDLE"] = options["verify"]
    from hcloud import Client  # noqa: PLC0415

    return Client(TOKEN, options["api_endpoint"], timeout=TIMEOUT)


CLIENTS = {"ours": ours, "official": official}


def _child(who: str, operation: str, options: dict[str, Any], pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    start = time.monotonic()
    try:
        READS[operation](CLIENTS[who](options))
    except BaseException as error:  # noqa: BLE001 - whatever comes is counted
        family = type(error).__module__.startswith("hcloud")
        try:
            text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        except Exception:  # noqa: BLE001 - of values that can't be shown
            text = ""
        end = ENDS[1] if family else f"{ENDS[2]}: {type(error).__module__.partition('.')[0]}.{type(error).__name__}"
        pipe.send((end, time.monotonic() - start, TOKEN in text))
    else:
        pipe.send((ENDS[0], time.monotonic() - start, False))


def ended(fault: Fault, operation: str, who: str, certificates: Certificates) -> tuple[str, float, bool]:
    """Let a client read under a fault; tell how that ended, after how long, and whether the token was shown."""
    server, options = start_server(fault, certificates)
    context = multiprocessing.get_context("forkserver")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(who, operation, options, theirs))
    process.start()
    theirs.close()
    found: tuple[str, float, bool] = ENDS[4], LIMIT, False
    with suppress(EOFError):
        if mine.poll(LIMIT):
            found = ENDS[3], 0.0, False
            found = mine.recv()
    process.kill()
    process.join()
    server.close()
    return found


def main() -> None:
    """Print a table: how the reads ended, for both clients."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(
        ["hcloud", "hcloud_images", "faults.official_comparison"]
    )
    cases = [(fault, operation, who) for fault in FAULTS for operation in READS for who in CLIENTS]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(12) as pool:
        certificates = Certificates(Path(folder))
        found = list(pool.map(lambda case: ended(*case, certificates), cases))
    print(f"{len(FAULTS)} faults, {len(READS)} reads of each; timeout {TIMEOUT:.0f} s")  # noqa: T201
    for who in CLIENTS:
        results = [(case, end) for case, end in zip(cases, found, strict=True) if case[2] == who]
        ends = Counter(end.partition(":")[0] for _, (end, _, _) in results)
        others = Counter(end.partition(": ")[2] for _, (end, _, _) in results if ":" in end)
        counts = ", ".join(f"{ends[end]} {end}" for end in ENDS)
        late = sum(seconds > DEADLINE + TIMEOUT for _, (_, seconds, _) in results)
        shown = sum(token for _, (_, _, token) in results)
        print(f"{who:9} {counts}; {late} took over {DEADLINE + TIMEOUT:.0f} s; token in {shown} tracebacks")  # noqa: T201
        if others:
            print(f"{'':9} {', '.join(f'{count} {name}' for name, count in others.most_common())}")  # noqa: T201
        if "-v" in sys.argv:
            for (fault, operation, _), end in results:
                print(f"{who:9} {fault.name:50} {operation:5} {end}")  # noqa: T201
