"""The nightly job is crashed at random and run again, while requests fail: no night is lost, none is paid for twice."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import httpx
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import HCloudException, recipes
from hcloud_images.recipes import aio
from hcloud_images_sandbox import Sandbox
from stressing.nightly import KEEP, SELECTOR, Nights


class Crash(BaseException):
    """Nobody catches this."""


class CrashingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Ends the program at a request, before it is sent or when its response is there."""

    def __init__(self, sandbox: Sandbox, requests: int | None, chance: random.Random) -> None:
        self._sync, self._async = sandbox.transport(), sandbox.async_transport()
        self._left, self._before = requests, chance.random() < 0.5

    def _crash(self, *, before: bool) -> None:
        if self._left is not None and before is self._before:
            self._left -= 1
            if self._left < 0:
                raise Crash

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._crash(before=True)
        response = self._sync.handle_request(request)
        self._crash(before=False)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._crash(before=True)
        response = await self._async.handle_async_request(request)
        self._crash(before=False)
        return response


@pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda one: one.name)
def test_every_night_once(client_kind: ClientKind) -> None:
    chance = random.Random(client_kind.name)  # noqa: S311 - the same each time
    sandbox = Sandbox(validate=False)
    nights = Nights(sandbox, servers=40, share=0.05, chance=chance)
    door: Any = recipes if client_kind.name == "sync" else aio

    def run(night: str, requests: int | None) -> Any:
        async def scenario(client: Any) -> Any:
            return await done(door.nightly(client, label_selector=SELECTOR, night=night, keep=KEEP))

        transport = CrashingTransport(sandbox, requests, chance)
        return client_kind.run(scenario, sandbox.token, transport=transport, clock=sandbox.control.clock)

    for number in range(KEEP + 3):
        night = nights.begin()
        with suppress(Crash, HCloudException, BaseExceptionGroup):  # pages are fetched by several tasks
            run(night, chance.randrange(46 if number < KEEP else 86))
        for _ in range(20):
            try:
                report = run(night, None)
            except HCloudException:
                continue
            if not report.failed:
                break
        assert nights.problems({image.id for image in report.kept}) == []
    assert nights.faults.happened.total() > 10
