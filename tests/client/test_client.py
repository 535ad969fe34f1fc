"""Behaviour over real HTTP: arguments, errors, retries, waiting, tomorrow's responses; each for sync and async."""

import copy
import gc
import math
import pickle
import re
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import URLError

import hcloud_images
import httpx
import pytest
from client_kinds import CLIENT_KINDS, ClientKind, done
from hcloud_images import (
    AsyncClient,
    Client,
    HCloudException,
    InvalidValueException,
    NotFoundException,
    RetryPolicy,
    errors,
)
from hcloud_images.actions import ActionFailedException, ActionTimeoutException
from hcloud_images.images import Image
from hcloud_images.servers import Server
from hcloud_images_sandbox import READONLY_TOKEN, Sandbox
from hypothesis import given
from hypothesis import strategies as st

ONCE = RetryPolicy(attempts=1)
Run = Callable[..., Any]


@pytest.fixture(params=CLIENT_KINDS, ids=lambda one: one.name)
def run(request: pytest.FixtureRequest, sandbox: Sandbox) -> Run:
    client_kind: ClientKind = request.param

    def start(scenario: Callable[[Any], Any], token: str = sandbox.token, **options: Any) -> Any:
        async def call(client: Any) -> Any:
            return await done(scenario(client))

        options = {"api_endpoint": sandbox.url, "poll_interval": 0, "retry": ONCE, **options}
        return client_kind.run(call, token, **options)

    return start


# --- arguments ---


@pytest.mark.parametrize("token", ["", " ", "a b", "a\n", "a\r\nX: y", "tökén", "a\0", None, b"abc"])
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_bad_token_is_refused_without_showing_it(client: Callable[..., Any], token: Any) -> None:
    with pytest.raises(InvalidValueException, match="token") as caught:
        client(token)
    if token and token.strip():
        assert str(token) not in str(caught.value)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "api.hetzner.cloud",
        "ftp://x/v1",
        "https://",
        "https://user:pass@host/v1",
        "https://u@host",
        "https://host/v1?a=b",
    ]
    + [
        "https://host/v1#x",
        "https://host/v1?",
        "http://ho st/",
        "https://host:port/",
        "https://host:99999",
        None,
        "http://hö",
    ]
    # What urlsplit() takes, and no request can be sent to.
    + [
        "https://999.1.1.1/v1",
        "https://[::1",
        "https://[::1]x/v1",
        "https://[v1.a]",
        "https://xn--a/v1",
        f"https://{'a' * 64}.example/v1",
        "https://a..b",
        "https://a b",
        "https://a\\b",
        "https://a,b",
        "https://host:0",
        "https://host:-1",
        "https://host:1_0",
        "https://host:1:2",
        b"https://host",
    ],
)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_bad_endpoint_is_refused(client: Callable[..., Any], endpoint: Any) -> None:
    with pytest.raises(InvalidValueException, match="api_endpoint") as caught:
        client("token", endpoint)
    assert "pass@" not in str(caught.value)


@given(st.from_regex(r"https?://[\[\]a-z0-9.:%@?#_/ ä\\-]{1,20}", fullmatch=True))
def test_endpoint_that_is_taken_can_be_sent_to(endpoint: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        assert len(request.url.host) < 30
        return httpx.Response(404)

    try:
        client = Client("token", endpoint, transport=httpx.MockTransport(respond))
    except InvalidValueException:
        return
    with client, pytest.raises(NotFoundException):
        client.images.get_by_id(1)


def test_argument_too_long_for_a_url(run: Run, sandbox: Sandbox) -> None:
    with pytest.raises(InvalidValueException, match=r"make an invalid URL: .*too long"):
        run(lambda client: client.images.get_list(label_selector="x" * 70_000))
    assert sandbox.control.count == 0


@pytest.mark.parametrize(
    "options",
    [
        *[{"timeout": wrong} for wrong in (0, -1, True, math.nan, "5", [1, 2], httpx.Timeout(5))],
        *[{"timeout": wrong} for wrong in ((1, 0), (1, "5"), (1,), (1, 2, 3))],
        *[{"application_name": wrong} for wrong in ("a\nb", "ä", " x", "x ", "")],
        *[{"poll_interval": wrong} for wrong in (-1, math.nan, math.inf)],
        *[{"retry": wrong} for wrong in (None, 3, "never")],
        *[{"transport": wrong} for wrong in (object(), httpx.Client())],
    ],
)
def test_other_bad_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueException, match=next(iter(options)).removeprefix("poll_").partition("_")[0]):
        Client("token", **options)


