"""``python -m hcloud_images_sandbox``: run a sandbox until it is told to stop."""

from __future__ import annotations

import argparse
import signal
from threading import Event

from hcloud_images_sandbox.seed import SEEDS
from hcloud_images_sandbox.server import Sandbox


def main() -> None:
    parser = argparse.ArgumentParser("python -m hcloud_images_sandbox", description="A stand-in for the images API.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--images", type=int, default=0, metavar="N", help="add snapshots until there are N images")
    parser.add_argument("--seed", choices=SEEDS, default="standard", help="what it holds at the start")
    parser.add_argument("--no-validate", action="store_true", help="don't hold requests and answers to the description")
    arguments = parser.parse_args()

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Sandbox(
        host=arguments.host,
        port=arguments.port,
        images=arguments.images,
        seed=arguments.seed,
        validate=not arguments.no_validate,
    ) as sandbox:
        print(f"sandbox ready: {sandbox.url} (token: {sandbox.token})", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
