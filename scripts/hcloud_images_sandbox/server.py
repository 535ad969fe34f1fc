"""The sandbox, as a server in a thread of this process or without one."""

from __future__ import annotations

import asyncio
import socket
from threading import Event, Thread
from types import TracebackType
from typing import Self

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from hcloud_images_sandbox.app import CLOSE_EXTENSION, make_app
from hcloud_images_sandbox.control import Control
from hcloud_images_sandbox.description import PREFIX
from hcloud_images_sandbox.inprocess import AsyncTransport, Transport
from hcloud_images_sandbox.seed import Seed
from hcloud_images_sandbox.state import READONLY_TOKEN, TOKEN, Start, State


class _Protocol(H11Protocol):
    """HTTP of uvicorn, except that the application may close the connection without a response."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def app_that_can_close(scope: Scope, receive: Receive, send: Send) -> None:
            scope["extensions"] = {CLOSE_EXTENSION: transport.close}
            await app(scope, receive, send)

        self.app = app_that_can_close


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small packets at once only if the protocol is TCP, and 0 doesn't say so: each response would
    # wait 40 ms.
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
    """Behaves like the images part of the API: as a server within a ``with`` block, and without one in-process.

    As a server, for any client in any language, `url` is its address::

        with Sandbox() as sandbox, Client(sandbox.token, sandbox.url) as client: ...

    In-process, for the clients of this library and of httpx, with neither socket nor server; of the address that the
    client has, only the path matters::

        sandbox = Sandbox()
        with Client(sandbox.token, transport=sandbox.transport()) as client: ...
        async with AsyncClient(sandbox.token, transport=sandbox.async_transport()) as client: ...

    Both can be had of one sandbox at once, and see the same images. `control` turns what it does, clock and faults
    included, in both cases alike.

    :param host: Address that the server listens on.
    :param port: Port that it listens on; 0 takes a free one.
    :param images: Snapshots are added up to this number of images.
    :param seed: What it holds at the start: ``standard`` or ``empty``.
    :param validate: Whether to validate requests and responses against the description; without, it is faster.
    :param token: The API token that it takes.
    :param readonly_token: One that is good for reading only.
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
        self._app = make_app(state, self.control)
        self._host, self._port = host, port
        self._socket: socket.socket | None = None

    @property
    def origin(self) -> str:
        """The address of the server, which the control endpoint is below.

        :raises RuntimeError: outside of the ``with`` block.
        """
        if self._socket is None:
            raise RuntimeError(
                "the sandbox has a URL only inside its with block; without a server, pass transport() to a client"
            )
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def url(self) -> str:
        """The address of the API, for clients.

        :raises RuntimeError: outside of the ``with`` block.
        """
        return self.origin + PREFIX

    def transport(self) -> httpx.BaseTransport:
        """Make what ``Client(transport=)`` takes to reach this sandbox in-process, also within a running event loop."""
        return Transport(self._app)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Make what ``AsyncClient(transport=)`` takes to reach this sandbox in-process, on asyncio and on trio."""
        return AsyncTransport(self._app)

    def __enter__(self) -> Self:
        # Bound here, so that the port is known, and its own from the first moment.
        self._socket = _listen(self._host, self._port)
        config = uvicorn.Config(
            self._app,
            http=_Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            # The date is that of the sandbox's clock.
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._thread = Thread(target=self._run, args=[self._socket], name="hcloud-images-sandbox", daemon=True)
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

    def _run(self, listener: socket.socket) -> None:
        try:
            self._server.run([listener])
        finally:
            # Also when it failed before it was ready: nothing may wait forever.
            self._server.ready.set()

    def _stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        if self._socket is not None:
            self._socket.close()
            self._socket = None