@pytest.mark.parametrize("wrong", [None, "", "..", "1/../../servers/2", "-1", 0, -1, True, 1.0, "4 2", "٤٢", "x", [1]])
def test_bad_id_sends_nothing(run: Run, sandbox: Sandbox, wrong: Any) -> None:
    methods: list[Callable[[Any], Any]] = [
        lambda client: client.images.get_by_id(wrong),
        lambda client: client.images.update(Image(id=wrong), description="x"),
        lambda client: client.images.delete(Image(id=wrong)),
        lambda client: client.images.change_protection(Image(id=wrong), True),
        lambda client: client.images.get_actions_list(Image(id=wrong)),
        lambda client: client.images.get_actions(Image(id=wrong)),
        lambda client: client.images.actions.get_by_id(wrong),
        lambda client: client.actions.get_by_id(wrong),
        lambda client: client.servers.get_by_id(wrong),
        lambda client: client.servers.create_image(Server(id=wrong) if not isinstance(wrong, bool) else wrong),
    ]
    for method in methods:
        with pytest.raises(InvalidValueException, match="id"):
            run(method)
    assert sandbox.control.count == 0


@pytest.mark.parametrize("labels", [{"a": 1}, {1: "a"}, {"a": None}, ["a"], "a=b"])
def test_bad_labels_send_nothing(run: Run, sandbox: Sandbox, labels: Any) -> None:
    for method in (
        lambda client: client.images.update(Image(2001), labels=labels),
        lambda client: client.servers.create_image(Server(42), labels=labels),
    ):
        with pytest.raises(InvalidValueException, match="label"):
            run(method)
    assert sandbox.control.count == 0


def test_habits_of_todays_users(run: Run, sandbox: Sandbox) -> None:
    assert run(lambda client: client.images.get_by_id("2001")).id == 2001
    assert {image.type for image in run(lambda client: client.images.get_all(type="snapshot"))} == {"snapshot"}
    assert run(lambda client: client.images.get_all(bound_to=[42], sort="id")) == run(
        lambda client: client.images.get_all(bound_to="42", sort=("id",))
    )
    by_name = run(lambda client: client.images.get_actions_list(Image(2003), status=["error"], sort=["id"]))
    assert by_name == run(lambda client: client.images.get_actions_list(Image(2003), ["id"], None, None, ["error"]))


def test_everything_is_sent(run: Run, sandbox: Sandbox) -> None:
    run(
        lambda client: client.images.get_list(
            name="x",
            label_selector="a=b,!c",
            bound_to=["42", "43"],
            type=["backup", "snapshot"],
            architecture=["x86", "arm"],
            sort=["created:desc", "id"],
            page=2,
            per_page=3,
            status=["available", "creating"],
            include_deprecated=True,
        )
    )
    (request,) = sandbox.control.log
    assert sorted(request.params) == sorted(
        [("name", "x"), ("label_selector", "a=b,!c"), ("page", "2"), ("per_page", "3"), ("include_deprecated", "true")]
        + [("bound_to", "42"), ("bound_to", "43"), ("type", "backup"), ("type", "snapshot")]
        + [("architecture", "x86"), ("architecture", "arm"), ("sort", "created:desc"), ("sort", "id")]
        + [("status", "available"), ("status", "creating")]
    )
    assert [value for name, value in request.params if name == "sort"] == ["created:desc", "id"]
    assert [value for name, value in request.params if name == "type"] == ["backup", "snapshot"]


def test_user_agent(run: Run, sandbox: Sandbox) -> None:
    run(lambda client: client.images.get_by_id(2001), application_name="app", application_version="2")
    agent = sandbox.control.log[0].headers["user-agent"]
    assert agent == f"app/2 hcloud-images/{hcloud_images.__version__}"


