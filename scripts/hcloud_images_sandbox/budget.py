"""How many requests may still be made."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hcloud_images_sandbox.responses import ApiError

_HOUR = 3600
#: Times since 1970 as floats aren't exact, and a whole request must not get lost in that.
_TOLERANCE = 1e-6


@dataclass
class Budget:
    """A budget that refills evenly: a full one takes an hour."""

    limit: int
    left: float
    refilled_at: float

    @classmethod
    def full(cls, now: float, limit: int = 3600) -> Budget:
        return cls(limit, limit, now)

    def take(self, now: float) -> None:
        """Use one request, or refuse it when none is left."""
        self._refill(now)
        if self.left < 1 - _TOLERANCE:
            raise ApiError("rate_limit_exceeded", "no requests are left for now")
        self.left = max(self.left - 1, 0)

    def headers(self, now: float) -> dict[str, str]:
        self._refill(now)
        full_at = now + (self.limit - self.left) * _HOUR / self.limit
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(math.floor(self.left + _TOLERANCE)),
            "RateLimit-Reset": str(math.ceil(full_at - _TOLERANCE)),
        }

    def _refill(self, now: float) -> None:
        passed = max(now - self.refilled_at, 0)
        self.left = min(self.left + passed * self.limit / _HOUR, self.limit)
        self.refilled_at = now
