"""Removes private data from recorded requests and responses."""

from __future__ import annotations

import ipaddress
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias, cast
from urllib.parse import quote, quote_plus, unquote, unquote_plus

#: vcrpy's, which has no types.
Request: TypeAlias = Any
#: What becomes of a text or number below a key.
_Change: TypeAlias = Callable[[str, Any], Any]

#: The URL in cassettes, no matter which one was recorded from.
ENDPOINT = "https://api.hetzner.cloud/v1"
_KEPT_OF_REQUESTS = {"content-type"}
_KEPT_OF_ANSWERS = {
    "content-type",
    "date",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "x-correlation-id",
}
# Fields that say nothing about whose project it is; all others are private, also those that the API adds later.
_PUBLIC = {
    "type",
    "status",
    "command",
    "progress",
    "architecture",
    "os_flavor",
    "os_version",
    "image_size",
    "disk_size",
    "rapid_deploy",
    "delete",
    "code",
    "created",
    "deleted",
    "deprecated",
    "started",
    "finished",
    "announced",
    "unavailable_after",
    "page",
    "per_page",
    "previous_page",
    "next_page",
    "last_page",
    "total_entries",
    "sort",
    "include_deprecated",
}
_PUBLIC_TYPES = {"system", "app"}
# Shorter numbers in texts rarely are ids.
_LONG_ID = 6


