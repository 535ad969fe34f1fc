"""The signatures are those of the interface document, and those of the official client; what differs says why."""

import importlib
import inspect
from collections.abc import Callable
from typing import Any

import hcloud
import hcloud.actions
import hcloud.core
import hcloud.deprecation
import hcloud.images
import hcloud.servers
import hcloud_images
import pytest
from hcloud_images import actions, core, images
from hcloud_images_sandbox.description import load_description

# The interface document, as text: names, order, kinds and defaults.
LIST = "name=None, label_selector=None, bound_to=None, type=None, architecture=None, sort=None"
DOCUMENTED = {
    "ImagesClient": "client",
    "ImagesClient.change_protection": "image, delete=None",
    "ImagesClient.delete": "image",
    "ImagesClient.get_actions": "image, sort=None, status=None",
    "ImagesClient.get_actions_list": "image, sort=None, page=None, per_page=None, status=None",
    "ImagesClient.get_all": f"{LIST}, status=None, include_deprecated=None",
    "ImagesClient.get_by_id": "id",
    "ImagesClient.get_by_name": "name",
    "ImagesClient.get_by_name_and_architecture": "name, architecture, *, include_deprecated=None",
    "ImagesClient.get_list": f"{LIST}, page=None, per_page=None, status=None, include_deprecated=None",
    "ImagesClient.update": "image, description=None, type=None, labels=None",
    "BoundImage": "client, data",
    "BoundImage.change_protection": "delete=None",
    "BoundImage.delete": "",
    "BoundImage.get_actions": "sort=None, status=None",
    "BoundImage.get_actions_list": "sort=None, page=None, per_page=None, status=None",
    "BoundImage.update": "description=None, type=None, labels=None",
    "Image": "id=None, name=None, type=None, created=None, description=None, image_size=None, disk_size=None, "
    "deprecated=None, bound_to=None, os_flavor=None, os_version=None, architecture=None, rapid_deploy=None, "
    "created_from=None, protection=None, labels=None, status=None",
    "CreateImageResponse": "action, image",
}
SORT_FIRST = "the interface document has sort before status, and page between them"
DESCRIBED = load_description()
#: What ours may have besides, at the end: what the API has, and `extra`, for fields that this version doesn't know.
ADDITIONS = {"extra", *DESCRIBED.properties("Image")}.union(
    *(operation.query for path in DESCRIBED.document["paths"] for operation in DESCRIBED.operations(path))
)
# Signatures of the official client (2.27.0) that ours differs from on purpose.
DIFFERENT = {
    "images.ImagesClient.get_actions": SORT_FIRST,
    "images.ImagesClient.get_actions_list": SORT_FIRST,
    "images.BoundImage.get_actions": SORT_FIRST,
    "images.BoundImage.get_actions_list": SORT_FIRST,
    "actions.ResourceActionsClient": "there are no actions but those of images, so no resource is named",
    "core.Pagination": "a server that leaves out page or per_page breaks nothing",
    "servers.Server": "only the fields that an image needs",
    "Client": "a finite timeout, retry= and transport=",
}
# Public names of the official client (2.27.0) that ours doesn't have.
NOT_OURS = {
    "core.ClientEntityBase": "deprecated there since 2.6.0",
    "core.Meta.parse_meta": "takes the JSON of a response, which ours never has in hand",
    "Client.request": "takes a URL; ours are spelled in the description alone",
}
OTHER_RESOURCES = {
    name
    for name in vars(hcloud.Client("x"))
    if not name.startswith("_") and name not in {"images", "actions", "servers"}
} | {"datacenters"}


def parameters(thing: Callable[..., Any]) -> list[tuple[str, Any, Any]]:
    found = inspect.signature(thing).parameters.values()
    return [(one.name, one.kind, one.default) for one in found if one.name != "self"]


def written(text: str) -> list[tuple[str, Any, Any]]:
    scope: dict[str, Any] = {}
    exec(f"def f({text}): ...", scope)  # noqa: S102 - our own table
    return parameters(scope["f"])


def extends(ours: Callable[..., Any], theirs: list[tuple[str, Any, Any]]) -> bool:
    """Tell whether calls of theirs mean the same to ours, and what ours has besides is of the API and optional."""
    found = parameters(ours)
    more = found[len(theirs) :]
    return found[: len(theirs)] == theirs and all(
        name in ADDITIONS and default is not inspect.Parameter.empty for name, _, default in more
    )


def resolve(path: str, *homes: Any) -> Any:
    for home in homes:
        thing = home
        for name in path.split("."):
            thing = getattr(thing, name, None)
        if thing is not None:
            return thing
    raise AttributeError(path)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_signature_is_the_documented_one(name: str) -> None:
    assert extends(resolve(name, images), written(DOCUMENTED[name]))


