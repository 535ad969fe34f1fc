"""Odd responses keep their meaning, over a real connection: errors of any shape, encodings, ids, repeated tokens."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from canary import TOKEN
from flavours import FLAVOURS, Flavour, done
from hcloud_images import (
    APIException,
    HCloudException,
    InvalidResponseException,
    NotFoundException,
    ProtectedException,
    RetryPolicy,
    ServerErrorException,
)

IMAGE = json.dumps({"image": {"id": 7}}).encode()
ONCE: dict[str, Any] = {"retry": RetryPolicy(attempts=1)}


@contextmanager
def answering(status: str, body: bytes, **headers: str) -> Iterator[str]:
    """Serve this response to each request; give the endpoint."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    response = "\r\n".join([*lines, "", ""]).encode() + body
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(response)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def get(flavour: Flavour, endpoint: str, token: str = TOKEN) -> Any:
    return flavour.run(lambda client: done(client.images.get_by_id(7)), token, endpoint, **ONCE)


flavours = pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)


@flavours
@pytest.mark.parametrize("details", ["a text", ["a", "list"], 5, None, {"fields": []}])
@pytest.mark.parametrize("message", ["gone", None])
def test_error_of_any_shape(flavour: Flavour, details: Any, message: str | None) -> None:
    error = {"code": "not_found", "message": message, "details": details}
    with answering("404 Not Found", json.dumps({"error": error}).encode()) as endpoint:
        with pytest.raises(NotFoundException) as caught:
            get(flavour, endpoint)
        assert (caught.value.code, caught.value.message, caught.value.details) == ("not_found", message, details)


@flavours
def test_nothing_but_a_code(flavour: Flavour) -> None:
    with answering("409 Conflict", b'{"error": {"code": "protected"}}') as endpoint:
        with pytest.raises(ProtectedException) as caught:
            get(flavour, endpoint)
        assert (caught.value.message, caught.value.details) == (None, None)


@flavours
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        ("500 Oops", "not_found", NotFoundException),
        ("404 Not Found", "unavailable", ServerErrorException),
        ("418 Teapot", "a_code_of_tomorrow", APIException),
        ("503 Unavailable", "a_code_of_tomorrow", ServerErrorException),
    ],
)
def test_class_follows_the_code(flavour: Flavour, status: str, code: str, kind: type[APIException]) -> None:
    with answering(status, json.dumps({"error": {"code": code, "message": "m"}}).encode()) as endpoint:
        with pytest.raises(APIException) as caught:
            get(flavour, endpoint)
        assert type(caught.value) is kind


def raw_deflate(content: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(content) + compressor.flush()


@flavours
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
def test_encodings_that_nobody_asked_for(flavour: Flavour, encoding: str, body: bytes) -> None:
    with answering("200 OK", body, Content_Encoding=encoding) as endpoint:
        assert get(flavour, endpoint).id == 7


@flavours
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_no_body_is_never_decompressed(flavour: Flavour, encoding: str) -> None:
    with answering("204 No Content", b"", Content_Encoding=encoding) as endpoint:
        assert flavour.run(lambda client: done(client.images.delete(7)), TOKEN, endpoint, **ONCE)


@flavours
@pytest.mark.parametrize("number", [0, -1, True, "7", 1.0, None])
def test_id_that_the_description_does_not_allow(flavour: Flavour, number: Any) -> None:
    with (
        answering("200 OK", json.dumps({"image": {"id": number}}).encode()) as endpoint,
        pytest.raises(InvalidResponseException, match='"id"'),
    ):
        get(flavour, endpoint)


@flavours
@pytest.mark.parametrize(
    "response",
    [
        ("403 Forbidden", json.dumps({"error": {"code": "forbidden", "message": f"no, Bearer {TOKEN}"}}).encode()),
        (f"403 no {TOKEN}", b"<html>"),
    ],
    ids=["text", "status line"],
)
def test_token_in_a_response_is_masked(
    flavour: Flavour, response: tuple[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "hcloud_images"), answering(*response) as endpoint:
        with pytest.raises(HCloudException) as caught:
            get(flavour, endpoint)
        assert TOKEN not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert TOKEN not in "".join(record.getMessage() for record in caplog.records if record.name == "hcloud_images")
