"""What lies between a client and the API: certificates, proxies, and connections that keep to the deadline."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore

from hcloud_images.checks import is_loopback
from hcloud_images.deadlines import time_left
from hcloud_images.errors import InvalidValueException

#: What ``verify=`` takes: whether to, with which certificates, or how in all detail.
Verify = bool | str | os.PathLike[str] | ssl.SSLContext


def verified(verify: Verify, endpoint: str) -> ssl.SSLContext | bool:
    """Make of what a client was given what a transport takes."""
    if not endpoint.startswith("https:"):
        return False  # loading certificates takes longer than a request
    if isinstance(verify, ssl.SSLContext | bool):
        return verify
    try:
        path = os.fspath(verify)
        folder = os.path.isdir(path)  # noqa: PTH112 - pathlib takes longer to load than a request takes
        return ssl.create_default_context(cafile=None if folder else path, capath=path if folder else None)
    except (OSError, TypeError) as error:
        raise InvalidValueException(f"verify={verify!r}: can't read certificates from there: {error}") from error


def proxy_for(endpoint: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    parts = urlsplit(endpoint)
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return None  # which would see the token
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _least(timeout: float | None, late: type[Exception]) -> float | None:
    left = time_left()
    if left is None:
        return timeout
    if left <= 0:
        raise late
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection that is read no longer than the deadline lets it."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _least(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _least(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            timeout = _least(timeout, httpcore.ConnectTimeout)
        except httpcore.ConnectTimeout:
            self.close()  # as any start_tls() does that fails: nobody else would
            raise
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Network(httpcore.NetworkBackend):
    """Opens such connections. httpx limits each step of a request, and a server can take any number of them."""

    def __init__(self, network: httpcore.NetworkBackend) -> None:
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect, within the deadline."""
        timeout = _least(timeout, httpcore.ConnectTimeout)
        return _Stream(self._network.connect_tcp(host, port, timeout, local_address, socket_options))
