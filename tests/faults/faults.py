"""What can go wrong between a client and the API, by name."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from faults.certificates import Certificates
from faults.server import ACTION, IMAGE, META, FaultServer, Link

HTML = b"<html><body>Bad gateway</body></html>"
HUGE = 10_000_000


@attrs.frozen
class Fault:
    """Something that goes wrong.

    :param name: What it is.
    :param strike: Does it to a connection.
    :param times: To how many connections; ``None``: to all.
    :param harmless: Whether a client that may repeat a request gets the right value in the end.
    :param certificate: Speak TLS with this kind of certificate.
    """

    name: str
    strike: Callable[[Link], object]
    times: int | None = None
    harmless: bool = False
    certificate: str = ""


FAULTS: list[Fault] = []


def fault(strike: Callable[[Link], object]) -> Callable[[Link], object]:
    """Have a function as a fault, named after it."""
    FAULTS.append(Fault(strike.__name__, strike))
    return strike


def family(prefix: str, cases: Iterator[tuple[str, Callable[[Link], object]]]) -> None:
    FAULTS.extend(Fault(f"{prefix}_{name}", strike) for name, strike in cases)


def responding(*arguments: Any, **options: Any) -> Callable[[Link], object]:
    """Respond the same to every request of a connection."""

    def strike(link: Link) -> None:
        while link.read():
            link.respond(*arguments, **options)

    return strike


def changing(change: Callable[[dict[str, Any], Link], Any]) -> Callable[[Link], object]:
    """Respond to every request with a change of the right body."""

    def strike(link: Link) -> None:
        while link.read():
            body = change(json.loads(json.dumps(link.right())), link)
            link.respond(body, status="200 OK" if link.method == "DELETE" else None)

    return strike


# The connection ------------------------------------------------------------------------------------------------------


@fault
def reset_after_accept(link: Link) -> None:
    link.reset()


@fault
def reset_after_part_of_the_request(link: Link) -> None:
    link.sock.recv(10)
    link.reset()


@fault
def reset_after_the_request(link: Link) -> None:
    link.read()
    link.reset()


@fault
def reset_after_the_status_line(link: Link) -> None:
    link.read()
    link.send(b"HTTP/1.1 200 OK\r\n")
    link.reset()


@fault
def reset_in_headers(link: Link) -> None:
    link.read()
    link.send(b"HTTP/1.1 200 OK\r\nContent-Type: appl")
    link.reset()


@fault
def reset_in_the_body(link: Link) -> None:
    link.read()
    link.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"image')
    link.reset()


@fault
def closed_after_accept(link: Link) -> None:
    link.sock.close()


@fault
def closed_after_the_request(link: Link) -> None:
    link.read()


@fault
def closed_between_requests(link: Link) -> None:
    link.read()
    link.respond()


@fault
def silent_after_accept(link: Link) -> None:
    link.wait()


@fault
def silent_after_the_request(link: Link) -> None:
    link.read()
    link.wait()


@fault
def silent_after_the_status_line(link: Link) -> None:
    link.read()
    link.send(b"HTTP/1.1 200 OK\r\n")
    link.wait()


@fault
def silent_in_the_body(link: Link) -> None:
    link.read()
    link.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"image')
    link.wait()


@fault
def slow_status_line(link: Link) -> None:
    link.read()
    link.drip(b"HTTP/1.1 200 " + b"O" * 2000)


@fault
def slow_headers(link: Link) -> None:
    link.read()
    link.send(b"HTTP/1.1 200 OK\r\n")
    link.drip(b"X-Slow: 1\r\n" * 500)


@fault
def slow_body(link: Link) -> None:
    link.read()
    link.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    link.drip(b" " * 5000)


@fault
def slow_chunks(link: Link) -> None:
    link.read()
    link.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    link.drip(b"1\r\n \r\n" * 1000)


# HTTP ----------------------------------------------------------------------------------------------------------------


def raw(*parts: bytes) -> Callable[[Link], object]:
    """Send bytes after a request, and close."""

    def strike(link: Link) -> None:
        link.read()
        for part in parts:
            link.send(part)

    return strike


def endless(head: bytes, part: bytes) -> Callable[[Link], object]:
    """Send a part again and again."""

    def strike(link: Link) -> None:
        link.read()
        link.send(head)
        # Without a pause, the servers of a test would take the time of its clients.
        while not link.server.ended.wait(0.001):
            link.send(part)

    return strike


OK = b"HTTP/1.1 200 OK\r\n"
BODY = json.dumps({"image": IMAGE}).encode()
family(
    "http",
    iter(
        {
            "empty_answer": raw(b""),
            "garbage": raw(b"\x00\xff garbage \r\n\r\n"),
            "bad_status_line": raw(b"HTTP/1.1 OK 200\r\n\r\n"),
            "status_of_two_digits": raw(b"HTTP/1.1 20 OK\r\n\r\n"),
            "status_999": raw(b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"),
            "status_000": raw(b"HTTP/1.1 000 What\r\nContent-Length: 0\r\n\r\n"),
            "version_0_9": raw(BODY),
            "version_3": raw(b"HTTP/3.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
            "preface_of_http_2": raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            "answer_of_ssh": raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
            "flood_of_100": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
            "flood_of_103": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 100),
            "101_switching": raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
            "204_with_body": raw(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"),
            "304": raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
            "header_without_colon": raw(OK + b"Nonsense\r\nContent-Length: 0\r\n\r\n"),
            "header_with_null": raw(OK + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n"),
            "huge_header": raw(OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n"),
            "many_headers": raw(OK + b"X: a\r\n" * 100_000 + b"\r\n"),
            "endless_headers": endless(OK, b"X: a\r\n" * 100),
            "endless_header": endless(OK + b"X: ", b"a" * 1000),
            "two_lengths": raw(OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello"),
            "negative_length": raw(OK + b"Content-Length: -1\r\n\r\n" + BODY),
            "length_of_letters": raw(OK + b"Content-Length: ten\r\n\r\n" + BODY),
            "huge_length": raw(OK + b"Content-Length: 99999999999999999999\r\n\r\n" + BODY),
            "length_too_long": raw(OK + b"Content-Length: 10000\r\n\r\n" + BODY),
            "length_too_short": raw(OK + b"Content-Length: 10\r\n\r\n" + BODY),
            "bad_chunk_size": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "chunk_cut_off": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{"),
            "no_last_chunk": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"),
            "huge_chunk_size": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n"),
            "unknown_transfer_encoding": raw(OK + b"Transfer-Encoding: odd\r\n\r\n" + BODY),
            "body_until_close": raw(OK + b"Content-Type: application/json\r\n\r\n" + BODY),
            "body_until_close_cut_off": raw(OK + b"\r\n" + BODY[:-10]),
            "two_answers": raw(2 * (OK + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)),
            "bad_correlation_id": raw(OK + b"X-Correlation-Id: \xff\xfe\r\nContent-Length: 2\r\n\r\n{}"),
            "bad_date": raw(OK + b"Date: never\r\nRateLimit-Limit: x\r\nContent-Length: 2\r\n\r\n{}"),
        }.items()
    ),
)


# Bodies --------------------------------------------------------------------------------------------------------------

COMPRESSED = gzip.compress(BODY)


def going_on(surplus: bytes) -> Callable[[Link], object]:
    """Respond right, and send more than that."""

    def strike(link: Link) -> None:
        while link.read():
            link.respond()
            link.send(surplus)

    return strike


family(
    "body",
    iter(
        {
            "empty": responding(b"", status="200 OK"),
            "empty_object": responding(b"{}", status="200 OK"),
            "null": responding(b"null", status="200 OK"),
            "list": responding(b"[]", status="200 OK"),
            "text": responding(b'"image"', status="200 OK"),
            "number": responding(b"7", status="200 OK"),
            "html": responding(HTML, status="200 OK", headers=("Content-Type: text/html",)),
            "cut_json": responding(BODY[:-5], status="200 OK"),
            "deep_json": responding(b"[" * 100_000, status="200 OK"),
            "deep_object": responding(b'{"image":' * 100_000, status="200 OK"),
            "long_integer": responding(b'{"image":{"id":' + b"9" * 10_000 + b"}}", status="200 OK"),
            "huge_float": responding(b'{"image":{"id":1,"image_size":1e999}}', status="200 OK"),
            "nan": responding(b'{"image":{"id":1,"image_size":NaN}}', status="200 OK"),
            "infinity": responding(b'{"image":{"id":Infinity}}', status="200 OK"),
            "duplicate_keys": responding(b'{"image":{"id":1},"image":{"id":"x"}}', status="200 OK"),
            "bad_utf_8": responding(b'{"image":{"id":1,"name":"\xff\xfe"}}', status="200 OK"),
            "utf_16": responding(BODY.decode().encode("utf-16"), status="200 OK"),
            "byte_order_mark": responding(b"\xef\xbb\xbf" + BODY, status="200 OK"),
            "lone_surrogate": responding(b'{"image":{"id":1,"name":"\\ud800"}}', status="200 OK"),
            "wrong_content_type": responding(headers=("Content-Type: text/plain; charset=odd",)),
            "too_large": responding(b" " * HUGE, status="200 OK"),
            "gzip_unasked": responding(COMPRESSED, status="200 OK", headers=("Content-Encoding: gzip",)),
            "gzip_bad": responding(b"no gzip at all", status="200 OK", headers=("Content-Encoding: gzip",)),
            "gzip_cut_off": responding(COMPRESSED[:-12], status="200 OK", headers=("Content-Encoding: gzip",)),
            "gzip_bomb": responding(
                gzip.compress(b" " * 30 * HUGE, 9), status="200 OK", headers=("Content-Encoding: gzip",)
            ),
            "deflate_unasked": responding(zlib.compress(BODY), status="200 OK", headers=("Content-Encoding: deflate",)),
            "brotli_unasked": responding(BODY, status="200 OK", headers=("Content-Encoding: br",)),
            "gzip_members": responding(
                gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), status="200 OK", headers=("Content-Encoding: gzip",)
            ),
            "gzip_empty_members": responding(
                gzip.compress(b"") * 100_000 + COMPRESSED, status="200 OK", headers=("Content-Encoding: gzip",)
            ),
            "gzip_and_more": responding(COMPRESSED + b"more", status="200 OK", headers=("Content-Encoding: gzip",)),
            "gzip_identity": responding(COMPRESSED, status="200 OK", headers=("Content-Encoding: gzip, identity",)),
            "gzip_empty": responding(b"", status="200 OK", headers=("Content-Encoding: gzip",)),
            "deflate_raw": responding(
                zlib.compress(BODY)[2:-4], status="200 OK", headers=("Content-Encoding: deflate",)
            ),
            "pairs": responding(b'[["image",{"id":1}]]', status="200 OK"),
            "and_a_space": going_on(b" "),
            "and_half_a_response": going_on(OK + b"Content-Length: 9"),
            "and_another_response": going_on(OK + b"Content-Length: 2\r\n\r\n{}"),
            "two_encodings": responding(COMPRESSED, status="200 OK", headers=("Content-Encoding: gzip, gzip",)),
        }.items()
    ),
)


def _deep(body: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Put a value at each place with this key."""
    for name, one in body.items():
        for inner in one if isinstance(one, list) else [one]:
            if isinstance(inner, dict):
                _deep(inner, key, value)
        if name == key:
            body[name] = value
    return body


