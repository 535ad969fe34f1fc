from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar, Literal

from attrs import define
from attrs.setters import NO_OP

from ..types import NOTHING, Value


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class ServerType(Value):
    """CPU, memory and disk of a server.

    :param id: Its id.
    :param name: Its name, such as ``cpx22``.
    :param description: Its name, for people.
    :param category: Its category, for people.
    :param cores: Number of CPU cores.
    :param memory: Memory, in GB.
    :param disk: Size of the disk, in GB.
    :param storage_type: Where the disk is.
    :param cpu_type: Whether the cores are shared with other servers.
    :param architecture: CPU architecture.
    """

    id: int | None = None
    name: str | None = None
    description: str | None = None
    category: str | None = None
    cores: float | None = None
    memory: float | None = None
    disk: float | None = None
    storage_type: Literal["local", "network"] | str | None = None
    cpu_type: Literal["shared", "dedicated"] | str | None = None
    architecture: Literal["x86", "arm"] | str | None = None

    _ids: ClassVar[tuple[str, ...]] = ()
    _times: ClassVar[tuple[str, ...]] = ()

    def _read(self, data: Mapping[str, Any]) -> None:
        rest = {**data}  # unlike dict(), takes no array of pairs
        pop = rest.pop
        value = pop("id")
        if value.__class__ is not int or value < 1:
            raise ValueError(f'"id" is {value!r:.100}')
        self.id = value
        value = pop("name", None)
        self.name = intern(value) if value.__class__ is str else value
        if not rest:  # all that another object has of it
            self.description = self.category = self.cores = self.memory = self.disk = self.storage_type = (
                self.cpu_type
            ) = self.architecture = None
            self.extra = NOTHING
            return
        value = pop("description", None)
        self.description = intern(value) if value.__class__ is str else value
        value = pop("category", None)
        self.category = intern(value) if value.__class__ is str else value
        self.cores = pop("cores", None)
        self.memory = pop("memory", None)
        self.disk = pop("disk", None)
        value = pop("storage_type", None)
        self.storage_type = intern(value) if value.__class__ is str else value
        value = pop("cpu_type", None)
        self.cpu_type = intern(value) if value.__class__ is str else value
        value = pop("architecture", None)
        self.architecture = intern(value) if value.__class__ is str else value
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING
