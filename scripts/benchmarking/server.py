"""A server that responds from memory, so that clients are measured and not the sandbox. Runs in its own process."""

from __future__ import annotations

import asyncio
import json
import sys
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlsplit

LOOKS = 10  # an action is running at the first nine looks at it


def image(number: int) -> dict[str, Any]:
    """Make one image; one in ten a system image, one in four a backup, the rest snapshots."""
    kind = "system" if number % 10 == 0 else "backup" if number % 4 == 1 else "snapshot"
    return {
        "id": number,
        "type": kind,
        "status": "available",
        "name": f"debian-{number}" if kind == "system" else None,
        "description": f"image {number} of the benchmark",
        "image_size": 2.3 if kind != "system" else None,
        "disk_size": 40,
        "created": "2026-01-30T23:55:00+00:00",
        "created_from": {"id": 42, "name": "web-1"} if kind != "system" else None,
        "bound_to": 42 if kind == "backup" else None,
        "os_flavor": "debian",
        "os_version": "13",
        "rapid_deploy": kind == "system",
        "protection": {"delete": False},
        "deprecated": "2027-02-28T00:00:00+00:00" if number % 20 == 0 else None,
        "deprecation": (
            {"announced": "2027-02-28T00:00:00+00:00", "unavailable_after": "2027-05-28T00:00:00+00:00"}
            if number % 20 == 0
            else None
        ),
        "deleted": None,
        "labels": {"environment": "production", "role": "web"} if number % 2 else {},
        "architecture": "x86",
    }


def page(number: int, per_page: int, total: int) -> bytes:
    """Make one page of this many images."""
    last = max(1, -(-total // per_page))
    pagination = {
        "page": number,
        "per_page": per_page,
        "previous_page": number - 1 or None,
        "next_page": number + 1 if number < last else None,
        "last_page": last,
        "total_entries": total,
    }
    entries = [image(1 + index) for index in range((number - 1) * per_page, min(number * per_page, total))]
    return json.dumps({"images": entries, "meta": {"pagination": pagination}}, separators=(",", ":")).encode()


class Server:
    """Caches responses, and counts requests and the polls of each action."""

    def __init__(self) -> None:
        self.latency, self.total, self.count = 0.0, 50, 0
        self._looks: dict[int, int] = {}
        self._pages: dict[tuple[int, int, int], bytes] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()
                return
            body = self._answer(head.split(" ", 2)[1])
            if self.latency and not head.startswith("GET /_"):
                await asyncio.sleep(self.latency)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: %b\r\nRateLimit-Limit: 1000000\r\n"
                b"RateLimit-Remaining: 999999\r\nRateLimit-Reset: 1800000000\r\nContent-Length: %d\r\n\r\n%b"
                % (formatdate(usegmt=True).encode(), len(body), body)
            )

    def _answer(self, target: str) -> bytes:
        parts = urlsplit(target)
        query = dict(parse_qs(parts.query).items())
        if parts.path == "/_set":
            self.latency, self.total = float(query["latency"][0]), int(query["total"][0])
            before, self.count = self.count, 0
            self._looks.clear()
            return str(before).encode()
        self.count += 1
        if parts.path == "/v1/images":
            key = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["25"])[0]), self.total
            if key not in self._pages:
                self._pages[key] = page(*key)
            return self._pages[key]
        last = parts.path.rpartition("/")[2]
        if parts.path == "/v1/actions":
            return json.dumps({"actions": [self._action(int(one)) for one in query["id"]]}).encode()
        if parts.path.startswith("/v1/actions/"):
            return json.dumps({"action": self._action(int(last))}).encode()
        return json.dumps({"image": image(int(last))}).encode()

    def _action(self, number: int) -> dict[str, Any]:
        self._looks[number] = self._looks.get(number, 0) + 1
        ended = self._looks[number] >= LOOKS
        return {
            "id": number,
            "command": "create_image",
            "status": "success" if ended else "running",
            "progress": 100 if ended else 50,
            "started": "2026-01-30T23:50:00+00:00",
            "finished": "2026-01-30T23:55:00+00:00" if ended else None,
            "resources": [{"id": 42, "type": "server"}],
            "error": None,
        }


async def main() -> None:
    """Serve until the one who started this closes the pipe."""
    server = await asyncio.start_server(Server().serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
