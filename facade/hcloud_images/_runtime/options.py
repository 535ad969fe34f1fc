"""The options of a client, checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn, TypedDict, cast
from urllib.parse import urlsplit

from hcloud_images._checks import check_limit, invalid_value
from hcloud_images._runtime.backend import httpx
from hcloud_images._runtime.retry import RetryPolicy, check_policy
from hcloud_images._runtime.tls import Verify
from hcloud_images.errors import Exchange, HCloudException, InvalidValueException
from hcloud_images.version import __version__

#: A token, or a function that returns the one to use now.
TokenSource = str | Callable[[], str]
#: Seconds for a connection and for each part of a response, or a (connect, read) pair.
Timeout = float | tuple[float, float] | None


_OWN_HEADERS = {"accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent"}
UNPICKLABLE = "a client can't be copied or pickled: it holds a token and connections; make one where you need it"
# A host, a port, and a path without ? and #.
_ENDPOINT = re.compile(r"https?://([\w.-]+|\[[\w.:%]+\])(:\d*)?(/[!\"$->@-~]*)?", re.ASCII | re.IGNORECASE)
# A shorter text isn't a token of the API, and may be part of any word.
_SHORTEST = 16


class Token:
    """Holds the token, and never shows it."""

    __slots__ = ("_source",)

    def __init__(self, source: TokenSource | Token) -> None:
        self._source: TokenSource = source._source if isinstance(source, Token) else source

    def __reduce__(self) -> NoReturn:
        raise HCloudException("a token can't be pickled")

    def check(self) -> Token:
        """Refuse an invalid token; a function is only called when a request needs it."""
        if not callable(self._source):
            self.header()
        return self

    def of_request(self) -> Token:
        """Return that of one request; a function is called now."""
        return Token(self._source()) if callable(self._source) else self

    def header(self) -> str:
        """Return the value of the Authorization header; an invalid token is refused, without being shown."""
        token: Any = self._source
        if type(token).__module__.partition(".")[0] == "hcloud":
            raise InvalidValueException("expected a token, got a client of the official package; use Client.beside()")
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
            del token
            raise InvalidValueException(
                "the token is empty, or has spaces, line breaks or characters outside ASCII;"
                " pass it as the console shows it"
            )
        return f"Bearer {token}"

    def mask(self, value: Any) -> Any:
        """Hide the token in a text or a JSON value of a server, which may echo what it received."""
        if isinstance(value, str):
            secret = str(self._source)
            return value.replace(secret, "***") if len(secret) >= _SHORTEST else value
        if isinstance(value, dict):
            return {self.mask(name): self.mask(one) for name, one in cast("dict[str, Any]", value).items()}
        return [self.mask(one) for one in cast("list[object]", value)] if isinstance(value, list) else value

    def mask_bytes(self, content: bytes) -> bytes:
        """Hide it in a body that isn't JSON, in UTF-16 and in escapes as well."""
        secret = str(self._source)
        letters = [rf"(?:{re.escape(letter)}|\\u{ord(letter):04x})" for letter in secret]
        pattern = r"\0*".join(letters).encode()
        return re.sub(pattern, b"***", content, flags=re.IGNORECASE) if len(secret) >= _SHORTEST else content


class HttpOptions(NamedTuple):
    """Options of the HTTP client.

    :param token: Authorizes requests.
    :param endpoint: URL of the API.
    :param headers: Sent with each request.
    :param timeout: As ``check_timeout`` returns it.
    :param max_body: Maximum size of a response's body, in bytes.
    :param verify: Which certificates are trusted.
    :param on_request: Called before each request.
    :param on_response: Called after each response.
    :param query: Parameters of each request.
    """

    token: Token
    endpoint: str
    headers: dict[str, str]
    timeout: dict[str, float | None]
    max_body: int
    verify: Verify
    on_request: Callable[[Exchange], object] | None
    on_response: Callable[[Exchange], object] | None
    query: Mapping[str, Any] = {}


