"""A project: images, servers and actions, and the rules by which they change. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hcloud_images_sandbox.clock import rfc3339, timestamp
from hcloud_images_sandbox.description import load_description
from hcloud_images_sandbox.responses import ApiError, dump

OWN_TYPES = frozenset({"snapshot", "backup"})
_DONE = 100


@dataclass(slots=True, eq=False)
class Image:
    data: dict[str, Any]
    created_at: float
    _json: bytes | None = None

    @property
    def id(self) -> int:
        return int(self.data["id"])

    @property
    def is_deprecated(self) -> bool:
        return self.data["deprecated"] is not None or self.data["deprecation"] is not None

    def json(self) -> bytes:
        """The JSON of the image; cached, because listings contain the same images over and over."""
        if self._json is None:
            self._json = dump(self.data)
        return self._json

    def change(self, changes: Mapping[str, Any]) -> None:
        self.data.update(changes)
        self._json = None


@dataclass(slots=True, eq=False)
class Server:
    """A server, and what images of it inherit that its data doesn't say."""

    data: dict[str, Any]
    os_flavor: str
    os_version: str
    used: float

    @property
    def id(self) -> int:
        return int(self.data["id"])

    @property
    def created_at(self) -> float:
        return timestamp(self.data["created"])

    @property
    def backups_enabled(self) -> bool:
        return self.data["backup_window"] is not None

    @property
    def architecture(self) -> str:
        return str(self.data["server_type"]["architecture"])

    @property
    def disk_size(self) -> int:
        return int(self.data["primary_disk_size"])


@dataclass(slots=True, eq=False)
class Action:
    data: dict[str, Any]
    started_at: float
    ends_at: float
    failure: Mapping[str, str] | None = None
    on_success: Callable[[], None] = lambda: None
    on_failure: Callable[[], None] = lambda: None

    @property
    def id(self) -> int:
        return int(self.data["id"])

    @property
    def finished_at(self) -> float | None:
        return None if self.data["finished"] is None else self.ends_at

    def concerns(self, kind: str, resource_id: int | None = None) -> bool:
        return any(
            resource["type"] == kind and resource_id in {None, resource["id"]} for resource in self.data["resources"]
        )

    def settle(self, now: float) -> None:
        """Bring it to where it has got by now; it ends at its own time, however late that is noticed."""
        if now < self.ends_at:
            share = (now - self.started_at) / (self.ends_at - self.started_at)
            self.data["progress"] = max(int(share * _DONE), 0)
            return
        self.data["finished"] = rfc3339(self.ends_at)
        if self.failure is None:
            self.data.update(status="success", progress=_DONE)
            self.on_success()
        else:
            self.data.update(status="error", error=dict(self.failure))
            self.on_failure()


