"""Responses, and the errors that they or their decoding become."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from hcloud_images_api.models import Error, ErrorEnvelope

from hcloud_images._runtime.api_errors import api_exception
from hcloud_images._runtime.deadline import is_over
from hcloud_images._runtime.options import Token
from hcloud_images.errors import ConnectionException, Exchange, InvalidResponseException, TimeoutException

#: What parsing and mapping raise when a response isn't what the API describes.
DECODE_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
# Never requested, but some proxies use them.
_ENCODINGS = {"gzip", "x-gzip", "deflate"}
_TEXTS_OF_OS_ERRORS = ("strerror", "filename", "filename2")
_SUCCESS, _REDIRECTS, _ERROR = range(200, 300), {301, 302, 303, 307, 308}, range(400, 600)


class Response:
    """The part of a response that the generated functions use, and its exchange.

    :param exchange: The request, and what is known of the response.
    :param headers: Its headers.
    :param content: Its body, as it was sent.
    :param reason: The text of its status line.
    :param token: What the request was sent with.
    """

    __slots__ = ("_token", "content", "exchange", "headers", "reason", "status_code")

    def __init__(
        self, exchange: Exchange, headers: Mapping[str, str], content: bytes, reason: str, token: Token
    ) -> None:
        self.exchange, self.headers, self.content = exchange, headers, content
        self.reason, self._token = reason, token
        self.status_code: int = exchange.status_code or 0

    def json(self) -> Any:
        """Decode the body, and mask the token in it: its values may end in a message."""
        try:
            text = self.content.decode(json.detect_encoding(self.content), "surrogatepass")
            found = json.loads(text)
        except ValueError as error:
            reason = str(error)
        else:
            return self._token.mask(found) if "\\" in text or self._token.mask(text) != text else found
        raise ValueError(reason)  # without the other error, which holds the body

    def decompress(self, max_body: int) -> None:
        """Decompress an encoding that wasn't requested, up to a number of bytes."""
        if not self.content or "Content-Encoding" not in self.headers:
            return
        header = self._token.mask(self.headers["Content-Encoding"]).lower()
        encodings = [encoding for encoding in map(str.strip, header.split(",")) if encoding not in {"", "identity"}]
        if not encodings:
            return
        if len(encodings) == 1 and encodings[0] in _ENCODINGS:
            self.content = _decompressed(self.content, max_body, self.exchange)
        elif self.status_code in _SUCCESS:
            raise InvalidResponseException(f"the body has an unrequested encoding: {header:.100}", self.exchange)

    def raise_for_status(self) -> None:
        """Raise the exception for a status other than success; the one place that does."""
        if self.status_code in _SUCCESS:
            return
        if self.status_code not in _ERROR:
            redirected = self.status_code in _REDIRECTS
            text = "redirects aren't followed" if redirected else "the status is neither a success nor an error"
            raise InvalidResponseException(f"{text}; check api_endpoint", self.exchange)
        with suppress(*DECODE_ERRORS):
            error = Error.from_dict(ErrorEnvelope.from_dict(self.json()).error)
            code = error.code if isinstance(error.code, str) else self.status_code
            raise api_exception(code, error.message, error.details, self.exchange)
        # The response is from something between client and API, such as a proxy.
        details = {"content": self._token.mask_bytes(self.content)}
        raise api_exception(self.status_code, self.reason, details, self.exchange)


def _decompressed(content: bytes, max_body: int, exchange: Exchange) -> bytes:
    """Decompress gzip, of several members too, and deflate with and without a header; ignore what follows."""
    found, position = bytearray(), 0
    window = 47  # detects gzip or zlib by the header
    try:
        zlib.decompressobj(window).decompress(content[:2])
    except zlib.error:
        window = -15
    while position == 0 or content.startswith(b"\x1f\x8b", position):
        if is_over():
            raise TimeoutException("the deadline is over", exchange)
        decompressor = zlib.decompressobj(window)
        while not decompressor.eof:
            # In small pieces, since what is left of one is copied at the end of each member.
            piece = content[position : position + 4096]
            if not piece:
                raise ConnectionException("the body was cut off", exchange)
            try:
                found += decompressor.decompress(piece, max_body + 1 - len(found))
            except zlib.error as error:
                raise InvalidResponseException(f"the body can't be decompressed: {error}", exchange) from error
            if len(found) > max_body:
                raise too_large(max_body, exchange)
            position += len(piece) - len(decompressor.unused_data)
    return bytes(found)


def too_large(max_body: int, exchange: Exchange) -> InvalidResponseException:
    """Build the error for a body over the limit."""
    return InvalidResponseException(f"the body is larger than {max_body} bytes", exchange)


def strip_tracebacks(
    error: BaseException, handled: BaseException | None, mask: Callable[[str], str] = str
) -> BaseException:
    """Drop the frames of an error and of what led to it: their variables hold the token, or half of an object.

    :param handled: What the caller is handling; it is the caller's own and keeps its frames.
    :param mask: Hides the token in their texts.
    """
    seen = {id(handled)}
    pending: list[BaseException | None] = [error]
    while pending:
        current = pending.pop()
        if current is not None and id(current) not in seen:
            seen.add(id(current))
            current.__traceback__ = None
            for name in (*vars(current), *_TEXTS_OF_OS_ERRORS):
                if isinstance(text := getattr(current, name, None), str):
                    setattr(current, name, mask(text))
            current.args = tuple(a if isinstance(a, int | float | None) else mask(str(a)) for a in current.args)
            pending += [current.__cause__, current.__context__]
    return error


def decode_error(error: BaseException, exchange: Exchange) -> InvalidResponseException:
    """Build the error for what a generated parser or a mapping raised."""
    reason = f'missing "{error.args[0]}"' if isinstance(error, KeyError) else str(error) or type(error).__name__
    return InvalidResponseException(f"the response doesn't match the API description: {reason}", exchange)
