"""Runs a sandbox in a thread of this process."""

from __future__ import annotations

import asyncio
import socket
from threading import Event, Thread
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from hcloud_images_sandbox.app import CLOSE_EXTENSION, make_app
from hcloud_images_sandbox.control import Control
from hcloud_images_sandbox.description import PREFIX
from hcloud_images_sandbox.seed import Seed
from hcloud_images_sandbox.state import READONLY_TOKEN, TOKEN, Start, State


class _Protocol(H11Protocol):
    """HTTP as uvicorn speaks it, except that the application may close the connection without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def app_that_can_close(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {CLOSE_EXTENSION: transport.close}
            await app(scope, receive, send)

        self.app = app_that_can_close


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small packets at once only where it sees that the protocol is TCP, and 0 doesn't tell it: each
    # answer would wait 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class Sandbox:
    """A server that behaves like the images part of the API, as long as the ``with`` block lasts.

    `url` is the address of the API, `control` the handle for tests. With `images`, snapshots are added until there
    are so many; with `validate=False`, nothing is held against the description, which is faster.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        images: int = 0,
        seed: Seed = "standard",
        validate: bool = True,
        token: str = TOKEN,
        readonly_token: str = READONLY_TOKEN,
    ) -> None:
        self.token = token
        self.readonly_token = readonly_token
        state = State(Start(seed, images, validate, token, readonly_token))
        self.control = Control(state)
        self._address = (host, port)
        config = uvicorn.Config(
            make_app(state, self.control),
            http=_Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            # The sandbox's clock tells the date.
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._thread = Thread(target=self._run, name="hcloud-images-sandbox", daemon=True)
        self._socket: socket.socket | None = None

    @property
    def origin(self) -> str:
        """The address of the server, which the control endpoint is below."""
        if self._socket is None:
            raise RuntimeError("the sandbox runs only within its with block")
        host, port = self._address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def url(self) -> str:
        return self.origin + PREFIX

    def __enter__(self) -> Self:
        # Bound here, so that the port is known, and its own from the first moment.
        self._socket = _listen(*self._address)
        self._address = (self._address[0], self._socket.getsockname()[1])
        self._thread.start()
        self._server.ready.wait()
        if not self._server.started:
            self._stop()
            raise RuntimeError("the sandbox didn't start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    def _run(self) -> None:
        if self._socket is None:
            raise RuntimeError("there is no socket")
        try:
            self._server.run([self._socket])
        finally:
            # Also when it failed before it was ready: nobody may wait for ever.
            self._server.ready.set()

    def _stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        if self._socket is not None:
            self._socket.close()
            self._socket = None
