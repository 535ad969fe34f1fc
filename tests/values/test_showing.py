"""What a person sees: tables of lists in terminals and notebooks, values, and how far a wait is."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Sequence
from typing import Any

import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import ActionsException, Client
from hcloud_images.actions import Action
from hcloud_images.images import BoundImage, Image
from hcloud_images.servers import Server
from hcloud_images.terminal import progress_bar, table
from hcloud_images_sandbox import Sandbox
from rich.console import Console

client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)


def printed(value: Any, width: int = 160) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(value)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def listed(sandbox: Sandbox) -> list[BoundImage]:
    with Client(sandbox.token, sandbox.url) as client:
        client.images.update(Image(id=2001), description="[red]<b>\x1b[31mnightly\x07")
        return client.images.get_all(type="snapshot", sort="id")


@client_kinds
def test_lists_are_tables(client_kind: ClientKind, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        for found in (
            await done(client.images.get_all(type="snapshot")),
            (await done(client.images.get_list(type="snapshot"))).images,
            await done(client.images.actions.get_all()),
            (await done(client.images.actions.get_list())).actions,
        ):
            text, html = printed(found), found._repr_html_()
            assert text.split()[0] == "id"
            assert text.count("\n") == html.count("<tr>") == len(found) + 1
            assert all(str(one.id) in text and f"<td>{one.id}</td>" in html for one in found)
        empty = await done(client.images.get_all(name="none-such"))
        assert printed(empty) == "[]\n"
        assert empty._repr_html_() is None

    client_kind.run(scenario, sandbox.token, sandbox.url)


def test_texts_of_others_are_shown_as_they_are_and_steer_nothing(listed: list[BoundImage]) -> None:
    text, html = printed(listed), listed._repr_html_()  # type: ignore[attr-defined]
    assert "[red]<b>\ufffd[31mnightly\ufffd" in text
    assert "[red]&lt;b&gt;\ufffd[31mnightly\ufffd" in html


def test_lists_are_lists(listed: list[BoundImage]) -> None:
    assert listed == list(listed)
    assert type(listed[:2]) is type(listed)
    assert listed[0] == next(iter(listed))
    for twin in (copy.copy(listed), copy.deepcopy(listed), pickle.loads(pickle.dumps(listed))):
        assert twin == listed
        assert printed(twin) == printed(listed)
    assert repr(listed).startswith("[BoundImage(id=2001, ")


def test_narrow_tables_and_lists_of_ones_own(listed: list[BoundImage]) -> None:
    for width in (40, 60, 80):
        text = printed(listed, width)
        assert all(str(image.id) in text for image in listed)
    assert "2001" in printed(table([image for image in listed if image.id == 2001]))


def test_values_are_shown_field_by_field() -> None:
    image = Image.from_dict({"id": 1, "labels": {"a": "b"}, "created": "2026-05-04T10:00:00Z"})
    assert printed(image).startswith("Image(id=1, created=datetime.datetime(2026, 5, 4, 10, 0")
    assert "name" not in printed(image)
    assert printed(Image.from_dict({"id": 1, "created": "never"})) == "Image(id=1)\n"
    assert "created=None" in repr(Image.from_dict({"id": 1, "created": "never"}))


@client_kinds
def test_progress(client_kind: ClientKind, sandbox: Sandbox) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)
    sandbox.control.durations(create_image=3)

    async def scenario(client: Any) -> None:
        created = [(await done(client.servers.create_image(Server(id=id)))).action for id in (42, 43)]
        await done(client.actions.wait(created, interval=0, on_progress=progress_bar(console)))

    client_kind.run(scenario, sandbox.token, sandbox.url)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.count("create_image") >= 4
    assert "success" in text
    assert "100%" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")  # the cursor is back


@client_kinds
def test_progress_that_fails_changes_nothing(
    client_kind: ClientKind, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing:
        def __call__(self, actions: Sequence[Action]) -> None:
            raise ZeroDivisionError("in a poll")

        def close(self) -> None:
            raise ZeroDivisionError("at the end")

    async def scenario(client: Any) -> None:
        created = await done(client.servers.create_image(Server(id=42)))
        (action,) = await done(client.actions.wait([created], interval=0, on_progress=Failing()))
        assert action.status == "success"

    client_kind.run(scenario, sandbox.token, sandbox.url)
    told = [str(record.exc_info[1]) for record in caplog.records if record.exc_info and record.levelname == "ERROR"]
    assert told[0] == "in a poll"
    assert told[-1] == "at the end"


def test_terminal_is_as_before_when_a_wait_ends_early(sandbox: Sandbox) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    sandbox.control.durations(create_image=600)
    with Client(sandbox.token, sandbox.url) as client:
        action = client.servers.create_image(Server(id=42)).action
        with pytest.raises(ActionsException):
            client.actions.wait([action], interval=0, deadline=0.01, on_progress=progress_bar(console))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")
