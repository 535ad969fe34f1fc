"""Connections that keep to the deadline."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

from hcloud_images._runtime.backend import httpcore
from hcloud_images._runtime.deadline import remaining_time


def _remaining_timeout(timeout: float | None, late: type[Exception]) -> float | None:
    left = remaining_time()
    if left is None:
        return timeout
    if left <= 0:
        raise late
    return left if timeout is None else min(timeout, left)


class DeadlineStream(httpcore.NetworkStream):
    """A connection that is read no longer than the deadline lets it."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining_timeout(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining_timeout(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            timeout = _remaining_timeout(timeout, httpcore.ConnectTimeout)
        except httpcore.ConnectTimeout:
            self.close()  # as any start_tls() does that fails: nobody else would
            raise
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens such connections. httpx limits each step of a request, and a server can take any number of them."""

    def __init__(self) -> None:
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect, within the deadline."""
        timeout = _remaining_timeout(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._network.connect_tcp(host, port, timeout, local_address, socket_options))
