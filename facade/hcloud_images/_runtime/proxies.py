"""The proxy that the environment names, by the rules of the official client, which are those of requests."""

from __future__ import annotations

import os
import re
import urllib.request
from base64 import b64encode
from contextlib import suppress
from importlib.util import find_spec
from urllib.parse import unquote_to_bytes, urlsplit

from attrs import field, frozen

from hcloud_images._runtime.options import is_loopback
from hcloud_images.errors import InvalidValueException

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
# A shorter password may be part of any word or number, and its gap in them would tell it.
_SHORTEST = 4


@frozen
class Proxy:
    """A proxy; its repr and text have no password.

    :param address: Scheme, host and port.
    :param source: The variable that names it.
    :param auth: User name and password, where it has them.
    """

    address: str
    source: str
    auth: tuple[bytes, bytes] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.address} ({self.source})"

    @property
    def speaks_http(self) -> bool:
        """Whether it speaks HTTP; what isn't encrypted, it reads and forwards, so responses may be its own."""
        return self.address.startswith("http")

    def mask(self, text: str) -> str:
        """Hide the password in a text of the proxy, which may repeat what it was sent."""
        return self.mask_bytes(text.encode(errors="replace")).decode(errors="replace")

    def mask_bytes(self, content: bytes) -> bytes:
        """Hide it in a body."""
        if self.auth:
            password = self.auth[1]
            # In texts of the backend, what isn't ASCII is escaped or left out.
            plain, escaped = password.decode("ascii", "ignore").encode(), repr(password)[2:-1].encode()
            for secret in (b64encode(b":".join(self.auth)), password, escaped, plain):
                if len(secret) >= _SHORTEST:
                    content = content.replace(secret, b"***")
        return content


def proxy_for(endpoint: str) -> Proxy | None:
    """Return the proxy that requests to an address go through."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if parts.scheme == "http" and is_loopback(host):
        return None  # it would see the token
    proxies = urllib.request.getproxies()  # of the environment; if that has none, of the system's settings
    kind = parts.scheme if parts.scheme in proxies else "all"
    if kind not in proxies or _is_exempt(host, parts.port):
        return None
    url = proxies[kind]
    variables = [name for name, value in os.environ.items() if name.lower() == f"{kind}_proxy" and value == url]
    return _parse(url, variables[0] if variables else "the system's settings")


def _is_exempt(host: str, port: int | None) -> bool:
    from ipaddress import ip_address, ip_network

    if urllib.request.proxy_bypass(host):
        return True
    # What that doesn't know: ports, networks, and an upper-case variable beside an empty lower-case one.
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    for entry in "".join(no_proxy.split()).lower().split(","):
        name = entry.lstrip(".")
        if name and any(f".{own}".endswith(f".{name}") for own in (host, f"{host}:{port}")):
            return True
        with suppress(ValueError):
            if ip_address(host) in ip_network(re.sub(r"[\[\]]", "", entry.removesuffix(f"]:{port}")), strict=False):
                return True
    return False


def _parse(url: str, source: str) -> Proxy:
    with suppress(ValueError, KeyError):
        url = url.strip()
        parts = urlsplit(url if "://" in url else f"http://{url.lstrip('/')}")
        host, port = parts.hostname or "", _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
        known = parts.scheme in _DEFAULT_PORTS and port
        if known and re.fullmatch(r"[!-~]+", host) and (not parts.scheme.startswith("socks") or find_spec("socksio")):
            address = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"
            user, password = (unquote_to_bytes(part or "") for part in (parts.username, parts.password))
            return Proxy(address, source, (user, password) if user or password else None)
    # Without the address, which may have a password in it.
    raise InvalidValueException(
        f"{source}: not a usable proxy; must be http://host:port, https://host:port, or with"
        " httpx[socks] socks5://host:port; correct it, or set NO_PROXY"
    )
