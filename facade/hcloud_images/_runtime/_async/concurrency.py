"""What tasks and threads do in ways of their own; here for tasks. ``_sync/concurrency.py`` does it for threads."""

from __future__ import annotations

import socket
from contextlib import nullcontext, suppress
from typing import cast

import anyio
import anyio.lowlevel
import httpcore

#: Between two ``await`` no other task runs.
Lock = nullcontext[None]


def shield() -> anyio.CancelScope:
    """Let the block end before the task is cancelled; asyncio's own cancellation gets through."""
    return anyio.CancelScope(shield=True)


def new_backend() -> httpcore.AsyncNetworkBackend:
    """Return what opens connections; on trio as well. It tries the addresses of a name side by side."""
    return cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())


class Turn:
    """Waits until it is given."""

    def __init__(self) -> None:
        self._given = anyio.Event()

    def give(self) -> None:
        """End the waiting."""
        self._given.set()

    async def wait(self, timeout: float | None) -> bool:
        """Return whether it was given in time."""
        with anyio.move_on_after(timeout):
            await self._given.wait()
            return True
        return False


def current_loop() -> object:
    """Return what runs this task; ``None``: nothing does."""
    with suppress(RuntimeError):
        return anyio.lowlevel.current_token()
    return None


async def close_stream(stream: httpcore.AsyncNetworkStream, loop: object) -> None:
    """Close a stream of an event loop, which may be over or run elsewhere: then only the peer is told."""
    if current_loop() == loop:
        await stream.aclose()
        return
    with suppress(Exception):
        own = stream.get_extra_info("socket")
        with socket.fromfd(own.fileno(), own.family, own.type) as duplicate:
            duplicate.shutdown(socket.SHUT_RDWR)
