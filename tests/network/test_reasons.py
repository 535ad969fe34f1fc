"""What errors say about connections, the same in each kind of client; and limits so far away that they are none."""

from __future__ import annotations

import socket
import time
from contextlib import nullcontext
from select import select
from typing import Any

import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    Client,
    ConnectionException,
    InvalidResponseException,
    RetryPolicy,
    ServerErrorException,
    TransportException,
)
from socket_server import SocketServer

TOKEN = "token-of-the-reasons"


@pytest.fixture(params=CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
def client_kind(request: pytest.FixtureRequest) -> ClientKind:
    return request.param


def failure(client_kind: ClientKind, url: str, **options: Any) -> TransportException:
    """Send a request once; return what it ends in."""
    options = {"retry": RetryPolicy(attempts=1), **options}
    with pytest.raises(TransportException) as caught:
        client_kind.run(lambda client: done(client.images.get_by_id(1)), TOKEN, url, **options)
    return caught.value


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    connection.close()


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"])
def test_reset(sent: bytes, client_kind: ClientKind) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(sent)
        reset(connection)

    with SocketServer(serve) as server:
        error = failure(client_kind, server.url)
    assert error.message.endswith("broke: [Errno 104] Connection reset by peer")


@pytest.mark.parametrize("inside", [False, True])
def test_not_encrypted(inside: bool, client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    def serve(connection: socket.socket) -> None:
        if inside:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        connection.recv(65536)

    with SocketServer(serve) as server:
        if inside:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
        error = failure(client_kind, "https://api.example.org" if inside else f"https://127.0.0.1:{server.port}")
    assert not error.message.endswith(": ")
    assert "UNEXPECTED_EOF" in error.message or "reset by peer" in error.message


def test_nobody_listens(client_kind: ClientKind) -> None:
    with SocketServer(reset) as server:
        pass
    for host in ("127.0.0.1", "localhost"):
        error = failure(client_kind, f"http://{host}:{server.port}")
        assert f"no connection to {host}:{server.port}: [Errno 111] " in error.message


def test_name_without_an_address(client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    error = failure(client_kind, "http://localhost:8080")
    assert isinstance(error, ConnectionException)
    assert error.message == "no connection to localhost:8080: the name has no address"
    assert not error.sent


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308, 399, 600, 700, 999])
def test_neither_success_nor_error(status: int, client_kind: ClientKind) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 %d x\r\nLocation: /\r\nContent-Length: 0\r\n\r\n" % status)
        connection.recv(65536)

    with SocketServer(serve) as server:
        error = failure(client_kind, server.url)
    assert isinstance(error, InvalidResponseException)
    redirected = status in {301, 302, 303, 307, 308}
    text = "redirects aren't followed" if redirected else "the status is neither a success nor an error"
    assert error.message == f"{text}; check api_endpoint"


# What sockets can't take, and 49 days and 17 hours, of which they'd take the 54 milliseconds over 2 ** 32.
@pytest.mark.parametrize("seconds", [1e12, 1e300, float("inf"), 4294967.35])
@pytest.mark.parametrize("limit", ["timeout", "policy", "block"])
def test_far_away(limit: str, seconds: float, client_kind: ClientKind) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        assert select([connection], [], [], 0.2) == ([], [], []), "the client didn't wait"
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        connection.recv(65536)

    async def scenario(client: Any) -> None:
        with client.deadline(seconds) if limit == "block" else nullcontext():
            await done(client.images.delete(1))

    options = {
        "timeout": seconds if limit == "timeout" else None,
        "retry": RetryPolicy(attempts=1, deadline=seconds if limit == "policy" else None),
    }
    with SocketServer(serve) as server:
        client_kind.run(scenario, TOKEN, server.url, **options)
        assert server.came == 1


def test_no_server_makes_a_client_wait_for_years(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)

    def serve(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(b"HTTP/1.1 503 x\r\nRetry-After: 1000000000000\r\nContent-Length: 0\r\n\r\n")

    with SocketServer(serve) as server, Client(TOKEN, server.url, retry=RetryPolicy(deadline=None)) as client:
        with pytest.raises(ServerErrorException):
            client.images.delete(1)
        assert server.came == 1
    assert waits == []
