"""Connections through a proxy: to names and addresses, encrypted to the proxy or not, refused, silent and broken.

Private names: tunnels are tried without the client, whose retries would hide how they fail.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpcore
import pytest
import trustme
from hcloud_images._runtime._async import tunnel as asynchronous
from hcloud_images._runtime._sync import tunnel as synchronous
from hcloud_images._runtime.proxies import Proxy
from hcloud_images._runtime.refusals import ProxyRefusal
from hcloud_images._runtime.tls import verification_advice

from network import proxy as fakes

Send = Callable[..., int]
HOSTS = {
    "https://api.example.org/v1": b"api.example.org:443",
    "https://api.example.org:8443/v1": b"api.example.org:8443",
    "https://10.1.2.3/v1": b"10.1.2.3:443",
    "https://[2001:db8::1]/v1": b"[2001:db8::1]:443",
    "https://[2001:db8::1]:8443/v1": b"[2001:db8::1]:8443",
}


def make_request(endpoint: str, timeout: float) -> httpcore.Request:
    url = httpcore.URL(endpoint)
    host = endpoint.split("/")[2].encode()
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
    return httpcore.Request("GET", url, headers=[(b"Host", host)], extensions={"timeout": timeouts})


def send_sync(endpoint: str, *arguments: Any, timeout: float = 5) -> int:
    request = make_request(endpoint, timeout)
    connection = synchronous.connection_pool(endpoint, *arguments).create_connection(request.url.origin)
    try:
        return connection.handle_request(request).status
    finally:
        connection.close()


async def send_async(endpoint: str, *arguments: Any, timeout: float = 5) -> int:  # noqa: ASYNC109 - of each step
    request = make_request(endpoint, timeout)
    connection = asynchronous.connection_pool(endpoint, *arguments).create_connection(request.url.origin)
    try:
        return (await connection.handle_async_request(request)).status
    finally:
        await connection.aclose()


def send_anyio(backend: str, *arguments: Any, timeout: float = 5) -> int:
    return anyio.run(functools.partial(send_async, *arguments, timeout=timeout), backend=backend)


@pytest.fixture(params=["sync", "asyncio", "trio"])
def send(request: pytest.FixtureRequest) -> Send:
    return send_sync if request.param == "sync" else functools.partial(send_anyio, request.param)


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca.configure_trust(context)
    return context


@pytest.fixture
def server(ca: trustme.CA) -> Iterator[fakes.Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("api.example.org", "10.1.2.3", "2001:db8::1", "127.0.0.1").configure_cert(context)
    with fakes.Server(context) as server:
        yield server


def at(port: int, scheme: str = "http", auth: tuple[bytes, bytes] | None = None) -> Proxy:
    return Proxy(f"{scheme}://127.0.0.1:{port}", "HTTPS_PROXY", auth)


@pytest.mark.parametrize(("endpoint", "target"), HOSTS.items())
def test_tunnel(endpoint: str, target: bytes, send: Send, server: fakes.Server, trusting: ssl.SSLContext) -> None:
    with fakes.Proxy(server.port) as proxy:
        assert send(endpoint, at(proxy.port), trusting, None) == 204
    assert proxy.requests == [b"CONNECT %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (target, target)]
    assert server.requests[0].startswith(b"GET /v1 HTTP/1.1\r\nHost: %b\r\n" % target.removesuffix(b":443"))


def test_of_another_host(send: Send, server: fakes.Server, trusting: ssl.SSLContext) -> None:
    with fakes.Proxy(server.port) as proxy, pytest.raises(httpcore.ConnectError) as caught:
        send("https://[2001:db8::2]/v1", at(proxy.port), trusting, None)
    assert "2001:db8::2" in verification_advice(caught.value)
    assert not server.requests


def test_encrypted_to_the_proxy(send: Send, server: fakes.Server, ca: trustme.CA, trusting: ssl.SSLContext) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with fakes.Proxy(server.port, context=context) as proxy:
        assert send("https://[2001:db8::1]/v1", at(proxy.port, "https"), trusting, trusting) == 204
    assert proxy.requests[0].startswith(b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n")


def test_user_name_and_password(send: Send, server: fakes.Server, trusting: ssl.SSLContext) -> None:
    with fakes.Proxy(server.port) as proxy:
        send("https://10.1.2.3/v1", at(proxy.port, auth=(b"someone", b"secret")), trusting, None)
    assert b"\r\nProxy-Authorization: Basic c29tZW9uZTpzZWNyZXQ=\r\n" in proxy.requests[0]
    assert b"Proxy-Authorization" not in server.requests[0]


def test_without_a_proxy(send: Send, server: fakes.Server, trusting: ssl.SSLContext) -> None:
    assert send(f"https://127.0.0.1:{server.port}/v1", None, trusting, None) == 204


def test_plain_http_is_forwarded(send: Send) -> None:
    with fakes.Proxy(response=b"HTTP/1.1 204 No Content\r\n\r\n") as proxy:
        assert send("http://api.example.org/v1", at(proxy.port), None, None) == 204
    assert proxy.requests[0].startswith(b"GET http://api.example.org/v1 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("status", "auth", "is_transient", "advice"),
    [
        (407, None, False, "set HTTPS_PROXY to http://user:password@host:port"),
        (407, (b"someone", b"secret"), False, "doesn't accept the user name and password in HTTPS_PROXY"),
        (403, None, False, "NO_PROXY"),
        (405, None, False, "NO_PROXY"),
        (502, None, True, "502"),
        (503, None, True, "503"),
        (504, (b"someone", b"secret"), True, "504"),
    ],
)
def test_refused(
    status: int,
    auth: tuple[bytes, bytes] | None,
    is_transient: bool,
    advice: str,
    send: Send,
    trusting: ssl.SSLContext,
) -> None:
    response = b"HTTP/1.1 %d secret c29tZW9uZTpzZWNyZXQ=\r\nContent-Length: 9\r\n\r\n" % status
    with fakes.Proxy(response=response) as proxy:
        with pytest.raises(ProxyRefusal) as caught:
            send("https://[2001:db8::1]/v1", at(proxy.port, auth=auth), trusting, None)
        if status < 500:
            assert proxy.left.wait(2), "the connection is open still"
    assert caught.value.status == status
    assert caught.value.is_transient == is_transient
    text = str(caught.value)
    assert text.startswith(
        f"the proxy http://127.0.0.1:{proxy.port} (HTTPS_PROXY) didn't connect to [2001:db8::1]:443: {status} "
    )
    assert advice in text
    assert auth is None or ("secret" not in text and "c29t" not in text)
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("response", [b"HTTP/1.1 2", b"SSH-2.0-x\r\n\r\n"])
def test_broken_off(response: bytes, send: Send, trusting: ssl.SSLContext) -> None:
    with fakes.Proxy(response=response) as proxy, pytest.raises(ProxyRefusal) as caught:
        send("https://api.example.org/v1", at(proxy.port), trusting, None)
    assert caught.value.status is None
    assert caught.value.is_transient


def test_silent(send: Send, trusting: ssl.SSLContext) -> None:
    with fakes.Proxy(response=b"") as proxy:
        with pytest.raises(httpcore.ConnectTimeout, match=f"no response of the proxy http://127.0.0.1:{proxy.port}"):
            send("https://api.example.org/v1", at(proxy.port), trusting, None, timeout=0.2)
        assert proxy.left.wait(2), "the connection is open still"


def test_nobody_there(send: Send, trusting: ssl.SSLContext) -> None:
    with fakes.Proxy() as proxy:
        pass
    with pytest.raises(httpcore.ConnectError):
        send("https://api.example.org/v1", at(proxy.port), trusting, None)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_cancelled(backend: str, trusting: ssl.SSLContext) -> None:
    async def main(proxy: fakes.Proxy) -> None:
        with anyio.move_on_after(0.2):
            await send_async("https://api.example.org/v1", at(proxy.port), trusting, None)
        assert await anyio.to_thread.run_sync(proxy.left.wait, 2), "the connection is open still"

    with fakes.Proxy(response=b"") as proxy:
        anyio.run(main, proxy, backend=backend)
