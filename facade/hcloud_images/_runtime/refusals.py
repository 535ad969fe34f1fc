"""Why a proxy didn't open a tunnel."""

from __future__ import annotations

from base64 import b64encode

from hcloud_images._runtime.backend import httpcore
from hcloud_images._runtime.proxies import Proxy

_WANTS_PASSWORD = 407
_TRANSIENT_STATUS = {502, 503, 504}


class ProxyRefusal(httpcore.ProxyError):
    """A proxy refused to open a tunnel, or broke off; nothing was sent to the API.

    :param proxy: The proxy.
    :param target: Host and port that it was asked for.
    :param reason: What it said, or how it broke off.
    :param status: The HTTP status of its response, if there was one.
    """

    def __init__(self, proxy: Proxy, target: str, reason: str, status: int | None = None) -> None:
        #: Whether the next try may end better.
        self.is_transient = status is None or status in _TRANSIENT_STATUS
        self.proxy, self.status = proxy, status
        text = f"the proxy {proxy} didn't connect to {target}: {_mask(reason, proxy.auth)}"
        if status == _WANTS_PASSWORD and proxy.auth:
            text += f"; it doesn't accept the user name and password in {proxy.source}"
        elif status == _WANTS_PASSWORD:
            text += f"; it wants a user name and a password: set {proxy.source} to http://user:password@host:port"
        elif not self.is_transient:
            text += "; it has to permit this address, or NO_PROXY has to name it if there is a way without the proxy"
        super().__init__(text)


def _mask(text: str, auth: tuple[bytes, bytes] | None) -> str:
    # The proxy may repeat what it was sent.
    for secret in (auth[1], b64encode(b":".join(auth))) if auth else ():
        text = text.replace(secret.decode(errors="replace"), "***") if secret else text
    return text
