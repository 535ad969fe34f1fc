"""Certificates of a server: right ones, and such that nobody should believe."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme


class Certificates:
    """What a server can show.

    :param folder: Where to keep the certificate of the authority that a client trusts.
    """

    def __init__(self, folder: Path) -> None:
        trusted, unknown = trustme.CA(), trustme.CA()
        self._ca = folder / "ca.pem"
        trusted.cert_pem.write_to_path(str(self._ca))
        yesterday = datetime.now(UTC) - timedelta(days=1)
        self._made = {
            "right": trusted.issue_cert("127.0.0.1"),
            "expired": trusted.issue_cert("127.0.0.1", not_after=yesterday),
            "other-host": trusted.issue_cert("other.example"),
            "self-signed": unknown.issue_cert("127.0.0.1"),
        }

    def server(self, kind: str) -> ssl.SSLContext | None:
        """Return how a server with such a certificate encrypts; ``None``: not at all."""
        if kind not in self._made:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._made[kind].configure_cert(context)
        return context

    @property
    def verify(self) -> str:
        return str(self._ca)
