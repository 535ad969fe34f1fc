"""Values can be made, compared, copied and pickled without any client, and lose nothing."""

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hcloud_images import Client, ClientClosedException, HCloudException, InvalidValueException
from hcloud_images.actions import Action, BoundAction
from hcloud_images.core import BaseDomain, Meta, Pagination
from hcloud_images.deprecation import DeprecationInfo
from hcloud_images.images import BoundImage, CreateImageResponse, Image
from hcloud_images.servers import BoundServer, Location, Server, ServerType

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DATA: dict[str, Any] = {
    "id": 42,
    "type": "backup",
    "status": "available",
    "name": None,
    "description": "nightly",
    "image_size": 2.5,
    "disk_size": 40,
    "created": "2026-05-04T12:00:00Z",
    "created_from": {"id": 7, "name": "web-1", "rack": "r1"},
    "bound_to": 7,
    "os_flavor": "plan9",
    "os_version": None,
    "rapid_deploy": False,
    "protection": {"delete": True, "resize": True},
    "deprecated": None,
    "deprecation": {"announced": "2026-05-04T12:00:00Z", "unavailable_after": None},
    "deleted": None,
    "labels": {"env": "prod"},
    "architecture": "riscv",
    "carbon": {"grams": 3},
}


@pytest.fixture
def client() -> Client:
    # Nothing listens there: a hidden request would be a ConnectionException.
    return Client("token", "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-05-04T12:00:00Z", NOON),
        ("2026-05-04T14:00:00+02:00", NOON),
        ("2026-05-04T12:00+00:00", NOON),
        ("2026-05-04T12:00:00", NOON),
        ("2026-05-04T12:00:00.250Z", NOON + timedelta(milliseconds=250)),
        (NOON.astimezone(timezone(timedelta(hours=2))), NOON),
        (None, None),
    ],
)
def test_times_are_aware(text: Any, time: datetime | None) -> None:
    for value in (Image(created=text).created, Action(1, started=text).started, DeprecationInfo(text).announced):
        assert value == time
        assert value is None or value.tzinfo is not None


@pytest.mark.parametrize("wrong", ["yesterday", "", 5, ["2026-05-04T12:00:00Z"]])
def test_wrong_time_is_an_error_that_shows_it(wrong: Any) -> None:
    with pytest.raises(HCloudException, match="RFC 3339") as caught:
        Image(created=wrong)
    assert isinstance(caught.value, ValueError)
    assert repr(wrong) in str(caught.value)


def test_every_field_is_read(client: Client) -> None:
    for image in (BoundImage(client.images, DATA), Image.from_dict(DATA)):
        assert (image.id, image.type, image.status, image.name) == (42, "backup", "available", None)
        assert (image.description, image.image_size, image.disk_size) == ("nightly", 2.5, 40)
        assert (image.os_flavor, image.os_version, image.architecture) == ("plan9", None, "riscv")
        assert (image.rapid_deploy, image.labels, image.deleted) == (False, {"env": "prod"}, None)
        assert image.created == image.deprecated == NOON
        assert image.deprecation == DeprecationInfo(announced=NOON)
        assert image.protection == {"delete": True, "resize": True}
        assert image.bound_to == Server(7)
        assert image.created_from == Server(7, "web-1", extra={"rack": "r1"})
        assert image.extra == {"carbon": {"grams": 3}}


def test_deprecated_comes_from_either_field() -> None:
    later = "2026-06-01T00:00:00Z"
    assert Image(deprecated=later, deprecation={"announced": NOON}).deprecated == datetime(2026, 6, 1, tzinfo=UTC)
    assert Image(deprecation={"announced": "2026-05-04T12:00:00Z"}).deprecated == NOON
    assert Image().deprecated is None


def test_data_that_is_handed_in_stays_as_it_was(client: Client) -> None:
    before = copy.deepcopy(DATA)
    BoundImage(client.images, DATA)
    Image.from_dict(DATA)
    assert before == DATA