def _check_headers(headers: Mapping[Any, Any]) -> dict[str, str]:
    """Refuse headers that can't be sent, and those that the library sets itself."""
    if wrong := [name for name, value in headers.items() if not isinstance(value, str | int | float)]:
        raise InvalidValueException(f"headers must be text or numbers, got {wrong[0]!r}: {headers[wrong[0]]!r}")
    checked = {str(name).lower(): str(value) for name, value in headers.items()}
    for name, value in checked.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9a-z-]+", name) or not re.fullmatch(r"[ -~]*", value):
            raise InvalidValueException(f"headers must be printable ASCII, got {name!r}: {value!r}")
        if name in _OWN_HEADERS:
            raise InvalidValueException(f"headers must not have {name!r}, which the library sets")
    return checked


def _check_query(query: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Refuse parameters that can't be sent."""
    for name, value in query.items():
        for one in (name, *(value if type(value) in {list, tuple} else [value])):
            if not isinstance(one, str | int | float) or not str(one).isprintable():
                raise InvalidValueException(
                    f"query must be printable text, numbers, bools, or lists of these, got {name!r}: {value!r}"
                )
    return query


def check_timeout(timeout: Timeout) -> dict[str, float | None]:
    """Turn a number of seconds, or a (connect, read) pair, into what the backend takes."""
    with suppress(ValueError):  # those of the checks, too: the error below names both forms
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        for seconds in (connect, read):
            check_limit("timeout", seconds, or_zero=False)
        return {"connect": connect, "read": read, "write": read, "pool": read}
    raise invalid_value(
        "timeout", "a number of seconds, more than 0, None, or a (connect, read) pair of these", timeout
    )


class CallOptions(TypedDict, total=False):
    """Options of ``with_options``; see there."""

    timeout: Timeout
    retry: RetryPolicy
    headers: Mapping[str, str]
    query: Mapping[str, Any]


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "timeout": check_timeout,
    "retry": check_policy,
    "headers": _check_headers,
    "query": _check_query,
}


def call_options(options: CallOptions) -> dict[str, Any]:
    """Check the options of ``with_options``."""
    # Any other one of the HTTP client would be taken without the checks of the constructor.
    if unknown := ", ".join(sorted(options.keys() - _CHECKS.keys())):
        raise InvalidValueException(f"with_options takes {', '.join(_CHECKS)}, got {unknown}")
    for name in ("headers", "query"):
        if not isinstance(value := options.get(name, {}), Mapping):
            raise invalid_value(name, "a mapping", value)
    return {"retry": None} | {name: _CHECKS[name](value) for name, value in options.items()}


def check_endpoint(endpoint: str, *, allow_insecure: bool) -> str:
    """Refuse a URL that can't be the API's, and strip a slash at its end."""
    host = ""
    with suppress(ValueError, TypeError, AttributeError, httpx.InvalidURL):
        parts = urlsplit(endpoint)
        if _ENDPOINT.fullmatch(endpoint) and parts.port != 0 and httpx.URL(endpoint).host:
            host = (parts.hostname or "").encode("idna").decode()  # as a lookup does
    if not host:
        raise InvalidValueException(
            "api_endpoint must be an http or https address without user name, password and query,"
            " such as https://api.hetzner.cloud/v1"
        )
    if endpoint[:5].lower() == "http:" and not allow_insecure and not is_loopback(host):
        raise InvalidValueException(
            "api_endpoint is http to another machine, which sends the token unencrypted; use https,"
            " or allow_insecure=True if the network can be trusted"
        )
    return endpoint.rstrip("/")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    import ipaddress

    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def default_headers(application_name: str | None, application_version: str | None) -> dict[str, str]:
    """Return the headers of every request; the user agent names the application, if there is one, and this library."""
    agent = f"hcloud-images/{__version__}"
    if application_name is not None:
        name = application_name if application_version is None else f"{application_name}/{application_version}"
        if not re.fullmatch(r"[!-~]([ -~]*[!-~])?", name):
            raise InvalidValueException("application_name and application_version must be printable ASCII")
        agent = f"{name} {agent}"
    # Not requesting compression avoids decompression bombs.
    return {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": agent}


def check_verify(verify: Verify, *, allow_insecure: bool) -> Verify:
    """Refuse to trust every server by accident."""
    if verify is False and not allow_insecure:
        raise InvalidValueException(
            "verify=False lets anyone on the network read the token; allow_insecure=True permits it"
        )
    return verify
