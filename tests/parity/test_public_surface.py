"""Public is what the official client has too, what the API has as a field, and what this table names with a reason.

All else has an underscore.
"""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import hcloud
import httpx
import pytest
from hcloud_images import AsyncClient, Client, errors, recipes
from hcloud_images.actions import Action, AsyncBoundAction, BoundAction
from hcloud_images.images import AsyncBoundImage, BoundImage
from hcloud_images.servers import AsyncBoundServer, BoundServer
from hcloud_images_sandbox.description import load_description

MODULES = [
    "",
    *("images", "images.client", "images.domain"),
    *("actions", "actions.client", "actions.domain"),
    *("servers", "servers.client", "servers.domain"),
    *("core", "core.client", "core.domain"),
    *("deprecation", "deprecation.domain"),
    *("errors", "recipes", "recipes.aio", "terminal", "testing", "version"),
]
#: Where else the official client has classes of ours.
ELSEWHERE = ("server_types", "locations")
EXCEPTIONS = "one class for each thing that a program may want to handle"
LITERALS = "values that an argument is known to have, for annotations"
KEPT = "what the API sent and this version doesn't know"
JSON = "the way back to JSON; the official client has none"
JOBS = "whole jobs, and what they report"
REPORT = "what a job reports, for programs and people"
WINDOW = "all entries one by one, for lists that are too long to be in memory"
#: Names that the official client's module, or class, of the same name doesn't have, and why ours has them.
ADDITIONS: dict[str, dict[str, str]] = {
    "": {
        **dict.fromkeys(["errors", "version"], "modules; the official client's begin with an underscore"),
        **dict.fromkeys(["terminal", "testing"], "modules for extras, attributes once they are imported"),
        "recipes": "a module of whole jobs, likewise",
        **dict.fromkeys(errors.__all__, EXCEPTIONS),
        "BackoffFunction": "the official client exports the functions that make one, but not its type",
        "Exchange": "what hooks and errors tell of a request",
        "RateLimit": "what client.rate_limit is",
        "RetryPolicy": "an argument of the clients",
        "Retry": "what RetryPolicy(on_retry=) is called with",
    },
    "images": dict.fromkeys(
        ["Architecture", "ConvertedImageType", "ImageSort", "ImageStatus", "ImageType", "NewImageType"], LITERALS
    ),
    "servers": {
        **dict.fromkeys(["ServerSort", "ServerStatus"], LITERALS),
        **dict.fromkeys(["Location", "ServerType"], "parts of a server; the official client has modules for them"),
    },
    "servers.domain": {"CreateImageResponse": "what create_image gives; the official client has it in images.domain"},
    "errors": dict.fromkeys(errors.__all__, EXCEPTIONS),
    "recipes": {**dict.fromkeys(recipes.__all__, JOBS), "aio": "the async twins, a module"},
    "recipes.aio": dict.fromkeys(recipes.__all__, JOBS),
    "terminal": {
        "table": "a list of one's own as a table",
        "progress_bar": "what wait(on_progress=) takes",
        "ProgressBar": "what it makes",
    },
    "testing": {
        "cassette": "plays or records HTTP in a program's own tests",
        "Scrubber": "an argument of it",
        "StrictCassette": "what it gives",
        "CassetteError": "what it raises",
        "cassettes": "a module, whose fixtures are named in plugin",
        "scrubbing": "a module",
    },
    "Client": {
        "from_env": "a client made of what the environment has",
        "close": "gives back connections",
        "deadline": "bounds a block",
        "rate_limit": "what is left of the project's budget",
        "beside": "a client made of one of the official package",
        "with_options": "the same connections with another timeout, or other retries",
        "exchanges": "what was sent inside a block",
    },
    "BaseDomain": {"extra": KEPT, "to_dict": JSON},
    "ImagesClient": {
        "iter_all": WINDOW,
        "wait_until_available": "waits where there is no action to wait for",
    },
    "ResourceActionsClient": {"iter_all": WINDOW},
    "ActionsClient": {"wait": "waits for many", "as_completed": "gives each of many as it ends"},
    "ServersClient": {
        "iter_all": WINDOW,
        "find_created_image": "tells what became of a creation whose response got lost",
    },
    "BoundModelBase": {
        "data_model": "an attribute of objects there",
        "complete": "an attribute of objects there",
        "from_dict": "bound models are values here",
    },
    "Meta": {"exchange": "the request that a page came from"},
    "RateLimit": dict.fromkeys(
        ["limit", "remaining", "reset", "seconds_per_request", "wait", "wait_for"], "read by programs that pace"
    ),
    "Retry": dict.fromkeys(["attempt", "error", "wait"], "read by hooks"),
    "RetryPolicy": dict.fromkeys(
        ["attempts", "budget", "deadline", "on_retry", "wait_for_rate_limit"],
        "its arguments, read by whoever logs them",
    ),
    "Exchange": dict.fromkeys(
        ["correlation_id", "method", "path", "seconds", "status_code", "wait"], "read by hooks and handlers"
    ),
    "_RequestException": dict.fromkeys(
        ["correlation_id", "exchange", "method", "path", "status_code"], "which request failed, on each of its errors"
    ),
    "TransportException": {"message": "as APIException has it"},
    "ConnectionException": {
        "sent": "whether it may have reached the server",
        "permanent": "whether another try would end the same",
    },
    "ActionException": {"message": "as there", "action": "as there"},
    "ActionsException": {"finished": "the actions that ended well", "derive": "what except* calls"},
    "CleanupReport": dict.fromkeys(["decisions", "deleted", "dry_run", "failed", "kept"], REPORT),
    "Conversion": dict.fromkeys(["converted", "image", "reason"], REPORT),
    "Decision": dict.fromkeys(["image", "keep", "reason"], REPORT),
    "Failure": dict.fromkeys(["error", "image", "server"], REPORT),
    "NightlyReport": dict.fromkeys(
        ["created", "decisions", "deleted", "dry_run", "failed", "kept", "night", "servers"], REPORT
    ),
    "ServerDecision": dict.fromkeys(["create", "reason", "server"], REPORT),
    "ProgressBar": {"close": "what a wait calls at its end"},
    "Scrubber": dict.fromkeys(["answer", "clean", "request"], "what cassettes call"),
    "StrictCassette": dict.fromkeys(["require_played", "responses_of"], "what tests of a program call"),
}


