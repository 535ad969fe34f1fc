"""Tunnels through an http proxy, below httpcore's connections, which see nothing of them.

httpcore's own tunnels leave out the brackets of IPv6 addresses, give the reason of a refusal as text only, and make a
failure of the proxy look like one of the request.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

from hcloud_images._runtime.backend import httpcore
from hcloud_images._runtime.proxies import Proxy
from hcloud_images._runtime.refusals import ProxyRefusal


class AsyncTunnelBackend(httpcore.AsyncNetworkBackend):
    """Connects to wherever a proxy connects to.

    :param proxy: An http or https proxy.
    :param ssl_context: How to encrypt what goes to an https proxy.
    :param network_backend: Connects to the proxy.
    """

    def __init__(
        self, proxy: Proxy, ssl_context: ssl.SSLContext | None, network_backend: httpcore.AsyncNetworkBackend | None
    ) -> None:
        self._proxy, self._ssl_context, self._backend = proxy, ssl_context, network_backend
        self._headers = httpcore.Proxy(proxy.address, proxy.auth).headers

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a stream to the host, through the proxy."""
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        url = httpcore.URL(self._proxy.address)
        connection = httpcore.AsyncHTTPConnection(
            url.origin,
            ssl_context=self._ssl_context,
            local_address=local_address,
            network_backend=self._backend,
            socket_options=socket_options,
        )
        request = httpcore.Request(
            "CONNECT",
            httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=target),
            headers=[(b"Host", target.encode()), *self._headers],
            extensions={"timeout": dict.fromkeys(("connect", "read", "write"), timeout)},
        )
        try:
            response: Any = await connection.handle_async_request(request)
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            raise  # no connection to the proxy
        except httpcore.TimeoutException as error:
            raise httpcore.ConnectTimeout(f"no response of the proxy {self._proxy} in time") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise ProxyRefusal(self._proxy, target, str(error)) from None
        if response.status in range(200, 300):
            stream: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
            return stream
        await connection.aclose()
        reason = response.extensions["reason_phrase"].decode("ascii", "replace")
        raise ProxyRefusal(self._proxy, target, f"{response.status} {reason}", response.status)


def connection_pool(
    endpoint: str,
    proxy: Proxy | None,
    ssl_context: ssl.SSLContext | None,
    proxy_ssl_context: ssl.SSLContext | None,
    network_backend: httpcore.AsyncNetworkBackend | None = None,
    keepalive_expiry: float | None = 5.0,
) -> httpcore.AsyncConnectionPool:
    """Return what creates the connections of a client; its ``create_connection()`` goes through the proxy."""
    forward = None
    if proxy and endpoint.lower().startswith("https:") and proxy.address.startswith("http"):
        network_backend = AsyncTunnelBackend(proxy, proxy_ssl_context, network_backend)
    elif proxy:
        forward = httpcore.Proxy(proxy.address, proxy.auth, ssl_context=proxy_ssl_context)
    return httpcore.AsyncConnectionPool(
        ssl_context, forward, keepalive_expiry=keepalive_expiry, network_backend=network_backend
    )
