"""Known values of arguments.

Completion offers them; any other string is accepted, since the server may know more than this version.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

ImageType: TypeAlias = Literal["system", "app", "snapshot", "backup"] | str
#: What an image can be created as, and what it can be converted to.
NewImageType: TypeAlias = Literal["snapshot", "backup"] | str
ConvertedImageType: TypeAlias = Literal["snapshot"] | str
ImageStatus: TypeAlias = Literal["available", "creating", "unavailable"] | str
Architecture: TypeAlias = Literal["x86", "arm"] | str
ImageSort: TypeAlias = (
    Literal["id", "id:asc", "id:desc", "name", "name:asc", "name:desc", "created", "created:asc", "created:desc"] | str
)
ServerStatus: TypeAlias = (
    Literal["running", "initializing", "starting", "stopping", "off", "deleting", "migrating", "rebuilding", "unknown"]
    | str
)
ServerSort: TypeAlias = (
    Literal["id", "id:asc", "id:desc", "name", "name:asc", "name:desc", "created", "created:asc", "created:desc"] | str
)
ActionStatus: TypeAlias = Literal["running", "success", "error"] | str
# fmt: off
ActionSort: TypeAlias = Literal[
    "id", "id:asc", "id:desc",
    "command", "command:asc", "command:desc",
    "status", "status:asc", "status:desc",
    "started", "started:asc", "started:desc",
    "finished", "finished:asc", "finished:desc",
] | str
# fmt: on
