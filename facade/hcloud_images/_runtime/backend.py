"""The HTTP backend, imported in this one place, and one kind of errors for all that fails below it.

Another backend with the same interface is a change of the imports here.
"""

from __future__ import annotations

from typing import NoReturn

import httpcore
import httpx

__all__ = ["NO_ADDRESS", "AsyncTransport", "Transport", "httpcore", "httpx", "raise_translated"]

#: What ``Client(transport=)`` and ``AsyncClient(transport=)`` take.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport

_KNOWN = (
    httpcore.ConnectionNotAvailable,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)
#: What a name lookup that finds nothing becomes.
NO_ADDRESS = "the name has no address"


def raise_translated(error: Exception, error_type: type[Exception]) -> NoReturn:
    """Raise this error of httpcore, which httpx knows, instead of another library's; httpcore's own stay as they are.

    Seen: ssl.SSLError after the handshake (asyncio), ValueError, UnicodeError and OverflowError of malformed addresses,
    OSError of name lookups, anyio's exceptions for streams that end, socksio.ProtocolError.
    """
    if isinstance(error, _KNOWN):
        raise error
    text = str(error)
    if type(error) is ValueError and "non-empty sequence" in text:  # anyio makes a group of no errors
        text = NO_ADDRESS
    raise error_type(text) from error
