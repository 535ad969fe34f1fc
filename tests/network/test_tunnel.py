"""Connections through a proxy: to names and addresses, encrypted to the proxy or not, refused, silent and broken."""

from __future__ import annotations

import functools
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote

import anyio
import pytest
import trustme
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    APIException,
    AsyncClient,
    ConnectionException,
    ForbiddenException,
    NotFoundException,
    RetryPolicy,
    TimeoutException,
)
from socket_server import SocketServer

from network import proxy as fakes

TOKEN = "token-of-the-tunnels"
Send = Callable[..., None]
Use = Callable[[str], None]
HOSTS = {
    "https://api.example.org/v1": b"api.example.org:443",
    "https://api.example.org:8443/v1": b"api.example.org:8443",
    "https://10.1.2.3/v1": b"10.1.2.3:443",
    "https://[2001:db8::1]/v1": b"[2001:db8::1]:443",
    "https://[2001:db8::1]:8443/v1": b"[2001:db8::1]:8443",
}


@pytest.fixture(params=CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
def send(request: pytest.FixtureRequest, trusting: ssl.SSLContext, use: Use) -> Send:
    """Send a request, once, through the proxy at a URL."""
    client_kind: ClientKind = request.param

    def send(endpoint: str, proxy: str | None = None, **options: object) -> None:
        if proxy:
            use(proxy)
        given = {"verify": trusting, "allow_insecure": True, "retry": RetryPolicy(attempts=1), **options}
        client_kind.run(lambda client: done(client.images.delete(1)), TOKEN, endpoint, **given)

    return send


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Name a proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return functools.partial(monkeypatch.setenv, "ALL_PROXY")


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


def at(proxy: fakes.Proxy, scheme: str = "http", userinfo: str = "") -> str:
    return f"{scheme}://{userinfo}127.0.0.1:{proxy.port}"


def texts(error: BaseException | None) -> str:
    """Return the texts of an error and of what led to it."""
    return f"{error!r}\n{texts(error.__cause__ or error.__context__)}" if error else ""


@pytest.mark.parametrize(("endpoint", "target"), HOSTS.items())
def test_tunnel(endpoint: str, target: bytes, send: Send, server: fakes.Server) -> None:
    with fakes.Proxy(server.port) as proxy:
        send(endpoint, at(proxy))
    assert proxy.requests == [b"CONNECT %b HTTP/1.1\r\nHost: %b\r\nAccept: */*\r\n\r\n" % (target, target)]
    assert server.requests[0].startswith(b"DELETE /v1/images/1 HTTP/1.1\r\n")
    assert b"\r\nHost: %b\r\n" % target.removesuffix(b":443") in server.requests[0]


def test_of_another_host(send: Send, server: fakes.Server) -> None:
    with (
        fakes.Proxy(server.port) as proxy,
        pytest.raises(ConnectionException, match=r"not valid for '2001:db8::2") as caught,
    ):
        send("https://[2001:db8::2]/v1", at(proxy))
    assert caught.value.permanent
    assert not caught.value.sent
    assert not server.requests


def test_encrypted_to_the_proxy(send: Send, server: fakes.Server, ca: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with fakes.Proxy(server.port, context=context) as proxy:
        send("https://[2001:db8::1]/v1", at(proxy, "https"))
    assert proxy.requests[0].startswith(b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n")


def test_user_name_and_password(send: Send, server: fakes.Server) -> None:
    with fakes.Proxy(server.port) as proxy:
        send("https://10.1.2.3/v1", at(proxy, userinfo="someone:secret@"))
    assert b"\r\nProxy-Authorization: Basic c29tZW9uZTpzZWNyZXQ=\r\n" in proxy.requests[0]
    assert b"Proxy-Authorization" not in server.requests[0]


@pytest.mark.usefixtures("use")
def test_without_a_proxy(send: Send, server: fakes.Server) -> None:
    send(f"https://127.0.0.1:{server.port}/v1")


@pytest.mark.parametrize("host", [b"api.example.org", b"[2001:db8::1]"])
def test_plain_http_is_forwarded(host: bytes, send: Send) -> None:
    with fakes.Proxy(response=b"HTTP/1.1 204 No Content\r\n\r\n") as proxy:
        send(f"http://{host.decode()}/v1", at(proxy))
    assert proxy.requests[0].startswith(b"DELETE http://%b/v1/images/1 HTTP/1.1\r\n" % host)


@pytest.mark.parametrize(
    ("status", "userinfo", "permanent", "advice"),
    [
        (407, "", True, "set ALL_PROXY to http://user:password@host:port"),
        (407, "someone:secret@", True, "rejects the user name and password in ALL_PROXY"),
        (403, "", True, "NO_PROXY"),
        (405, "", True, "NO_PROXY"),
        (502, "", False, "502"),
        (503, "", False, "503"),
        (504, "someone:secret@", False, "504"),
    ],
)
def test_refused(status: int, userinfo: str, permanent: bool, advice: str, send: Send) -> None:
    response = b"HTTP/1.1 %d secret c29tZW9uZTpzZWNyZXQ=\r\nContent-Length: 9\r\n\r\n" % status
    with fakes.Proxy(response=response) as proxy:
        with pytest.raises(ConnectionException) as caught:
            send("https://[2001:db8::1]/v1", at(proxy, userinfo=userinfo))
        assert proxy.left.wait(2), "the connection is open still"
    assert caught.value.permanent == permanent
    assert not caught.value.sent
    text = str(caught.value)
    assert f"the proxy {at(proxy)} (ALL_PROXY) didn't connect to [2001:db8::1]:443: {status} " in text
    assert advice in text
    assert not userinfo or not re.search("secret|c29t", texts(caught.value))
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    "password", ["пароль", "ä", "pässwörd", b"\xff" * 5, "", "4", "03", "403", "F", "403 F", "didn't", "x/y+z?"]
)
def test_any_password_leaves_the_refusal_as_it_is(password: str | bytes, send: Send) -> None:
    with (
        fakes.Proxy(response=b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") as proxy,
        pytest.raises(ConnectionException) as caught,
    ):
        send("https://10.1.2.3/v1", at(proxy, userinfo=f"someone:{quote(password, safe='')}@"), retry=RetryPolicy())
    assert caught.value.permanent
    assert len(proxy.requests) == 1
    text = f"the proxy {at(proxy)} (ALL_PROXY) didn't connect to 10.1.2.3:443: 403 Forbidden; allow this address"
    assert text.replace("403 F", "***" if password == "403 F" else "403 F") in str(caught.value)


@pytest.mark.parametrize("password", ["пароль", "pässwörd", "x/y+z?", b"\xfe\xff\xff\xffabcd"])
@pytest.mark.parametrize("line", [b"HTTP/1.1 407 %b", b"%b", b"HTTP/1.1 407 x\r\n%b"])
@pytest.mark.parametrize("encoded", [False, True])
def test_any_password_is_masked(password: str | bytes, line: bytes, encoded: bool, send: Send) -> None:
    plain = password.encode() if isinstance(password, str) else password
    credentials = b64encode(b"someone:" + plain)
    response = line % (credentials if encoded else plain) + b"\r\n\r\n"
    with fakes.Proxy(response=response) as proxy, pytest.raises(ConnectionException) as caught:
        send("https://10.1.2.3/v1", at(proxy, userinfo=f"someone:{quote(password, safe='')}@"))
    shown = {plain.decode(errors="replace"), plain.decode("ascii", "ignore"), repr(plain)[2:-1], credentials.decode()}
    assert not [secret for secret in shown if len(secret) >= 4 and secret in texts(caught.value)]


@pytest.mark.parametrize(
    ("userinfo", "advice"),
    [
        ("", "it requires a user name and a password: set ALL_PROXY to http://user:password@host:port"),
        ("someone:secret@", "it rejects the user name and password in ALL_PROXY"),
    ],
)
@pytest.mark.parametrize("reason", [b"secret c29tZW9uZTpzZWNyZXQ=", b""])
def test_forwarding_that_requires_a_password(userinfo: str, advice: str, reason: bytes, send: Send) -> None:
    with (
        fakes.Proxy(response=b"HTTP/1.1 407 %b\r\nContent-Length: 0\r\n\r\n" % reason) as proxy,
        pytest.raises(ConnectionException) as caught,
    ):
        send("http://api.example.org/v1", at(proxy, userinfo=userinfo), retry=RetryPolicy())
    error = caught.value
    assert (error.permanent, error.sent, len(proxy.requests)) == (True, False, 1)
    assert f"the proxy {at(proxy)} (ALL_PROXY) didn't connect to api.example.org:80: 407" in str(error)
    assert str(error).endswith(f"; {advice}")
    assert not userinfo or not re.search("secret|c29t", texts(error))


def test_forwarding_that_refuses(send: Send) -> None:
    repeated = b"Basic c29tZW9uZTpzZWNyZXQ= someone:secret"
    head = b"HTTP/1.1 403 Forbidden %b\r\nX-Correlation-Id: %b\r\nContent-Length: %d\r\n\r\n"
    with (
        fakes.Proxy(response=head % (repeated, repeated, len(repeated)) + repeated) as proxy,
        pytest.raises(ForbiddenException) as caught,
    ):
        send("http://api.example.org/v1", at(proxy, userinfo="someone:secret@"))
    masked = "Basic *** someone:***"
    assert caught.value.message == f"Forbidden {masked}, from the API or the proxy {at(proxy)} (ALL_PROXY)"
    assert caught.value.details == {"content": masked.encode()}
    assert caught.value.correlation_id == masked
    assert not re.search("secret|c29t", texts(caught.value) + str(vars(caught.value)))


def test_forwarded_error_of_the_api(send: Send) -> None:
    body = b'{"error": {"code": "not_found", "message": "image not found"}}'
    with (
        fakes.Proxy(response=b"HTTP/1.1 404 x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)) as proxy,
        pytest.raises(NotFoundException) as caught,
    ):
        send("http://api.example.org/v1", at(proxy, userinfo="someone:not@"))
    assert caught.value.message == "image not found"


def test_tunnel_hides_nothing_of_the_api(send: Send, ca: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("api.example.org").configure_cert(context)

    def respond(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 407 no secret\r\nContent-Length: 6\r\n\r\nsecret")
        connection.recv(65536)

    with (
        SocketServer(respond, context) as server,
        fakes.Proxy(server.port) as proxy,
        pytest.raises(APIException) as caught,
    ):
        send("https://api.example.org/v1", at(proxy, userinfo="someone:secret@"))
    assert (caught.value.code, caught.value.message) == (407, "no secret")
    assert caught.value.details == {"content": b"secret"}


@pytest.mark.parametrize("response", [b"HTTP/1.1 2", b"SSH-2.0-x\r\n\r\n"])
def test_broken_off(response: bytes, send: Send) -> None:
    text = r"no connection to api\.example\.org:443 through the proxy http://127"
    with fakes.Proxy(response=response) as proxy, pytest.raises(ConnectionException, match=text) as caught:
        send("https://api.example.org/v1", at(proxy))
    assert not caught.value.permanent
    assert not caught.value.sent


def test_broken_off_inside_the_tunnel(send: Send, ca: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("api.example.org").configure_cert(context)
    text = r"the connection to api\.example\.org:443 through the proxy \S+ \(ALL_PROXY\) broke"
    with (
        SocketServer(lambda connection: (connection.recv(65536), None)[1], context) as server,
        fakes.Proxy(server.port) as proxy,
        pytest.raises(ConnectionException, match=text) as caught,
    ):
        send("https://api.example.org/v1", at(proxy))
    assert caught.value.sent


@pytest.mark.parametrize(
    ("options", "limit"),
    [
        ({"timeout": 0.2}, "the read timeout of 0.2 s"),
        ({"retry": RetryPolicy(attempts=1, deadline=0.2)}, "the deadline"),
    ],
)
def test_silent(options: dict[str, object], limit: str, send: Send) -> None:
    text = f"no connection to api.example.org:443 through the proxy .* within {limit}"
    with fakes.Proxy(response=b"") as proxy:
        with pytest.raises(TimeoutException, match=text) as caught:
            send("https://api.example.org/v1", at(proxy), **options)
        assert proxy.left.wait(2), "the connection is open still"
    assert not caught.value.sent


def test_nobody_there(send: Send) -> None:
    with fakes.Proxy() as proxy:
        pass
    with pytest.raises(ConnectionException, match=r"no connection to .* through the proxy") as caught:
        send("https://api.example.org/v1", at(proxy))
    assert not caught.value.sent


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_cancelled(backend: str, use: Use) -> None:
    async def main(proxy: fakes.Proxy) -> None:
        async with AsyncClient(TOKEN, "https://api.example.org/v1") as client:
            with anyio.move_on_after(0.2):
                await client.images.get_by_id(1)
            assert await anyio.to_thread.run_sync(proxy.left.wait, 2), "the connection is open still"

    with fakes.Proxy(response=b"") as proxy:
        use(at(proxy))
        anyio.run(main, proxy, backend=backend)


# SOCKS: type of address, address, port.
TARGETS = {
    "https://api.example.org/v1": b"\3\x0fapi.example.org\x01\xbb",
    "https://10.1.2.3:8443/v1": b"\1\x0a\1\2\3\x20\xfb",
    "https://[2001:db8::1]/v1": b"\4\x20\1\x0d\xb8" + bytes(11) + b"\1\x01\xbb",
}


@pytest.mark.parametrize("userinfo", ["", "someone:secret@"])
@pytest.mark.parametrize(("endpoint", "target"), TARGETS.items())
def test_socks(endpoint: str, target: bytes, userinfo: str, send: Send, server: fakes.Server) -> None:
    with fakes.SocksProxy(server.port) as proxy:
        send(endpoint, at(proxy, "socks5", userinfo))
    assert proxy.requests == ([b"\1\x07someone\x06secret"] if userinfo else []) + [b"\5\1\0" + target]
    assert server.requests[0].startswith(b"DELETE /v1/")


def test_socks_of_plain_http(send: Send) -> None:
    with fakes.Server() as server, fakes.SocksProxy(server.port) as proxy:
        send("http://[2001:db8::1]/v1", at(proxy, "socks5"))
    assert server.requests[0].startswith(b"DELETE /v1/")


def test_socks_that_refuses(send: Send) -> None:
    with fakes.SocksProxy(reply=2) as proxy:
        with pytest.raises(ConnectionException, match=r"didn't connect to 10\.1\.2\.3:443: .*not allowed") as caught:
            send("https://10.1.2.3/v1", at(proxy, "socks5", "someone:secret@"))
        assert proxy.left.wait(2), "the connection is open still"
    assert not caught.value.sent
    assert caught.value.permanent
    assert "add it to NO_PROXY" in str(caught.value)
    assert "secret" not in texts(caught.value)


@pytest.mark.parametrize("reply", [1, 3, 4, 5, 6, 99])
def test_socks_that_fails(reply: int, send: Send) -> None:
    with fakes.SocksProxy(reply=reply) as proxy, pytest.raises(ConnectionException) as caught:
        send("https://10.1.2.3/v1", at(proxy, "socks5"))
    assert (caught.value.permanent, caught.value.sent) == (False, False)


@pytest.mark.parametrize(
    ("userinfo", "method", "advice"),
    [
        ("", b"\2", "set ALL_PROXY to socks5://user:password@host:port"),
        ("", b"\xff", "set ALL_PROXY to socks5://user:password@host:port"),
        ("someone:secret@", b"\xff", "it rejects the user name and password in ALL_PROXY"),
        ("someone:secret@", b"", "it rejects the user name and password in ALL_PROXY"),
    ],
)
def test_socks_that_requires_another_password(userinfo: str, method: bytes, advice: str, send: Send) -> None:
    with (
        fakes.SocksProxy(method=method, rejects=True) as proxy,
        pytest.raises(ConnectionException, match=re.escape(advice)) as caught,
    ):
        send("https://10.1.2.3/v1", at(proxy, "socks5", userinfo), retry=RetryPolicy())
    assert (caught.value.permanent, caught.value.sent, proxy.came) == (True, False, 1)
    assert "secret" not in texts(caught.value)


@pytest.mark.parametrize("response", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_that_speaks_no_socks(response: bytes, send: Send) -> None:
    with fakes.Proxy(response=response) as proxy, pytest.raises(ConnectionException) as caught:
        send("https://10.1.2.3/v1", at(proxy, "socks5"), retry=RetryPolicy(attempts=1, deadline=1))
    assert not caught.value.sent


@pytest.mark.usefixtures("use")
@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_address_in_brackets_without_a_proxy(send: Send) -> None:
    with fakes.Server(host="::1") as server:
        send(f"http://[::1]:{server.port}/v1")
    assert b"\r\nHost: [::1]:%d\r\n" % server.port in server.requests[0]
