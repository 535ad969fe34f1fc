from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any, ClassVar

from attrs import define
from attrs.setters import NO_OP

from ..types import NOTHING, Value


@define(eq=False, repr=False, weakref_slot=False, getstate_setstate=False, on_setattr=NO_OP)
class Location(Value):
    """Where a server is.

    :param id: Its id.
    :param name: Its name, such as ``fsn1``.
    :param description: Its name, for people.
    :param country: Code of the country, by ISO 3166-1.
    :param city: The closest city.
    :param latitude: Latitude of that city, in degrees.
    :param longitude: Longitude of that city, in degrees.
    :param network_zone: Its network zone.
    """

    id: int | None = None
    name: str | None = None
    description: str | None = None
    country: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    network_zone: str | None = None

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
            self.description = self.country = self.city = self.latitude = self.longitude = self.network_zone = None
            self.extra = NOTHING
            return
        value = pop("description", None)
        self.description = intern(value) if value.__class__ is str else value
        value = pop("country", None)
        self.country = intern(value) if value.__class__ is str else value
        value = pop("city", None)
        self.city = intern(value) if value.__class__ is str else value
        self.latitude = pop("latitude", None)
        self.longitude = pop("longitude", None)
        value = pop("network_zone", None)
        self.network_zone = intern(value) if value.__class__ is str else value
        # A dict that was emptied keeps the memory of a full one.
        self.extra: Mapping[str, Any] = dict(rest) if rest else NOTHING
