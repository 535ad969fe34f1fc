"""What programs do with values: copy and pickle them, make their own, and pass what can't be right."""

import copy
import pickle
from typing import Any

from hcloud_images import ActionFailedException, ActionsException, InvalidValueException
from hcloud_images.actions import Action
from hcloud_images.core import Meta
from hcloud_images.images import Image
from hcloud_images.servers import Server

from contract.conftest import Play
from contract.results import done, failing


def test_bound_objects_are_copied_and_pickled(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(3001))
        for twin in (copy.copy(image), copy.deepcopy(image), pickle.loads(pickle.dumps(image))):
            assert await done(twin) == image
            assert (type(twin), twin.complete, await done(twin.bound_to.complete)) == (type(image), True, False)
        assert await done(await done(copy.copy(image).update("of a copy"))) != image
        await done(copy.deepcopy(image).bound_to.reload())
        detached = await failing(lambda: pickle.loads(pickle.dumps(image)).delete())
        assert "was pickled" in str(detached)
        assert copy.deepcopy(pickle.loads(pickle.dumps(image))) == image

    play(scenario)


def test_ids_that_can_not_be_right(play: Play) -> None:
    async def scenario(client: Any) -> None:
        await done(client.images.get_by_id("2001"))
        images, actions, servers = client.images, client.actions, client.servers
        for bad in ("..", 0, True, None, 1.5):
            for call in (
                images.get_by_id,
                images.update,
                images.delete,
                images.change_protection,
                images.get_actions_list,
                images.get_actions,
                images.actions.get_by_id,
                actions.get_by_id,
                servers.get_by_id,
                servers.create_image,
            ):
                assert isinstance(await failing(lambda call=call, bad=bad: call(bad)), InvalidValueException)
            await failing(lambda bad=bad: actions.wait([bad]))
        assert isinstance(await failing(lambda: images.update(Image(id=2001), labels={"a": 1})), InvalidValueException)

    play(scenario)


def test_values_of_ones_own(play: Play) -> None:
    async def scenario(client: Any) -> None:
        image = await done(client.images.get_by_id(2001))
        data = {"id": 2002, "bound_to": 43, "created": "2026-05-04T10:00:00", "created_from": {"id": 42, "name": "x"}}
        bound = await done(type(image)(client.images, data))
        await done(bound.reload())
        await done(Image.from_dict(data))
        await done(Image(id=1, bound_to=5, created_from={"id": 6}, deprecation={"announced": "2026-01-01T00:00:00Z"}))
        await done(Meta(pagination={"page": 2, "next_page": 3}))
        await done(Meta.from_dict({"pagination": {"page": 2}, "more": 1}))
        assert [image.has_id_or_name(one) for one in (2001, "2001", 2002, "x")] == [True, True, False, False]
        await failing(lambda: Image.from_dict({}))
        await failing(lambda: Image(created="soon"))
        await failing(lambda: Image(deprecation=5))
        await failing(lambda: Action.from_dict({"id": None}))
        assert (await done(Image.from_dict({"id": None, "name": "x"}))).id is None
        for take in (lambda: Image().id_or_name, lambda: Server().has_id_or_name(1)):
            assert str(await failing(take)) == "id or name must be set"
        assert (Image(id=1, name="x").id_or_name, Image(name="x").id_or_name) == (1, "x")

    play(scenario)


def test_errors_are_pickled_and_split(play: Play) -> None:
    async def scenario(client: Any) -> None:
        error = await failing(lambda: client.images.get_by_id(99))
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.code, again.status_code, again.path) == (
            str(error),
            error.code,
            error.status_code,
            error.path,
        )
        group = await failing(lambda: client.actions.wait([501, 504], interval=0))
        for one in (group, group.derive(group.exceptions), group.subgroup(ActionFailedException)):
            assert isinstance(one, ActionsException)
            assert (one.message, [action.id for action in one.finished]) == (group.message, [501])
        plain = ActionsException("of 1", [ActionFailedException(Action(id=1))], [Action(id=2)])
        again = pickle.loads(pickle.dumps(plain))
        assert (again.message, again.finished, str(again.exceptions[0])) == (
            "of 1",
            [Action(id=2)],
            str(plain.exceptions[0]),
        )
        assert [plain.args[0], *plain.args[1]] == ["of 1", *plain.exceptions]
        assert ActionsException("of 1", plain.exceptions).finished == []
        assert await done(Server(id=1)) != Image(id=1)

    play(scenario)
