"""Turns errors of the HTTP backend into errors of this library."""

from __future__ import annotations

from hcloud_images._runtime.backend import httpx
from hcloud_images.errors import (
    ConnectionException,
    Exchange,
    InvalidResponseException,
    TimeoutException,
    TransportException,
)

_TIMEOUTS: dict[type[Exception], tuple[str, bool]] = {
    httpx.ConnectTimeout: ("no connection in time; is the address right?", False),
    httpx.PoolTimeout: ("all connections were busy; use fewer at once", False),
    httpx.TimeoutException: ("no response in time; raise timeout= or the deadline if that is normal", True),
}


def wire_error(error: Exception, exchange: Exchange) -> TransportException:
    """Build the error of this library for one of the backend."""
    for kind, (text, sent) in _TIMEOUTS.items():
        if isinstance(error, kind):
            return TimeoutException(text, exchange, sent=sent)
    if isinstance(error, httpx.TransportError):
        sent = not isinstance(error, httpx.ConnectError | httpx.ProxyError)
        text = f"the connection broke: {error}" if sent else f"no connection: {error}"
        return ConnectionException(text, exchange, sent=sent)
    return InvalidResponseException(f"the response can't be read: {error}", exchange)
