"""The server of the benchmark, run in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx


class ServerProcess:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarking.server"],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self._origin = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self.url = f"{self._origin}/v1"

    def set(self, latency: float = 0.0, total: int = 50) -> int:
        """Set up the server; return how many requests it had since."""
        return int(httpx.get(f"{self._origin}/_set?latency={latency}&total={total}").text)

    def close(self) -> None:
        self._process.communicate()  # closing its stdin ends it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