# --- errors ---


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("unauthorized", 401, errors.UnauthorizedException),
        ("forbidden", 403, errors.ForbiddenException),
        ("conflict", 409, errors.ConflictException),
        ("locked", 423, errors.LockedException),
        ("rate_limit_exceeded", 429, errors.RateLimitException),
        ("unavailable", 503, errors.ServerErrorException),
    ],
)
def test_error_answers(run: Run, sandbox: Sandbox, code: str, status: int, kind: type[errors.APIException]) -> None:
    sandbox.control.fault(code=code, message="no", details={"why": "because"})
    with pytest.raises(kind) as caught:
        run(lambda client: client.images.get_by_id(2001))
    error = caught.value
    assert (error.code, error.message, error.details) == (code, "no", {"why": "because"})
    assert (error.method, error.path, error.status_code) == ("GET", "/v1/images/2001", status)
    assert error.correlation_id
    assert str(error) == f"no ({code}, {error.correlation_id}): GET /v1/images/2001 returned {status}"


@pytest.mark.parametrize("status", [400, 404, 418, 500, 502, 520, 599])
@pytest.mark.parametrize("body", ["<html>proxy</html>", "", '{"oops": 1}', '{"error": "text"}', "[]", "null"])
def test_answers_of_a_proxy(run: Run, sandbox: Sandbox, status: int, body: str) -> None:
    sandbox.control.fault(status=status, body=body, content_type="text/html")
    with pytest.raises(errors.APIException) as caught:
        run(lambda client: client.images.get_by_id(2001))
    assert caught.value.code == caught.value.status_code == status
    assert caught.value.details == {"content": body.encode()}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(run: Run, sandbox: Sandbox, status: int) -> None:
    sandbox.control.fault(status=status, headers={"Location": f"{sandbox.url}/images/2002"})
    with pytest.raises(errors.InvalidResponseException, match="redirect"):
        run(lambda client: client.images.get_by_id(2001))
    assert sandbox.control.count == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{",
        "<html>",
        '{"image": null}',
        '{"image": 5}',
        '{"image": {}}',
        '{"image": {"id": 1, "labels": 3}}',
    ]
    + [
        "[" * 100_000,
    ],
)
def test_nonsense_responses(run: Run, sandbox: Sandbox, body: str) -> None:
    sandbox.control.fault(status=200, body=body, content_type="application/json")
    with pytest.raises(errors.InvalidResponseException, match="GET /v1/images/2001 returned 200"):
        run(lambda client: client.images.get_by_id(2001))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("created_from", {"name": "x"}),
        ("created_from", [1]),
        ("deprecation", "x"),
        ("bound_to", "5"),
    ],
)
def test_creation_with_an_answer_that_makes_no_sense_does_not_look_refused(
    run: Run, sandbox: Sandbox, place: str, value: Any
) -> None:
    sandbox.control.fault(set={f"image.{place}": value})
    with pytest.raises(errors.InvalidResponseException, match="POST /v1/servers/42/actions/create_image returned 201"):
        run(lambda client: client.servers.create_image(Server(42)))
    assert sandbox.control.count == 1


@pytest.mark.parametrize(
    ("place", "value", "kept"),
    [
        ("created", "soon", {"created": "soon"}),
        ("deleted", 7, {"deleted": 7}),
        ("deprecated", [], {"deprecated": []}),
        ("deprecation", {"announced": 3}, {}),
    ],
)
def test_creation_is_known_though_a_time_makes_no_sense(
    run: Run, sandbox: Sandbox, place: str, value: Any, kept: dict[str, Any]
) -> None:
    sandbox.control.fault(set={f"image.{place}": value})
    image = run(lambda client: client.servers.create_image(Server(42))).image
    assert image.id in [one["id"] for one in sandbox.control.state()["images"]]
    assert image.extra == kept
    assert (image.deprecation.extra == value) if place == "deprecation" else (getattr(image, place) is None)
    assert image.to_dict()[place] == (value if kept else {"announced": 3, "unavailable_after": None})
    for twin in (copy.copy(image), copy.deepcopy(image), pickle.loads(pickle.dumps(image)), image.data_model):
        assert twin == image
        assert twin.extra == kept


def test_wait_for_an_action_with_a_time_that_makes_no_sense(run: Run, sandbox: Sandbox) -> None:
    async def scenario(client: Any) -> None:
        sandbox.control.fault(set={"actions.0.started": "soon"})
        [action] = await done(client.actions.wait([503]))
        assert (action.status, action.started, action.extra) == ("success", None, {"started": "soon"})
        sandbox.control.fault(set={"action.started": "later"})
        await done(action.wait_until_finished())
        assert (action.started, action.extra) == (None, {"started": "later"})

    run(scenario)


