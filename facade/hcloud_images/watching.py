"""Telling of requests, answers and retries to whoever watches."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def quiet(name: str) -> logging.Logger:
    """Return a logger whose warnings don't land on stderr in a program that has no logging set up."""
    logger = logging.getLogger(name)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger


log: logging.Logger = quiet("hcloud_images")


def told(hook: Callable[[T], object] | None, what: T) -> None:
    """Tell a function of the user's. A mistake in it must not lose an answer, so it is logged instead of raised."""
    if hook is not None:
        try:
            hook(what)
        except Exception:
            log.exception("%r failed", hook)