class Scrubber:
    """Keeps the headers that replaying needs, and replaces private values with stand-ins.

    What the test itself sends is kept: it is in the test anyway. What the server sends becomes a stand-in, the same one
    each time, also in later requests. Exceptions are public images, and fields that are alike in every project, such as
    types and times.

    :param endpoint: The URL that is recorded from; cassettes have the real one.
    :param secrets: Texts to remove everywhere, such as the token.
    :param private: Whether to use stand-ins; otherwise only headers, URL and secrets are cleaned.
    :param known: Ids that the test sends, and their stand-ins.
    """

    def __init__(
        self,
        endpoint: str = ENDPOINT,
        secrets: tuple[str, ...] = (),
        *,
        private: bool = False,
        known: Mapping[str, int] | None = None,
    ) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._secrets = [secret for secret in secrets if secret]
        self._private = private
        self._own: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._ids: dict[str, int] = dict(known or {})
        # Pages are fetched concurrently.
        self._lock = threading.RLock()

    def request(self, request: Request) -> Request:
        """Clean a request; as vcrpy calls it, with a copy."""
        request.uri = self._without_secrets(re.sub(rf"^{re.escape(self._endpoint)}(?=/|\?|$)", ENDPOINT, request.uri))
        request.headers = {name: value for name, value in request.headers.items() if name.lower() in _KEPT_OF_REQUESTS}
        if request.body:
            request.body = self._without_secrets(request.body.decode())
        if self._private:
            with self._lock:
                request.uri = self._address(request.uri)
                if request.body:
                    body = json.loads(request.body)
                    for text in _texts(body):
                        self._remember(text)
                    request.body = json.dumps(_walked(body, self._recalled)).encode()
        return request

    def answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Clean a response; vcrpy calls this with a copy."""
        headers = {name: values for name, values in answer["headers"].items() if name.lower() in _KEPT_OF_ANSWERS}
        # A body need not be UTF-8 to hold a secret.
        text = self._without_secrets(answer["body"]["string"].decode(errors="surrogateescape"))
        status = answer["status"]
        if self._private:
            with self._lock:
                headers = {
                    name: [self._hidden("correlation", one) for one in values]
                    if "correlation" in name.lower()
                    else values
                    for name, values in headers.items()
                }
                text = self._without_private(text)
            status = {**status, "message": _phrase(status["code"])}
        body = {"string": text.encode(errors="surrogateescape")}
        return answer | {"headers": headers, "body": body, "status": status}

    def clean(self, text: str) -> str:
        """Clean JSON that was made from responses of this recording."""
        text = self._without_secrets(text)
        if not self._private:
            return text
        with self._lock:
            return json.dumps(_walked(json.loads(text), self._recalled), ensure_ascii=False)

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def _without_private(self, text: str) -> str:
        if not text:
            return text
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return str(self._hidden("text", text))
        return json.dumps(_walked(found, self._hidden), ensure_ascii=False)

    def _address(self, uri: str) -> str:
        """Remember what the test sends in a URL, and put stand-ins where it repeats what the server sent."""
        base, _, query = uri.partition("?")
        path = [self._sent(part, unquote(part), quote) for part in base.removeprefix(ENDPOINT).split("/")]
        pairs = [pair.partition("=") for pair in query.split("&")] if query else []
        values = [
            f"{name}{equal}{value if name in _PUBLIC else self._sent(value, unquote_plus(value), quote_plus)}"
            for name, equal, value in pairs
        ]
        return (ENDPOINT if base.startswith(ENDPOINT) else "") + "/".join(path) + ("?" + "&".join(values)) * bool(query)

    def _sent(self, raw: str, text: str, encode: Callable[[str], str]) -> str:
        self._remember(text)
        clean = self._in_text(text)
        return raw if clean == text else encode(clean)

    def _remember(self, text: str) -> None:
        """Note what the test itself sends, and each word of it: a label selector has several."""
        if text not in self._texts and text not in self._ids:
            self._own.setdefault(text, self._in_text(text))
            for word in re.findall(r"[\w.-]+", text):
                if word not in self._texts and word not in self._ids:
                    self._own.setdefault(word, word)

    def _in_text(self, text: str) -> str:
        """Put stand-ins for all values that are known so far."""
        known: dict[str, Any] = {**self._ids, **self._texts}
        if text in known:
            return str(known[text])
        if text in self._own:
            return self._own[text]
        inside = [one for one in known if one in text and (one not in self._ids or len(one) >= _LONG_ID)]
        if not inside:
            return text
        # All at once: a stand-in may equal another value.
        pattern = "|".join(re.escape(one) for one in sorted(inside, key=len, reverse=True))
        return re.sub(rf"(?<![\w-])(?:{pattern})(?![\w-])", lambda found: str(known[found[0]]), text)

    def _recalled(self, _: str, value: Any) -> Any:
        """Put a stand-in for a value that is known so far."""
        if isinstance(value, str):
            # In JSON an id is a number: a text of digits is something else, such as the value of a label.
            return value if value.isdigit() and value not in self._texts else self._in_text(value)
        if isinstance(value, float):
            return 0.0
        return self._ids.get(str(value), value)

    def _hidden(self, kind: str, value: Any) -> Any:
        """Put a stand-in for a value that the server sent."""
        if isinstance(value, float):
            return 0.0
        if isinstance(value, int):
            number = str(value)
            if number in self._ids or number not in self._own:
                return self._ids.setdefault(number, self._number())
            return value
        if value in self._texts or (value and value not in self._own):
            return self._texts.setdefault(value, self._name(kind, value))
        return self._own.get(value, value)

    def _number(self) -> int:
        taken = {*self._ids, *map(str, self._ids.values()), *self._own}
        return next(number for number in range(100001, 200000 + len(taken)) if str(number) not in taken)

    def _name(self, kind: str, value: str) -> str:
        number = len(self._texts) + 1
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return f"{kind if kind in {'name', 'description', 'label', 'correlation'} else 'text'}-{number}"
        return f"2001:db8::{number:x}" if isinstance(address, ipaddress.IPv6Address) else f"192.0.2.{number % 256}"


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


def _walked(value: Any, change: _Change, key: str = "") -> Any:
    """Change each private text and number in a JSON value; labels are the one place where keys are private too."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value)
        if key == "labels":
            return {change("label", name): _walked(one, change, "label") for name, one in items.items()}
        public = items.get("type") in _PUBLIC_TYPES if isinstance(items.get("type"), str) else False
        kept = {"id", "name", "description"} if public else set[str]()
        return {name: one if name in kept else _walked(one, change, name) for name, one in items.items()}
    if isinstance(value, list):
        return [_walked(one, change, key) for one in _entries(value)]
    return value if key in _PUBLIC or value is None or isinstance(value, bool) else change(key, value)


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """Give each text and number of a JSON value that isn't public, and the keys of labels."""
    if isinstance(value, Mapping):
        for name, one in cast("Mapping[str, Any]", value).items():
            if key == "labels":
                yield name
            yield from _texts(one, name)
    elif isinstance(value, list):
        for one in _entries(value):
            yield from _texts(one, key)
    elif key not in _PUBLIC:
        yield str(value)


def _entries(value: Any) -> list[Any]:
    return list(value)  # checked by the caller; type checkers know no more of it than that it is a list