def test_servers_of_an_image_are_partial(client: Client) -> None:
    image = BoundImage(client.images, DATA)
    for server in (image.bound_to, image.created_from):
        assert isinstance(server, BoundServer)
        assert not server.complete
        assert server.status is None
    assert image.complete


def test_nothing_touches_the_network(client: Client) -> None:
    image = BoundImage(client.images, DATA)
    for thing in (image, image.bound_to, BoundAction(client.actions, {"id": 3}, complete=False)):
        for name in dir(thing):
            getattr(thing, name)
        assert repr(thing).startswith(type(thing).__name__)
        for twin in (copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):
            assert twin == thing
            assert type(twin) is type(thing)
            assert twin.complete == thing.complete


def test_copies_keep_the_client_and_pickles_say_that_it_is_gone(client: Client) -> None:
    image = BoundImage(client.images, DATA)
    assert copy.deepcopy(image).labels is not image.labels
    pickled = pickle.dumps(image)
    assert b"token" not in pickled
    with pytest.raises(HCloudException, match="pickled"):
        pickle.loads(pickled).delete()
    client.close()
    for twin in (copy.copy(image), copy.deepcopy(image)):
        with pytest.raises(ClientClosedException):
            twin.delete()


def test_bound_is_an_image_and_equals_its_values(client: Client) -> None:
    image = BoundImage(client.images, DATA)
    assert isinstance(image, Image)
    assert BoundImage.model is Image
    assert type(image.data_model) is Image
    assert image.data_model == image
    assert image == image.data_model
    assert image == BoundImage(client.images, DATA)
    assert image != BoundImage(client.images, DATA | {"id": 43})
    assert image != 42
    with pytest.raises(TypeError):
        hash(image)


def test_values_work_with_attrs() -> None:
    image = Image.from_dict(DATA)
    assert attrs.evolve(image, description="weekly").description == "weekly"
    assert attrs.asdict(image)["created_from"]["name"] == "web-1"
    names = [one.name for one in attrs.fields(Action) if one.name != "extra"]
    assert names == list(Action.__slots__) == list(BoundAction.__slots__)


@pytest.mark.parametrize("asked", [42, "42", "debian"])
def test_id_or_name(asked: int | str) -> None:
    assert Image(42, "debian").has_id_or_name(asked)
    assert not Image(4, "deb").has_id_or_name(asked)
    assert Image(42, "debian").id_or_name == 42
    assert Image(name="debian").id_or_name == "debian"


def test_neither_id_nor_name() -> None:
    with pytest.raises(ValueError, match="id or name"):
        Image().id_or_name  # noqa: B018
    with pytest.raises(ValueError, match="id or name"):
        Image().has_id_or_name(1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, 'missing "id"'),
        ({"name": "x"}, 'missing "id"'),
        ({"id": 0}, '"id" is 0'),
        ({"id": "1"}, "\"id\" is '1'"),
        ({"id": True}, '"id" is True'),
        ({"id": 1, "labels": 5}, '"labels" is 5'),
        ({"id": 1, "protection": "x"}, "\"protection\" is 'x'"),
        ({"id": 1, "created_from": {"name": "x"}}, 'not a valid Server: missing "id"'),
        ({"id": 1, "bound_to": []}, '"bound_to" is []'),
    ],
)
def test_data_that_is_no_image(client: Client, data: dict[str, Any], reason: str) -> None:
    for made in (Image.from_dict, lambda data: BoundImage(client.images, data)):
        with pytest.raises(InvalidValueException) as caught:
            made(data)
        assert str(caught.value) == f"not a valid Image: {reason}"


@pytest.mark.parametrize("data", [None, 5, "x", [1], [("id", 1, 2)]])
def test_data_that_is_no_object(client: Client, data: Any) -> None:
    for made in (Image.from_dict, lambda data: BoundImage(client.images, data)):
        with pytest.raises(InvalidValueException, match="not a valid Image"):
            made(data)


