"""Reads a description that others wrote, from a file or an address, and trusts it with nothing."""

from __future__ import annotations

import ipaddress
import json
import re
import time
from pathlib import Path
from typing import Any

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
    """YAML as OpenAPI means it: ``off`` and ``2026-01-01`` are text, also as keys, without merge keys."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - so it is called in the base class
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":int", ":float"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, *, deep: bool = False) -> dict[str, Any]:
        return {str(key): value for key, value in super().construct_mapping(node, deep).items()}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF")


def read(source: str) -> dict[str, Any]:
    """Read a description from a file, or from an address; http only from this machine itself.

    :raises ComparisonError: when that can't be done, with the reason.
    """
    if not source:
        raise ComparisonError("no source; set SOURCE=<file or URL>")
    try:
        content = _fetched(source) if "://" in source else _opened(source)
        if len(content) > MAX_BYTES:
            raise ComparisonError(f"{source} is too large: more than {MAX_BYTES:,} bytes")
        return parse(content.decode("utf-8-sig"), source)
    except UnicodeDecodeError as error:
        raise ComparisonError(f"{source} isn't UTF-8 text: {error}") from error
    except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise ComparisonError(f"can't fetch {source}: {error or type(error).__name__}") from error


def _opened(source: str) -> bytes:
    with Path(source).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _fetched(address: str) -> bytes:
    content = bytearray()
    deadline = time.monotonic() + MAX_SECONDS
    # A proxy of the environment is for the way out, and the way to this machine isn't.
    options: dict[str, Any] = {"follow_redirects": True, "timeout": 10, "event_hooks": {"request": [_allowed]}}
    with (
        httpx.Client(trust_env=address.lower().startswith("https:"), **options) as client,
        client.stream("GET", address) as response,
    ):
        if response.status_code != httpx.codes.OK:
            raise ComparisonError(f"can't fetch {address}: status {response.status_code}")
        for chunk in response.iter_bytes(65536):
            content += chunk
            if len(content) > MAX_BYTES or time.monotonic() > deadline:
                break
        else:
            return bytes(content)
    why = f"more than {MAX_BYTES:,} bytes" if len(content) > MAX_BYTES else f"more than {MAX_SECONDS:.0f} seconds"
    raise ComparisonError(f"{address} is too large, or too slow: {why}")


def _allowed(request: httpx.Request) -> None:
    """Refuse unencrypted requests over a network, redirected ones too."""
    host = request.url.host
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if request.url.scheme != "https" and not (request.url.scheme == "http" and loopback):
        raise ComparisonError(f"won't fetch {request.url}: only https, or http from this machine itself")


def parse(text: str, source: str) -> dict[str, Any]:
    """Read a description from text; the source is what messages call it."""
    try:
        document = _parsed(text, source)
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        # Newer libyaml has a limit of its own, and meets it while looking ahead, before we count a level.
        deep = isinstance(error, RecursionError) or "nesting depth" in str(error)
        why = "is nested too deeply" if deep else "is neither YAML nor JSON"
        raise ComparisonError(f"{source} {why}: {' '.join(str(error).split())[:300]}") from error
    version = document.get("openapi") if isinstance(document, dict) else None
    if not str(version).startswith(("3.0", "3.1")):
        raise ComparisonError(f"{source} is not an OpenAPI document of version 3.0 or 3.1 (openapi: {version})")
    if not isinstance(document.get("paths"), dict) or not document["paths"]:
        raise ComparisonError(f"{source} is an OpenAPI document without paths")
    return dict(document)


def _parsed(text: str, source: str) -> Any:
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            pass  # YAML may begin with a brace too
    depth = 0
    for number, event in enumerate(yaml.parse(text, _Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if number > MAX_EVENTS:
            raise ComparisonError(f"{source} is too large: more than {MAX_EVENTS:,} parts")
        if depth > MAX_DEPTH:
            raise ComparisonError(f"{source} is nested too deeply: more than {MAX_DEPTH} levels")
    return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
