"""What each operation of the description does; methods are named after the operation ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hcloud_images_sandbox.labels import problem_of_labels
from hcloud_images_sandbox.listing import list_actions, list_images, list_servers, page_of
from hcloud_images_sandbox.project import Action, Image
from hcloud_images_sandbox.responses import ApiError, ApiResponse, dump
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

    def list_images(self, call: Call) -> ApiResponse:
        images = list_images(self._state.project, call.query)
        page, meta = page_of(images, call.query, totals=not self._state.null_totals)
        # Joined from prepared parts: building them again would take most of the time of a request.
        parts = b",".join(image.json() for image in page)
        return ApiResponse(200, b'{"images":[%b],"meta":%b}' % (parts, dump(meta)))

    def get_image(self, call: Call) -> ApiResponse:
        return _image(self._state.project.image(call.id))

    def update_image(self, call: Call) -> ApiResponse:
        _check_labels(call.body)
        return _image(self._state.project.update_image(call.id, call.body))

    def delete_image(self, call: Call) -> ApiResponse:
        self._state.project.delete_image(call.id)
        return ApiResponse(204, content_type=None)

    def list_image_actions(self, call: Call) -> ApiResponse:
        image = self._state.project.image(call.id)
        return self._actions(call, (a for a in self._all_actions() if a.concerns("image", image.id)))

    def get_image_action(self, call: Call) -> ApiResponse:
        image = self._state.project.image(call.id)
        return _action(self._state.project.action(call.ids["action_id"], "image", image.id))

    def change_image_protection(self, call: Call) -> ApiResponse:
        action = self._state.project.change_protection(call.id, call.body.get("delete"), call.now)
        return _action(action, 201)

    def list_images_actions(self, call: Call) -> ApiResponse:
        return self._actions(call, (a for a in self._all_actions() if a.concerns("image")))

    def get_images_action(self, call: Call) -> ApiResponse:
        return _action(self._state.project.action(call.id, "image"))

    def get_actions(self, call: Call) -> ApiResponse:
        if "id" not in call.query:
            return self._actions(call, self._all_actions())
        actions = list_actions(self._all_actions(), call.query)
        return ApiResponse.of({"actions": [action.data for action in actions]})

    def get_action(self, call: Call) -> ApiResponse:
        return _action(self._state.project.action(call.id))

    def list_servers(self, call: Call) -> ApiResponse:
        project = self._state.project
        servers = list_servers(project.servers.values(), call.query)
        page, meta = page_of(servers, call.query, totals=not self._state.null_totals)
        return ApiResponse.of({"servers": [project.server_json(server) for server in page], "meta": meta})

    def get_server(self, call: Call) -> ApiResponse:
        project = self._state.project
        return ApiResponse.of({"server": project.server_json(project.server(call.id))})

    def create_server_image(self, call: Call) -> ApiResponse:
        _check_labels(call.body)
        image, action = self._state.project.create_image(call.id, call.body, call.now)
        return ApiResponse.of({"image": image.data, "action": action.data}, 201)

    def _all_actions(self) -> Iterable[Action]:
        return self._state.project.actions.values()

    def _actions(self, call: Call, actions: Iterable[Action]) -> ApiResponse:
        page, meta = page_of(list_actions(actions, call.query), call.query, totals=not self._state.null_totals)
        return ApiResponse.of({"actions": [action.data for action in page], "meta": meta})


def _check_labels(body: Mapping[str, Any]) -> None:
    if problem := problem_of_labels(body.get("labels", {})):
        raise ApiError.invalid_input({"labels": problem})


def _image(image: Image) -> ApiResponse:
    return ApiResponse.of({"image": image.data})


def _action(action: Action, status: int = 200) -> ApiResponse:
    return ApiResponse.of({"action": action.data}, status)
