"""Turn what httpcore lets through into errors of httpcore, which httpx knows."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from hcloud_images._runtime.backend import httpcore

_KNOWN = (
    httpcore.ConnectionNotAvailable,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


@contextmanager
def translated(error_type: type[Exception]) -> Generator[None]:
    """Raise this in place of errors of others.

    Seen: ssl.SSLError after the handshake (asyncio), ValueError, UnicodeError and OverflowError of odd addresses,
    OSError of name look-ups, what anyio has for streams that end, socksio.ProtocolError.
    """
    try:
        yield
    except _KNOWN:
        raise
    except Exception as error:
        raise error_type(str(error) or type(error).__name__) from error