def ours(name: str) -> Any:
    return importlib.import_module(f"hcloud_images.{name}".rstrip("."))


def official(name: str) -> Any:
    try:
        return importlib.import_module(f"hcloud.{name}".rstrip("."))
    except ModuleNotFoundError:
        return ModuleType("nothing")


def public(thing: object) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("_")}


def at_home(value: object) -> bool:
    """Tell whether something is of this package; what its modules import from others is no name of theirs."""
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return str(home).startswith("hcloud_images.")


def shown(module: ModuleType) -> set[str]:
    exported = {name for name in module.__all__ if not name.startswith("_")}
    return {name for name in public(module) if name in exported or at_home(getattr(module, name))} | exported


def inherited(cls: type) -> set[str]:
    """Name what a class has of other libraries, such as tuples and exceptions."""
    bases = [base for base in cls.__mro__ if not base.__module__.startswith(("hcloud_images.", "hcloud_images_api."))]
    return {name for base in bases for name in vars(base)}


def additions(cls: type) -> set[str]:
    names = [base.__name__.removeprefix("Async") for base in cls.__mro__]
    schemas = load_description().document["components"]["schemas"]
    fields = {name for base in names for name in schemas.get(base, {}).get("properties", ())}
    return fields | {name for base in names for name in ADDITIONS.get(base, ())}


def twin(cls: type) -> type:
    """Return the class of the official client that has the same name, or its exception if it is one of ours."""
    name = cls.__name__.removeprefix("Async")
    for module in (*MODULES, *ELSEWHERE):
        if found := getattr(official(module), name, None):
            kind: type = found
            return kind
    return hcloud.APIException if issubclass(cls, errors.APIException) else object


CLASSES = sorted(
    {
        value
        for module in map(ours, MODULES)
        for name in shown(module)
        if inspect.isclass(value := getattr(module, name)) and at_home(value)
    },
    key=lambda cls: str(cls.__name__),
)


