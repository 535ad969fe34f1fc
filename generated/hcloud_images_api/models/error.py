from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar, Literal

from attrs import define
from attrs.setters import NO_OP

from ..types import NOTHING, Value


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Error(Value):
    """Why a request was refused.

    :param code: What happened, for programs.
    :param message: What happened, for people.
    :param details: Details, in a shape that depends on the code; any JSON value.
    """

    code: (
        Literal[
            "json_error",
            "unauthorized",
            "token_readonly",
            "forbidden",
            "maintenance",
            "resource_limit_exceeded",
            "not_found",
            "method_not_allowed",
            "uniqueness_error",
            "conflict",
            "deprecated_api_endpoint",
            "resource_unavailable",
            "invalid_input",
            "service_error",
            "unsupported_error",
            "locked",
            "protected",
            "rate_limit_exceeded",
            "server_error",
            "bad_gateway",
            "unavailable",
            "timeout",
        ]
        | str
        | None
    ) = None
    message: str | None = None
    details: Any | None = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = ()

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        value = pop("code", None)
        self.code = intern(value) if value.__class__ is str else value
        self.message = pop("message", None)
        self.details = pop("details", None)
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING
