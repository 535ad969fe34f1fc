"""Which certificates are trusted: of verify=, of the environment in this order, of certifi; tried on a server.

Private names: what is trusted is asked of the functions that decide, with no client's retries around them.
"""

from __future__ import annotations

import os
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest
import requests
import trustme
import truststore
from hcloud_images import Client, InvalidValueException, TimeoutException
from hcloud_images._runtime.tls import Verify, ssl_context_for, verification_advice
from hcloud_images.servers import Server
from hcloud_images_sandbox.clock import Clock

from network.proxy import Server as TlsServer

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def file(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("right") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="module")
def folder(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hashed")
    (folder / "ca.pem").write_bytes(file.read_bytes())
    subprocess.run(["openssl", "rehash", str(folder)], check=True)  # noqa: S607
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("other") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="module")
def endpoint(ca: trustme.CA) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with TlsServer(context) as server:
        yield f"https://127.0.0.1:{server.port}"


def connects(endpoint: str, verify: Verify = True) -> bool:
    try:
        with httpcore.ConnectionPool(ssl_context_for(verify, endpoint)) as pool:
            return pool.request("GET", endpoint).status == 204
    except httpcore.ConnectError as error:
        if "if your company decrypts traffic" not in verification_advice(error):
            raise
        return False


def official_connects(endpoint: str) -> bool:
    try:
        return requests.get(endpoint, timeout=5).status_code == 204
    except requests.exceptions.SSLError:
        return False


def test_a_handshake_that_takes_all_the_time(endpoint: str, file: Path) -> None:
    clock = Clock()

    class Slow(ssl.SSLContext):
        def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
            encrypted = super().wrap_socket(*arguments, **options)
            clock.advance(100)
            return encrypted

    context = Slow(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file)
    with Client("token", endpoint, verify=context, clock=clock) as client:
        with pytest.raises(TimeoutException) as caught, client.deadline(5):
            client.servers.create_image(Server(1))
        assert not caught.value.sent
        assert not getattr(caught.value, "__notes__", [])


@pytest.mark.parametrize("source", [*VARIABLES, "verify"])
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_each_of_them(
    source: str, kind: str, endpoint: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    path: Path = request.getfixturevalue(kind)
    assert not connects(endpoint)
    if source == "verify":
        assert connects(endpoint, path)
        assert connects(endpoint, str(path))
    else:
        monkeypatch.setenv(source, str(path))
        assert connects(endpoint)
        assert official_connects(endpoint) == source.endswith("_BUNDLE")  # it knows these alone


@pytest.mark.parametrize("winner", range(len(VARIABLES) - 1))
def test_the_first_counts(winner: int, endpoint: str, file: Path, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLES[winner], str(file))
    monkeypatch.setenv(VARIABLES[winner + 1], str(other))
    assert connects(endpoint)
    monkeypatch.setenv(VARIABLES[winner], str(other))
    monkeypatch.setenv(VARIABLES[winner + 1], str(file))
    assert not connects(endpoint)
    monkeypatch.setenv(VARIABLES[winner], "")
    assert connects(endpoint)


def test_verify_counts_before_all_variables(
    endpoint: str, file: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, str(other))
    assert connects(endpoint, file)
    assert connects(endpoint, ssl.create_default_context(cafile=file))
    assert connects(endpoint, verify=False)
    assert not connects(endpoint)


def test_several_folders(endpoint: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", os.pathsep.join(["/does/not/exist", str(tmp_path), str(folder)]))
    assert connects(endpoint)


@pytest.mark.parametrize("source", VARIABLES)
@pytest.mark.parametrize("path", ["/does/not/exist", __file__])
def test_variable_that_names_no_certificates(source: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(source, path)
    with pytest.raises(InvalidValueException, match=f"^{source}='{path}': can't read certificates from there: "):
        ssl_context_for(True, "https://api.example.org/v1")


@pytest.mark.parametrize("verify", ["/does/not/exist", __file__, "with\0null", "", None, 1])
def test_verify_that_names_no_certificates(verify: Verify) -> None:
    with pytest.raises(InvalidValueException, match=r"^verify=.+: can't read certificates from there: "):
        ssl_context_for(verify, "https://api.example.org/v1")


@pytest.mark.parametrize("kind", [ssl.SSLContext, truststore.SSLContext])
def test_context_of_a_server(kind: type[ssl.SSLContext]) -> None:
    with pytest.raises(
        InvalidValueException, match=r"^verify is the SSLContext of a server; make it with ssl\.create_"
    ):
        Client("token", verify=kind(ssl.PROTOCOL_TLS_SERVER))
    Client("token", verify=kind(ssl.PROTOCOL_TLS_CLIENT)).close()


@pytest.mark.parametrize("endpoint", ["https://api.example.org/v1", "HTTPS://api.example.org/v1"])
def test_certifi_by_default(endpoint: str) -> None:
    context = ssl_context_for(True, endpoint)
    assert context is not None
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) > 50


def test_nothing_is_loaded_for_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/does/not/exist")
    assert ssl_context_for(True, "http://127.0.0.1:8080/v1") is None


def test_advice(endpoint: str, file: Path) -> None:
    assert verification_advice(httpcore.ConnectError("refused")) == ""
    assert verification_advice(None) == ""
    with (
        httpcore.ConnectionPool(ssl_context_for(file, endpoint)) as pool,
        pytest.raises(httpcore.ConnectError) as caught,
    ):
        pool.request("GET", endpoint.replace("127.0.0.1", "localhost"))
    advice = verification_advice(caught.value)
    assert advice.startswith(
        "its certificate isn't trusted (Hostname mismatch, certificate is not valid for 'localhost'); check the address"
    )
    assert not [name for name in ("verify=", *VARIABLES) if name in advice]
    with httpcore.ConnectionPool() as pool, pytest.raises(httpcore.ConnectError) as caught:
        pool.request("GET", endpoint)
    advice = verification_advice(caught.value)
    assert not [name for name in ("verify=", *VARIABLES) if name not in advice]