def test_partial_responses_are_none(client: Client) -> None:
    image = BoundImage(client.images, {"id": 1})
    known = {one.name: getattr(image, one.name) for one in attrs.fields(Image)}
    assert {name: value for name, value in known.items() if value is not None} == {"id": 1, "extra": {}}


@pytest.mark.parametrize("name", ["created", "deprecated", "deleted"])
@pytest.mark.parametrize("text", ["soon", "", "2026-13-01T00:00:00Z", 7, [], {"a": "b"}])
def test_times_of_the_api_that_can_not_be_read_stay_in_extra(client: Client, name: str, text: Any) -> None:
    for image in (Image.from_dict({"id": 1, name: text}), BoundImage(client.images, {"id": 1, name: text})):
        assert getattr(image, name) is None
        assert image.extra == {name: text}
        assert image.to_dict()[name] == text
        assert Image.from_dict(image.to_dict()) == image


def test_what_is_handed_out_is_json_again() -> None:
    image = Image.from_dict(DATA)
    assert Image.from_dict(json.loads(json.dumps(image.to_dict()))) == image
    assert image.to_dict()["bound_to"] == 7
    assert image.to_dict()["carbon"] == {"grams": 3}


@pytest.mark.parametrize(
    "value",
    [
        Image(name="x"),
        Image(1, created_from=Server(name="web-1")),
        Image(),
        Server(name="web-1", image=Image(name="x")),
        ServerType(name="cx22"),
        Location(name="fsn1", extra={"zone": "x"}),
        Action(1, "create_image"),
        Pagination(1),
        Meta.from_dict({"id": None}),
    ],
    ids=repr,
)
def test_what_a_program_made_is_json_as_well(value: BaseDomain) -> None:
    assert type(value).from_dict(json.loads(json.dumps(value.to_dict()))) == value


def test_an_id_of_none_is_for_programs_alone(client: Client) -> None:
    with pytest.raises(InvalidValueException, match='"id" is None'):
        BoundImage(client.images, {"id": None})
    with pytest.raises(InvalidValueException, match='"id" is None'):
        Action.from_dict({"id": None})


def test_bound_classes_read_plain_values(client: Client) -> None:
    bound = [BoundImage(client.images, DATA), BoundServer(client.servers, {"id": 7, "image": {"id": 3}})]
    for value in [*bound, BoundAction(client.actions, {"id": 3}), BoundServer(client.servers, {"id": 7}, False)]:
        plain = type(value).from_dict(value.to_dict())
        assert type(plain) is value.model
        assert plain == value


def test_created_image_is_json_as_well(client: Client) -> None:
    action = BoundAction(client.actions, {"id": 3, "command": "create_image"})
    created = CreateImageResponse(action, BoundImage(client.images, DATA), extra={"price": "1"})
    plain = CreateImageResponse.from_dict(json.loads(json.dumps(created.to_dict())))
    assert plain == created
    assert (type(plain.action), type(plain.image), plain.extra) == (Action, Image, {"price": "1"})
    with pytest.raises(InvalidValueException, match='not a valid CreateImageResponse: missing "image"'):
        CreateImageResponse.from_dict({"action": {"id": 3}})


def test_what_is_described_and_no_field_is_in_extra() -> None:
    server = Server.from_dict({"id": 1, "name": "web-1", "zone": "x"})
    assert server.extra == {"zone": "x"}
    assert Server.from_dict({"id": 1}).extra == {}


@pytest.mark.parametrize("kind", [Image, Action, Server, DeprecationInfo, Pagination, Meta])
def test_a_value_has_the_words_of_the_description(kind: type[BaseDomain]) -> None:
    assert kind.__doc__
    assert all(f":param {one.name}:" in kind.__doc__ for one in attrs.fields(kind) if one.name != "extra")
