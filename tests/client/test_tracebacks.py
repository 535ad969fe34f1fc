"""What errors show: their own way, and the caller's, and nothing of what this library needs inside."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import APIException, HCloudException, RetryPolicy

client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)


def no_connection(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no")


def nonsense(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"image": {"id": None}, "images": [{"id": None}], "action": []})


def refusal(_: httpx.Request) -> httpx.Response:
    return httpx.Response(401, json={"error": {"code": "unauthorized", "message": "no"}})


SERVERS: list[Callable[[httpx.Request], httpx.Response]] = [no_connection, nonsense, refusal]
CALLS: dict[str, Callable[[Any], Any]] = {
    "one": lambda client: client.images.get_by_id(1),
    "all": lambda client: client.images.get_all(),
    "wait": lambda client: client.actions.wait([1], interval=0),
}


def frames(error: BaseException | None) -> list[str]:
    return [] if error is None else [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def callers_own() -> None:
    {}["missing"]


def callers_other() -> None:
    try:
        callers_own()
    except KeyError as error:
        raise ValueError("of the caller") from error


@client_kinds
@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.__name__)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fail", [callers_own, callers_other], ids=lambda fail: fail.__name__)
def test_errors_of_the_caller_keep_their_frames(
    client_kind: ClientKind, server: Callable[[httpx.Request], httpx.Response], call: str, fail: Callable[[], None]
) -> None:
    """As where someone cleans up in an `except` block, and that fails as well."""

    seen: list[list[list[str]]] = []

    async def scenario(client: Any) -> None:
        try:
            fail()
        except (KeyError, ValueError) as mine:
            chain = [mine, mine.__cause__, mine.__context__]
            seen.append([frames(error) for error in chain])
            with pytest.raises(HCloudException) as caught:
                await done(CALLS[call](client))
            seen.append([frames(error) for error in chain])
            with pytest.raises(RuntimeError):
                raise RuntimeError("could not clean up") from caught.value
            seen.append([frames(error) for error in chain])

    policy = RetryPolicy(attempts=1)
    client_kind.run(scenario, "token", transport=httpx.MockTransport(server), retry=policy)
    assert seen[0][0][-1] == fail.__name__
    assert seen[0] == seen[1] == seen[2]


@client_kinds
@pytest.mark.usefixtures("no_waits")
def test_errors_of_earlier_calls_keep_their_frames(client_kind: ClientKind) -> None:
    seen: list[list[str]] = []

    async def scenario(client: Any) -> None:
        try:
            await done(client.images.get_by_id(1))
        except HCloudException as first:
            seen.append(frames(first))
            for call in CALLS.values():
                with pytest.raises(HCloudException):
                    await done(call(client))
                seen.append(frames(first))

    client_kind.run(scenario, "token", transport=httpx.MockTransport(no_connection))
    assert len(seen[0]) > 1
    assert all(one == seen[0] for one in seen)


@client_kinds
@pytest.mark.parametrize("attempts", [1, 6])
def test_refusal_has_few_frames_and_none_of_other_libraries(client_kind: ClientKind, attempts: int) -> None:
    async def scenario(client: Any) -> None:
        with pytest.raises(APIException) as caught:
            await done(client.images.get_by_id(1))
        stack = traceback.extract_tb(caught.value.__traceback__)
        places = [frame.filename for frame in stack[1:] if frame.name != "done"]
        assert all("hcloud_images" in place for place in places), places
        assert len(places) <= 8
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None

    policy = RetryPolicy(attempts=attempts)
    client_kind.run(scenario, "token", transport=httpx.MockTransport(refusal), retry=policy)
