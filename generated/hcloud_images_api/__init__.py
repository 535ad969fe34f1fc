"""A client library for accessing Hetzner Cloud API, images part"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