def test_table_has_every_documented_method() -> None:
    for cls in (images.ImagesClient, images.BoundImage):
        public = {name for name in vars(cls) if not name.startswith("_") and inspect.isfunction(vars(cls)[name])}
        # What ours has besides is in the table of test_public_surface.py.
        official = {name for name in dir(getattr(hcloud.images, cls.__name__)) if not name.startswith("_")}
        assert {f"{cls.__name__}.{name}" for name in public & official} <= set(DOCUMENTED)


def official_names() -> list[str]:
    found: list[str] = []
    for package in ("images", "actions", "core", "deprecation"):
        module = importlib.import_module(f"hcloud.{package}")
        for name in module.__all__:
            found.append(f"{package}.{name}")
            thing = getattr(module, name)
            if inspect.isclass(thing):
                own = [base for base in thing.__mro__ if base.__module__.startswith("hcloud")]
                parts = {part for base in own for part in vars(base) if not part.startswith("_")}
                found += [f"{package}.{name}.{part}" for part in sorted(parts)]
    for name in ("BoundServer.create_image", "ServersClient.create_image", "ServersClient.get_by_id", "Server"):
        found.append(f"servers.{name}")
    found += hcloud.__all__
    return found + [f"Client.{part}" for part in dir(hcloud.Client) if not part.startswith("_")]


@pytest.mark.parametrize("name", official_names())
def test_official_name_is_there_with_the_official_signature(name: str) -> None:
    theirs = resolve(name, hcloud)
    if name.startswith(tuple(NOT_OURS)) or name.removeprefix("Client.") in OTHER_RESOURCES:
        with pytest.raises(AttributeError):
            resolve(name, hcloud_images)
        return
    if name[0].islower() and "." in name:
        importlib.import_module("hcloud_images." + name.partition(".")[0])
    ours = resolve(name, hcloud_images)
    if not callable(theirs) or name.endswith((".model", "Result", "Sort", "Status", "ActionError", "ActionResource")):
        return
    if name.endswith(("Exception", "ImageProtection", "Mixin", "BaseDomain")):
        return  # no signature of its own, or one that APIException shares: see test_errors
    if name in DIFFERENT:
        assert not extends(ours, parameters(theirs)), f"{name} doesn't differ any more"
    else:
        assert extends(ours, parameters(theirs))


def test_client_arguments_keep_names_order_and_meaning() -> None:
    ours, theirs = parameters(hcloud_images.Client), parameters(hcloud.Client)
    assert [one[:2] for one in ours[:7]] == [one[:2] for one in theirs[:7]]
    assert [one[2] for one in ours[:6]] == [one[2] for one in theirs[:6]]
    assert ours[6][2] > 0  # a finite timeout; the official client has none
    assert parameters(hcloud_images.AsyncClient) == ours or [one[0] for one in ours] == [
        one[0] for one in parameters(hcloud_images.AsyncClient)
    ]


@pytest.mark.parametrize("module", [images, actions, core, importlib.import_module("hcloud_images.servers")])
def test_async_has_the_same_methods_and_signatures(module: Any) -> None:
    pairs = [(name, name.removeprefix("Async")) for name in module.__all__ if name.startswith("Async")]
    assert pairs
    for async_name, name in pairs:
        async_class, sync_class = getattr(module, async_name), getattr(module, name)
        methods = {part for part in dir(sync_class) if not part.startswith("_")}
        assert {part for part in dir(async_class) if not part.startswith("_")} == methods
        for part in methods:
            if inspect.isfunction(getattr(sync_class, part)):
                assert parameters(getattr(async_class, part)) == parameters(getattr(sync_class, part)), part


@pytest.mark.parametrize(
    "path",
    [
        "images",
        "images.client",
        "images.domain",
        "actions",
        "actions.client",
        "actions.domain",
        "servers",
        "servers.client",
        "servers.domain",
        "core",
        "core.client",
        "core.domain",
        "deprecation",
        "deprecation.domain",
        "_exceptions",
    ],
)
def test_official_import_paths(path: str) -> None:
    ours, theirs = importlib.import_module(f"hcloud_images.{path}"), importlib.import_module(f"hcloud.{path}")
    offered = {"BoundServer", "Server", "ServersClient"} if path.startswith("servers") else set(dir(theirs))
    names = [
        name
        for name in getattr(theirs, "__all__", ["APIException", "HCloudException"])
        if name in offered and f"{path.split('.', maxsplit=1)[0]}.{name}" not in NOT_OURS
    ]
    assert names
    for name in names:
        assert getattr(ours, name).__name__.endswith(name) or name in {"ActionStatus", "ActionSort"}
