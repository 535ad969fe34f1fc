"""Logging, and hooks for requests, responses and retries."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVarTuple

from hcloud_images.errors import Exchange

Ts = TypeVarTuple("Ts")

#: The lists of the ``exchanges()`` blocks around this, each until its block ends, be it in another context.
_records: ContextVar[tuple[list[list[Exchange]], ...]] = ContextVar("records", default=())


@contextmanager
def exchanges() -> Generator[list[Exchange]]:
    """Collect the exchanges of everything inside, in the order of their responses."""
    records: list[Exchange] = []
    active = [records]
    _records.set((*filter(None, _records.get()), active))
    try:
        yield records
    finally:
        active.clear()


def record(exchange: Exchange) -> None:
    """Add an exchange to the lists of all active blocks."""
    for active in _records.get():
        for records in active:
            records.append(exchange)


logger: logging.Logger = logging.getLogger("hcloud_images")
_level = os.environ.get("HCLOUD_LOG", "").upper()
if _level in {"DEBUG", "INFO", "WARNING"}:
    _handler = logging.StreamHandler()
    _handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(_handler)
    logger.setLevel(_level)
    logger.propagate = False  # a program with logging of its own would show each line twice
elif _level:
    logger.warning("HCLOUD_LOG must be debug, info or warning, got %r", os.environ["HCLOUD_LOG"])
# Without a handler, warnings would land on stderr in a program that has no logging set up.
logger.addHandler(logging.NullHandler())


def call_hook(hook: Callable[[*Ts], object] | None, *event: *Ts) -> None:
    """Call a user hook; its errors are logged, so a response is never lost."""
    if hook is not None:
        try:
            hook(*event)
        except Exception:
            logger.exception("%r failed", hook)
