"""Selects, sorts and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from hcloud_images_sandbox.description import load_description
from hcloud_images_sandbox.project import Action, Image, Project, Server
from hcloud_images_sandbox.responses import ApiError
from hcloud_images_sandbox.selector import parse_selector

Entry = TypeVar("Entry", Image, Action, Server)
#: Whether an entry is listed.
Test = Callable[[Any], bool]
_PAGING = frozenset({"page", "per_page"})
_MAX_LISTINGS = 64


def _last_if_none(value: Any) -> tuple[bool, Any]:
    """Sort what has no value as if it were the greatest."""
    return (True, 0) if value is None else (False, value)


def _field(name: str) -> Callable[[Any], Test]:
    """Make tests of entries whose field has the value, or one of the values."""
    return lambda wanted: lambda entry: entry.data.get(name) in (wanted if isinstance(wanted, list) else [wanted])


def _bound_to(servers: list[str]) -> Test:
    for text in servers:
        if not (text.isascii() and text.isdigit()):
            raise ApiError.invalid_input({"bound_to": f"must be the id of a server, got {text!r}"})
    ids = set(map(int, servers))
    return lambda image: image.data["bound_to"] in ids


def _selected_by(text: str) -> Test:
    try:
        selector = parse_selector(text)
    except ValueError as error:
        raise ApiError.invalid_input({"label_selector": str(error)}) from None
    return lambda entry: selector.accepts(entry.data["labels"])


def _filters(operation_id: str, schema: str, **special: Callable[[Any], Test]) -> Mapping[str, Callable[[Any], Test]]:
    """Return what makes tests of the values of query parameters; most ask for the value of a field."""
    description = load_description()
    query, fields = description.query(operation_id), description.properties(schema)
    return {name: _field(one.field) for name, one in query.items() if one.field in fields} | special


_FILTERS: Mapping[str, Mapping[str, Callable[[Any], Test]]] = {
    "list_images": _filters(
        "list_images",
        "Image",
        label_selector=_selected_by,
        bound_to=_bound_to,
        include_deprecated=lambda wanted: lambda image: wanted or not image.is_deprecated,
    ),
    "list_servers": _filters("list_servers", "Server", label_selector=_selected_by),
    **{name: _filters(name, "Action") for name in ("list_image_actions", "list_images_actions", "get_actions")},
}

_IMAGE_KEYS: Mapping[str, Callable[[Image], Any]] = {
    "id": lambda image: image.id,
    "name": lambda image: _last_if_none(image.data["name"]),
    "created": lambda image: image.created_at,
}
_SERVER_KEYS: Mapping[str, Callable[[Server], Any]] = {
    "id": lambda server: server.id,
    "name": lambda server: server.data["name"],
    "created": lambda server: server.created_at,
}
_ACTION_KEYS: Mapping[str, Callable[[Action], Any]] = {
    "id": lambda action: action.id,
    "command": lambda action: action.data["command"],
    "status": lambda action: action.data["status"],
    "progress": lambda action: action.data["progress"],
    "started": lambda action: action.started_at,
    "finished": lambda action: _last_if_none(action.finished_at),
}


def implemented(operation_id: str) -> frozenset[str]:
    """Return the query parameters that have an effect; the description may be ahead of it."""
    filters = _FILTERS.get(operation_id)
    return frozenset() if filters is None else frozenset({*filters, "sort"}) | _PAGING


def list_images(project: Project, query: Mapping[str, Any]) -> list[Image]:
    """Select and sort images; the pages of one listing share the work."""
    key = tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in sorted(query.items())
        if name not in _PAGING
    )
    if key not in project.listings:
        if len(project.listings) >= _MAX_LISTINGS:
            project.listings.clear()
        images = _selected(project.images.values(), {"include_deprecated": False, **query}, "list_images")
        project.listings[key] = _sorted(images, query.get("sort", []), _IMAGE_KEYS)
    return project.listings[key]


def list_servers(servers: Iterable[Server], query: Mapping[str, Any]) -> list[Server]:
    return _sorted(_selected(servers, query, "list_servers"), query.get("sort", []), _SERVER_KEYS)


def list_actions(actions: Iterable[Action], query: Mapping[str, Any]) -> list[Action]:
    return _sorted(_selected(actions, query, "get_actions"), query.get("sort", []), _ACTION_KEYS)


def page_of(entries: Sequence[Entry], query: Mapping[str, Any], *, totals: bool) -> tuple[Sequence[Entry], Any]:
    """Cut out one page, with its metadata."""
    page, per_page = query["page"], query["per_page"]
    last_page = max(-(-len(entries) // per_page), 1)
    pagination = {
        "page": page,
        "per_page": per_page,
        "previous_page": min(page - 1, last_page) or None,
        "next_page": page + 1 if page < last_page else None,
        "last_page": last_page if totals else None,
        "total_entries": len(entries) if totals else None,
    }
    return entries[(page - 1) * per_page : page * per_page], {"pagination": pagination}


def _selected(entries: Iterable[Entry], query: Mapping[str, Any], operation_id: str) -> list[Entry]:
    filters = _FILTERS[operation_id]
    tests = [filters[name](value) for name, value in query.items() if name in filters]
    return [entry for entry in entries if all(test(entry) for test in tests)]


def _sorted(
    entries: list[Entry], keys: Sequence[str], key_functions: Mapping[str, Callable[[Entry], Any]]
) -> list[Entry]:
    """Sort by several keys, the least important first, which a stable sort makes right."""
    entries.sort(key=key_functions["id"])
    for key in reversed(keys):
        name, _, direction = key.partition(":")
        entries.sort(key=key_functions[name], reverse=direction == "desc")
    return entries
