"""Requests that fail at random."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from hcloud_images_sandbox import Fault, Sandbox
from hcloud_images_sandbox.faults import Faults

FAULTS: list[dict[str, Any]] = [
    {"drop": True, "effect": True},
    {"drop": True, "effect": False},
    {"cut": True},
    {"status": 500, "effect": True},
    {"status": 500},
    {"status": 502, "effect": True},
    {"status": 503},
    {"status": 504, "effect": True},
    {"status": 520, "body": "<h1>unknown</h1>"},
    {"code": "locked"},
    {"code": "conflict"},
    {"code": "rate_limit_exceeded"},
    {"body": "{}", "effect": True},
    {"body": "not JSON", "effect": True},
]


class RandomFaults(Faults):
    """Spoils a share of all requests, each in one of all ways."""

    def __init__(self, share: float, chance: random.Random) -> None:
        super().__init__()
        self._share, self._chance = share, chance
        self.happened: Counter[str] = Counter()

    @classmethod
    def of(cls, sandbox: Sandbox, share: float, chance: random.Random) -> RandomFaults:
        """Let a sandbox fail so; a private name, since its faults are else a list."""
        faults = sandbox.control._state.faults = cls(share, chance)
        return faults

    def take(self, method: str, path: str) -> Fault | None:  # noqa: ARG002 - as in the base class
        if self._chance.random() >= self._share:
            return None
        fields = self._chance.choice(FAULTS)
        self.happened[str(fields)] += 1
        return Fault(**fields)
