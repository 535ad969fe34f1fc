"""Maps codes and statuses of the API to exceptions."""

from __future__ import annotations

from typing import Any

from hcloud_images.errors import (
    APIException,
    ConflictException,
    Exchange,
    ForbiddenException,
    InvalidInputException,
    LockedException,
    NotFoundException,
    ProtectedException,
    RateLimitException,
    ServerErrorException,
    UnauthorizedException,
)

_NAMES: dict[type[APIException], str] = {
    InvalidInputException: "400 422 json_error invalid_input service_error unsupported_error",
    UnauthorizedException: "401 unauthorized token_readonly",
    ForbiddenException: "403 forbidden maintenance resource_limit_exceeded",
    NotFoundException: "404 not_found",
    ConflictException: "409 conflict uniqueness_error",
    LockedException: "423 locked",
    ProtectedException: "protected",
    RateLimitException: "429 rate_limit_exceeded",
    ServerErrorException: "server_error bad_gateway unavailable timeout",
}
#: The class for each code of the API, and for the status of responses with another code or, from proxies, none.
BY_CODE: dict[int | str, type[APIException]] = {
    int(name) if name.isdecimal() else name: kind for kind, names in _NAMES.items() for name in names.split()
}
_SERVER_ERRORS = 500


def api_exception(code: int | str, message: Any, details: Any, exchange: Exchange) -> APIException:
    """Build the exception for the code, or else for the status."""
    status = exchange.status_code or 0
    by_status = BY_CODE.get(status, ServerErrorException if status >= _SERVER_ERRORS else APIException)
    kind = BY_CODE.get(code, by_status)
    return kind(code, message, details, correlation_id=exchange.correlation_id, exchange=exchange)
