"""What goes through a proxy and what doesn't, beside the official client, whose responses are those of requests.

A private name: the table is one of decisions; with clients each would need a proxy and a server.
"""

from __future__ import annotations

import subprocess
import sys
import traceback

import pytest
import requests
from hcloud_images import InvalidValueException
from hcloud_images._runtime.proxies import proxy_for
from requests.utils import select_proxy

PROXY = "http://proxy.example:3128"
HOST = "https://api.example.org/v1"
PORT = "https://api.example.org:8443/v1"
IPV4 = "https://10.1.2.3/v1"
IPV4_PORT = "https://10.1.2.3:8443/v1"
IPV6 = "https://[2001:db8::1]/v1"
IPV6_PORT = "https://[2001:db8::1]:8443/v1"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD")

PAIRS = [
    # Names, with and without what is in front of them.
    (HOST, ""),
    (HOST, "api.example.org"),
    (HOST, "example.org"),
    (HOST, ".example.org"),
    (HOST, "..example.org"),
    (HOST, "org"),
    (HOST, "*.example.org"),
    (HOST, "ample.org"),
    (HOST, "api.example.org.evil.example"),
    (HOST, "API.Example.ORG"),
    ("https://API.example.org/v1", "api.example.org"),
    ("https://example.org/v1", ".example.org"),
    ("https://example.org./v1", "example.org"),
    (HOST, "example.org."),
    (HOST, "https://api.example.org"),
    ("https://localhost/v1", "localhost"),
    # Everything.
    (HOST, "*"),
    (IPV4, "*"),
    (IPV6, "*"),
    (HOST, "other.example,*"),
    (HOST, " * "),
    # Lists and spaces.
    (HOST, "other.example,api.example.org"),
    (HOST, " other.example , api.example.org "),
    (HOST, "other.example\t,\tapi.example.org"),
    (HOST, "other.example api.example.org"),
    (HOST, ",,api.example.org,"),
    (HOST, ","),
    (HOST, "."),
    (HOST, "other.example;api.example.org"),
    # Ports.
    (PORT, "api.example.org"),
    (PORT, "api.example.org:8443"),
    (PORT, ".example.org:8443"),
    (PORT, "API.example.org:8443"),
    (PORT, "api.example.org:443"),
    (HOST, "api.example.org:443"),
    ("https://api.example.org:443/v1", "api.example.org:443"),
    (HOST, "api.example.org:"),
    # IPv4.
    (IPV4, "10.1.2.3"),
    (IPV4, "10.1.2.4"),
    (IPV4, "010.1.2.3"),
    (IPV4, "2.3"),
    (IPV4, "10.0.0.0/8"),
    (IPV4, "10.1.2.3/8"),
    (IPV4, "10.1.2.3/32"),
    (IPV4, "10.2.0.0/16"),
    (IPV4, "127.0.0.0/8, 10.0.0.0/8"),
    (IPV4, "10.0.0.0/255.0.0.0"),
    (IPV4, "10.0.0.0/33"),
    (IPV4, "0.0.0.0/0"),
    (IPV4, "10/8"),
    (IPV4, "10."),
    (IPV4, "10.*"),
    (HOST, "10.0.0.0/8"),
    (IPV4_PORT, "10.1.2.3"),
    (IPV4_PORT, "10.0.0.0/8"),
    (IPV4_PORT, "10.1.2.3:8443"),
    (IPV4_PORT, "10.1.2.3:443"),
    # IPv6.
    (IPV6, "2001:db8::1"),
    (IPV6, "2001:db8::2"),
    (IPV6, "[2001:db8::1]"),
    (IPV6, "2001:DB8::1"),
    (IPV6, "2001:0db8:0:0:0:0:0:1"),
    ("https://[2001:DB8:0::1]/v1", "2001:db8::1"),
    (IPV6, "2001:db8::/32"),
    (IPV6, "[2001:db8::]/32"),
    (IPV6, "[2001:db8::/32]"),
    (IPV6, "2001:db9::/32"),
    (IPV6, "::/0"),
    (IPV6, "10.0.0.0/8"),
    (IPV4, "2001:db8::/32"),
    ("https://[::1]/v1", "localhost, ::1"),
    ("https://[::ffff:10.1.2.3]/v1", "::ffff:a01:203"),
    ("https://[::ffff:10.1.2.3]/v1", "10.0.0.0/8"),
    (IPV6_PORT, "2001:db8::1"),
    (IPV6_PORT, "[2001:db8::1]:8443"),
    (IPV6_PORT, "[2001:db8:0::1]:8443"),
    (IPV6_PORT, "[2001:db8::1]:443"),
    (IPV6_PORT, "2001:db8::1:8443"),
    # This machine, in plain text.
    ("http://localhost:8080/v1", ""),
    ("http://127.0.0.1:8080/v1", "other.example"),
    ("http://[::1]:8080/v1", ""),
    ("https://127.0.0.1:8443/v1", ""),
    ("http://api.example.org/v1", ""),
]

