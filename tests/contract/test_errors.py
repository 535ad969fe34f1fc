"""Every documented error code for every operation, and responses that aren't the API's."""

from collections.abc import Callable
from typing import Any

import pytest
from hcloud_images import (
    APIException,
    ConflictException,
    ForbiddenException,
    InvalidInputException,
    InvalidResponseException,
    LockedException,
    NotFoundException,
    RateLimitException,
    RetryPolicy,
    ServerErrorException,
    TransportException,
    UnauthorizedException,
)
from hcloud_images.images import Image
from hcloud_images.servers import Server
from hcloud_images_sandbox.server import Sandbox

from contract.conftest import Play
from contract.coverage import codes
from contract.results import done, failing

CALLS: dict[str, Callable[[Any], Any]] = {
    "list_images": lambda client: client.images.get_list(name="x"),
    "get_image": lambda client: client.images.get_by_id(2001),
    "update_image": lambda client: client.images.update(Image(id=2001), "text"),
    "delete_image": lambda client: client.images.delete(Image(id=2001)),
    "list_image_actions": lambda client: client.images.get_actions_list(Image(id=2001)),
    "change_image_protection": lambda client: client.images.change_protection(Image(id=2001), True),
    "list_images_actions": lambda client: client.images.actions.get_list(),
    "get_images_action": lambda client: client.images.actions.get_by_id(501),
    "get_actions": lambda client: client.actions.wait([501, 502]),
    "get_action": lambda client: client.actions.get_by_id(501),
    "list_servers": lambda client: client.servers.get_list(name="x"),
    "get_server": lambda client: client.servers.get_by_id(42),
    "create_server_image": lambda client: client.servers.create_image(Server(id=42), "text"),
}


@pytest.mark.parametrize("operation", CALLS)
def test_each_code(play: Play, operation: str) -> None:
    async def scenario(client: Any) -> None:
        for code in codes():
            error = await failing(lambda: CALLS[operation](client))
            assert isinstance(error, APIException)
            assert error.code == code

    def prepare(sandbox: Sandbox) -> None:
        for number, code in enumerate(codes()):
            details = {"fields": [{"name": "x", "messages": [code]}]} if number % 2 else None
            sandbox.control.fault(code=code, message=f"about {code}", details=details)

    play(scenario, prepare)


def test_natural_errors(play: Play) -> None:
    async def scenario(client: Any) -> None:
        assert isinstance(await failing(lambda: client.images.get_by_id(99)), NotFoundException)
        assert isinstance(await failing(lambda: client.images.get_list(per_page=51)), InvalidInputException)
        assert isinstance(await failing(lambda: client.images.get_list(sort=["size"])), InvalidInputException)
        error = await failing(lambda: client.images.update(Image(id=2001), labels={"hetzner.cloud/x": "y"}))
        assert error.details["fields"]
        await failing(lambda: client.images.delete(Image(id=1001)))
        await failing(lambda: client.images.change_protection(Image(id=3001), delete=True))
        await failing(lambda: client.servers.create_image(Server(id=9)))
        await done(client.servers.create_image(Server(id=42)))
        assert isinstance(await failing(lambda: client.servers.create_image(Server(id=42))), LockedException)

    play(scenario)


