"""Connections that keep to the deadline, and whose errors are httpcore's."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from hcloud_images._runtime._sync.concurrency import close_stream, current_loop, new_backend, shield
from hcloud_images._runtime.backend import httpcore, raise_translated

_HEAD_END, _CHUNKS_END = b"\r\n\r\n", b"\r\n0\r\n\r\n"

TimeLeft = Callable[[], float | None]
# Seconds, 24 days: sockets count milliseconds in 31 bits, and take more for any other number.
_LONGEST = 2**31 // 1000


class DeadlineStream(httpcore.NetworkStream):
    """A connection that is read no longer than the deadline lets it."""

    def __init__(self, stream: httpcore.NetworkStream, time_left: TimeLeft) -> None:
        self._stream, self._time_left = stream, time_left
        self._loop = current_loop()
        # Of what was read since the last write: the beginning with the headers, the newest part, and the size.
        self._head = self._newest = b""
        self._size = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read some bytes; none: the other side has closed."""
        try:
            content = self._stream.read(max_bytes, _limited(timeout, self._time_left, httpcore.ReadTimeout))
        except Exception as error:  # backends let any exception through
            raise_translated(error, httpcore.ReadError)
        if _HEAD_END not in self._head:
            self._head += content
        self._newest = self._newest[1 - len(_CHUNKS_END) :] + content
        self._size += len(content)
        return content

    def has_surplus(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Return whether more than a response was read; it would be taken for the beginning of the next one.

        In doubt it has: then the connection isn't used again.

        :param headers: Those of the response.
        """
        lengths = [int(value) for name, value in headers if name.lower() == b"content-length"]
        if any(name.lower() == b"transfer-encoding" for name, _ in headers):
            return self._newest.find(_CHUNKS_END) != len(self._newest) - len(_CHUNKS_END)
        return self._size != self._head.find(_HEAD_END) + len(_HEAD_END) + sum(lengths[:1])

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        if not buffer:
            return  # the body of a GET
        self._head = self._newest = b""
        self._size = 0
        try:
            self._stream.write(buffer, _limited(timeout, self._time_left, httpcore.WriteTimeout))
        except Exception as error:  # backends let any exception through
            raise_translated(error, httpcore.WriteError)

    def close(self) -> None:
        """Close it, from any task."""
        close_stream(self._stream, self._loop)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt from now on."""
        # In brackets it is part of a URL, and in no certificate.
        hostname = server_hostname and server_hostname.strip("[]")
        try:
            timeout = _limited(timeout, self._time_left, httpcore.ConnectTimeout)
            stream = self._stream.start_tls(ssl_context, hostname, timeout)
        except BaseException as error:  # backends let any exception through, and don't always close it
            with suppress(Exception), shield():
                self.close()
            if isinstance(error, Exception):
                raise_translated(error, httpcore.ConnectError)
            raise
        return _opened(stream, self._time_left)

    def get_extra_info(self, info: str) -> Any:
        """Return details of the connection."""
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens such connections.

    :param time_left: Returns the seconds until the deadline of the current call; ``None`` without one.
    """

    def __init__(self, time_left: TimeLeft) -> None:
        self._backend, self._time_left = new_backend(), time_left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect, within the deadline."""
        try:
            timeout = _limited(timeout, self._time_left, httpcore.ConnectTimeout)
            stream = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        except Exception as error:  # backends let any exception through
            raise_translated(error, httpcore.ConnectError)
        return _opened(stream, self._time_left)


def _opened(stream: httpcore.NetworkStream, time_left: TimeLeft) -> DeadlineStream:
    """Return a new stream; close it if that took too long, so that nothing is sent on it.

    Name lookups don't keep to a timeout, and handshakes only with each of their steps.
    """
    opened = DeadlineStream(stream, time_left)
    try:
        _limited(None, time_left, httpcore.ConnectTimeout)
    except httpcore.ConnectTimeout:
        opened.close()
        raise
    return opened


def _limited(timeout: float | None, time_left: TimeLeft, late: type[Exception]) -> float | None:
    left = time_left()
    if left is not None:
        if left <= 0:
            raise late("the deadline is over")
        timeout = left if timeout is None else min(timeout, left)
    return None if timeout is None else min(timeout, _LONGEST)
