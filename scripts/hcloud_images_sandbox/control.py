"""What tests change: by method in the same process, or by ``POST /_control`` with the methods' names as keys."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hcloud_images_sandbox.budget import Budget
from hcloud_images_sandbox.clock import START, rfc3339, timestamp
from hcloud_images_sandbox.faults import Fault
from hcloud_images_sandbox.labels import problem_of_labels
from hcloud_images_sandbox.responses import JSON, ApiResponse, dump
from hcloud_images_sandbox.seed import fill
from hcloud_images_sandbox.servers import DEFAULT_IMAGE, add_server
from hcloud_images_sandbox.state import LoggedRequest, State


class Control:
    def __init__(self, state: State) -> None:
        self._state = state

    def reset(self) -> None:
        """Go back to the start: data, clock, budgets, log and all settings."""
        with self._state.lock:
            self._state.reset()

    def latency(self, seconds: float) -> None:
        """Wait this long, in real time, before each response."""
        with self._state.lock:
            self._state.latency = float(seconds)

    def fault(self, **fields: Any) -> Fault:
        """Queue a fault; the fields are those of `Fault`."""
        fault = Fault(**fields)
        with self._state.lock:
            self._state.faults.waiting.append(fault)
        return fault

    def faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Replace all queued faults."""
        waiting = [Fault(**fields) for fields in faults]
        with self._state.lock:
            self._state.faults.waiting = waiting

    @property
    def now(self) -> float:
        """The sandbox's time, in seconds since 1970."""
        with self._state.lock:
            return self._state.clock.now()

    @property
    def clock(self) -> ControlledClock:
        """The sandbox's clock for ``Client(clock=…)``: waits move it, and take no real time."""
        return ControlledClock(self)

    def freeze(self, at: str | float = START) -> None:
        """Stop the clock, at a time in RFC 3339 or in seconds since 1970; the budgets are full then."""
        with self._state.lock:
            self._state.clock.freeze(timestamp(at))
            self._state.refill()

    def unfreeze(self) -> None:
        """Go back to real time."""
        with self._state.lock:
            self._state.clock.run()
            self._state.refill()

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._state.lock:
            self._state.clock.advance(float(seconds))

    def auto_advance(self, seconds: float) -> None:
        """Advance the clock by this time with every request."""
        with self._state.lock:
            self._state.auto_advance = float(seconds)

    def size(self, images: int) -> None:
        """Add snapshots up to this number of images."""
        with self._state.lock:
            fill(self._state.project, int(images))

    def add_server(
        self, name: str, labels: Mapping[str, str] | None = None, *, image: str | None = DEFAULT_IMAGE, **fields: Any
    ) -> int:
        """Add a server, and return its id; the other fields are those of `add_server` in `servers.py`."""
        with self._state.lock:
            project = self._state.project
            if problem := problem_of_labels(labels or {}):
                raise ValueError(problem)
            if not isinstance(name, str) or not re.fullmatch("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", name):
                raise ValueError(f"name must be a host name, got {name!r}")
            if any(server.data["name"] == name for server in project.servers.values()):
                raise ValueError(f"name must be unique, got {name!r} again")
            fields = {"created": rfc3339(self._state.clock.now()), **fields}
            return add_server(project, next(project.server_ids), name, labels=labels or {}, image=image, **fields)

    def rate_limit(self, limit: int | None = None, remaining: int | None = None, budget: str | None = None) -> None:
        """Set the size of a budget and what is left of it, for `requests`, for `actions`, or for both."""
        with self._state.lock:
            now = self._state.clock.now()
            for name in self._state.budgets if budget is None else (budget,):
                full = Budget.full(now, self._state.budgets[name].limit if limit is None else _positive(limit))
                full.left = full.limit if remaining is None else remaining
                self._state.budgets[name] = full

    def fail_next_action(self, code: str = "action_failed", message: str = "the action failed") -> None:
        """Make the next action that starts end with this error."""
        with self._state.lock:
            self._state.project.failures.append({"code": code, "message": message})

    def durations(self, **seconds: float) -> None:
        """Set how long actions take, by command: `create_image`, `change_protection`."""
        with self._state.lock:
            known = self._state.project.durations
            if unknown := seconds.keys() - known.keys():
                raise ValueError(f"unknown commands: {', '.join(sorted(unknown))}")
            known.update(seconds)

    def null_totals(self, on: bool = True) -> None:
        """Send null for the number of pages and entries of lists."""
        with self._state.lock:
            self._state.null_totals = on

    def image_resources(self, on: bool = True) -> None:
        """Name images in the resources of the actions that create them; the API may name only the server."""
        with self._state.lock:
            self._state.project.image_resources = on

    @property
    def log(self) -> list[LoggedRequest]:
        """The requests since the start, the last reset or `clear_log`."""
        with self._state.lock:
            return list(self._state.log)

    @property
    def count(self) -> int:
        """How many requests the log has."""
        with self._state.lock:
            return len(self._state.log)

    def clear_log(self) -> None:
        with self._state.lock:
            self._state.log.clear()

    def state(self) -> dict[str, Any]:
        """Everything as JSON has it: clock, settings, images, servers, actions, log."""
        with self._state.lock:
            state: dict[str, Any] = json.loads(dump(self._state.summary()))
            return state

    def apply(self, orders: Mapping[str, Any]) -> None:
        """Carry out a JSON object: names of methods, and their arguments as one value, a list or an object."""
        for name, argument in orders.items():
            if not re.fullmatch("[a-z_]+", name) or name not in _ORDERS:
                raise ValueError(f"unknown method {name!r}, known: {', '.join(_ORDERS)}")
            method = getattr(self, name)
            if argument is None or (name in _SWITCHES and argument is True):
                method()
            elif isinstance(argument, dict):
                method(**argument)
            else:
                method(argument)


_SWITCHES = ("reset", "freeze", "unfreeze", "fail_next_action", "clear_log")
#: In the order in which they are usually needed.
_ORDERS = (
    *_SWITCHES,
    "latency",
    "fault",
    "faults",
    "advance",
    "auto_advance",
    "size",
    "add_server",
    "rate_limit",
    "durations",
    "null_totals",
    "image_resources",
)


def _positive(number: int) -> int:
    if number < 1:
        raise ValueError(f"must be at least 1, got {number}")
    return number


def control_endpoint(control: Control) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if request.method == "POST":
            try:
                orders = json.loads(await request.body())
                # Thousands of images take a while; other requests are served at the same time.
                await run_in_threadpool(control.apply, orders)
            except (ValueError, TypeError, KeyError, AttributeError, re.error) as error:
                refusal = ApiResponse.error("invalid_input", f"{type(error).__name__}: {error}")
                return Response(refusal.body, refusal.status, media_type=JSON)
            return Response(status_code=204)
        return Response(dump(control.state()), media_type=JSON)

    return endpoint


class ControlledClock:
    """The clock of a sandbox, as clients take one."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def now(self) -> float:
        return self._control.now

    def advance(self, seconds: float) -> None:
        self._control.advance(seconds)