NETWORK = "requests knows networks of IPv4 only, and a setting for both is usual"
ADDRESS = "the same address in another notation, which requests compares as text"
PORT_OF_ADDRESS = "requests looks at the port of a name, and not at that of an address"
SAME_MACHINE = "a proxy would read the token, and has another machine's localhost"
DIFFERENCES = {
    (PORT, "API.example.org:8443"): "requests ignores the case of a name, unless a port follows",
    (IPV4, "10.0.0.0/255.0.0.0"): "the same network in another notation",
    (IPV4, "0.0.0.0/0"): "a network as any other, which requests takes for a name",
    (IPV4_PORT, "10.1.2.3:8443"): PORT_OF_ADDRESS,
    (IPV6, "[2001:db8::1]"): ADDRESS,
    (IPV6, "2001:0db8:0:0:0:0:0:1"): ADDRESS,
    ("https://[2001:DB8:0::1]/v1", "2001:db8::1"): ADDRESS,
    ("https://[::ffff:10.1.2.3]/v1", "::ffff:a01:203"): ADDRESS,
    (IPV6, "2001:db8::/32"): NETWORK,
    (IPV6, "[2001:db8::]/32"): NETWORK,
    (IPV6, "[2001:db8::/32]"): NETWORK,
    (IPV6, "::/0"): NETWORK,
    (IPV6_PORT, "[2001:db8::1]:8443"): PORT_OF_ADDRESS,
    (IPV6_PORT, "[2001:db8:0::1]:8443"): PORT_OF_ADDRESS,
    ("http://localhost:8080/v1", ""): SAME_MACHINE,
    ("http://127.0.0.1:8080/v1", "other.example"): SAME_MACHINE,
    ("http://[::1]:8080/v1", ""): SAME_MACHINE,
}

HTTP = "http://api.example.org/v1"
ENVIRONMENTS: list[tuple[str, dict[str, str]]] = [
    (HOST, {"HTTPS_PROXY": "http://upper:1"}),
    (HOST, {"https_proxy": "http://lower:1"}),
    (HOST, {"https_proxy": "http://lower:1", "HTTPS_PROXY": "http://upper:1"}),
    (HOST, {"https_proxy": "", "HTTPS_PROXY": "http://upper:1"}),
    (HOST, {"https_proxy": "", "HTTPS_PROXY": "http://upper:1", "ALL_PROXY": "http://all:1"}),
    (HOST, {"HTTPS_PROXY": "http://https:1", "all_proxy": "http://all:1"}),
    (HOST, {"ALL_PROXY": "http://all:1"}),
    (HOST, {"HTTP_PROXY": "http://http:1"}),
    (HTTP, {"HTTP_PROXY": "http://http:1", "HTTPS_PROXY": "http://https:1"}),
    (HTTP, {"HTTPS_PROXY": "http://https:1"}),
    (HTTP, {"HTTP_PROXY": "http://forged:1", "REQUEST_METHOD": "GET"}),
    (HTTP, {"HTTP_PROXY": "http://forged:1", "REQUEST_METHOD": "GET", "ALL_PROXY": "http://all:1"}),
    (HTTP, {"http_proxy": "http://lower:1", "REQUEST_METHOD": "GET"}),
    (HOST, {"HTTPS_PROXY": "http://https:1", "REQUEST_METHOD": "GET"}),
    (HOST, {"HTTPS_PROXY": PROXY, "no_proxy": "other.example", "NO_PROXY": "example.org"}),
    (HOST, {"HTTPS_PROXY": PROXY, "no_proxy": "example.org", "NO_PROXY": "other.example"}),
    (HOST, {"HTTPS_PROXY": PROXY, "no_proxy": "", "NO_PROXY": "example.org"}),
    (HOST, {"HTTPS_PROXY": PROXY, "no_proxy": "", "NO_PROXY": "*"}),
    (HOST, {"Https_Proxy": "http://mixed:1", "ALL_PROXY": "http://all:1"}),
]

