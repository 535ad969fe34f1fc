"""Errors keep the official form at their start, say which request they are about, and survive a pickle.

A private name: only the function that makes errors of responses knows every status.
"""

import pickle

import hcloud
import hcloud.actions
import pytest
from hcloud_images import errors
from hcloud_images._runtime.api_errors import api_exception
from hcloud_images.actions import Action, ActionFailedException, ActionTimeoutException

EXCHANGE = errors.Exchange("GET", "/v1/images/42", 404, "abc")


def family(cls: type[Exception]) -> list[type[Exception]]:
    return [cls, *(found for sub in cls.__subclasses__() for found in family(sub))]


def test_tree_in_the_docstring_is_the_tree() -> None:
    drawn = [line.strip("│├└─ ").split()[0] for line in (errors.__doc__ or "").splitlines() if "Exception" in line]
    everyone = [cls for cls in family(errors.HCloudException) if cls.__module__ == errors.__name__]
    public = [cls.__name__ for cls in everyone if not cls.__name__.startswith("_")]
    assert sorted(name for name in drawn if name.endswith("Exception")) == sorted(public)


@pytest.mark.parametrize("correlation_id", [None, "abc"])
def test_api_exception_reads_like_the_official_one(correlation_id: str | None) -> None:
    theirs = hcloud.APIException("not_found", "image not found", None, correlation_id=correlation_id)
    ours = errors.APIException("not_found", "image not found", None, correlation_id=correlation_id, exchange=EXCHANGE)
    assert str(ours).startswith(str(theirs))
    assert str(ours).endswith(": GET /v1/images/42 returned 404")
    assert str(errors.APIException("x", "y", {}, correlation_id=correlation_id)) == str(
        hcloud.APIException("x", "y", {}, correlation_id=correlation_id)
    )
    assert (ours.code, ours.message, ours.details, ours.correlation_id) == (
        theirs.code,
        theirs.message,
        theirs.details,
        theirs.correlation_id,
    )


@pytest.mark.parametrize("error", [None, {"code": "action_failed", "message": "disk is gone"}])
@pytest.mark.parametrize("command", [None, "create_image"])
def test_action_exceptions_read_like_the_official_ones(error: dict[str, str] | None, command: str | None) -> None:
    ours = Action(13, command=command, error=error)  # type: ignore[arg-type]
    theirs = hcloud.actions.Action(13, command=command, error=error)  # type: ignore[arg-type]
    for name in ("ActionFailedException", "ActionTimeoutException"):
        mine, other = getattr(errors, name)(ours), getattr(hcloud.actions, name)(theirs)
        assert str(mine).startswith(str(other))
        assert mine.message == other.message
        assert mine.action is ours


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "json_error", errors.InvalidInputException),
        (401, "unauthorized", errors.UnauthorizedException),
        (401, "token_readonly", errors.UnauthorizedException),
        (403, "resource_limit_exceeded", errors.ForbiddenException),
        (404, "not_found", errors.NotFoundException),
        (405, "method_not_allowed", errors.APIException),
        (409, "conflict", errors.ConflictException),
        (422, "invalid_input", errors.InvalidInputException),
        (422, "service_error", errors.InvalidInputException),
        (423, "locked", errors.LockedException),
        (423, "protected", errors.ProtectedException),
        (429, "rate_limit_exceeded", errors.RateLimitException),
        (500, "server_error", errors.ServerErrorException),
        (520, 520, errors.ServerErrorException),
        (418, 418, errors.APIException),
    ],
)
def test_a_class_per_kind_worth_catching(status: int, code: str | int, kind: type[errors.APIException]) -> None:
    error = api_exception(code, "no", None, errors.Exchange("GET", "/x", status))
    assert type(error) is kind
    assert error.status_code == status


@pytest.mark.parametrize(
    "error",
    [
        errors.NotFoundException("not_found", "no", {"a": 1}, correlation_id="abc", exchange=EXCHANGE),
        errors.ConnectionException("broke", EXCHANGE, sent=False),
        errors.TimeoutException("slow", EXCHANGE),
        errors.InvalidValueException("bad"),
        ActionFailedException(Action(13)),
        ActionTimeoutException(Action(13)),
    ],
)
def test_errors_survive_a_pickle(error: Exception) -> None:
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)
