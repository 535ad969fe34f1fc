"""The HTTP side: the API under /v1, and the control endpoint next to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import formatdate

import anyio
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hcloud_images_sandbox.budget import Budget
from hcloud_images_sandbox.control import Control, control_endpoint
from hcloud_images_sandbox.description import PREFIX, Match, load_description
from hcloud_images_sandbox.faults import Fault
from hcloud_images_sandbox.inputs import read_body, read_ids, read_query
from hcloud_images_sandbox.listing import implemented
from hcloud_images_sandbox.operations import Call, Operations
from hcloud_images_sandbox.responses import ApiError, ApiResponse
from hcloud_images_sandbox.state import LoggedRequest, State
from hcloud_images_sandbox.validation import check_request, contradictions

#: Key in a request's scope: the server puts a function there that closes the connection.
CLOSE_EXTENSION = "hcloud_images_sandbox.close"


def make_app(state: State, control: Control) -> Starlette:
    app = Starlette(routes=[Route("/_control", control_endpoint(control), methods=["GET", "POST"])])
    # No route for the rest: its pattern wouldn't match a path with a line break.
    app.router.default = _Api(state)
    return app


class _Api:
    """The API, as an ASGI application."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._operations = Operations(state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        with self._state.lock:
            delay = self._state.latency
            response, fault = self._respond(request, body)
        if fault is not None:
            delay += fault.delay
        if delay:
            await anyio.sleep(delay)
        if fault is not None and fault.drop:
            await _drop(scope, receive)
        else:
            await response(scope, receive, send)

    def _respond(self, request: Request, body: bytes) -> tuple[Response, Fault | None]:
        # Not of `request.url`, which reads a decoded path again: it ends at a question mark, and has no line breaks.
        state, path = self._state, request.scope["path"]
        now = state.tick()
        logged = LoggedRequest(
            request.method,
            path,
            request.url.query,
            body.decode("utf-8", "replace"),
            {name: value for name, value in request.headers.items() if name != "authorization"},
        )
        state.log.append(logged)
        fault = state.faults.take(request.method, path.removeprefix(PREFIX))
        match = _match(request.method, path)
        reads_actions = isinstance(match, Match) and match.operation.reads_actions
        budget = state.budgets["actions" if reads_actions else "requests"]
        proper = ApiResponse(204, content_type=None)
        if fault is None or fault.effect:
            proper = self._respond_properly(request, body, match, budget, now)
        headers: dict[str, str | None] = {
            "Date": formatdate(now, usegmt=True),
            "X-Correlation-Id": f"{next(state.correlation_ids):016x}",
            **budget.headers(now),
        }
        if fault is None:
            response = _response(proper, headers)
            if state.start.validate and isinstance(match, Match):
                logged.contradiction = contradictions(request, response)
                if logged.contradiction:
                    message = f"the sandbox's response contradicts the description: {logged.contradiction}"
                    response = _response(ApiResponse.error("server_error", message), headers)
        else:
            response = _response(fault.spoil(proper), {**headers, **fault.headers})
        logged.status = None if fault is not None and fault.drop else response.status_code
        return response, fault

    def _respond_properly(
        self, request: Request, body: bytes, match: Match | ApiError, budget: Budget, now: float
    ) -> ApiResponse:
        try:
            self._state.check_token(request.headers.get("authorization"), request.method)
            budget.take(now)
            if isinstance(match, ApiError):
                return match.to_response()
            return self._operate(request, body, match, now)
        except ApiError as error:
            return error.to_response()
        except Exception as error:  # noqa: BLE001 - a mistake of the sandbox has to show at the client
            return ApiResponse.error("server_error", f"bug in the sandbox: {error!r}")

    def _operate(self, request: Request, body: bytes, match: Match, now: float) -> ApiResponse:
        operation = match.operation
        query = read_query(operation, request.url.query, implemented(operation.id))
        call = Call(now, read_ids(match), query, read_body(operation, body))
        if self._state.start.validate:
            check_request(request, body)
        method: Callable[[Call], ApiResponse] = getattr(self._operations, operation.id)
        return method(call)


def _match(method: str, path: str) -> Match | ApiError:
    if not path.startswith(PREFIX + "/"):
        return ApiError("not_found", f"the API is below {PREFIX}")
    try:
        return load_description().match(method, path.removeprefix(PREFIX))
    except ApiError as error:
        return error


def _response(response: ApiResponse, headers: Mapping[str, str | None]) -> Response:
    sent = {name: value for name, value in headers.items() if value is not None} | dict(response.headers)
    return Response(response.body, response.status, sent, response.content_type)


async def _drop(scope: Scope, receive: Receive) -> None:
    """Close the connection, and wait for it: if the application just returned, the server would send a response."""
    scope["extensions"][CLOSE_EXTENSION]()
    while (await receive())["type"] != "http.disconnect":
        pass
