"""Reads a description that others wrote, from a file or an address, and trusts it with nothing."""

from __future__ import annotations

import ipaddress
import json
import re
import time
from pathlib import Path
from typing import Any, cast

import httpx
import yaml

#: Six times what the official one has today; more than this would take longer to read than anyone waits.
MAX_BYTES = 16_000_000
#: Nodes, and ends of nodes; four times what the official one has, and some seconds.
MAX_EVENTS = 600_000
#: The official one has 30 levels. libyaml's loader is recursive and ends the process at some ten thousand.
MAX_DEPTH = 200
#: For a download as a whole, in seconds.
MAX_SECONDS = 60.0


class ComparisonError(Exception):
    """Why nothing could be compared."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # whichever there is
    """YAML as OpenAPI means it: ``off`` and ``2026-01-01`` are text, and there are no merge keys."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - so it is called in the base class
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":int", ":float"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF")


def read(source: str) -> dict[str, Any]:
    """Read a description from a file, or from an address; http only from this machine itself.

    :raises ComparisonError: when that can't be done, with the reason.
    """
    if not source:
        raise ComparisonError("there is no source; give SOURCE=<file or address>")
    content = _fetched(source) if "://" in source else _opened(source)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ComparisonError(f"{source} isn't UTF-8 text: {error}") from error
    return parse(text, source)


def parse(text: str, source: str) -> dict[str, Any]:
    """Read a description from text; the source is what messages call it."""
    return _checked(_parsed(text, source), source)


def _checked(document: Any, source: str) -> dict[str, Any]:
    """Refuse what is no OpenAPI document of a version that we understand."""
    version = document.get("openapi") if isinstance(document, dict) else None
    if not isinstance(version, str) or not version.startswith(("3.0", "3.1")):
        found = f"openapi: {version}" if version else "no `openapi: 3.…` at the top"
        raise ComparisonError(f"{source} is no OpenAPI document of version 3.0 or 3.1 ({found})")
    if not isinstance(document.get("paths"), dict) or not document["paths"]:
        raise ComparisonError(f"{source} is an OpenAPI document without paths")
    return cast("dict[str, Any]", document)


def _too_large(source: str) -> ComparisonError:
    return ComparisonError(f"{source} is too large: more than {MAX_BYTES:,} bytes")


def _opened(source: str) -> bytes:
    try:
        with Path(source).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ComparisonError(f"can't read {source}: {error}") from error
    if len(content) > MAX_BYTES:
        raise _too_large(source)
    return content


def _allowed(request: httpx.Request) -> None:
    """Refuse unencrypted requests over a network, redirected ones too."""
    host = request.url.host
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if request.url.scheme != "https" and not (request.url.scheme == "http" and loopback):
        raise ComparisonError(f"won't fetch {request.url}: only https, or http from this machine itself")


def _fetched(address: str) -> bytes:
    content = bytearray()
    deadline = time.monotonic() + MAX_SECONDS
    encrypted = address.lower().startswith("https:")
    try:
        with (
            # A proxy of the environment is for the way out, and the way to this machine isn't.
            httpx.Client(
                follow_redirects=True, timeout=10, trust_env=encrypted, event_hooks={"request": [_allowed]}
            ) as client,
            client.stream("GET", address) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise ComparisonError(f"can't fetch {address}: it answers {answer.status_code}")
            for chunk in answer.iter_bytes(65536):
                content += chunk
                if len(content) > MAX_BYTES:
                    raise _too_large(address)
                if time.monotonic() > deadline:
                    raise ComparisonError(f"can't fetch {address}: it takes more than {MAX_SECONDS:.0f} seconds")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ComparisonError(f"can't fetch {address}: {error or type(error).__name__}") from error
    return bytes(content)


def _parsed(text: str, source: str) -> Any:
    try:
        if text.lstrip()[:1] == "{":
            try:
                return json.loads(text)
            except json.JSONDecodeError:
                pass  # YAML may begin with a brace too
        _measured(text, source)
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except RecursionError as error:
        raise ComparisonError(f"{source} is nested too deeply") from error
    except yaml.YAMLError as error:
        # Newer libyaml has a limit of its own, and meets it while looking ahead, before we count a level.
        if "nesting depth" in str(error):
            raise ComparisonError(f"{source} is nested too deeply: {_in_short(error)}") from error
        raise ComparisonError(f"{source} is neither YAML nor JSON: {_in_short(error)}") from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ComparisonError(f"{source} is neither YAML nor JSON: {_in_short(error)}") from error


def _in_short(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _measured(text: str, source: str) -> None:
    depth = 0
    for number, event in enumerate(yaml.parse(text, _Loader)):
        if number > MAX_EVENTS:
            raise ComparisonError(f"{source} is too large: more than {MAX_EVENTS:,} parts")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise ComparisonError(f"{source} is nested too deeply: more than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