@pytest.mark.parametrize("name", MODULES)
def test_modules(name: str) -> None:
    module = ours(name)
    names = shown(module)
    twins = {one for one in names if one.startswith("Async") and one.removeprefix("Async") in names}
    unexpected = names - public(official(name)) - ADDITIONS.get(name, {}).keys() - twins
    assert unexpected == set()


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_exports_is_there(name: str) -> None:
    module = ours(name)
    assert all(hasattr(module, one) for one in module.__all__)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_classes(cls: type) -> None:
    unexpected = public(cls) - public(twin(cls)) - additions(cls) - inherited(cls)
    if "AsyncClient" in {base.__name__ for base in cls.__mro__}:
        unexpected -= {"aclose"}  # close, as async code has it
    assert unexpected == set()


def test_table_is_no_longer_than_needed() -> None:
    known = {cls.__name__.removeprefix("Async") for cls in CLASSES} | {"_RequestException"} | set(MODULES)
    assert set(ADDITIONS) <= known
    for cls in CLASSES:
        names = ADDITIONS.get(cls.__name__, {}).keys()
        assert names & public(getattr(twin(cls), "__wrapped__", twin(cls))) == set(), cls
    for module in MODULES:
        assert ADDITIONS.get(module, {}).keys() <= shown(ours(module)), module


def respond(request: httpx.Request) -> httpx.Response:
    return httpx.Response(404, json={"error": {"code": "not_found", "message": "x", "details": None}})


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_attributes_of_clients(kind: Any) -> None:
    client = kind("token", transport=httpx.MockTransport(respond))
    theirs = hcloud.Client("token")
    pairs = [(client, theirs), (client.images, theirs.images), (client.images.actions, theirs.images.actions)]
    pairs += [(client.actions, theirs.actions), (client.servers, theirs.servers)]
    for one, other in pairs:
        assert public(one) - public(other) - additions(type(one)) - {"aclose"} == set()


def test_attributes_of_bound_objects() -> None:
    data = {"id": 1}
    client, theirs = Client("token"), hcloud.Client("token")
    async_client = AsyncClient("token")
    pairs = [
        (BoundImage(client.images, data), hcloud.images.BoundImage(theirs.images, data)),
        (AsyncBoundImage(async_client.images, data), hcloud.images.BoundImage(theirs.images, data)),
        (BoundAction(client.actions, data), hcloud.actions.BoundAction(theirs.actions, data)),
        (AsyncBoundAction(async_client.actions, data), hcloud.actions.BoundAction(theirs.actions, data)),
        (BoundServer(client.servers, data), hcloud.servers.BoundServer(theirs.servers, data)),
        (AsyncBoundServer(async_client.servers, data), hcloud.servers.BoundServer(theirs.servers, data)),
    ]
    for one, other in pairs:
        # The official client finds fields where someone asks for them, so dir() of its objects lacks them.
        fields = set(type(other).model.__slots__) | public(other)
        assert public(one) - fields - additions(type(one)) == set(), type(one)


def test_attributes_of_errors() -> None:
    exchange = errors.Exchange("GET", "/v1/images/1", 404, "id")
    action = Action(1, status="error")
    failed = errors.ActionFailedException(action)
    made: list[errors.HCloudException] = [
        errors.NotFoundException("not_found", "x", None, correlation_id="id", exchange=exchange),
        errors.TimeoutException("x", exchange),
        errors.InvalidResponseException("x", exchange),
        errors.InvalidValueException("x"),
        failed,
        errors.ActionsException("x", [failed]),
    ]
    for error in made:
        assert (
            public(error)
            - public(twin(type(error)))
            - additions(type(error))
            - inherited(type(error))
            - {*("code", "message", "details", "correlation_id")}
            == set()
        )


LISTED = [cls for cls in CLASSES if cls is AsyncClient or not cls.__name__.startswith("Async")]


@pytest.mark.parametrize("cls", LISTED, ids=lambda cls: cls.__name__)
def test_reference_has_it(cls: type) -> None:
    text = "\n".join(page.read_text() for page in (Path(__file__).parents[2] / "docs" / "reference").glob("*.md"))
    assert ":exclude-members:" not in text
    if cls.__name__ in errors.__all__:
        assert ".. automodule:: hcloud_images.errors\n" in text
    else:
        assert re.search(rf"^\.\. autoclass:: (hcloud_images\.\w+\.)?{cls.__name__}$", text, re.MULTILINE)
