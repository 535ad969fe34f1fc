"""Turns errors of the HTTP backend into errors of this library."""

from __future__ import annotations

from hcloud_images._runtime.backend import httpx
from hcloud_images._runtime.deadline import is_over
from hcloud_images._runtime.proxies import Proxy
from hcloud_images._runtime.response import strip_tracebacks
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
_TRANSIENT_STATUS = {"502", "503", "504"}


def wire_error(
    error: Exception, exchange: Exchange, request: httpx.Request, proxy: Proxy | None, handled: BaseException | None
) -> TransportException:
    """Build the error of this library for one of the backend.

    :param error: What the backend raised.
    :param exchange: What of the exchange is known.
    :param request: What was to be sent.
    :param proxy: What it was to be sent through.
    :param handled: What the caller is handling; it isn't a cause.
    """
    if proxy:
        strip_tracebacks(error, handled, proxy.mask)
    target = request.url.netloc.decode()
    if request.url.port is None:
        target += ":443" if request.url.scheme == "https" else ":80"
    where = f"{target} through the proxy {proxy}" if proxy else target
    unconnected = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError)
    sent = request.extensions.get("sent", True) and not unconnected
    failure = f"the connection to {where} broke" if sent else f"no connection to {where}"
    for kind, (what, part, advice) in _TIMEOUTS.items():
        if isinstance(error, kind):
            if sent or unconnected:  # otherwise the proxy was silent
                failure = what.format(where)
            seconds = request.extensions["timeout"][part]
            limit = f"the {part} timeout" if seconds is None else f"the {part} timeout of {seconds:.3g} s"
            if is_over():
                limit = "the deadline"
            return TimeoutException(f"{failure} within {limit}; {advice}", exchange, sent=sent)
    if isinstance(error, httpx.ProxyError) and proxy:
        advice = _refusal_advice(str(error), proxy)
        failure = f"the proxy {proxy} didn't connect to {target}: {error}{advice}"
        return ConnectionException(failure, exchange, sent=False, permanent=bool(advice))
    if isinstance(error, httpx.TransportError):
        untrusted = verification_advice(error, handled) if unconnected else ""
        return ConnectionException(f"{failure}: {untrusted or error}", exchange, sent=sent, permanent=bool(untrusted))
    return InvalidResponseException(f"the response can't be read: {error}", exchange)


def _refusal_advice(reason: str, proxy: Proxy) -> str:
    """Return what to do about a proxy that opens no tunnel; an empty text if a retry may succeed.

    :param reason: Begins with the status, if there was one.
    """
    status = reason[:3]
    if not status.isdecimal() or status in _TRANSIENT_STATUS:
        return ""
    if status != "407":
        return "; allow this address in the proxy, or add it to NO_PROXY if it can be reached directly"
    if proxy.auth:
        return f"; it rejects the user name and password in {proxy.source}"
    return f"; it requires a user name and a password: set {proxy.source} to http://user:password@host:port"
