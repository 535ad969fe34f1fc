"""What a client is made of, checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import urlsplit

from hcloud_images.errors import HCloudException, InvalidValueException
from hcloud_images.lazily import lazily
from hcloud_images.version import __version__

with lazily():
    import ipaddress

#: A token, or a function that gives the one that counts now.
TokenSource = str | Callable[[], str]
#: Seconds for a connection and for each part of an answer, or a (connect, read) pair.
Timeout = float | tuple[float, float] | None


class Token:
    """Holds the token where nothing shows it."""

    __slots__ = ("_source",)

    def __init__(self, source: TokenSource | Token) -> None:
        self._source: TokenSource = source._source if isinstance(source, Token) else source  # noqa: SLF001 - its own kind

    def __reduce__(self) -> NoReturn:
        raise HCloudException("a token can't be pickled")

    def check(self) -> Token:
        """Refuse a token that can't be right; a function is asked when it is needed."""
        if not callable(self._source):
            self.header()
        return self

    def header(self) -> str:
        """Return the header that shows it to the API; a token that can't be one is refused, without being shown."""
        token = self._source() if callable(self._source) else self._source
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            del token
            raise InvalidValueException(
                "the token is empty, or has spaces, line breaks or characters outside ASCII;"
                " pass it as the console shows it"
            )
        return f"Bearer {token}"


def check_endpoint(endpoint: str, *, allow_insecure: bool) -> str:
    """Refuse what can't be the address of the API, and drop a slash at its end."""
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except (ValueError, TypeError, AttributeError):
        sound = False
    else:
        sound = sound and not (parts.query or parts.fragment or "@" in parts.netloc or "?" in endpoint)
        if sound and parts.scheme == "http" and not allow_insecure and not is_loopback(parts.hostname or ""):
            raise InvalidValueException(
                "api_endpoint is http to another machine, where everyone on the way can read the token; use https,"
                " or allow_insecure=True if nobody else is on the way"
            )
    if not sound or not re.fullmatch(r"[!-~]+", endpoint):
        raise InvalidValueException(
            "api_endpoint has to be an http or https address without user name, password and query,"
            " such as https://api.hetzner.cloud/v1"
        )
    return endpoint.rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def user_agent(application_name: str | None, application_version: str | None) -> str:
    """Name the application, where given, and this library."""
    own = f"hcloud-images/{__version__}"
    if application_name is None:
        return own
    name = application_name if application_version is None else f"{application_name}/{application_version}"
    if not re.fullmatch(r"[!-~]([ -~]*[!-~])?", name):
        raise InvalidValueException("application_name and application_version have to be printable ASCII")
    return f"{name} {own}"


def check_timeout(timeout: Timeout) -> dict[str, float | None]:
    """Make of a number of seconds, or of a (connect, read) pair, what the backend takes."""
    connect = read = None
    try:
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        sound = all(seconds is None or seconds > 0 for seconds in (connect, read))
    except (TypeError, ValueError):
        sound = False
    if not sound:
        raise InvalidValueException(f"timeout={timeout!r}: has to be seconds, more than 0, or a (connect, read) pair")
    return {"connect": connect, "read": read, "write": read, "pool": read}


def check_count(name: str, value: int) -> int:
    """Refuse a number that isn't at least 1."""
    if not value >= 1:
        raise InvalidValueException(f"{name}={value!r}: has to be at least 1")
    return value