# With what the note says that is to be checked; None where the same request can be sent again.
CHANGES: dict[str, tuple[Callable[[Any], Any], str | None]] = {
    "convert": (lambda client: client.images.update(3001, type="snapshot"), "with client.images.get_by_id()"),
    "describe": (lambda client: client.images.update(3001, "text"), None),
    "protect": (lambda client: client.images.change_protection(2001, True), "check before you send it again."),
    "delete": (lambda client: client.images.delete(2001), None),
    "create": (lambda client: client.servers.create_image(42), "with client.servers.find_created_image()"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_to_check_after_an_error(play: Play, change: str) -> None:
    async def scenario(client: Any) -> None:
        call, check = CHANGES[change]
        for ambiguous in (True, True, False):
            error = await failing(lambda: call(client))
            hints = [check is not None and check in note for note in getattr(error, "__notes__", [])]
            assert hints == [True] * (ambiguous and check is not None)

    def prepare(sandbox: Sandbox) -> None:
        for code in ("server_error", "timeout", "conflict"):
            sandbox.control.fault(code=code)

    play(scenario, prepare)


def test_wrong_token(play: Play) -> None:
    async def scenario(client: Any) -> None:
        assert isinstance(await failing(lambda: client.images.get_by_id(2001)), UnauthorizedException)

    play(scenario, lambda sandbox: sandbox.control.fault(code="unauthorized", message="unable to authenticate"))


def test_rate_limit(play: Play) -> None:
    async def scenario(client: Any) -> None:
        await done(client.images.get_by_id(2001))
        error = await failing(lambda: client.images.get_by_id(2001))
        assert isinstance(error, RateLimitException)
        assert error.exchange.wait is not None

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.auto_advance(0)
        sandbox.control.rate_limit(limit=3600, remaining=1)

    play(scenario, prepare)


@pytest.mark.parametrize("code", ["rate_limit_exceeded", "conflict", "locked", "unavailable", "bad_gateway", "timeout"])
@pytest.mark.usefixtures("no_waits")
def test_retried(play: Play, code: str) -> None:
    async def scenario(client: Any) -> None:
        assert (await done(client.images.get_by_id(2001))).id == 2001
        assert (await done(client.images.update(Image(id=2001), "text"))).description == "text"
        assert await done(client.images.delete(Image(id=2001)))

    def prepare(sandbox: Sandbox) -> None:
        for skip in range(3):
            sandbox.control.fault(code=code, skip=skip)

    play(scenario, prepare, retry=RetryPolicy(attempts=3))


@pytest.mark.parametrize("status", [200, 404, 502, 520])
def test_html_from_a_proxy(play: Play, status: int) -> None:
    async def scenario(client: Any) -> None:
        error = await failing(lambda: client.images.get_by_id(2001))
        assert isinstance(error, TransportException if status == 200 else APIException)
        assert status != 502 or isinstance(error, ServerErrorException)

    body = "<html>\n<h1>proxy</h1></html>"
    play(scenario, lambda sandbox: sandbox.control.fault(status=status, body=body))


def test_no_body_from_a_proxy(play: Play) -> None:
    async def scenario(client: Any) -> None:
        assert isinstance(await failing(lambda: client.images.get_by_id(2001)), ForbiddenException)

    play(scenario, lambda sandbox: sandbox.control.fault(status=403))


def test_redirect(play: Play) -> None:
    async def scenario(client: Any) -> None:
        assert isinstance(await failing(lambda: client.images.get_by_id(2001)), InvalidResponseException)

    headers = {"Location": "https://example.org/"}
    play(scenario, lambda sandbox: sandbox.control.fault(status=302, headers=headers))


def test_unknown_fields_and_values(play: Play) -> None:
    """The status decides about the class of an error with an unknown code."""
    kinds = {404: NotFoundException, 409: ConflictException, 422: InvalidInputException, 503: ServerErrorException}

    async def scenario(client: Any) -> None:
        for kind in (*kinds.values(), APIException):
            error = await failing(lambda: client.images.get_by_id(2001))
            assert (type(error), error.code) == (kind, "moved_to_the_moon")

    def prepare(sandbox: Sandbox) -> None:
        body = '{"error": {"code": "moved_to_the_moon", "message": "gone", "details": {}, "orbit": 1}}'
        for status in (*kinds, 410):
            sandbox.control.fault(status=status, body=body, content_type="application/json")

    play(scenario, prepare)


NONSENSE = {
    "list": "[]",
    "nothing": "{}",
    "null": '{"image": null}',
    "no_id": '{"image": {"name": "x"}}',
    "cut": '{"image": {"id": 2001, "na',
}


@pytest.mark.parametrize("body", NONSENSE)
def test_nonsense(play: Play, body: str) -> None:
    async def scenario(client: Any) -> None:
        assert isinstance(await failing(lambda: client.images.get_by_id(2001)), InvalidResponseException)

    fault = {"status": 200, "body": NONSENSE[body], "content_type": "application/json"}
    play(scenario, lambda sandbox: sandbox.control.fault(**fault))


def test_pages_without_end(play: Play) -> None:
    async def scenario(client: Any) -> None:
        client.images.max_per_page = 3
        error = await failing(lambda: client.images.get_all(type="snapshot"))
        assert isinstance(error, InvalidResponseException)

    pages = {"meta.pagination.next_page": 1, "meta.pagination.last_page": None}
    play(scenario, lambda sandbox: sandbox.control.fault(set=pages, times=None))


def test_correlation_ids(play: Play) -> None:
    async def scenario(client: Any) -> None:
        first = await failing(lambda: client.images.get_by_id(98))
        second = await failing(lambda: client.images.get_by_id(99))
        assert (first.correlation_id, second.correlation_id) == ("0000000000000001", "0000000000000002")
        assert (await failing(lambda: client.images.get_by_id(97))).correlation_id is None

    def prepare(sandbox: Sandbox) -> None:
        sandbox.control.fault(code="not_found", headers={"X-Correlation-Id": None}, skip=2)

    play(scenario, prepare)
