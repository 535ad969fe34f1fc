"""Odd responses keep their meaning, over a real connection: errors of any shape, encodings, ids, repeated tokens."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    APIException,
    HCloudException,
    InvalidResponseException,
    NotFoundException,
    ProtectedException,
    RetryPolicy,
    ServerErrorException,
)
from socket_server import SocketServer
from token_leaks import TOKEN

IMAGE = json.dumps({"image": {"id": 7}}).encode()
#: Of one test alone: other libraries log what a server says, and the leak detector reads their logs.
OWN_TOKEN = "not-to-be-seen" * 4
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
    "response",
    [
        ("403 Forbidden", json.dumps({"error": {"code": "forbidden", "message": f"no, Bearer {OWN_TOKEN}"}}).encode()),
        (f"403 no {OWN_TOKEN}", b"<html>"),
    ],
    ids=["text", "status line"],
)
def test_token_in_a_response_is_masked(
    client_kind: ClientKind, response: tuple[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "hcloud_images"), responding(*response) as endpoint:
        with pytest.raises(HCloudException) as caught:
            get(client_kind, endpoint, OWN_TOKEN)
        assert OWN_TOKEN not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert OWN_TOKEN not in "".join(record.getMessage() for record in caplog.records if record.name == "hcloud_images")
