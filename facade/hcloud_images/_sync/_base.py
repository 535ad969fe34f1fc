"""Base classes of every resource client and every bound model."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self, TypeVar, cast

from hcloud_images._runtime._sync.caller import ApiCaller
from hcloud_images._values.base import BaseDomain
from hcloud_images._values.missing import MissingClient, caller_of, missing_attribute

D = TypeVar("D", bound=BaseDomain)


class ClientBase:
    """The attributes of a client that its resource clients use."""

    images: Any
    actions: Any
    servers: Any
    _caller: ApiCaller


class ResourceClientBase:
    """A client for one kind of resource.

    :param client: The client that this belongs to.
    :raises InvalidValueException: when it is a client of another library.
    """

    #: Page size of ``get_all``, the largest that the API allows.
    max_per_page: int = 50

    def __init__(self, client: ClientBase) -> None:
        self._parent = client
        self._caller: ApiCaller = caller_of(client)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise missing_attribute(self, name)


class BoundModelBase(BaseDomain, Generic[D]):
    """A value that knows the client it came from. Reading it never sends a request.

    :param client: The resource client to use.
    :param data: A JSON object of the API.
    :param complete: Whether ``data`` has all values.
    :raises InvalidValueException: when ``data`` isn't such an object.
    """

    __slots__ = ()

    model: ClassVar[type[Any]]
    _client: Any
    #: Whether all values are known; ``reload()`` fetches them.
    complete: bool

    def __init__(self, client: Any, data: Mapping[str, Any], complete: bool = True) -> None:
        self._client = client
        self._set_state({"complete": complete})
        self._load(data)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Any:
        """Build the value alone: a bound one needs a client, as in the constructor."""
        return cls.model.from_dict(data)

    @property
    def data_model(self) -> D:
        """The values alone, without the client."""
        copied: D = object.__new__(self.model)
        copied._set_state(self._state())
        return copied

    def reload(self) -> None:
        """Get all values again.

        :raises HCloudException: as ``get_by_id`` of the resource client.
        """
        self._replace(self._client.get_by_id(cast("Any", self).id))

    def _replace(self, fresh: BaseDomain) -> None:
        """Replace all values by those of a newer object of the same resource."""
        self._set_state(fresh._state() | {"complete": True})

    def __copy__(self) -> Self:
        return self._copied(self._state())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self._copied(deepcopy(self._state(), memo))

    def _copied(self, state: dict[str, Any]) -> Self:
        copied = type(self).__new__(type(self))
        copied._client = self._client
        copied._set_state(state | {"complete": self.complete})
        return copied

    def __getstate__(self) -> tuple[dict[str, Any], bool]:
        return self._state(), self.complete

    def __setstate__(self, state: tuple[dict[str, Any], bool]) -> None:
        self._client = MissingClient()
        self._set_state(state[0] | {"complete": state[1]})
