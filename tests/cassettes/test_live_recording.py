"""Recording against the real API, tried on a project made of the sandbox and an app in front of it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import uvicorn
from hcloud_images_sandbox import Sandbox
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

ROOT = Path(__file__).parents[2]
# What is private in the project, and must not be in any cassette.
TOKEN = "canarytoken" * 6
SERVER = 987654321
CANARIES = {
    "canary-server-name": "web-1",
    "canary-description": "web before upgrade",
    str(SERVER): "42",
    "876543210": "10001",
    "765432109": "20001",
    "canary-label": "environment",
}
ADDRESSES = ["203.0.113.77", "2001:db8:cafe::77"]
HEADERS = {"Set-Cookie": "session=canarycookie", "X-Internal": "canaryheader", "X-Correlation-Id": "canarycorrelation"}


# What the API may tell one day, anywhere.
UNKNOWN = {
    "dns_ptr": "canary.example",
    "ip": "203.0.113.77",
    "mac": "86:00:00:ca:fe:77",
    "volumes": [123456789123],
    "network": 123456789123,
    "price": 12345.6789,
    "note": ["canarynote", {"inside": "canarynote"}],
}
UNKNOWN_CANARIES = ["canary", "86:00:00", "123456789123", "12345.6789"]


def planted(value: Any) -> Any:
    """Plant fields that nobody knows in each object, but for labels, which are whatever someone wrote."""
    if isinstance(value, dict):
        return {key: one if key == "labels" else planted(one) for key, one in value.items()} | UNKNOWN
    return [planted(one) for one in value] if isinstance(value, list) else value


class Project:
    """The sandbox as someone's project: with servers that come and go, and things that are nobody else's business."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.servers: list[dict[str, Any]] = []
        self.server_type = True
        self.waited_for: set[str] = set()
        self.creating, self.ordered, self.answering = threading.Event(), threading.Event(), threading.Event()
        self.answering.set()
        self.undeletable = False
        self.app = Starlette()
        self.app.add_route("/v1/{path:path}", self.respond, methods=["GET", "POST", "PUT", "DELETE"])

    async def respond(self, request: Request) -> Response:
        response = await self._servers(request) or await self._proxied(request)
        response.headers.update(HEADERS)
        return response

    async def _servers(self, request: Request) -> Response | None:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        path = request.url.path
        if path == "/v1/server_types":
            prices = [{"price_hourly": {"gross": price}} for price in ("0.0050", "0.0071", "0.0060")]
            return JSONResponse({"server_types": [{"prices": prices}] if self.server_type else []})
        if path == "/v1/servers" and request.method == "POST":
            body = await request.json()
            self.servers.append({"id": SERVER, "name": body["name"], "labels": body["labels"]})
            self.ordered.set()
            await anyio.to_thread.run_sync(self.answering.wait)
            return JSONResponse({"server": self.servers[-1], "action": {"id": 5}, "next_actions": [{"id": 6}]}, 201)
        if path == "/v1/actions" and {"5", "6"} >= set(request.query_params.getlist("id")):
            self.waited_for.update(request.query_params.getlist("id"))
            return JSONResponse({"actions": [{"id": 5, "status": "success"}, {"id": 6, "status": "success"}]})
        if path == "/v1/servers":
            return JSONResponse({"servers": self.servers})
        if path == f"/v1/servers/{SERVER}" and request.method == "DELETE":
            self.servers.clear()
            return JSONResponse({}, 200)
        return None

    async def _proxied(self, request: Request) -> Response:
        if self.undeletable and request.method == "DELETE":
            return JSONResponse({"error": {"code": "forbidden", "message": "canarymessage"}}, 403)
        url = f"{self._sandbox.origin}{request.url.path}?{request.url.query}"
        content = (await request.body()).decode()
        for private, plain in CANARIES.items():
            url, content = (re.sub(rf"\b{private}\b", plain, text) for text in (url, content))
        headers = {"Authorization": f"Bearer {self._sandbox.token}", "Content-Type": "application/json"}
        async with httpx.AsyncClient() as http:
            response = await http.request(request.method, url, content=content or None, headers=headers)
        text = response.text
        for private, plain in CANARIES.items():
            text = re.sub(rf"(?<![\w-]){plain}(?![\w-])", private, text)
        if response.status_code == 200 and "/servers/" in url:
            server = json.loads(text)
            server["server"]["public_net"] = {"ipv4": {"ip": ADDRESSES[0]}, "ipv6": {"ip": ADDRESSES[1]}}
            text = json.dumps(server)
        if response.is_error:
            text = text.replace('"message":"', f'"message":"{TOKEN} at {ADDRESSES[0]}: ')
        if "create_image" in url:
            self.creating.set()
        if text:
            text = json.dumps(planted(json.loads(text)))
        return Response(text, response.status_code, media_type="application/json")


