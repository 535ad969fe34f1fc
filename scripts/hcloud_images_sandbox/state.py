"""All that one sandbox remembers."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, dataclass
from itertools import count
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl

from hcloud_images_sandbox.budget import Budget
from hcloud_images_sandbox.clock import Clock, rfc3339
from hcloud_images_sandbox.faults import Faults
from hcloud_images_sandbox.responses import ApiError
from hcloud_images_sandbox.seed import Seed, seeded_project

TOKEN = "sandbox"  # noqa: S105 - opens nothing but the sandbox
READONLY_TOKEN = "readonly"  # noqa: S105
_MAX_LOG = 100_000


@dataclass
class LoggedRequest:
    """A request as it came in, without its token."""

    method: str
    path: str
    query: str
    body: str
    headers: dict[str, str]
    #: Status of the response; None before it, and when the connection was dropped.
    status: int | None = None
    #: How the sandbox's own response contradicted the description; empty if it didn't.
    contradiction: str = ""

    @property
    def params(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Start:
    """What a sandbox starts with, and goes back to when it is reset."""

    seed: Seed = "standard"
    images: int = 0
    validate: bool = True
    token: str = TOKEN
    readonly_token: str = READONLY_TOKEN


class State:
    def __init__(self, start: Start) -> None:
        self.start = start
        #: Held while a request is processed and while a test reads or changes something: they are two threads.
        self.lock = RLock()
        self.reset()

    def reset(self) -> None:
        self.clock = Clock()
        self.project = seeded_project(self.start.seed, self.start.images)
        self.faults = Faults()
        self.latency = 0.0
        self.auto_advance = 0.0
        self.null_totals = False
        self.log: deque[LoggedRequest] = deque(maxlen=_MAX_LOG)
        self.correlation_ids = count(1)
        self.refill()

    def refill(self) -> None:
        """Fill the budgets up, as of now."""
        now = self.clock.now()
        self.budgets = {"requests": Budget.full(now), "actions": Budget.full(now)}

    def tick(self) -> float:
        """Begin a request: let time pass and actions proceed."""
        self.clock.advance(self.auto_advance)
        now = self.clock.now()
        self.project.settle(now)
        return now

    def check_token(self, header: str | None, method: str) -> None:
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or token not in {self.start.token, self.start.readonly_token}:
            raise ApiError("unauthorized", "unable to authenticate")
        if token == self.start.readonly_token and method != "GET":
            raise ApiError("token_readonly", "the token is read-only")

    def summary(self) -> dict[str, Any]:
        """Everything, for reading."""
        now = self.clock.now()
        self.project.settle(now)
        return {
            "clock": {"now": rfc3339(now), "frozen": self.clock.frozen},
            "auto_advance": self.auto_advance,
            "latency": self.latency,
            "null_totals": self.null_totals,
            "image_resources": self.project.image_resources,
            "durations": self.project.durations,
            "budgets": {name: budget.headers(now) for name, budget in self.budgets.items()},
            "faults": [asdict(fault) for fault in self.faults.waiting],
            "images": [image.data for image in self.project.images.values()],
            "servers": [self.project.server_json(server) for server in self.project.servers.values()],
            "actions": [action.data for action in self.project.actions.values()],
            "count": len(self.log),
            "log": [asdict(request) for request in self.log],
        }
