"""Responses, and the errors that become responses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

JSON = "application/json"

#: The status that goes with each error code.
STATUS_OF_CODE = {
    "json_error": 400,
    "unauthorized": 401,
    "token_readonly": 401,
    "forbidden": 403,
    "maintenance": 403,
    "resource_limit_exceeded": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "uniqueness_error": 409,
    "conflict": 409,
    "deprecated_api_endpoint": 410,
    "resource_unavailable": 412,
    "invalid_input": 422,
    "service_error": 422,
    "unsupported_error": 422,
    "locked": 423,
    "protected": 423,
    "rate_limit_exceeded": 429,
    "server_error": 500,
    "unsupported": 501,  # of the sandbox alone
    "bad_gateway": 502,
    "unavailable": 503,
    "timeout": 504,
}


def dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(slots=True)
class ApiResponse:
    status: int
    body: bytes = b""
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200) -> ApiResponse:
        return cls(status, dump(value))

    @classmethod
    def error(
        cls, code: str, message: str, details: Mapping[str, Any] | None = None, status: int | None = None
    ) -> ApiResponse:
        body = {"error": {"code": code, "message": message, "details": details}}
        return cls.of(body, STATUS_OF_CODE.get(code, 500) if status is None else status)


class ApiError(Exception):
    """A request that is refused."""

    def __init__(
        self,
        code: str,
        message: str,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers or {}

    @classmethod
    def invalid_input(cls, fields: Mapping[str, str]) -> ApiError:
        names = ", ".join(repr(name) for name in fields)
        details = {"fields": [{"name": name, "messages": [message]} for name, message in fields.items()]}
        return cls("invalid_input", f"invalid input in {names}: {'; '.join(fields.values())}", details)

    def to_response(self) -> ApiResponse:
        return replace(ApiResponse.error(self.code, self.message, self.details), headers=self.headers)