def test_success_of_the_wrong_kind(run: Run, sandbox: Sandbox) -> None:
    for status in (202, 204, 299):
        sandbox.control.fault(status=status)
        with pytest.raises(errors.InvalidResponseException, match=f"GET /v1/images/2001 returned {status}"):
            run(lambda client: client.images.get_by_id(2001))


def test_no_connection(run: Run) -> None:
    with pytest.raises(errors.ConnectionException, match="GET /v1/images") as caught:
        run(lambda client: client.images.get_list(), api_endpoint="http://127.0.0.1:9/v1")
    assert not caught.value.sent


def test_connection_that_breaks(run: Run, sandbox: Sandbox) -> None:
    sandbox.control.fault(drop=True)
    with pytest.raises(errors.ConnectionException, match="PUT /v1/images/2001") as caught:
        run(lambda client: client.images.update(Image(2001), "x"))
    assert caught.value.sent


@pytest.mark.parametrize("timeout", [0.05, (5, 0.05)])
def test_timeout(run: Run, sandbox: Sandbox, timeout: Any) -> None:
    sandbox.control.fault(delay=1)
    with pytest.raises(errors.TimeoutException, match="GET /v1/images") as caught:
        run(lambda client: client.images.get_list(), timeout=timeout)
    assert isinstance(caught.value, TimeoutError)


def test_readonly_token(run: Run) -> None:
    with pytest.raises(errors.UnauthorizedException) as caught:
        run(lambda client: client.images.delete(Image(2001)), READONLY_TOKEN)
    assert caught.value.code == "token_readonly"


def test_token_is_nowhere(run: Run, sandbox: Sandbox) -> None:
    secret = "S3cr3tS3cr3tS3cr3t"
    shown: list[str] = []

    async def scenario(client: Any) -> None:
        # Private names too: debuggers and reports of crashes show them.
        shown.extend(map(repr, [client, client.images, client._caller, vars(client._caller)]))
        try:
            await done(client.images.get_by_id(1))
        except HCloudException as error:
            shown.extend([repr(error), str(vars(error)), *traceback.format_exception(error)])

    run(scenario, secret)
    run(scenario, secret, api_endpoint="http://127.0.0.1:9")
    assert len(shown) > 10
    assert secret not in "".join(shown)
    assert secret not in repr(sandbox.control.state())


def test_closed_client(sandbox: Sandbox) -> None:
    client = Client(sandbox.token, sandbox.url)
    with client:
        client.images.get_by_id(2001)
    with pytest.raises(errors.ClientClosedException, match="closed"):
        client.images.get_by_id(2001)


def test_own_transport() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"image": {"id": 5}}))
    with Client("token", transport=transport) as client:
        assert client.images.get_by_id(5).id == 5


class _OwnError(OSError):
    def __str__(self) -> str:
        return str(self.args[0]["request"])


@pytest.mark.parametrize(
    "failure",
    [
        OSError,
        URLError,
        httpx.ReadError,
        partial(ConnectionRefusedError, 111),
        partial(FileNotFoundError, 2, "No such file"),
        lambda header: _OwnError({"request": header}),
    ],
)
def test_own_transport_that_fails(failure: Callable[[str], Exception]) -> None:
    token = "own-transport-" * 4

    def handle(request: httpx.Request) -> httpx.Response:
        request.extensions = {}  # ours are still known
        raise failure(request.headers["Authorization"])

    with (
        Client(token, transport=httpx.MockTransport(handle), retry=RetryPolicy(attempts=1)) as client,
        pytest.raises(errors.ConnectionException, match=r"Bearer \*\*\*") as caught,
    ):
        client.images.delete(5)
    assert caught.value.sent
    assert token not in str(caught.value) + "".join(traceback.format_exception(caught.value))


def test_client_that_nobody_closes_leaves_no_warning(sandbox: Sandbox) -> None:
    client = Client(sandbox.token, sandbox.url)
    client.images.get_by_id(2001)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del client
        gc.collect()
    assert caught == []


