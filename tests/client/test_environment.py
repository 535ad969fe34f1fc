"""Clients made of what the environment has: variables, and the contexts of the hcloud CLI."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from client_kinds import CLIENT_KINDS, ClientKind
from hcloud_images import AsyncClient, Client, InvalidValueException
from hcloud_images_sandbox import Sandbox
from token_leaks import TOKEN

CONTEXTS = """
active_context = "one"

[preferences]
endpoint = "{url}"

[[contexts]]
name = "one"
token = "{token}"

[[contexts]]
name = "two"
token = "of-another-project"
[contexts.preferences]
endpoint = "http://127.0.0.1:1/v1"
quiet = true

[[contexts]]
name = "command"
token_command = "vault read"
"""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HCLOUD_TOKEN", "HCLOUD_ENDPOINT", "HCLOUD_CONFIG", "HCLOUD_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def contexts(tmp_path: Path, sandbox: Sandbox) -> Path:
    path = tmp_path / ".config" / "hcloud" / "cli.toml"
    path.parent.mkdir(parents=True)
    path.write_text(CONTEXTS.format(url=sandbox.url, token=TOKEN))
    return path


@pytest.fixture(params=CLIENT_KINDS, ids=lambda client_kind: client_kind.name)
def client_kind(request: pytest.FixtureRequest) -> ClientKind:
    return request.param


def used(client: Client | AsyncClient) -> tuple[str, str]:
    """Tell which address and token a client would use; private names, since it shows neither."""
    options: Any = client._caller._http._options
    return options.endpoint, options.token.header().removeprefix("Bearer ")


def test_variables(client_kind: ClientKind, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCLOUD_TOKEN", sandbox.token)
    assert used(client_kind.client.from_env()) == ("https://api.hetzner.cloud/v1", sandbox.token)
    monkeypatch.setenv("HCLOUD_ENDPOINT", sandbox.url)
    with Client.from_env(application_name="mine", page_window=2) as client:
        assert client.images.get_by_id(1001).id == 1001
    assert sandbox.control.log[-1].headers["user-agent"].startswith("mine hcloud-images/")


def test_missing_token_names_what_to_set(client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in (None, ""):
        if value is not None:
            monkeypatch.setenv("HCLOUD_TOKEN", value)
        with pytest.raises(InvalidValueException, match="set HCLOUD_TOKEN"):
            client_kind.client.from_env()
        with pytest.raises(InvalidValueException, match=r"cli\.toml.*No such file.*set HCLOUD_TOKEN"):
            client_kind.client.from_env(cli_context=True)


def test_contexts_are_read_when_asked_for_alone(contexts: Path) -> None:
    with pytest.raises(InvalidValueException, match="set HCLOUD_TOKEN"):
        Client.from_env()


def test_active_context(client_kind: ClientKind, contexts: Path, sandbox: Sandbox) -> None:
    assert used(client_kind.client.from_env(cli_context=True)) == (sandbox.url, TOKEN)


def test_context_of_a_variable(contexts: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    elsewhere = contexts.rename(tmp_path / "elsewhere.toml")
    monkeypatch.setenv("HCLOUD_CONFIG", str(elsewhere))
    monkeypatch.setenv("HCLOUD_CONTEXT", "two")
    assert used(Client.from_env(cli_context=True)) == ("http://127.0.0.1:1/v1", "of-another-project")
    monkeypatch.setenv("HCLOUD_ENDPOINT", "http://127.0.0.1:2/v1")
    assert used(Client.from_env(cli_context=True)) == ("http://127.0.0.1:2/v1", "of-another-project")
    monkeypatch.setenv("HCLOUD_TOKEN", "a-third-one")
    assert used(Client.from_env(cli_context=True)) == ("http://127.0.0.1:2/v1", "a-third-one")


def test_named_context_goes_before_variables(contexts: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HCLOUD_TOKEN", "HCLOUD_CONTEXT", "HCLOUD_ENDPOINT"):
        monkeypatch.setenv(name, "two")
    assert used(Client.from_env(cli_context="one")) == (sandbox.url, TOKEN)


@pytest.mark.parametrize(
    ("context", "text", "reason"),
    [
        ("three", CONTEXTS, r"no context 'three' in .*cli\.toml, which has one, two, command; set HCLOUD_CONTEXT"),
        ("command", CONTEXTS, "context 'command' in .* has no token"),
        (True, "", "no active context in .*, which has none"),
        (True, "active_context = 'one'", "no context 'one'"),
        (True, "active_context = ['one']\n[[contexts]]\nname = 'one'\ntoken = 'x'", "which has one"),
        (True, "active_context = []", "no active context"),
        (True, "token = {token} oops", "it isn't a configuration of the CLI"),
        (True, "contexts = '{token}'", "it isn't a configuration of the CLI"),
        (True, "[[contexts]]\ntoken = '{token}'", "it isn't a configuration of the CLI"),
        (True, "active_context = 'x'\n[[contexts]]\nname = 'x'\ntoken = '{token} {token}'", "the token is empty, or"),
        (True, "preferences = '{token}'\n[[contexts]]\nname = 'x'", "it isn't a configuration of the CLI"),
        (True, b"\xff\xff", "it isn't a configuration of the CLI"),
    ],
)
def test_context_that_can_not_be_used(context: bool | str, text: str | bytes, reason: str, contexts: Path) -> None:
    if isinstance(text, bytes):
        contexts.write_bytes(text)
    else:
        contexts.write_text(text.replace("{token}", TOKEN))
    with pytest.raises(InvalidValueException, match=reason):
        Client.from_env(cli_context=context)


def test_explicit_arguments_go_before_variables(client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCLOUD_TOKEN", "of-the-environment")
    monkeypatch.setenv("HCLOUD_ENDPOINT", "http://127.0.0.1:2/v1")
    client = client_kind.client.from_env(api_endpoint="http://127.0.0.1:1/v1")  # type: ignore[call-arg]
    assert used(client) == ("http://127.0.0.1:1/v1", "of-the-environment")


def test_options_are_those_of_the_constructors() -> None:
    for client in (Client, AsyncClient):
        options = get_type_hints(client.from_env)["options"]
        taken = {"token", "api_endpoint", *get_args(options)[0].__annotations__}
        assert taken == set(inspect.signature(client).parameters)


def test_token_is_in_no_variable_of_a_constructor_that_fails(
    client_kind: ClientKind, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The look-out of tests/conftest.py sees the frames.
    monkeypatch.setenv("HCLOUD_TOKEN", sandbox.token)
    for options in ({"page_window": 0}, {"timeout": -1}, {"verify": False}):
        with pytest.raises(InvalidValueException):
            client_kind.client.from_env(**options)
        with pytest.raises(InvalidValueException):
            client_kind.client(sandbox.token, **options)
    with pytest.raises(InvalidValueException, match="spaces"):
        client_kind.client(sandbox.token + " ")
