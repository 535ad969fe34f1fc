"""Client options from environment variables and CLI contexts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

from hcloud_images._runtime.backoff import BackoffFunction
from hcloud_images._runtime.deadline import Clock
from hcloud_images._runtime.options import Timeout, Token
from hcloud_images._runtime.retry import RetryPolicy
from hcloud_images._runtime.tls import Verify
from hcloud_images.errors import Exchange, InvalidValueException


class CommonOptions(TypedDict, total=False):
    """Options of ``from_env`` of both kinds of client; see there."""

    application_name: str | None
    application_version: str | None
    poll_interval: float | BackoffFunction
    poll_max_retries: int
    timeout: Timeout
    api_endpoint_hetzner: str
    retry: RetryPolicy
    page_window: int
    max_body: int
    verify: Verify
    allow_insecure: bool
    on_request: Callable[[Exchange], object] | None
    on_response: Callable[[Exchange], object] | None
    clock: Clock | None


def options_from_env(cli_context: bool | str) -> dict[str, Any]:
    """Return token and endpoint as arguments of a client.

    :raises InvalidValueException: when no token is set, or the context can't be read.
    """
    if isinstance(cli_context, str):  # named by the program: no variable may send its calls to another project
        return _context(cli_context)
    endpoint = os.environ.get("HCLOUD_ENDPOINT")
    arguments: dict[str, Any] = {"api_endpoint": endpoint} if endpoint else {}
    if os.environ.get("HCLOUD_TOKEN"):
        return arguments | {"token": Token(os.environ["HCLOUD_TOKEN"])}
    if cli_context:
        return _context(os.environ.get("HCLOUD_CONTEXT")) | arguments
    raise InvalidValueException("no API token: set HCLOUD_TOKEN to a token of your project")


def options_of_official(official: Any) -> dict[str, Any]:
    """Return token, endpoint and application of a client of the official package as arguments of a client.

    :raises InvalidValueException: when it isn't an official client.
    """
    try:
        http = official._client
        application = str(http._user_agent).rpartition("hcloud-python/")[0].strip()  # noqa: SLF001
        found = {"token": Token(http._token), "api_endpoint": http._endpoint}  # noqa: SLF001
    except AttributeError:
        raise InvalidValueException(f"expected an hcloud.Client, got {type(official).__name__}") from None
    return found | ({"application_name": application} if application else {})


def _context(name: str | None) -> dict[str, Any]:
    """Read a context, by default the active one; token commands of the CLI aren't run."""
    home = os.environ.get("APPDATA", "") if os.name == "nt" else os.path.expanduser("~/.config")  # never fails
    path = Path(os.environ.get("HCLOUD_CONFIG") or Path(home, "hcloud", "cli.toml"))
    reason, active, contexts = "it isn't a configuration of the CLI", None, None
    try:
        active, contexts = _read(path)
    except OSError as error:
        reason = error.strerror or ""
    except (ValueError, TypeError, AttributeError, KeyError):
        pass  # and without a cause: newer Pythons keep the file's text in it, with all tokens
    if contexts is None:
        raise InvalidValueException(f"can't read {path}, the contexts of the hcloud CLI: {reason}; set HCLOUD_TOKEN")
    name = name or active
    if not isinstance(name, str) or name not in contexts:
        what = f"no context {name!r}" if name else "no active context"
        known = ", ".join(map(str, contexts)) or "none"
        raise InvalidValueException(f"{what} in {path}, which has {known}; set HCLOUD_CONTEXT or HCLOUD_TOKEN")
    if "token" not in contexts[name]:
        raise InvalidValueException(f"context {name!r} in {path} has no token; set HCLOUD_TOKEN")
    return contexts[name]


def _read(path: Path) -> tuple[Any, dict[Any, dict[str, Any]]]:
    """Return the active context's name, and the client options of each context."""
    import tomllib

    config: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    default = config.get("preferences", {}).get("endpoint")
    contexts: dict[Any, dict[str, Any]] = {}
    for one in config.get("contexts", []):
        endpoint = one.get("preferences", {}).get("endpoint", default)
        options = {"token": one.get("token") and Token(one["token"]), "api_endpoint": endpoint}
        contexts[one["name"]] = {name: value for name, value in options.items() if value}
    return config.get("active_context"), contexts
