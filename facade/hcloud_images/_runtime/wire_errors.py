"""Turns errors of the HTTP backend into errors of this library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
# What SOCKS proxies say, and the status with which another proxy would say it.
_SOCKS_STATUS = {
    "Requested ": "407",  # "… from proxy server, but got …"
    "Invalid username/password": "407",
    "Proxy Server could not connect: Connection not allowed": "403",
}
_SAY_NOTHING = {"", "All connection attempts failed"}


def wire_error(
    error: Exception,
    exchange: Exchange,
    target: str,
    extensions: Mapping[str, Any],
    proxy: Proxy | None,
    mask: Callable[[str], str],
    handled: BaseException | None,
) -> TransportException:
    """Build the error of this library for one of the backend, or of a transport of the user's own.

    :param error: What was raised.
    :param exchange: What of the exchange is known.
    :param target: Host and port of the API.
    :param extensions: Those of the request.
    :param proxy: What it was to be sent through.
    :param mask: Hides the token in texts of others.
    :param handled: What the caller is handling; it isn't a cause.
    """
    reason = mask(reason_of(error, handled))
    strip_tracebacks(error, handled, mask)
    if proxy:
        strip_tracebacks(error, handled, proxy.mask)
        if isinstance(error, httpx.ProxyError):
            return refusal(reason, exchange, target, proxy)
        reason = proxy.mask(reason)
    where = f"{target} through the proxy {proxy}" if proxy else target
    unconnected = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError)
    sent = extensions["sent"] and not unconnected
    failure = f"the connection to {where} broke" if sent else f"no connection to {where}"
    for kind, (what, part, advice) in _TIMEOUTS.items():
        if isinstance(error, kind):
            if sent or unconnected:  # otherwise the proxy was silent
                failure = what.format(where)
            seconds = extensions["timeout"][part]
            limit = f"the {part} timeout" if seconds is None else f"the {part} timeout of {seconds:.3g} s"
            if is_over():
                limit = "the deadline"
            return TimeoutException(f"{failure} within {limit}; {advice}", exchange, sent=sent)
    if isinstance(error, OSError):
        failure = "the transport failed"
    if isinstance(error, httpx.TransportError | OSError):
        untrusted = verification_advice(error, handled) if unconnected else ""
        return ConnectionException(f"{failure}: {untrusted or reason}", exchange, sent=sent, permanent=bool(untrusted))
    return InvalidResponseException(f"the response can't be read: {reason}", exchange)


def reason_of(error: BaseException, handled: BaseException | None) -> str:
    """Return the text of an error, or that of what led to it if it says nothing, as those of anyio.

    :param handled: What the caller is handling; it isn't a cause.
    """
    while str(error) in _SAY_NOTHING and (cause := error.__cause__ or error.__context__) and cause is not handled:
        error = getattr(cause, "exceptions", [cause])[0]
    return str(error) or type(error).__name__


def refusal(reason: str, exchange: Exchange, target: str, proxy: Proxy) -> ConnectionException:
    """Build the error for a proxy that doesn't pass a request on.

    :param reason: What it said; begins with the status, if there was one.
    """
    advice = _refusal_advice(reason, proxy)
    failure = f"the proxy {proxy} didn't connect to {target}: {proxy.mask(reason).strip()}{advice}"
    return ConnectionException(failure, exchange, sent=False, permanent=bool(advice))


def target_of(endpoint: str) -> str:
    """Return host and port of the API, as they are looked up."""
    url = httpx.URL(endpoint)
    return url.netloc.decode() + ("" if url.port else ":443" if url.scheme == "https" else ":80")


def _refusal_advice(reason: str, proxy: Proxy) -> str:
    """Return what to do about a refusal; an empty text if a retry may succeed."""
    status = next((status for text, status in _SOCKS_STATUS.items() if reason.startswith(text)), reason[:3])
    if not status.isdecimal() or status in _TRANSIENT_STATUS:
        return ""
    if status != "407":
        return "; allow this address in the proxy, or add it to NO_PROXY if it can be reached directly"
    if proxy.auth:
        return f"; it rejects the user name and password in {proxy.source}"
    scheme = proxy.address.partition(":")[0]
    return f"; it requires a user name and a password: set {proxy.source} to {scheme}://user:password@host:port"
