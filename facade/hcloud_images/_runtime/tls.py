"""Which certificates are trusted."""

from __future__ import annotations

import os
import ssl

from hcloud_images._runtime.backend import httpx
from hcloud_images.errors import InvalidValueException

#: What ``verify=`` takes: whether to, with which certificates, or an SSL context of your own.
Verify = bool | str | os.PathLike[str] | ssl.SSLContext


def ssl_context_for(verify: Verify, endpoint: str) -> ssl.SSLContext | None:
    """Turn the ``verify`` of a client into an SSL context; an http endpoint needs none."""
    if not endpoint.startswith("https:"):
        return None  # loading certificates takes longer than a request
    if isinstance(verify, ssl.SSLContext):
        return verify
    if isinstance(verify, bool):
        return httpx.create_ssl_context(verify)
    try:
        path = os.fspath(verify)
        folder = os.path.isdir(path)  # noqa: PTH112 - pathlib takes longer to load than a request takes
        return ssl.create_default_context(cafile=None if folder else path, capath=path if folder else None)
    except (OSError, TypeError) as error:
        raise InvalidValueException(f"can't read certificates from verify={verify!r}: {error}") from error
