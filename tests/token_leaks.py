"""Detects the token in whatever the tests bring about: logs, errors, reprs, pickles, cassettes, output.

Private names: the token is in private parts, which debuggers and reports of crashes show.
"""

from __future__ import annotations

import functools
import logging
import pickle
import traceback
import weakref
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from hcloud_images import AsyncClient, Client, HCloudException

#: The token that the tests' clients and sandboxes have.
TOKEN = "canary" * 10 + "4242"
#: Parts of paths: whose variables may not hold it in plain. A test's own do.
_LIBRARIES = ("hcloud_images", "hcloud_images_api", "httpx", "httpcore", "h11", "anyio")
#: Errors of one kind and one place that are looked at: there are thousands that are alike, and each takes a while.
_MOST = 8


class TokenLeakDetector(logging.Handler):
    """Counts what was looked at, and keeps what had the token in it.

    :param token: The token to look for.
    """

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__(logging.DEBUG)
        self._token = token
        self.checked: Counter[str] = Counter()
        self.hits: list[str] = []
        self._errors: deque[BaseException] = deque(maxlen=100)
        self._counts: Counter[tuple[Any, ...]] = Counter()
        self._clients: weakref.WeakSet[Any] = weakref.WeakSet()
        self._checking = False

    def check(self, kind: str, text: str | bytes, where: str) -> None:
        self.checked[kind] += 1
        plain = text.decode("latin-1") if isinstance(text, bytes) else text
        if self._token in plain:
            self.hits.append(f"{kind}: {where}")

    def emit(self, record: logging.LogRecord) -> None:
        self.check("log", f"{self.format(record)} {record.args!r}", f"{record.name}, {record.msg}")

    def watch(self) -> None:
        """See all errors and clients that are made from now on, and all logs."""
        detector = self

        def error_made(self: HCloudException, *arguments: Any) -> None:
            super(HCloudException, self).__init__(*arguments)
            if not detector._checking:  # it makes errors itself, whose frames hold those of the test before
                detector._errors.append(self)

        def client_made(make: Any) -> Any:
            @functools.wraps(make)
            def made(self: Any, *arguments: Any, **options: Any) -> None:
                make(self, *arguments, **options)
                detector._clients.add(self)

            return made

        HCloudException.__init__ = error_made  # type: ignore[method-assign]
        Client.__init__ = client_made(Client.__init__)  # type: ignore[method-assign]
        AsyncClient.__init__ = client_made(AsyncClient.__init__)  # type: ignore[method-assign]
        logging.getLogger().addHandler(self)
        logging.getLogger().setLevel(logging.DEBUG)

    def check_new_objects(self, where: str) -> None:
        """Look at what came about since the last time."""
        self._checking = True
        for error in self._errors:
            places = (type(error), *[(frame.f_code, frame.f_lineno) for frame in frames(error)])
            self._counts[places] += 1
            if self._counts[places] <= _MOST:
                self._check_error(error, where)
        self._errors.clear()
        for client in list(self._clients):
            parts = [client, client.images, client.actions, client.servers, client._caller]
            for one in [*parts, *map(vars, parts)]:
                self.check("repr", repr(one), where)
            for one in parts:
                self.check("pickle", pickled(one), where)
        self._clients.clear()
        self._checking = False

    def _check_error(self, error: BaseException, where: str) -> None:
        text = "".join(traceback.format_exception(error))
        self.check("error", f"{text} {error!r} {error.args!r} {vars(error)!r}", f"{where}, {error!r}")
        self.check("pickle", pickled(error), f"{where}, {error!r}")
        for frame in frames(error):
            for name, value in frame.f_locals.items():
                self.check("variable", shown(value), f"{where}, {frame.f_code.co_name}.{name}")

    def check_files(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.check("cassette", path.read_bytes(), path.name)


def pickled(value: object) -> bytes:
    """Pickle a value; what refuses says so in words."""
    try:
        return pickle.dumps(value)
    except Exception as error:  # noqa: BLE001 - whatever it holds may refuse
        return str(error).encode()


def shown(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - a half-made object
        return str(error)


def frames(error: BaseException | None) -> Iterator[FrameType]:
    """Give the frames of libraries in a traceback, and in those of the errors that led to it."""
    while error is not None:
        step: TracebackType | None = error.__traceback__
        while step is not None:
            if not set(_LIBRARIES).isdisjoint(Path(step.tb_frame.f_code.co_filename).parts):
                yield step.tb_frame
            step = step.tb_next
        error = error.__cause__ or error.__context__