#: What a variable says, and the address that it means.
SPELLINGS = {
    "http://proxy.example:3128": "http://proxy.example:3128",
    "http://proxy.example": "http://proxy.example:80",
    "https://proxy.example": "https://proxy.example:443",
    "HTTP://Proxy.Example:3128/": "http://proxy.example:3128",
    "HTTPS://proxy.example:3128": "https://proxy.example:3128",
    "SOCKS5://proxy.example": "socks5://proxy.example:1080",
    "Socks5h://proxy.example:3128": "socks5h://proxy.example:3128",
    "http://proxy.example:": "http://proxy.example:80",
    "proxy.example:3128": "http://proxy.example:3128",
    "//proxy.example:3128": "http://proxy.example:3128",
    " proxy.example ": "http://proxy.example:80",
    "10.0.0.1:3128": "http://10.0.0.1:3128",
    "http://[2001:db8::9]:3128": "http://[2001:db8::9]:3128",
    "someone:secret@proxy.example:3128": "http://proxy.example:3128",
    "http://someone:sec@ret@proxy.example:3128": "http://proxy.example:3128",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def official(endpoint: str) -> str | None:
    """Ask requests, in the way in which the official client sends a request."""
    url = requests.Request("GET", f"{endpoint}/images").prepare().url or ""
    proxies = requests.Session().merge_environment_settings(url, {}, None, None, None)["proxies"]
    return select_proxy(url, proxies)


def ours(endpoint: str) -> str | None:
    proxy = proxy_for(endpoint)
    return proxy.address if proxy else None


@pytest.mark.parametrize(("endpoint", "no_proxy"), PAIRS)
def test_as_the_official_client(endpoint: str, no_proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy}.items():
        monkeypatch.setenv(name, value)
    if (endpoint, no_proxy) in DIFFERENCES:
        assert (official(endpoint), ours(endpoint)) == (PROXY, None)
    else:
        assert ours(endpoint) == official(endpoint)


def test_differences_are_in_the_table() -> None:
    assert DIFFERENCES.keys() <= set(PAIRS)
    assert len(set(PAIRS)) == len(PAIRS)


@pytest.mark.parametrize(("endpoint", "environment"), ENVIRONMENTS)
def test_which_variable_wins(endpoint: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ours(endpoint) == official(endpoint)


def test_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[str] = []
    for number, name in enumerate(("ALL_PROXY", "all_proxy", "Https_Proxy", "https_proxy")):
        monkeypatch.setenv(name, f"http://proxy.example:{number + 1}")
        named.append(str(proxy_for(HOST)).partition(" ")[2])
    assert named == ["(ALL_PROXY)", "(all_proxy)", "(Https_Proxy)", "(https_proxy)"]


@pytest.mark.parametrize(("url", "address"), SPELLINGS.items())
def test_address(url: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    assert ours(HOST) == address


@pytest.mark.parametrize(
    ("userinfo", "auth"),
    [
        ("", None),
        ("@", None),
        (":@", None),
        ("someone:secret@", (b"someone", b"secret")),
        ("someone@", (b"someone", b"")),
        ("DOMAIN%5Csomeone:s%40%3a%25@", (b"DOMAIN\\someone", b"s@:%")),
        ("some%C3%B6ne:gehe\N{LATIN SMALL LETTER I WITH DIAERESIS}m@", (b"some\xc3\xb6ne", b"gehe\xc3\xafm")),
    ],
)
def test_user_name_and_password(
    userinfo: str, auth: tuple[bytes, bytes] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://{userinfo}proxy.example:3128")
    proxy = proxy_for(HOST)
    assert proxy is not None
    assert proxy.auth == auth
    assert str(proxy) == "http://proxy.example:3128 (https_proxy)"
    assert "sec" not in repr(proxy)


@pytest.mark.parametrize(
    "url",
    [
        "socks4://x:secret@127.0.0.1:1",
        "socks5://x:secret@127.0.0.1:1",
        "ftp://secret.example",
        "http://[::secret",
        "http://x:se#cret@proxy.example",
        "http://x:secret@proxy.example:99999",
        "http://x:secret@",
        "http://x:secret@pr oxy.example",
        "secret:::",
        "ftp://x:secret@proxy.example:1",
        "ws://x:secret@proxy.example:1",
        "http+unix://x:secret@proxy.example:1",
        "http://x:secret@proxy.example:0",
    ],
)
def test_proxy_that_can_not_be_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if url.startswith("socks5"):
        monkeypatch.setitem(sys.modules, "socksio", None)  # as if it weren't installed
    monkeypatch.setenv("ALL_PROXY", url)
    with pytest.raises(InvalidValueException, match="ALL_PROXY: not a usable proxy") as caught:
        proxy_for(HOST)
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    monkeypatch.setenv("NO_PROXY", "api.example.org")
    assert proxy_for(HOST) is None


@pytest.mark.parametrize("bypass", [False, True])
def test_settings_of_a_desktop(bypass: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": PROXY})
    monkeypatch.setattr("urllib.request.proxy_bypass", lambda host: bypass)
    proxy = proxy_for(HOST)
    assert (str(proxy) if proxy else None) == (None if bypass else f"{PROXY} (the system's settings)")


def test_nothing_large_is_loaded() -> None:
    code = (
        "import os, sys; os.environ.update(HTTPS_PROXY='http://proxy.example', NO_PROXY='other.example')\n"
        "from hcloud_images._runtime.proxies import proxy_for; before = set(sys.modules)\n"
        "assert proxy_for('https://api.example.org/v1'); print(*sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) <= {"ipaddress"}
