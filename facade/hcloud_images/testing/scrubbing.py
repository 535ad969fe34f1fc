"""Takes out of recorded requests and answers what nobody else should read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qsl, urlsplit

#: vcrpy's, which has no types.
Request: TypeAlias = Any

#: Where the requests of a cassette go, wherever they went when it was recorded.
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
_ADDRESS = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4})(?![\w.:])")
_PUBLIC_TYPES = {"system", "app"}


class Scrubber:
    """Keeps of headers what replaying needs, and gives stand-ins for what is private.

    What the test itself sends is known to whoever reads the test, so it stays: ids and texts of its own. Whatever the
    server tells of ids, names, descriptions, labels and IP addresses becomes a stand-in, the same one each time.

    :param endpoint: The address that is recorded from; cassettes name the real one.
    :param secrets: Texts that must not be seen anywhere, such as the token.
    :param private: Whether stand-ins are used; without, only headers, address and secrets are looked at.
    :param known: Ids that the test sends, and what stands in for them.
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
        self._own: set[str] = set()
        self._stand_ins: dict[tuple[str, str], Any] = {("id", real): made for real, made in (known or {}).items()}

    def request(self, request: Request) -> Request:
        """Clean a request; as vcrpy calls it, with a copy."""
        request.uri = self._without_secrets(re.sub(rf"^{re.escape(self._endpoint)}(?=/|\?|$)", ENDPOINT, request.uri))
        request.headers = {name: value for name, value in request.headers.items() if name.lower() in _KEPT_OF_REQUESTS}
        if request.body:
            request.body = self._without_secrets(request.body.decode())
        if self._private:
            self._remember(request)
            self._replace(request)
        return request

    def answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Clean an answer; as vcrpy calls it, with a copy."""
        headers = {name: values for name, values in answer["headers"].items() if name.lower() in _KEPT_OF_ANSWERS}
        if self._private:
            headers = {
                name: [self._stand_in("correlation", one) for one in values]
                if "correlation" in name.lower()
                else values
                for name, values in headers.items()
            }
        # A body need not be UTF-8 to hold a secret.
        text = answer["body"]["string"].decode(errors="surrogateescape")
        return answer | {"headers": headers, "body": {"string": self.clean(text).encode(errors="surrogateescape")}}

    def clean(self, text: str) -> str:
        """Clean any text of the same recording; JSON by its fields, whatever else by what is known by now."""
        return self._without_secrets(self._without_private(text))

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "SECRET")
        return text

    # Stand-ins -------------------------------------------------------------------------------------------------------

    def _remember(self, request: Request) -> None:
        """Note what the test sends of its own accord."""
        parts = urlsplit(str(request.uri))
        known = {str(stand_in) for stand_in in self._stand_ins.values()} | {real for _, real in self._stand_ins}
        sent = {*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))}
        if request.body:
            sent |= set(_texts(json.loads(request.body)))
        self._own |= sent - known

    def _replace(self, request: Request) -> None:
        """Put stand-ins where a request repeats what the server told."""
        for (_, real), stand_in in self._stand_ins.items():
            request.uri = re.sub(rf"(?<=[/=]){re.escape(real)}(?=[/?&]|$)", str(stand_in), request.uri)
        if request.body:
            known = {real: stand_in for (_, real), stand_in in self._stand_ins.items()}
            request.body = json.dumps(
                _mapped(json.loads(request.body), lambda one: type(one)(known.get(str(one), one)))
            ).encode()

    def _stand_in(self, kind: str, real: str) -> Any:
        if real in self._own or real in map(str, self._stand_ins.values()):
            return int(real) if kind == "id" else real
        number = 1 + sum(known == kind for known, _ in self._stand_ins)
        made: Any = 100000 + number if kind == "id" else f"{kind}-{number}"
        if kind == "address":
            made = f"192.0.2.{number}" if "." in real else f"2001:db8::{number:x}"
        return self._stand_ins.setdefault((kind, real), made)

    def _without_private(self, text: str) -> str:
        if not self._private:
            return text
        with suppress(ValueError):
            text = json.dumps(self._hidden(json.loads(text)), ensure_ascii=False)
        # Messages repeat ids and names.
        for (_, real), stand_in in sorted(self._stand_ins.items(), key=lambda one: -len(one[0][1])):
            text = re.sub(rf"(?<![\w-]){re.escape(real)}(?![\w-])", str(stand_in), text)
        return _ADDRESS.sub(lambda found: self._stand_in("address", found[0]), text)

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._hidden(one) for one in cast("list[Any]", value)]  # type: ignore[redundant-cast]
        if not isinstance(value, Mapping):
            return value
        found: dict[str, Any] = dict(cast("Mapping[str, Any]", value))
        public = found.get("type") in _PUBLIC_TYPES
        for key, one in found.items():
            if key in {"id", "bound_to"} and isinstance(one, int) and not public:
                found[key] = self._stand_in("id", str(one))
            elif key in {"name", "description"} and isinstance(one, str) and not public:
                found[key] = self._stand_in(key, one)
            elif key == "labels" and isinstance(one, Mapping):
                labels = cast("Mapping[str, Any]", one)
                found[key] = {
                    self._stand_in("label", name): self._stand_in("label", str(text)) if text else text
                    for name, text in labels.items()
                }
            else:
                found[key] = self._hidden(one)
        return found


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change each text and number in a JSON value, keys included."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {change(name): _mapped(one, change) for name, one in items}
    if isinstance(value, list):
        return [_mapped(one, change) for one in cast("list[Any]", value)]  # type: ignore[redundant-cast]
    return change(value) if isinstance(value, str | int) and not isinstance(value, bool) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in cast("Mapping[str, Any]", value).items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in cast("list[Any]", value):  # type: ignore[redundant-cast]
            yield from _texts(one)
    else:
        yield str(value)