@pytest.fixture
def project(sandbox: Sandbox) -> Iterator[tuple[Project, str]]:
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)
    project = Project(sandbox)
    server = uvicorn.Server(uvicorn.Config(project.app, port=0, log_level="error"))
    socket = server.config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    yield project, f"http://127.0.0.1:{socket.getsockname()[1]}/v1"
    server.should_exit = True
    thread.join()
    socket.close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy to record into, of what recording needs."""
    for folder in ("scripts/recording", "tests/contract"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("cassettes", "__pycache__"))
    shutil.copy(ROOT / "scripts" / "record.py", tmp_path / "scripts")
    for file in (ROOT / "tests").glob("*.py"):
        shutil.copy(file, tmp_path / "tests")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = tests\n")
    return tmp_path


def recording(checkout: Path, endpoint: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "scripts/record.py", "--live", *arguments],
        cwd=checkout,
        env={"PATH": "", "HCLOUD_TOKEN": TOKEN, "HCLOUD_ENDPOINT": endpoint},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ids(sandbox: Sandbox) -> list[int]:
    return [image["id"] for image in sandbox.control.state()["images"]]


def test_records_without_secrets_and_removes_what_it_made(
    project: tuple[Project, str], sandbox: Sandbox, checkout: Path
) -> None:
    before = ids(sandbox)
    process = recording(checkout, project[1], "--yes")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert "0.0071 per started hour" in output
    assert (project[0].servers, ids(sandbox)) == ([], before)
    files = [path for path in (checkout / "tests" / "contract" / "cassettes").rglob("*.*") if path.is_file()]
    assert {path.stem for path in files} == {"snapshot_from_creation_to_deletion", "system_images"}
    text = "\n".join(path.read_text() for path in files)
    assert "192.0.2." in text
    canaries = [TOKEN, *CANARIES, *ADDRESSES, *UNKNOWN_CANARIES, endpoint(project)]
    assert [canary for canary in canaries if canary in text] == []
    assert TOKEN not in output
    assert project[0].waited_for == {"5", "6"}


def endpoint(project: tuple[Project, str]) -> str:
    return project[1].removeprefix("http://").removesuffix("/v1")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_cleans_up_when_interrupted(
    project: tuple[Project, str], sandbox: Sandbox, checkout: Path, number: signal.Signals
) -> None:
    before = ids(sandbox)
    sandbox.control.durations(create_image=60)
    process = recording(checkout, project[1], "--yes")
    assert project[0].creating.wait(60)
    process.send_signal(number)
    sandbox.control.advance(60)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + number, output
    assert (project[0].servers, ids(sandbox)) == ([], before)


def test_interrupted_while_the_server_is_ordered(project: tuple[Project, str], checkout: Path) -> None:
    project[0].answering.clear()
    process = recording(checkout, project[1], "--yes")
    assert project[0].ordered.wait(60)
    process.send_signal(signal.SIGTERM)
    project[0].answering.set()
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, output
    assert f"server {SERVER}" in output
    assert project[0].servers == []


def test_image_that_stays_keeps_no_server(project: tuple[Project, str], sandbox: Sandbox, checkout: Path) -> None:
    before = ids(sandbox)
    project[0].undeletable = True
    process = recording(checkout, project[1], "--yes")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1, output
    assert project[0].servers == []
    assert len(ids(sandbox)) == len(before) + 1
    assert "stays and costs money: " in output


def test_server_type_that_is_gone(project: tuple[Project, str], checkout: Path) -> None:
    project[0].server_type = False
    process = recording(checkout, project[1], "--yes")
    output, _ = process.communicate(timeout=60)
    assert (process.returncode, "there is no server type" in output) == (1, True)


def test_asks_first(project: tuple[Project, str], checkout: Path) -> None:
    process = recording(checkout, project[1])
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "No terminal to ask for confirmation" in output
    assert project[0].servers == []
