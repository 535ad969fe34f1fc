"""Odd responses keep their meaning, over a real connection: errors of any shape, encodings, ids, repeated tokens."""

from __future__ import annotations

import gzip
import json
import logging
import pickle
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    ActionFailedException,
    ActionsException,
    APIException,
    ConnectionException,
    Exchange,
    HCloudException,
    InvalidResponseException,
    InvalidValueException,
    NotFoundException,
    ProtectedException,
    RetryPolicy,
    ServerErrorException,
    TimeoutException,
)
from hcloud_images.images import Image
from socket_server import SocketServer
from token_leaks import TOKEN, frames, shown

IMAGE = json.dumps({"image": {"id": 7}}).encode()
#: Of one test alone: other libraries log what a server says, and the leak detector reads their logs.
OWN_TOKEN = "Not-To-Be-Seen" * 4
ONCE: dict[str, Any] = {"retry": RetryPolicy(attempts=1)}


@contextmanager
def responding(status: str, body: bytes, **headers: str) -> Iterator[str]:
    """Serve this response to each request; give the endpoint."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    response = "\r\n".join([*lines, "", ""]).encode() + body

    def respond(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(response)

    with SocketServer(respond) as server:
        yield server.url


def get(client_kind: ClientKind, endpoint: str, token: str = TOKEN) -> Any:
    return client_kind.run(lambda client: done(client.images.get_by_id(7)), token, endpoint, **ONCE)


client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)


@client_kinds
@pytest.mark.parametrize("details", ["a text", ["a", "list"], 5, None, {"fields": []}])
@pytest.mark.parametrize("message", ["gone", None])
def test_error_of_any_shape(client_kind: ClientKind, details: Any, message: str | None) -> None:
    error = {"code": "not_found", "message": message, "details": details}
    with responding("404 Not Found", json.dumps({"error": error}).encode()) as endpoint:
        with pytest.raises(NotFoundException) as caught:
            get(client_kind, endpoint)
        assert (caught.value.code, caught.value.message, caught.value.details) == ("not_found", message, details)


@client_kinds
def test_nothing_but_a_code(client_kind: ClientKind) -> None:
    with responding("409 Conflict", b'{"error": {"code": "protected"}}') as endpoint:
        with pytest.raises(ProtectedException) as caught:
            get(client_kind, endpoint)
        assert (caught.value.message, caught.value.details) == (None, None)


@client_kinds
@pytest.mark.parametrize("code", [{"code": None}, {"code": 17}, {"code": ["a"]}, {}], ids=str)
def test_status_stands_for_a_code_that_is_none(client_kind: ClientKind, code: dict[str, Any]) -> None:
    error = code | {"message": "gone", "details": {"a": 1}}
    with responding("404 Not Found", json.dumps({"error": error}).encode()) as endpoint:
        with pytest.raises(NotFoundException) as caught:
            get(client_kind, endpoint)
        assert (caught.value.code, caught.value.message, caught.value.details) == (404, "gone", {"a": 1})


@client_kinds
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        ("500 Oops", "not_found", NotFoundException),
        ("404 Not Found", "unavailable", ServerErrorException),
        ("418 Teapot", "a_code_of_tomorrow", APIException),
        ("503 Unavailable", "a_code_of_tomorrow", ServerErrorException),
    ],
)
def test_class_follows_the_code(client_kind: ClientKind, status: str, code: str, kind: type[APIException]) -> None:
    with responding(status, json.dumps({"error": {"code": code, "message": "m"}}).encode()) as endpoint:
        with pytest.raises(APIException) as caught:
            get(client_kind, endpoint)
        assert type(caught.value) is kind


ESCAPED = "".join(f"\\u{ord(letter):04x}" for letter in OWN_TOKEN)


def raw_deflate(content: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(content) + compressor.flush()


@client_kinds
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(IMAGE)),
        ("GZIP", gzip.compress(IMAGE)),
        ("x-gzip", gzip.compress(IMAGE)),
        ("gzip, identity", gzip.compress(IMAGE)),
        ("gzip", gzip.compress(IMAGE[:5]) + gzip.compress(IMAGE[5:])),
        ("gzip", gzip.compress(IMAGE) + bytes(10)),
        ("gzip", gzip.compress(IMAGE[:5]) + gzip.compress(IMAGE[5:]) + b"garbage"),
        ("deflate", zlib.compress(IMAGE) + b"garbage"),
        ("deflate", zlib.compress(IMAGE)),
        ("deflate", raw_deflate(IMAGE)),
        ("identity", IMAGE),
    ],
)
def test_encodings_that_nobody_asked_for(client_kind: ClientKind, encoding: str, body: bytes) -> None:
    with responding("200 OK", body, Content_Encoding=encoding) as endpoint:
        assert get(client_kind, endpoint).id == 7


@client_kinds
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_no_body_is_never_decompressed(client_kind: ClientKind, encoding: str) -> None:
    with responding("204 No Content", b"", Content_Encoding=encoding) as endpoint:
        assert client_kind.run(lambda client: done(client.images.delete(7)), TOKEN, endpoint, **ONCE)


@client_kinds
@pytest.mark.parametrize("number", [0, -1, True, "7", 1.0, None])
def test_id_that_the_description_does_not_allow(client_kind: ClientKind, number: Any) -> None:
    with (
        responding("200 OK", json.dumps({"image": {"id": number}}).encode()) as endpoint,
        pytest.raises(InvalidResponseException, match='"id"'),
    ):
        get(client_kind, endpoint)


@client_kinds
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (gzip.compress(IMAGE)[:-4], ConnectionException),
        (gzip.compress(IMAGE) + gzip.compress(IMAGE)[:-4], ConnectionException),
        (gzip.compress(IMAGE)[:-8] + bytes(8), InvalidResponseException),
        (bytes(10), InvalidResponseException),
        (gzip.compress(b"", mtime=0) * 200_000, TimeoutException),
    ],
    ids=["cut off", "second cut off", "wrong checksum", "nothing of the kind", "takes for ever"],
)
def test_body_that_can_not_be_decompressed(client_kind: ClientKind, body: bytes, kind: type[HCloudException]) -> None:
    retry = RetryPolicy(attempts=1, deadline=0.25)
    with responding("200 OK", body, Content_Encoding="gzip") as endpoint, pytest.raises(kind):
        client_kind.run(lambda client: done(client.images.get_by_id(7)), TOKEN, endpoint, retry=retry)


@client_kinds
@pytest.mark.parametrize(("status", "body"), [("200 OK", b"<html>"), ("202 Accepted", b""), ("200 OK", b"{}")])
def test_only_204_is_a_deletion(client_kind: ClientKind, status: str, body: bytes) -> None:
    with responding(status, body) as endpoint, pytest.raises(InvalidResponseException, match="204") as caught:
        client_kind.run(lambda client: done(client.images.delete(7)), TOKEN, endpoint, **ONCE)
    assert "may have taken effect" in caught.value.__notes__[0]


@client_kinds
@pytest.mark.parametrize("body", [[["image", {"id": 7}]], {"image": [["id", 7]]}], ids=str)
def test_array_of_pairs_is_no_object(client_kind: ClientKind, body: Any) -> None:
    with responding("200 OK", json.dumps(body).encode()) as endpoint, pytest.raises(InvalidResponseException):
        get(client_kind, endpoint)


def test_array_of_pairs_is_no_image() -> None:
    pairs: Any = [["id", 7]]
    with pytest.raises(InvalidValueException, match="not a valid Image"):
        Image.from_dict(pairs)
    body = json.dumps({"images": [pairs]}).encode()
    with responding("200 OK", body) as endpoint, pytest.raises(InvalidResponseException, match="not a valid Image"):
        CLIENT_KINDS[0].run(lambda client: done(client.images.get_list()), TOKEN, endpoint, **ONCE)


@pytest.mark.parametrize("images", ["x" * 3_000_000, ["x" * 3_000_000], [{"id": "7" * 3_000_000}]])
def test_message_repeats_little_of_a_large_value(images: Any) -> None:
    body = json.dumps({"images": images}).encode()
    with responding("200 OK", body) as endpoint, pytest.raises(InvalidResponseException) as caught:
        CLIENT_KINDS[0].run(lambda client: done(client.images.get_list()), TOKEN, endpoint, **ONCE)
    assert len(str(caught.value)) < 300


@client_kinds
@pytest.mark.parametrize(
    "odd",
    [
        {"error": {"code": 5, "message": ["a"]}},
        {"command": 5, "resources": [None, ["id", 1], {"id": 1, "type": "image"}]},
    ],
    ids=str,
)
def test_odd_action_fails_as_any_other(client_kind: ClientKind, odd: dict[str, Any]) -> None:
    body = json.dumps({"action": {"id": 1, "status": "error"} | odd}).encode()

    async def scenario(client: Any) -> None:
        action = await done(client.actions.get_by_id(1))
        await done(action.wait_until_finished())

    with responding("200 OK", body) as endpoint, pytest.raises(ActionFailedException, match="5"):
        client_kind.run(scenario, TOKEN, endpoint, **ONCE)


@client_kinds
@pytest.mark.parametrize(
    "response",
    [
        ("403 Forbidden", json.dumps({"error": {"code": "forbidden", "message": f"no, Bearer {OWN_TOKEN}"}}).encode()),
        ("403 Forbidden", json.dumps({"error": {"code": OWN_TOKEN, "details": [{OWN_TOKEN: OWN_TOKEN}]}}).encode()),
        ("403 Forbidden", f'{{"error": {{"message": "{ESCAPED}", "details": "{ESCAPED}"}}}}'.encode()),
        ("403 Forbidden", f'{{"error": {{"message": "{OWN_TOKEN}"}}}}'.encode("utf-16")),
        ("403 Forbidden", f'{{"error": "{ESCAPED}"}}'.encode()),
        ("403 Forbidden", f"<html>{OWN_TOKEN}".encode("utf-16-le")),
        (f"403 no {OWN_TOKEN}", b"<html>"),
        ("200 OK", f'{{"image": "Bearer {OWN_TOKEN}"}}'.encode()),
        ("200 OK", f'{{"image": {{"id": "{OWN_TOKEN}"}}}}'.encode()),
        ("200 OK", f'{{"image": {{"id": "{"x" * 70}{ESCAPED}"}}}}'.encode()),
        ("200 OK", f'{{"image": {OWN_TOKEN}'.encode()),
        ("200 OK", f'{{"image": "{OWN_TOKEN}\xe9'.encode("latin-1")),
        (f"200 OK\r\nContent-Encoding: {OWN_TOKEN}", b"x"),
        (f"403 No\r\nX-Correlation-Id: {OWN_TOKEN}", b"x"),
        (f"200 OK\r\nContent-Encoding: br\r\nX-Correlation-Id: {OWN_TOKEN}", OWN_TOKEN.encode()),
        ("200 OK\r\nContent-Encoding: gzip", gzip.compress(OWN_TOKEN.encode())[:-4]),
        (f"200 OK\r\n{OWN_TOKEN}", b"x"),
    ],
)
def test_token_in_a_response_is_masked(
    client_kind: ClientKind, response: tuple[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    exchanges: list[Exchange] = []
    options = {"on_response": exchanges.append, **ONCE}
    with caplog.at_level(logging.DEBUG, "hcloud_images"), responding(*response) as endpoint:
        with pytest.raises(HCloudException) as caught:
            client_kind.run(lambda client: done(client.images.get_by_id(7)), OWN_TOKEN, endpoint, **options)
        assert leaks(caught.value) == []
    logs = [record.getMessage() for record in caplog.records if record.name == "hcloud_images"]
    assert not shows(f"{logs} {exchanges}")


def leaks(error: BaseException | None) -> list[str]:
    """Give what shows the token, in any case and encoding: the errors up to the first, and their variables."""
    found: list[str] = []
    for frame in frames(error):
        found += [name for name, value in frame.f_locals.items() if shows(shown(value))]
    while error is not None:
        found += [text for text in (str(error), repr(error), str(vars(error)), str(pickle.dumps(error))) if shows(text)]
        error = error.__cause__ or error.__context__
    return found


def shows(text: str) -> bool:
    plain = text.lower().replace("\\x00", "")
    return OWN_TOKEN.lower() in plain or "".join(f"u{ord(letter):04x}" for letter in OWN_TOKEN) in plain.replace(
        "\\", ""
    )


@client_kinds
def test_token_in_the_number_of_a_page_is_masked(client_kind: ClientKind) -> None:
    body = json.dumps({"images": [{"id": 1}], "meta": {"pagination": {"next_page": OWN_TOKEN}}}).encode()
    with responding("200 OK", body) as endpoint:
        with pytest.raises(InvalidResponseException, match="names page") as caught:
            client_kind.run(lambda client: done(client.images.get_all()), OWN_TOKEN, endpoint, **ONCE)
        assert leaks(caught.value) == []


@client_kinds
def test_token_in_a_failed_action_is_masked(client_kind: ClientKind) -> None:
    error = {"code": "failed", "message": f"no, {OWN_TOKEN}"}
    resources = [{"id": 1, "type": OWN_TOKEN}]
    action = {"id": 1, "status": "error", "command": OWN_TOKEN, "error": error, "resources": resources}
    with responding("200 OK", json.dumps({"actions": [action]}).encode()) as endpoint:
        with pytest.raises(ActionsException) as caught:
            client_kind.run(lambda client: done(client.actions.wait([1])), OWN_TOKEN, endpoint, **ONCE)
        assert leaks(caught.value) == leaks(caught.value.exceptions[0]) == []
        assert "***" in str(caught.value.exceptions[0])


@client_kinds
def test_token_of_the_request_is_masked_when_there_is_a_newer_one(client_kind: ClientKind) -> None:
    """As with pages that are fetched concurrently: the response comes after the next request took its token."""
    tokens = [f"{OWN_TOKEN}-{number}" for number in range(9)]
    left = iter(tokens)

    def echo(request: httpx.Request) -> httpx.Response:
        if len(requests) == 1:
            next(left)
        return httpx.Response(403, json={"error": {"message": request.headers["Authorization"]}})

    requests: list[Exchange] = []
    options = {"transport": httpx.MockTransport(echo), "on_request": requests.append, **ONCE}
    with pytest.raises(APIException) as caught:
        client_kind.run(lambda client: done(client.images.get_by_id(7)), lambda: next(left), **options)
    assert caught.value.message == "Bearer ***"
    assert leaks(caught.value) == []


def test_values_come_as_they_are() -> None:
    """Those with escapes go another way than others."""
    value = {"id": 7, "description": 'é "quoted" \\', "labels": {"a": "\\"}, "odd": [1.5, None, {"x": [True]}]}
    with responding("200 OK", json.dumps({"image": value}).encode()) as endpoint:
        found = get(CLIENT_KINDS[0], endpoint).to_dict()
    assert {name: found[name] for name in value} == value
