"""Responses that go wrong on purpose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hcloud_images_sandbox.responses import JSON, STATUS_OF_CODE, ApiResponse, dump


@dataclass(kw_only=True)
class Fault:
    """Spoils the responses to some requests.

    Which ones: those whose `method` and `path` (below /v1, the whole of it) match the regular expressions; the first
    `skip` of them are spared, and after `times` (None: no end) the fault is used up.

    How: `code` responds with an error; `status` with a status, and `body`, `content_type` and `headers` as they are
    given; `drop` closes the connection without a response; `cut` sends the first half of the proper body; `set` and
    `remove` change the proper response at places such as `meta.pagination.next_page` or `images.*.name`; `headers`
    changes headers (None removes one); `delay` waits first, in seconds of real time.

    `effect` says whether the request takes effect nevertheless. By default it does only if the proper response is
    needed.
    """

    method: str = ""
    path: str = ""
    times: int | None = 1
    skip: int = 0
    status: int | None = None
    code: str | None = None
    message: str = "a fault on purpose"
    details: Mapping[str, Any] | None = None
    body: str | None = None
    content_type: str | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    drop: bool = False
    cut: bool = False
    set: Mapping[str, Any] = field(default_factory=dict)
    remove: Sequence[str] = ()
    delay: float = 0.0
    effect: bool | None = None

    def __post_init__(self) -> None:
        re.compile(self.method)
        re.compile(self.path)
        if self.code is not None and self.status is None:
            self.status = STATUS_OF_CODE[self.code]
        if self.body is not None and self.status is None:
            self.status = 200
        if self.effect is None:
            self.effect = not self.drop and self.status is None

    def matches(self, method: str, path: str) -> bool:
        return all(
            not pattern or re.fullmatch(pattern, text, re.IGNORECASE)
            for pattern, text in ((self.method, method), (self.path, path))
        )

    def spoil(self, proper: ApiResponse) -> ApiResponse:
        """Turn the proper response into the one to send."""
        if self.code is not None:
            return ApiResponse.error(self.code, self.message, self.details, self.status)
        if self.status is not None:
            content_type = self.content_type or (JSON if self.body is None else "text/html")
            return ApiResponse(
                self.status, (self.body or "").encode(), content_type if self.body else self.content_type
            )
        body = proper.body
        if body and (self.set or self.remove):
            document = json.loads(body)
            for path, value in self.set.items():
                _at(document, path, _setter(value))
            for path in self.remove:
                _at(document, path, _remove)
            body = dump(document)
        if self.cut:
            body = body[: len(body) // 2]
        return ApiResponse(proper.status, body, self.content_type or proper.content_type)


@dataclass
class Faults:
    """The faults that wait for a request; the first that matches is used."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, method: str, path: str) -> Fault | None:
        for fault in self.waiting:
            if not fault.matches(method, path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    # By identity: equal faults may wait in a row.
                    self.waiting = [other for other in self.waiting if other is not fault]
            return fault
        return None


def _setter(value: Any) -> Callable[[Any, Any], None]:
    def change(holder: Any, key: Any) -> None:
        holder[key] = value

    return change


def _remove(holder: Any, key: Any) -> None:
    if isinstance(holder, list) or key in holder:
        del holder[key]


def _at(node: Any, path: str, change: Callable[[Any, Any], None]) -> None:
    """Apply a change at each place that a path means; a place that isn't there is passed over."""
    step, _, rest = path.partition(".")
    keys: list[Any]
    if isinstance(node, list):
        keys = list(range(len(node))) if step == "*" else [int(step)]
        keys = [key for key in reversed(keys) if key < len(node)]
    elif isinstance(node, dict):
        keys = list(node) if step == "*" else [step]
    else:
        return
    for key in keys:
        if not rest:
            change(node, key)
        elif isinstance(node, list) or key in node:
            _at(node[key], rest, change)