@dataclass
class Project:
    images: dict[int, Image] = field(default_factory=dict)
    servers: dict[int, Server] = field(default_factory=dict)
    actions: dict[int, Action] = field(default_factory=dict)
    running: list[Action] = field(default_factory=list)
    #: Seconds that actions of each command take.
    durations: dict[str, float] = field(default_factory=lambda: {"create_image": 3.0, "change_protection": 0.0})
    #: Whether actions that create an image name it in their resources, and not only the server.
    image_resources: bool = True
    #: How the next actions that start end, each used once.
    failures: list[Mapping[str, str]] = field(default_factory=list)
    #: Images that a listing selected and sorted, by its query, until an image changes.
    listings: dict[Any, list[Image]] = field(default_factory=dict)
    server_ids: Iterator[int] = field(default_factory=lambda: count(101))
    image_ids: Iterator[int] = field(default_factory=lambda: count(10001))
    action_ids: Iterator[int] = field(default_factory=lambda: count(20001))

    def image(self, image_id: int) -> Image:
        try:
            return self.images[image_id]
        except KeyError:
            raise ApiError("not_found", f"there is no image {image_id}") from None

    def server(self, server_id: int) -> Server:
        try:
            return self.servers[server_id]
        except KeyError:
            raise ApiError("not_found", f"there is no server {server_id}") from None

    def server_json(self, server: Server) -> dict[str, Any]:
        """Return the JSON of a server."""
        return {**server.data, "locked": any(action.concerns("server", server.id) for action in self.running)}

    def action(self, action_id: int, kind: str | None = None, resource_id: int | None = None) -> Action:
        """Get an action, of one resource or kind of resource where given."""
        action = self.actions.get(action_id)
        if action is None or not (kind is None or action.concerns(kind, resource_id)):
            raise ApiError("not_found", f"there is no action {action_id}")
        return action

    def settle(self, now: float) -> None:
        """Bring all running actions to where they have got by now."""
        for action in list(self.running):
            action.settle(now)
            if action.finished_at is not None:
                self.running.remove(action)

    def add_image(self, image: Image) -> None:
        """Add an image; what may be ``null`` and isn't known of it is that."""
        for name, described in load_description().properties("Image").items():
            if described.get("nullable"):
                image.data.setdefault(name, None)
        self.images[image.id] = image
        self.listings.clear()

    def change_image(self, image: Image, changes: Mapping[str, Any]) -> None:
        image.change(changes)
        self.listings.clear()

    def update_image(self, image_id: int, changes: Mapping[str, Any]) -> Image:
        image = self._own_image(image_id)
        if changes.get("type") == "snapshot" and image.data["type"] == "backup":
            changes = {**changes, "bound_to": None}
        self.change_image(image, changes)
        return image

    def delete_image(self, image_id: int) -> None:
        image = self._own_image(image_id)
        if image.data["protection"]["delete"]:
            raise ApiError("protected", f"image {image_id} is protected from deletion")
        self._refuse_locked("image", image_id)
        del self.images[image_id]
        self.listings.clear()

    def change_protection(self, image_id: int, delete: bool | None, now: float) -> Action:
        image = self._own_image(image_id)
        if image.data["type"] != "snapshot":
            raise ApiError("unsupported_error", f"image {image_id} is a backup, and only snapshots can be protected")
        self._refuse_locked("image", image_id)

        def protect() -> None:
            if delete is not None:
                self.change_image(image, {"protection": {"delete": delete}})

        return self._start("change_protection", [(image_id, "image")], now, on_success=protect)

    def create_image(self, server_id: int, body: Mapping[str, Any], now: float) -> tuple[Image, Action]:
        server = self.server(server_id)
        kind = body.get("type", "snapshot")
        if kind == "backup" and not server.backups_enabled:
            raise ApiError("unsupported_error", f"backups aren't enabled for server {server_id}")
        self._refuse_locked("server", server_id)
        name = server.data["name"]
        image = Image(
            {
                "id": next(self.image_ids),
                "type": kind,
                "status": "creating",
                "name": None,
                "description": body.get("description", f"{name} {datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S}"),
                "image_size": None,
                "disk_size": server.disk_size,
                "created": rfc3339(now),
                "created_from": {"id": server_id, "name": name},
                "bound_to": server_id if kind == "backup" else None,
                "os_flavor": server.os_flavor,
                "os_version": server.os_version,
                "rapid_deploy": False,
                "protection": {"delete": False},
                "deprecated": None,
                "deprecation": None,
                "deleted": None,
                "labels": body.get("labels", {}),
                "architecture": server.architecture,
            },
            now,
        )
        self.add_image(image)
        action = self._start(
            "create_image",
            [(server_id, "server"), (image.id, "image")][: 1 + self.image_resources],
            now,
            on_success=lambda: self.change_image(image, {"status": "available", "image_size": server.used}),
            # The image stays, so that a client can read and delete it.
            on_failure=lambda: self.change_image(image, {"status": "unavailable"}),
        )
        return image, action

    def _own_image(self, image_id: int) -> Image:
        image = self.image(image_id)
        if image.data["type"] not in OWN_TYPES:
            raise ApiError("unsupported_error", f"image {image_id} is neither a snapshot nor a backup")
        return image

    def _refuse_locked(self, kind: str, resource_id: int) -> None:
        for action in self.running:
            if action.concerns(kind, resource_id):
                raise ApiError("locked", f"{kind} {resource_id} is locked by action {action.id}")

    def _start(
        self,
        command: str,
        resources: list[tuple[int, str]],
        now: float,
        *,
        on_success: Callable[[], None],
        on_failure: Callable[[], None] = lambda: None,
    ) -> Action:
        data = {
            "id": next(self.action_ids),
            "command": command,
            "status": "running",
            "progress": 0,
            "started": rfc3339(now),
            "finished": None,
            "resources": [{"id": resource_id, "type": kind} for resource_id, kind in resources],
            "error": None,
        }
        failure = self.failures.pop(0) if self.failures else None
        action = Action(data, now, now + self.durations[command], failure, on_success, on_failure)
        self.actions[action.id] = action
        self.running.append(action)
        self.settle(now)
        return action
