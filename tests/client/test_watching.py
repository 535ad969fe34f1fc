"""What someone who watches a client sees: logs, hooks, traces."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import Exchange, NotFoundException, Retry, RetryPolicy
from hcloud_images_sandbox import Sandbox
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

pytestmark = pytest.mark.usefixtures("no_waits")
client_kinds = pytest.mark.parametrize("client_kind", CLIENT_KINDS, ids=lambda client_kind: client_kind.name)


async def once_unavailable(client: Any) -> None:
    """Make two requests for a call that goes well, and one for a call that doesn't."""
    await done(client.images.get_by_id(1001))
    with pytest.raises(NotFoundException):
        await done(client.images.get_by_id(9))


def unavailable(sandbox: Sandbox) -> None:
    sandbox.control.fault(code="unavailable", status=503)


@client_kinds
def test_hooks(client_kind: ClientKind, sandbox: Sandbox) -> None:
    unavailable(sandbox)
    seen: list[Exchange | Retry] = []
    options: dict[str, Any] = {"on_request": seen.append, "on_response": seen.append}
    client_kind.run(once_unavailable, sandbox.token, sandbox.url, retry=RetryPolicy(on_retry=seen.append), **options)
    told = [one.attempt if isinstance(one, Retry) else (one.path, one.status_code) for one in seen]
    good, bad = "/v1/images/1001", "/v1/images/9"
    assert told == [(good, None), (good, 503), 1, (good, None), (good, 200), (bad, None), (bad, 404)]
    answered = [one for one in seen if isinstance(one, Exchange) and one.status_code]
    assert all(one.seconds is not None and 0 < one.seconds < 30 for one in answered)
    assert all(one.correlation_id for one in answered)


@client_kinds
def test_what_hooks_raise_is_logged_and_changes_nothing(
    client_kind: ClientKind, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    unavailable(sandbox)

    def fail(_: object) -> None:
        raise ValueError("mistake of a hook")

    options: dict[str, Any] = {"on_request": fail, "on_response": fail, "retry": RetryPolicy(on_retry=fail)}
    client_kind.run(once_unavailable, sandbox.token, sandbox.url, **options)
    errors = [record for record in caplog.records if record.name == "hcloud_images" and record.levelname == "ERROR"]
    assert len(errors) == 7
    assert "mistake of a hook" in caplog.text


@client_kinds
def test_log(client_kind: ClientKind, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    unavailable(sandbox)
    client_kind.run(once_unavailable, sandbox.token, sandbox.url)
    logged = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "hcloud_images"]
    assert [level for level, _ in logged] == ["INFO", "WARNING", "INFO", "INFO"]
    for (_, text), begin in zip(
        logged,
        [
            "GET /v1/images/1001 returned 503 in 0.",
            "attempt 1: ",
            "GET /v1/images/1001 returned 200 in 0.",
            "GET /v1/images/9",
        ],
        strict=True,
    ):
        assert text.startswith(begin)
    assert "; retrying in 0." in logged[1][1]


PROGRAM = """
import sys, logging
from hcloud_images import Client, NotFoundException
client = Client(sys.argv[1], sys.argv[2])
client.images.get_by_id(1001)
"""


def test_nothing_is_printed_by_default(sandbox: Sandbox) -> None:
    unavailable(sandbox)
    command = [sys.executable, "-c", PROGRAM, sandbox.token, sandbox.url]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("", "")
    assert sandbox.control.count == 2


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    yield exporter
    HTTPXClientInstrumentor().uninstrument()


@client_kinds
def test_opentelemetry(client_kind: ClientKind, sandbox: Sandbox, spans: InMemorySpanExporter) -> None:
    unavailable(sandbox)
    client_kind.run(once_unavailable, sandbox.token, sandbox.url)
    found: tuple[ReadableSpan, ...] = spans.get_finished_spans()
    assert [(span.attributes or {}).get("http.status_code") for span in found] == [503, 200, 404]
    assert all(sandbox.token not in span.to_json() for span in found)
    assert all("traceparent" in request.headers for request in sandbox.control.log)
