"""Selects, sorts and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from hcloud_images_sandbox.answers import ApiError
from hcloud_images_sandbox.books import Action, Books, Image
from hcloud_images_sandbox.selector import parse_selector

Entry = TypeVar("Entry", Image, Action)
_PAGING = frozenset({"page", "per_page"})
_MAX_LISTINGS = 64


def _last_if_none(value: Any) -> tuple[bool, Any]:
    """Sort what has no value as if it were the greatest."""
    return (True, 0) if value is None else (False, value)


_IMAGE_KEYS: Mapping[str, Callable[[Image], Any]] = {
    "id": lambda image: image.id,
    "name": lambda image: _last_if_none(image.data["name"]),
    "created": lambda image: image.created_at,
}
_ACTION_KEYS: Mapping[str, Callable[[Action], Any]] = {
    "id": lambda action: action.id,
    "command": lambda action: action.data["command"],
    "status": lambda action: action.data["status"],
    "progress": lambda action: action.data["progress"],
    "started": lambda action: action.started_at,
    "finished": lambda action: _last_if_none(action.finished_at),
}


def list_images(books: Books, query: Mapping[str, Any]) -> list[Image]:
    """Select and sort images; the pages of one listing share the work."""
    key = tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in sorted(query.items())
        if name not in _PAGING
    )
    if key not in books.listings:
        if len(books.listings) >= _MAX_LISTINGS:
            books.listings.clear()
        accepts = _image_filter(query)
        images = [image for image in books.images.values() if accepts(image)]
        books.listings[key] = _sorted(images, query.get("sort", []), _IMAGE_KEYS)
    return books.listings[key]


def list_actions(actions: Iterable[Action], query: Mapping[str, Any]) -> list[Action]:
    ids, statuses = query.get("id"), query.get("status")
    selected = [
        action
        for action in actions
        if (ids is None or action.id in ids) and (statuses is None or action.data["status"] in statuses)
    ]
    return _sorted(selected, query.get("sort", []), _ACTION_KEYS)


def page_of(entries: Sequence[Entry], query: Mapping[str, Any], *, totals: bool) -> tuple[Sequence[Entry], Any]:
    """Cut out one page, and say where it stands."""
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


def _image_filter(query: Mapping[str, Any]) -> Callable[[Image], bool]:
    tests: list[Callable[[Image], bool]] = []
    if not query.get("include_deprecated", False):
        tests.append(lambda image: not image.is_deprecated)
    several = ("type", "status", "architecture")
    tests.extend(_one_of(name, frozenset(query[name])) for name in several if name in query)
    if "name" in query:
        tests.append(_one_of("name", frozenset({query["name"]})))
    if "bound_to" in query:
        tests.append(_one_of("bound_to", frozenset(map(_server_id, query["bound_to"]))))
    if "label_selector" in query:
        try:
            selector = parse_selector(query["label_selector"])
        except ValueError as error:
            raise ApiError.invalid_input({"label_selector": str(error)}) from None
        tests.append(lambda image: selector.accepts(image.data["labels"]))
    return lambda image: all(test(image) for test in tests)


def _one_of(name: str, values: frozenset[Any]) -> Callable[[Image], bool]:
    return lambda image: image.data[name] in values


def _server_id(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ApiError.invalid_input({"bound_to": f"{text!r} isn't the id of a server"})
    return int(text)


def _sorted(
    entries: list[Entry], keys: Sequence[str], key_functions: Mapping[str, Callable[[Entry], Any]]
) -> list[Entry]:
    """Sort by several keys, the least important first, which a stable sort makes right."""
    entries.sort(key=key_functions["id"])
    for key in reversed(keys):
        name, _, direction = key.partition(":")
        entries.sort(key=key_functions[name], reverse=direction == "desc")
    return entries
