"""Turns errors of the HTTP backend into errors of this library."""

from __future__ import annotations

from hcloud_images._runtime.backend import httpx
from hcloud_images._runtime.deadline import remaining_time
from hcloud_images._runtime.proxies import Proxy
from hcloud_images._runtime.refusals import ProxyRefusal
from hcloud_images._runtime.tls import verification_advice
from hcloud_images.errors import (
    ConnectionException,
    Exchange,
    InvalidResponseException,
    TimeoutException,
    TransportException,
)

# For each timeout: what didn't happen in time, which part of the timeout it was, and what to do.
_TIMEOUTS: dict[type[Exception], tuple[str, str, str]] = {
    httpx.ConnectTimeout: ("no connection to {}", "connect", "check the address"),
    httpx.PoolTimeout: ("all connections to {} were busy", "pool", "send fewer requests at once"),
    httpx.WriteTimeout: ("{} didn't accept the request", "write", "set a higher one if it needs longer"),
    httpx.ReadTimeout: ("no response from {}", "read", "set a higher one if it needs longer"),
}
_ENDS_SOON = 0.01


def wire_error(
    error: Exception,
    exchange: Exchange,
    request: httpx.Request,
    proxy: Proxy | None,
    handled: BaseException | None = None,
) -> TransportException:
    """Build the error of this library for one of the backend.

    :param error: What the backend raised.
    :param exchange: What of the exchange is known.
    :param request: What was to be sent.
    :param proxy: What it was to be sent through.
    :param handled: What the caller is handling; it isn't a cause.
    """
    port = request.url.port or {"http": 80, "https": 443}.get(request.url.scheme)
    where = f"{request.url.host}:{port}" + (f" through the proxy {proxy}" if proxy else "")
    connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError)
    sent = connected and request.extensions.get("sent", True)
    for kind, (what, part, advice) in _TIMEOUTS.items():
        if isinstance(error, kind):
            left = remaining_time()
            over = left is not None and left <= _ENDS_SOON
            seconds = request.extensions["timeout"][part]
            limit = f"the {part} timeout" if seconds is None else f"the {part} timeout of {seconds:.3g} s"
            limit = "the deadline" if over else limit
            return TimeoutException(f"{what.format(where)} within {limit}; {advice}", exchange, sent=sent)
    if isinstance(error, httpx.TransportError):
        refusal = error.__cause__
        if isinstance(refusal, ProxyRefusal):
            return ConnectionException(str(refusal), exchange, sent=False, permanent=not refusal.is_transient)
        if not connected and (untrusted := verification_advice(error, handled)):
            return ConnectionException(f"no connection to {where}: {untrusted}", exchange, sent=False, permanent=True)
        text = f"the connection to {where} broke" if connected else f"no connection to {where}"
        return ConnectionException(f"{text}: {error}", exchange, sent=sent)
    return InvalidResponseException(f"the response can't be read: {error}", exchange)
