"""What comes from a client belongs to it, and to the budget of requests that its operation is counted in.

Private names: only ``_client`` of an object tells which client it belongs to.
"""

import copy
import pickle
from functools import partial
from inspect import isawaitable
from typing import Any

import pytest
from hcloud_images import TimeoutException
from hcloud_images.actions import Action
from hcloud_images.images import Image
from hcloud_images.servers import Server

from contract.conftest import Play
from contract.results import done, failing
from contract.test_listing import listed

pytestmark = pytest.mark.filterwarnings("ignore:the API no longer lists:DeprecationWarning")


def test_all_of_it_belongs_to_the_client(play: Play) -> None:
    async def scenario(client: Any) -> None:
        images, servers, actions = client.images, client.servers, client.actions
        created = await done(servers.create_image(42))
        server = await done(servers.get_by_id(43))
        backup = await done(images.get_by_id(3001))
        found: list[Any] = [created.image, created.action, server, server.image, backup, backup.bound_to]
        found += [backup.created_from, copy.copy(backup).bound_to, copy.deepcopy(server).image]
        found += [await done(servers.find_created_image(42, {"environment": "production"}))]
        found += [await done(images.update(backup, "new"))]
        found += [await done(images.change_protection(2001, True))]
        found += [await done(actions.get_by_id(501)), await done(images.actions.get_by_id(502))]
        for get_list, path in (
            (partial(images.get_list, type="backup"), "images"),
            (servers.get_list, "servers"),
            (actions.get_list, "actions"),
            (images.actions.get_list, "images/actions"),
            (partial(images.get_actions_list, 2001), "images/2001/actions"),
        ):
            entries, meta = await done(get_list(per_page=1))
            found += entries
            exchange = meta.exchange
            assert (exchange.method, exchange.path, exchange.status_code) == ("GET", f"/v1/{path}", 200)
            assert exchange.correlation_id
        found += await done(actions.wait([503, created.action], interval=0))
        found += await done(images.wait_until_available([2002]))
        # Without a request each, since that of a client that has no time left isn't sent.
        for one in found:
            with client.deadline(1e-9):
                assert isinstance(await failing(one.reload), TimeoutException)

    play(scenario)


def test_reads_of_actions_have_a_budget_of_their_own(play: Play) -> None:
    async def scenario(client: Any) -> None:
        images, actions = client.images, client.actions
        await done(images.get_by_id(2001))
        before = client.rate_limit
        for call in (
            partial(actions.get_by_id, 501),
            partial(actions.get_list, per_page=1),
            partial(actions.get_all, "error"),
            partial(actions.wait, [501], interval=0),
            partial(images.actions.get_by_id, 501),
            partial(images.actions.get_list, per_page=1),
            partial(images.actions.get_all, "error"),
            partial(images.get_actions_list, 2001),
            partial(images.get_actions, 2001),
        ):
            await done(call())
            assert client.rate_limit is before
        for call in (
            partial(images.get_list, per_page=1),
            partial(images.get_by_id, 2002),
            partial(images.update, 2001, "x"),
            partial(images.change_protection, 2001, False),
            partial(images.delete, 2002),
            partial(client.servers.get_list, per_page=1),
            partial(client.servers.get_by_id, 42),
            partial(client.servers.create_image, 42),
        ):
            await done(call())
            assert client.rate_limit.remaining < before.remaining
            before = client.rate_limit

    play(scenario, lambda sandbox: sandbox.control.auto_advance(0))


def test_many_pages(play: Play) -> None:
    """Three: from the second of them on, the client asks itself how many it may fetch concurrently."""

    async def scenario(client: Any) -> None:
        images, servers, actions = client.images, client.servers, client.actions
        images.max_per_page = servers.max_per_page = 1
        images.actions.max_per_page = actions.max_per_page = 3
        for _ in range(2):
            await done(images.change_protection(2003, True))
        for call in (
            partial(images.iter_all, bound_to=42),
            partial(images.get_all, bound_to=42),
            partial(images.actions.iter_all, ["error", "success"]),
            partial(images.actions.get_all, ["error", "success"]),
            partial(actions.get_all, ["error", "success"]),
            partial(images.get_actions, 2003),
            partial(servers.iter_all, label_selector="role"),
            partial(servers.get_all, label_selector="role"),
        ):
            found = call(sort="id")
            found = await (found if isawaitable(found) else listed(found))
            ids = [one.id for one in found]
            assert ids == sorted(set(ids))
            assert len(ids) > 2

    play(scenario)


def test_plain_values_of_bound_ones(play: Play) -> None:
    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(42))
        server = await done(client.servers.get_by_id(42))
        for one, model in ((created.image, Image), (created.action, Action), (server, Server)):
            for plain in (one.data_model, type(one).from_dict(one.to_dict())):
                assert type(plain) is model
                assert (await done(plain), one) == (one, plain)
            assert one.data_model.extra is not one.extra
            for complete in (True, False) if model is not Image else ():
                twin = type(one)(one._client, {"id": 1}, complete)
                for again in (twin, copy.copy(twin), copy.deepcopy(twin), pickle.loads(pickle.dumps(twin))):
                    assert again.complete is complete
            for wrong in ({}, {"id": "x"}):
                for make in (partial(type(one), one._client), type(one).from_dict):
                    error = await failing(partial(make, wrong))
                    assert str(error).startswith(f"not a valid {model.__name__}: ")
        image = created.image
        # A class of one's own has the constructor that those of the library replace by faster ones.
        base = next(one for one in type(image).__mro__ if one.__name__.endswith("BoundModelBase"))
        own = type("Own", (base, Image), {"model": Image})
        for complete in (True, False):
            one = own(client.images, image.to_dict(), complete)
            assert (one.data_model, one.complete) == (image.data_model, complete)
            await done(one.reload())
            assert one.complete
        assert own(client.images, {"id": 1}).complete
        deep = copy.deepcopy(created.image)
        deep.labels["a"] = "b"
        deep.created_from.name = "other"
        assert (created.image.labels, created.image.created_from.name) == ({}, "web-1")
        deep, labels = copy.deepcopy([created.image, created.image.labels])
        assert deep.labels is labels
        again = await done(type(created).from_dict(created.to_dict()))
        assert (again, again.action, again.image) == (created, created.action, created.image)
        assert (type(again.action), type(again.image)) == (Action, Image)

    play(scenario)
