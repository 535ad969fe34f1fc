"""The HTTP backend, imported in this one place: another one with the same interface is a change of these lines."""

from __future__ import annotations

import httpcore
import httpx

#: What ``Client(transport=)`` and ``AsyncClient(transport=)`` take.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport

__all__ = ["AsyncTransport", "Transport", "httpcore", "httpx"]