# --- retries ---


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": True},
        *(
            {"code": code}
            for code in ("conflict", "locked", "rate_limit_exceeded", "bad_gateway", "unavailable", "timeout")
        ),
    ],
    ids=str,
)
@pytest.mark.usefixtures("no_waits")
def test_reads_are_tried_again(run: Run, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    sandbox.control.fault(**fault, times=2)
    assert run(lambda client: client.images.get_by_id(2001), retry=RetryPolicy()).id == 2001
    assert sandbox.control.count == 3


def test_retries_are_quiet_in_a_program_without_logging(sandbox: Sandbox) -> None:
    sandbox.control.fault(code="unavailable", times=2)
    program = (
        "import random; from hcloud_images import Client; random.uniform = min\n"
        f"print(Client({sandbox.token!r}, {sandbox.url!r}).images.get_by_id(2001).id)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("2001\n", "")
    assert sandbox.control.count == 3


@pytest.mark.usefixtures("no_waits")
def test_attempts_end(run: Run, sandbox: Sandbox) -> None:
    sandbox.control.fault(code="unavailable", times=None)
    with pytest.raises(errors.ServerErrorException):
        run(lambda client: client.images.get_by_id(2001), retry=RetryPolicy())
    assert sandbox.control.count == 6


@pytest.mark.parametrize(
    "code", ["not_found", "invalid_input", "protected", "server_error", "forbidden", "unauthorized"]
)
@pytest.mark.usefixtures("no_waits")
def test_what_stays_wrong_is_not_tried_again(run: Run, sandbox: Sandbox, code: str) -> None:
    sandbox.control.fault(code=code)
    with pytest.raises(errors.APIException, match=code):
        run(lambda client: client.images.get_by_id(2001), retry=RetryPolicy())
    assert sandbox.control.count == 1


@pytest.mark.parametrize(
    "fault", [{"drop": True, "effect": True}, {"drop": True}, {"code": "timeout"}, {"code": "bad_gateway"}], ids=str
)
@pytest.mark.usefixtures("no_waits")
def test_creation_is_sent_once(run: Run, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    sandbox.control.fault(**fault)
    with pytest.raises(HCloudException):
        run(lambda client: client.servers.create_image(Server(42)), retry=RetryPolicy())
    assert sandbox.control.count == 1


@pytest.mark.usefixtures("no_waits")
def test_creation_is_tried_again_when_it_surely_had_no_effect(run: Run, sandbox: Sandbox) -> None:
    sandbox.control.fault(code="rate_limit_exceeded", times=2)
    assert run(lambda client: client.servers.create_image(Server(42)), retry=RetryPolicy()).image.type == "snapshot"
    assert sandbox.control.count == 3


def test_limit_that_outlasts_the_deadline_is_an_error_at_once(run: Run, sandbox: Sandbox) -> None:
    far = {"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "99999999999"}
    sandbox.control.fault(code="rate_limit_exceeded", headers=far, times=None)
    with pytest.raises(errors.RateLimitException):
        run(lambda client: client.images.get_by_id(2001), retry=RetryPolicy())
    assert sandbox.control.count == 1


def test_waits_before_the_limit_is_hit(run: Run, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.rate_limit(limit=3600, remaining=1)
    waits: list[float] = []

    async def scenario(client: Any) -> None:
        async def asleep(seconds: float) -> None:
            pass

        def sleep(seconds: float) -> Any:
            waits.append(seconds)
            sandbox.control.advance(seconds + 0.1)  # which stood while the client's own clock went on
            return asleep(seconds) if isinstance(client, AsyncClient) else None

        client._caller.sleep = sleep  # a private name: the sandbox's clock has to go on with it
        for _ in range(3):
            await done(client.images.get_by_id(2001))

    run(scenario, retry=RetryPolicy(attempts=1, wait_for_rate_limit=True))
    assert waits == [pytest.approx(1.0, abs=0.5)] * 2


# --- pages ---


@pytest.mark.parametrize("following", [1, 0, -1, "2"])
def test_pages_that_never_end(run: Run, sandbox: Sandbox, following: int) -> None:
    sandbox.control.fault(set={"meta.pagination.next_page": following}, times=None)

    def call(client: Any) -> Any:
        client.images.max_per_page = 10
        return client.images.get_all()

    if following == 0:
        assert len(run(call)) == 10
        return
    with pytest.raises(errors.InvalidResponseException, match="next"):
        run(call)
    assert sandbox.control.count == 1


@pytest.mark.parametrize(
    "fault",
    [
        *({"remove": [place]} for place in ("meta", "meta.pagination", "meta.pagination.next_page")),
        {"set": {"meta.pagination": None}},
    ],
    ids=str,
)
def test_answer_without_meta_ends_the_pages(run: Run, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    sandbox.control.fault(**fault, times=None)
    page = run(lambda client: client.images.get_list(per_page=10))
    assert page.meta.pagination is None or page.meta.pagination.next_page is None
    assert len(run(lambda client: client.images.get_all())) == 35


# --- waiting ---


def test_wait_until_finished(run: Run, sandbox: Sandbox) -> None:
    sandbox.control.freeze()
    sandbox.control.auto_advance(1)
    asked: list[int] = []

    async def scenario(client: Any) -> None:
        action = (await done(client.servers.create_image(Server(42)))).action
        assert await done(action.wait_until_finished()) is None
        assert (action.status, action.progress) == ("success", 100)

    run(scenario, poll_interval=lambda retries: asked.append(retries) or 0)
    assert asked == list(range(1, len(asked) + 1))
    assert asked


def test_action_that_fails(run: Run, sandbox: Sandbox) -> None:
    sandbox.control.auto_advance(1)
    sandbox.control.fail_next_action("disk_broken", "the disk is broken")

    async def scenario(client: Any) -> None:
        await done((await done(client.servers.create_image(Server(42)))).action.wait_until_finished())

    with pytest.raises(ActionFailedException, match="the disk is broken") as caught:
        run(scenario)
    assert caught.value.action.error["code"] == "disk_broken"  # type: ignore[index]


@pytest.mark.parametrize(("polls", "options"), [(2, {"poll_max_retries": 2}), (3, {})])
def test_wait_that_takes_too_long(run: Run, sandbox: Sandbox, polls: int, options: dict[str, Any]) -> None:
    sandbox.control.freeze()

    async def scenario(client: Any) -> None:
        action = (await done(client.servers.create_image(Server(42)))).action
        await done(action.wait_until_finished(*([] if options else [polls])))

    with pytest.raises(ActionTimeoutException, match="create_image"):
        run(scenario, **options)
    assert sandbox.control.count == 1 + polls


# --- tomorrow ---


def test_unknown_fields_and_values_survive(run: Run, sandbox: Sandbox) -> None:
    sandbox.control.fault(
        set={"image.os_flavor": "plan9", "image.status": "frozen", "image.carbon": {"grams": 3}, "image.type": "cd"}
    )
    image = run(lambda client: client.images.get_by_id(2001))
    assert (image.os_flavor, image.status, image.type) == ("plan9", "frozen", "cd")
    assert image.extra == {"carbon": {"grams": 3}}


def test_fields_that_go_are_none(run: Run, sandbox: Sandbox) -> None:
    gone = ["deprecated", "architecture", "deleted", "labels", "protection", "created_from", "bound_to", "name"]
    sandbox.control.fault(remove=[f"image.{name}" for name in gone])
    image = run(lambda client: client.images.get_by_id(1001))
    assert [getattr(image, name) for name in gone if name != "deprecated"] == [None] * (len(gone) - 1)
    assert image.deprecated == image.deprecation.announced


# --- the house ---


def test_no_warnings_in_ordinary_use(sandbox: Sandbox) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with Client(sandbox.token, sandbox.url) as client:
            image = client.images.get_all()[0]
            assert image.deprecated is image.deprecated
    assert caught == []


def test_nothing_of_the_api_is_spelled_twice() -> None:
    facade = Path(hcloud_images.__file__).parent
    for path in facade.rglob("*.py"):
        code = re.sub(r'(?s)""".*?"""|#.*', "", path.read_text())
        spelled = re.findall(r"""["']/?(?:images|actions|servers|create_image|change_protection)\b[^"'.]*["']""", code)
        keys = re.findall(r"""["'](?:image|action|server|meta|pagination|page|per_page|label_selector)["']""", code)
        assert not [one for one in spelled if "/" in one], path
        assert [key for key in keys if key.strip("\"'") not in {"image", "action", "server"}] == [], path
