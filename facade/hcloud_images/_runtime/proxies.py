"""The proxy that the environment names."""

from __future__ import annotations

from urllib.parse import urlsplit

from hcloud_images._runtime.options import is_loopback


def proxy_for(endpoint: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(endpoint)
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return None  # which would see the token
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
