"""``python -m hcloud_images_sandbox``: run a sandbox until it is stopped."""

from __future__ import annotations

import argparse
import signal
import sys
from threading import Event

from hcloud_images_sandbox.seed import SEEDS
from hcloud_images_sandbox.server import Sandbox
from hcloud_images_sandbox.state import READONLY_TOKEN, TOKEN


def main() -> None:
    parser = argparse.ArgumentParser(
        "python -m hcloud_images_sandbox",
        description="A local server that behaves like the images API, until Ctrl-C; prints its URL and token.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--token", default=TOKEN, help="the API token that it accepts")
    parser.add_argument("--readonly-token", default=READONLY_TOKEN, help="a token that may only read")
    parser.add_argument("--images", type=int, default=0, metavar="N", help="add snapshots until there are N images")
    parser.add_argument("--seed", choices=SEEDS, default="standard", help="what it contains at the start")
    parser.add_argument(
        "--no-validate",
        action="store_false",
        dest="validate",
        default=argparse.SUPPRESS,
        help="don't validate requests and responses against the description, which is faster",
    )
    options = vars(parser.parse_args())

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Sandbox(**options) as sandbox:
            print(f"sandbox ready: {sandbox.url} (token: {sandbox.token})", flush=True)
            print(f"Ctrl-C stops it; {sandbox.origin}/_control shows and changes what it does", flush=True)
            stop.wait()
    except OSError as error:
        reason = error.strerror or error
        sys.exit(f"can't listen on {options['host']}, port {options['port']}: {reason}; try another --host or --port")


def _port(text: str) -> int:
    if not 0 <= (port := int(text)) <= 65535:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"must be between 0 and 65535, got {text}")
    return port


if __name__ == "__main__":
    main()