ODD: dict[str, Any] = {"null": None, "number": -7, "text": "odd", "list": [1], "object": {"odd": 1}, "true": True}
family(
    "type",
    (
        (f"{key}_{kind}", changing(lambda body, _, key=key, value=value: _deep(body, key, value)))
        for key in dict.fromkeys(["image", "images", "action", "actions", "meta", *IMAGE, *ACTION, *META["pagination"]])
        for kind, value in ODD.items()
    ),
)


def page(**changes: Any) -> Callable[[Link], object]:
    def change(body: dict[str, Any], link: Link) -> dict[str, Any]:
        number = int(link.target.split("page=")[1].split("&")[0]) if "page=" in link.target else 1
        if "meta" in body:
            body["meta"]["pagination"] |= {
                name: value(number) if callable(value) else value for name, value in changes.items()
            }
        return body

    return changing(change)


family(
    "page",
    iter(
        {
            "next_is_itself": page(next_page=lambda number: number, last_page=9),
            "next_is_the_first": page(next_page=1, last_page=None),
            "next_goes_on_for_ever": page(next_page=lambda number: number + 1, last_page=None),
            "last_goes_on_for_ever": page(next_page=lambda number: number + 1, last_page=lambda number: number + 9),
            "next_is_far": page(next_page=10**12, last_page=10**12),
            "next_is_negative": page(next_page=-1),
            "next_is_text": page(next_page="2", last_page="2"),
            "next_is_a_float": page(next_page=2.5),
            "last_is_huge": page(next_page=2, last_page=10**15),
            "last_is_before": page(next_page=2, last_page=0),
            "total_is_negative": page(total_entries=-5),
        }.items()
    ),
)


