"""The fixtures for other people's tests, used as they would use them."""

import pytest

pytest_plugins = ["pytester"]

CONFTEST = 'pytest_plugins = ["hcloud_images_sandbox.plugin"]'
TESTS = """
import anyio
import pytest
from hcloud_images import APIException
from hcloud_images.servers import Server

def test_a_snapshot_and_time(hcloud_sandbox, sandbox_client):
    created = sandbox_client.servers.create_image(Server(id=42), description="mine")
    assert created.image.created.isoformat() == "2026-06-01T12:00:01+00:00"
    created.action.wait_until_finished()
    assert created.image.id in [image.id for image in sandbox_client.images.get_all(status="available")]
    sandbox_client.images.delete(sandbox_client.images.get_by_id(2001))

def test_as_new_for_each_test(hcloud_sandbox, sandbox_client):
    assert hcloud_sandbox.control.count == 0
    assert sandbox_client.images.get_by_id(2001).description == "web before upgrade"
    assert "mine" not in [image.description for image in sandbox_client.images.get_all()]

def test_an_hour_passes(hcloud_sandbox, sandbox_client):
    before = hcloud_sandbox.control.now
    hcloud_sandbox.control.advance(3600)
    later = sandbox_client.servers.create_image(Server(id=42)).image.created.timestamp()
    assert later - before == 3601

def test_a_fault(hcloud_sandbox, sandbox_client):
    hcloud_sandbox.control.fault(code="forbidden")
    with pytest.raises(APIException, match="forbidden"):
        sandbox_client.images.get_all()

@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async(sandbox_async_client, backend):
    async def main():
        async with sandbox_async_client as client:
            created = await client.servers.create_image(Server(id=42))
            await created.action.wait_until_finished()
            return (await created.image.update(description="kept")).description
    assert anyio.run(main, backend=backend) == "kept"
"""
OTHER = """
import pytest
from hcloud_images_sandbox import Sandbox

pytest_plugins = ["hcloud_images_sandbox.plugin"]

@pytest.fixture(scope="session")
def hcloud_sandbox_server():
    with Sandbox(seed="empty", token="other") as sandbox:
        yield sandbox

@pytest.fixture
def sandbox_options(sandbox_options):
    return {**sandbox_options, "application_name": "mine"}
"""


def run(pytester: pytest.Pytester, conftest: str, tests: str) -> pytest.RunResult:
    pytester.makeconftest(conftest)
    pytester.makepyfile(tests)
    return pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-W", "error")


def test_fixtures(pytester: pytest.Pytester) -> None:
    run(pytester, CONFTEST, TESTS).assert_outcomes(passed=6)


def test_a_server_and_clients_of_ones_own(pytester: pytest.Pytester) -> None:
    tests = """
    def test_it(hcloud_sandbox, sandbox_client):
        assert hcloud_sandbox.token == "other"
        assert sandbox_client.images.get_all() == []
        assert hcloud_sandbox.control.log[0].headers["user-agent"].startswith("mine")
    """
    run(pytester, OTHER, tests).assert_outcomes(passed=1)
