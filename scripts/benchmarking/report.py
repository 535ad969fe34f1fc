"""Medians, spread and ratios of what was measured."""

from __future__ import annotations

from statistics import median, quantiles
from typing import Any

Samples = dict[str, dict[str, list[float]]]
#: What ours ÷ official has to be at most.
LIMITS = {
    "script": 1.00,
    "get_one": 0.50,
    "page_50": 0.33,
    "decode_50": 0.22,
    "decode_and_read_50": 0.25,
    "get_all_10k_sync": 0.14,
    "get_all_10k_async": 0.14,
    "wait_50_requests": 0.05,
    "memory_1k": 0.50,
}


def spread(samples: list[float]) -> float:
    """Return the distance between the quartiles, as a share of the median."""
    if len(samples) < 2:  # noqa: PLR2004 - one sample has no spread
        return 0.0
    low, _, high = quantiles(samples, n=4)
    return (high - low) / median(samples)


def summary(samples: Samples, env: dict[str, Any]) -> dict[str, Any]:
    """Return what is written to build/bench.json."""
    medians = {key: {name: median(values) for name, values in found.items()} for key, found in samples.items()}
    return {
        "ratio": {key: found["ours"] / found["official"] for key, found in medians.items()},
        "absolute": medians,
        "vs_floor": {key: found["ours"] / found["bare"] for key, found in medians.items() if "bare" in found},
        "spread": {key: {name: spread(values) for name, values in found.items()} for key, found in samples.items()},
        "env": env,
    }
