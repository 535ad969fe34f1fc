"""Arguments that can't be right: nothing is sent for them, and the error names the argument."""

import inspect
import math
from functools import partial
from operator import attrgetter
from typing import Any

import hcloud
import pytest
from client_kinds import done as awaited
from hcloud_images import HCloudException, InvalidValueException
from hcloud_images.actions import Action
from hcloud_images.images import Image
from hcloud_images.servers import Server, ServerType

from contract.conftest import Play
from contract.results import done, failing, results
from contract.test_listing import listed

# With the ids they need. What isn't here hands its arguments to one of these.
METHODS: dict[str, tuple[int, ...]] = {
    "images.get_list": (),
    "images.update": (2001,),
    "images.change_protection": (2001,),
    "images.get_actions_list": (2001,),
    "images.actions.get_list": (),
    "actions.get_list": (),
    "servers.get_list": (),
    "servers.create_image": (42,),
}
NAMED_AS = {"bound_to": ["server id must"]}
HALF = "\ud800"
WRONG = ({"a": 1}, [{"a": 1}], b"x", math.nan, HALF, {HALF: "x"}, {"x": HALF})


@pytest.mark.filterwarnings("ignore:the API no longer lists:DeprecationWarning")
@pytest.mark.parametrize("method", METHODS)
def test_each_is_named(play: Play, method: str) -> None:
    async def scenario(client: Any) -> None:
        call = partial(attrgetter(method)(client), *METHODS[method])
        await done(call())
        for name in inspect.signature(call).parameters:
            for wrong in WRONG:
                with results():  # not recorded: a new parameter is no other result
                    error = await failing(partial(call, **{name: wrong}))
                assert isinstance(error, InvalidValueException)
                assert str(error).startswith((f"{name} must", f"{name} can't be sent", *NAMED_AS.get(name, ())))

    play(scenario)


def test_ids_of_something_else(play: Play) -> None:
    async def scenario(client: Any) -> None:
        await done(client.images.get_by_id(2001))
        images, servers = client.images, client.servers
        for take, what in (
            (images.get_by_id, "image"),
            (images.update, "image"),
            (images.delete, "image"),
            (images.change_protection, "image"),
            (images.get_actions_list, "image"),
            (lambda one: images.wait_until_available([one]), "image"),
            (lambda one: images.get_list(bound_to=one), "server"),
            (lambda one: servers.find_created_image(one, {"a": "b"}), "server"),
            (servers.get_by_id, "server"),
            (servers.create_image, "server"),
            (client.actions.get_by_id, "action"),
            (images.actions.get_by_id, "action"),
            (lambda one: client.actions.wait([one]), "action"),
        ):
            of_another_kind = [Image(id=5), Action(id=5), Server(id=5), ServerType(id=5), hcloud.images.Image(id=5)]
            for wrong in (*of_another_kind, 2**63, "9" * 20, "²", "x" * 300):
                if type(wrong).__name__.lower() != what:
                    error = await failing(partial(take, wrong))
                    assert str(error).startswith((f"expected {what} or id, got", f"{what} id must be a positive"))
        assert "has no id" in str(await failing(lambda: servers.create_image(Server(name="x"))))

    play(scenario)


def test_lists_that_are_none(play: Play) -> None:
    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(42))
        for name, take in (
            ("actions", client.actions.wait),
            ("actions", lambda wrong: listed(client.actions.as_completed(wrong))),
            ("images", client.images.wait_until_available),
        ):
            for wrong in (42, "x" * 1000, b"x", {"a": 1}, None, Image(id=5), Action(id=5)):
                assert str(await failing(partial(take, wrong))).startswith(f"{name} must be a list, got ")
            # Not written down: async classes have names of their own.
            for wrong, one in ((created, "created"), (created.image, name[:-1])):
                with pytest.raises(InvalidValueException) as caught:
                    await awaited(take(wrong))
                assert str(caught.value) == f"{name} must be a list, got one {type(wrong).__name__}; pass [{one}]"

    play(scenario)


def test_what_would_find_too_much(play: Play) -> None:
    async def scenario(client: Any) -> None:
        images, servers = client.images, client.servers
        await done(servers.find_created_image(42, {"a": "", "b.c/d": "e"}, type="backup"))
        wrong: list[dict[Any, Any]] = [{}, {"a": 1}, {1: "a"}, {"a,b": "c"}, {"a": "b=c"}, {"!a": ""}, {"": "b"}]
        for labels in (*wrong, {"a": " b"}, {"a": "b c"}):
            assert "labels" in str(await failing(partial(servers.find_created_image, 42, labels)))
        for name in ("", None):
            for find in (servers.get_by_name, partial(images.get_by_name_and_architecture, architecture="arm")):
                assert str(await failing(partial(find, name))) == f"name must not be empty, got {name!r}"

    play(scenario)


def test_clients_of_another_library(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        for resource in (client.images, client.images.actions, client.actions, client.servers):
            for other in (hcloud.Client("token"), object()):
                with pytest.raises(HCloudException) as caught:
                    type(resource)(other)
                kind = f"{type(other).__module__}.{type(other).__name__}"
                assert str(caught.value).startswith(f"expected a client of this library, got {kind}; ")
            with pytest.raises(AttributeError, match=f"^'{type(resource).__name__}' has no attribute 'isos': not part"):
                str(resource.isos)
        with pytest.raises(AttributeError, match=f"^'{type(image).__name__}' has no attribute 'isos': not part"):
            str(image.isos)

    play(scenario)
