"""What each operation of the description does; methods are named after the operation ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hcloud_images_sandbox.answers import Answer, ApiError, dump
from hcloud_images_sandbox.books import Action, Image
from hcloud_images_sandbox.labels import problem_of_labels
from hcloud_images_sandbox.listing import list_actions, list_images, list_servers, page_of
from hcloud_images_sandbox.state import State


@dataclass(frozen=True)
class Call:
    """One request, read and found in order."""

    now: float
    ids: Mapping[str, int]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.ids["id"]


class Operations:
    def __init__(self, state: State) -> None:
        self._state = state

    def list_images(self, call: Call) -> Answer:
        images = list_images(self._state.books, call.query)
        page, meta = page_of(images, call.query, totals=not self._state.null_totals)
        # Joined from prepared parts: building them again would take most of the time of a request.
        parts = b",".join(image.json() for image in page)
        return Answer(200, b'{"images":[%b],"meta":%b}' % (parts, dump(meta)))

    def get_image(self, call: Call) -> Answer:
        return _image(self._state.books.image(call.id))

    def update_image(self, call: Call) -> Answer:
        _check_labels(call.body)
        return _image(self._state.books.update_image(call.id, call.body))

    def delete_image(self, call: Call) -> Answer:
        self._state.books.delete_image(call.id)
        return Answer(204, content_type=None)

    def list_image_actions(self, call: Call) -> Answer:
        image = self._state.books.image(call.id)
        return self._actions(call, (a for a in self._all_actions() if a.concerns("image", image.id)))

    def get_image_action(self, call: Call) -> Answer:
        image = self._state.books.image(call.id)
        return _action(self._state.books.action(call.ids["action_id"], "image", image.id))

    def change_image_protection(self, call: Call) -> Answer:
        action = self._state.books.change_protection(call.id, call.body.get("delete"), call.now)
        return _action(action, 201)

    def list_images_actions(self, call: Call) -> Answer:
        return self._actions(call, (a for a in self._all_actions() if a.concerns("image")))

    def get_images_action(self, call: Call) -> Answer:
        return _action(self._state.books.action(call.id, "image"))

    def get_actions(self, call: Call) -> Answer:
        if "id" not in call.query:
            return self._actions(call, self._all_actions())
        actions = list_actions(self._all_actions(), call.query)
        return Answer.of({"actions": [action.data for action in actions]})

    def get_action(self, call: Call) -> Answer:
        return _action(self._state.books.action(call.id))

    def list_servers(self, call: Call) -> Answer:
        books = self._state.books
        servers = list_servers(books.servers.values(), call.query)
        page, meta = page_of(servers, call.query, totals=not self._state.null_totals)
        return Answer.of({"servers": [books.server_json(server) for server in page], "meta": meta})

    def get_server(self, call: Call) -> Answer:
        books = self._state.books
        return Answer.of({"server": books.server_json(books.server(call.id))})

    def create_server_image(self, call: Call) -> Answer:
        _check_labels(call.body)
        image, action = self._state.books.create_image(call.id, call.body, call.now)
        return Answer.of({"image": image.data, "action": action.data}, 201)

    def _all_actions(self) -> Iterable[Action]:
        return self._state.books.actions.values()

    def _actions(self, call: Call, actions: Iterable[Action]) -> Answer:
        page, meta = page_of(list_actions(actions, call.query), call.query, totals=not self._state.null_totals)
        return Answer.of({"actions": [action.data for action in page], "meta": meta})


def _check_labels(body: Mapping[str, Any]) -> None:
    if problem := problem_of_labels(body.get("labels", {})):
        raise ApiError.invalid_input({"labels": problem})


def _image(image: Image) -> Answer:
    return Answer.of({"image": image.data})


def _action(action: Action, status: int = 200) -> Answer:
    return Answer.of({"action": action.data}, status)
