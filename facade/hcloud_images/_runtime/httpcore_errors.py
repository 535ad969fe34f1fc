"""Turn what httpcore lets through into errors of httpcore, which httpx knows."""

from __future__ import annotations

from typing import NoReturn

from hcloud_images._runtime.backend import httpcore

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
    """Raise this error of httpcore instead of another library's; httpcore's own errors stay as they are.

    Seen: ssl.SSLError after the handshake (asyncio), ValueError, UnicodeError and OverflowError of malformed addresses,
    OSError of name lookups, anyio's exceptions for streams that end, socksio.ProtocolError.
    """
    if isinstance(error, _KNOWN):
        raise error
    text = str(error)
    if type(error) is ValueError and "non-empty sequence" in text:  # anyio makes a group of no errors
        text = NO_ADDRESS
    raise error_type(text) from error
