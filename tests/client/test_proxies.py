"""Proxies that the environment names: used for https, never shown the token of this machine, refused in words."""

from __future__ import annotations

import socket
import sys
import threading

import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import ConnectionException, InvalidValueException, RetryPolicy
from hcloud_images_sandbox import Sandbox

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(params=CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
def client_kind(request: pytest.FixtureRequest) -> ClientKind:
    return request.param


def test_requests_to_this_machine_go_there(
    client_kind: ClientKind, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{listener.getsockname()[1]}")
        image = client_kind.run(lambda client: done(client.images.get_by_id(1001)), sandbox.token, sandbox.url)
        assert image.id == 1001
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_proxy_gets_no_more_than_the_address(
    client_kind: ClientKind, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            connection, _ = listener.accept()
            with connection:
                seen.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://someone:secret@127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(ConnectionException, match=r"didn't connect to api.example:443: 403 Forbidden") as caught:
            client_kind.run(
                lambda client: done(client.images.get_by_id(1)),
                sandbox.token,
                "https://api.example/v1",
                retry=RetryPolicy(attempts=1),
            )
        thread.join()
    assert seen[0].startswith(b"CONNECT api.example:443")
    assert sandbox.token.encode() not in seen[0]
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["socks5://x:secret@127.0.0.1:1", "ftp://secret.example", "http://[::secret", "secret:::"]
)
def test_proxy_that_can_not_be_used(address: str, client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)  # as if it weren't installed
    monkeypatch.setenv("ALL_PROXY", address)
    with pytest.raises(InvalidValueException, match="set NO_PROXY") as caught:
        client_kind.client("token")
    assert "secret" not in str(caught.value)
    monkeypatch.setenv("NO_PROXY", "api.hetzner.cloud")
    client_kind.client("token")
