"""Turns errors of the HTTP backend into errors of this library."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager

from hcloud_images._runtime.backend import httpx
from hcloud_images._runtime.response import strip_tracebacks
from hcloud_images.errors import ConnectionException, Exchange, InvalidResponseException, TimeoutException

_TIMEOUTS: dict[type[Exception], tuple[str, bool]] = {
    httpx.ConnectTimeout: ("no connection in time; is the address right?", False),
    httpx.PoolTimeout: ("all connections were busy; use fewer at once", False),
    httpx.TimeoutException: ("no response in time; raise timeout= or the deadline if that is normal", True),
}


@contextmanager
def translate_wire_errors(exchange: Exchange) -> Generator[None]:
    """Turn errors of the backend into errors of this library."""
    handled = sys.exception()
    try:
        yield
    except httpx.TimeoutException as error:
        cause: Exception = error
        kind: type[ConnectionException] = TimeoutException
        text, sent = next(found for timeout, found in _TIMEOUTS.items() if isinstance(error, timeout))
    except httpx.TransportError as error:
        cause, kind = error, ConnectionException
        sent = not isinstance(error, httpx.ConnectError | httpx.ProxyError)
        text = f"the connection broke: {error}" if sent else f"no connection: {error}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        message = f"the response can't be read: {error}"
        raise InvalidResponseException(message, exchange) from strip_tracebacks(error, handled)
    else:
        return
    raise kind(text, exchange, sent=sent) from strip_tracebacks(cause, handled)
