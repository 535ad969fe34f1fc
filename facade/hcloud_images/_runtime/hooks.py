"""Logging, and hooks for requests, responses and retries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

logger: logging.Logger = logging.getLogger("hcloud_images")
# Without a handler, warnings would land on stderr in a program that has no logging set up.
logger.addHandler(logging.NullHandler())


def call_hook(hook: Callable[[T], object] | None, event: T) -> None:
    """Call a user hook; its errors are logged, so a response is never lost."""
    if hook is not None:
        try:
            hook(event)
        except Exception:
            logger.exception("%r failed", hook)
