"""What the tests of the recipes share: a sandbox whose time passes by requests, one body for all kinds of clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import RetryPolicy, recipes
from hcloud_images.recipes import aio
from hcloud_images_sandbox import Sandbox

RunRecipe = Callable[..., Any]


@pytest.fixture(params=CLIENT_KINDS, ids=lambda one: one.name)
def run_recipe(request: pytest.FixtureRequest, sandbox: Sandbox) -> RunRecipe:
    """Run a recipe against the sandbox, with a client of one kind, and return what it returns."""
    client_kind: ClientKind = request.param
    door: Any = recipes if client_kind.name == "sync" else aio
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)

    def run(name: str, *arguments: Any, client_options: Any = None, **options: Any) -> Any:
        async def scenario(client: Any) -> Any:
            return await done(getattr(door, name)(client, *arguments, **options))

        defaults = {"poll_interval": 0, "retry": RetryPolicy(attempts=1)}
        return client_kind.run(scenario, sandbox.token, sandbox.url, **{**defaults, **(client_options or {})})

    return run


@pytest.fixture
def unfiltered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sandbox list all images and servers, whatever it is asked for; images in no order of use, and twice."""

    def every_image(project: Any, query: Any) -> list[Any]:
        several = sorted(project.images.values(), key=lambda image: image.id % 7)
        return [*several, *reversed(several)]

    monkeypatch.setattr("hcloud_images_sandbox.operations.list_images", every_image)
    monkeypatch.setattr("hcloud_images_sandbox.operations.list_servers", lambda servers, _: list(servers))
    monkeypatch.setattr("hcloud_images_sandbox.app.contradictions", lambda *_: "")  # nulls that aren't described