# Statuses ------------------------------------------------------------------------------------------------------------


def refused(status: int, headers: tuple[str, ...] = (), body: Any = None) -> Callable[[Link], object]:
    error = {"error": {"code": "odd", "message": "odd", "details": None}}
    return responding(error if body is None else body, status=f"{status} Odd", headers=headers)


def refused_once(status: int) -> Callable[[Link], object]:
    """Refuse one request, and close."""

    def strike(link: Link) -> None:
        link.read()
        link.respond(HTML, f"{status} Odd", ("Connection: close",))

    return strike


family("status", ((str(status), refused(status)) for status in range(400, 600)))
family(
    "html", ((str(status), refused(status, body=HTML)) for status in (200, 201, 400, 401, 404, 429, 500, 502, 503, 504))
)
family(
    "redirect",
    (
        (str(status), refused(status, ("Location: http://192.0.2.1/",)))
        for status in (300, 301, 302, 303, 305, 307, 308)
    ),
)
family("neither", ((str(status), refused(status)) for status in (200, 202, 206, 600, 700)))
NOW = "Date: Tue, 24 Nov 2026 12:00:00 GMT"
family(
    "limit",
    iter(
        {
            "without_headers": refused(429),
            "with_odd_headers": refused(
                429, ("RateLimit-Limit: many", "RateLimit-Remaining: -1", "RateLimit-Reset: x")
            ),
            "far_away": refused(
                429, (NOW, "RateLimit-Limit: 3600", "RateLimit-Remaining: 0", "RateLimit-Reset: 99999999999")
            ),
            "long_ago": refused(429, (NOW, "RateLimit-Limit: 3600", "RateLimit-Remaining: 0", "RateLimit-Reset: 1")),
            "of_nothing": refused(429, (NOW, "RateLimit-Limit: 0", "RateLimit-Remaining: 0", "RateLimit-Reset: 1")),
            "retry_after_a_year": refused(429, ("Retry-After: 31536000",)),
            "retry_after_a_date": refused(503, ("Retry-After: Fri, 01 Jan 2100 00:00:00 GMT",)),
            "retry_after_nonsense": refused(503, ("Retry-After: soon",)),
            "retry_after_digits": refused(503, (f"Retry-After: {'9' * 5000}",)),
            "retry_after_less_than_0": refused(503, ("Retry-After: -5",)),
        }.items()
    ),
)
family(
    "error",
    iter(
        {
            "is_null": refused(422, body=b'{"error": null}'),
            "is_text": refused(422, body=b'{"error": "odd"}'),
            "without_code": refused(422, body=b'{"error": {"message": "odd"}}'),
            "code_is_a_number": refused(422, body=b'{"error": {"code": 7, "message": "odd"}}'),
            "details_are_text": refused(422, body=b'{"error": {"code": "x", "message": "odd", "details": "odd"}}'),
            "code_is_null": refused(409, body=b'{"error": {"code": null, "message": null, "details": 7}}'),
            "details_are_a_list": refused(422, body=b'{"error": {"code": "x", "details": [1]}}'),
            "message_is_a_number": refused(422, body=b'{"error": {"code": "x", "message": 7, "details": null}}'),
            "is_deep": refused(422, body=b"[" * 100_000),
            "is_empty": refused(500, body=b""),
        }.items()
    ),
)


# Only once ------------------------------------------------------------------------------------------------------------


FAULTS += [
    Fault(f"once_{strike.__name__}", strike, times=1, harmless=True)
    for strike in (
        reset_after_accept,
        reset_after_the_request,
        reset_in_headers,
        reset_in_the_body,
        closed_after_accept,
    )
]
FAULTS += [
    Fault(f"once_status_{status}", refused_once(status), times=1, harmless=True) for status in (502, 503, 504, 429)
]


# Encryption ----------------------------------------------------------------------------------------------------------


def broken_record(link: Link) -> None:
    """Respond with what no key decrypts."""
    while link.read():
        os.write(link.sock.fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)


FAULTS += [
    Fault("tls_expired", responding(), certificate="expired"),
    Fault("tls_wrong_host", responding(), certificate="other-host"),
    Fault("tls_self_signed", responding(), certificate="self-signed"),
    Fault("tls_with_plain_text", raw(OK + b"Content-Length: 0\r\n\r\n"), certificate="none"),
    Fault("tls_silent", lambda link: link.wait(), certificate="none"),
    Fault("tls_drip", lambda link: link.drip(b"\x16\x03\x03\x3f\xff" + b"\2" * 2000), certificate="none"),
    Fault("tls_broken_after_the_handshake", broken_record, certificate="right"),
    Fault("tls_closed", lambda link: link.sock.close(), certificate="none"),
    Fault("refused_connection", lambda link: None, certificate="refused"),
]


def start_server(fault: Fault, certificates: Certificates) -> tuple[FaultServer, dict[str, Any]]:
    """Start a server with a fault; return it, and what a client needs to know of it."""
    server = FaultServer(fault.strike, fault.times, certificates.server(fault.certificate))
    scheme = "https" if fault.certificate not in {"", "refused"} else "http"
    if fault.certificate == "refused":
        server.close()
    return server, {"api_endpoint": f"{scheme}://127.0.0.1:{server.port}/v1", "verify": certificates.verify}
