"""What every resource client and every bound object is built on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Protocol, Self, TypeVar, cast

import anyio

from hcloud_images._async.window import side_by_side
from hcloud_images.base import BaseDomain
from hcloud_images.deadlines import deadline, time_left
from hcloud_images.domain import Meta
from hcloud_images.errors import HCloudException, NotFoundException, TimeoutException
from hcloud_images.exchange import heads, readable, unexpected
from hcloud_images.lazily import lazily
from hcloud_images.listing import Listing
from hcloud_images.polling import BackoffFunction
from hcloud_images.rates import Pace
from hcloud_images.retry import Budget, RetryPolicy, may_have_taken_effect, retries

with lazily():
    from hcloud_images_api import client as generated

if TYPE_CHECKING:
    from hcloud_images_api.types import Response

    from hcloud_images._async.client import AsyncClient
    from hcloud_images.rates import RateLimit
    from hcloud_images.transport import AsyncHttpClient

#: A list of more pages than this isn't believed in: it would take the API's whole budget of a day.
MAX_PAGES = 100_000
_MAY_REPEAT = 3
# Pages of a list that are fetched before they are looked at.
_MOST_AT_ONCE = 1_000

D = TypeVar("D", bound=BaseDomain)
T = TypeVar("T")
R = TypeVar("R")


class AsyncConnection:
    """The way from a generated function to the wire and back; one for each client."""

    def __init__(
        self,
        http: AsyncHttpClient,
        retry: RetryPolicy,
        poll_interval: BackoffFunction,
        poll_max_retries: int,
        page_window: int,
    ) -> None:
        # Given to the generated client at once: made lazily, it would race between threads.
        self._generated = generated.Client(base_url="").set_async_httpx_client(cast("Any", http))
        self._http = http
        self._retry = retry
        self._budget = Budget(retry)
        self.poll_interval = poll_interval
        self.poll_max_retries = poll_max_retries
        self._page_window = page_window
        self._paces = {reads_actions: Pace() for reads_actions in (False, True)}

    @property
    def rate_limit(self) -> RateLimit | None:
        """The budget of requests, as the newest answer told; but for reads of actions, which have one of their own."""
        return self._paces[False].newest

    def page_window(self) -> int:
        """Return how many pages may be fetched side by side now: no more than the rate limit lets through."""
        rate = self.rate_limit
        return max(1, min(self._page_window, rate.remaining if rate else self._page_window))

    async def call(
        self,
        function: partial[Coroutine[Any, Any, Response[Any]]],
        kind: type[T],
        mapping: Callable[[T], R],
    ) -> R:
        """Call a generated function, as often as the retry policy has it, and map its answer.

        A partial, so that type checkers hold the arguments against the function.
        """
        with deadline(self._retry.deadline):
            try:
                return await self._once(function, kind, mapping)
            except HCloudException as error:
                first: HCloudException | None = error
                unclear = may_have_taken_effect(error)
            async for attempt in retries(self._retry, self._budget):
                with attempt:
                    if first:
                        failed, first = first, None
                        raise failed
                    try:
                        return await self._once(function, kind, mapping)
                    except HCloudException as error:
                        if unclear and isinstance(error, NotFoundException) and error.method == "DELETE":
                            return mapping(cast("T", None))  # gone by a try before, whose answer got lost
                        unclear = unclear or may_have_taken_effect(error)
                        raise
        raise AssertionError  # stamina ends with an answer or an exception

    async def _once(
        self,
        function: partial[Coroutine[Any, Any, Response[Any]]],
        kind: type[T],
        mapping: Callable[[T], R],
    ) -> R:
        # Reads of actions are counted apart, since clients are meant to look at them again and again.
        pace = self._paces[kind.__name__.startswith("Action") and "body" not in function.keywords]
        heads.set(None)
        number = pace.begin()
        try:
            if self._retry.pace and (pause := self._retry.pause(pace.wait(number))):
                await self.sleep(pause)
            with readable():
                answer = (await function(client=self._generated)).parsed
                if not isinstance(answer, kind):
                    raise unexpected(f"expected {kind.__name__}, got {type(answer).__name__}")
                result = mapping(answer)
        finally:
            pace.end(heads.get())
        self._budget.give_back()
        return result

    async def sleep(self, seconds: float) -> None:
        """Wait, until the deadline at most.

        :raises TimeoutException: when that comes first.
        """
        left = time_left()
        await anyio.sleep(max(0.0, seconds if left is None else min(seconds, left)))
        if left is not None and left < seconds:
            raise TimeoutException("the deadline is over")

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()


class AsyncResourceClientBase:
    """A client for one kind of resource.

    :param client: The client that it belongs to.
    """

    #: Entries on a page of ``get_all``; the API allows no more.
    max_per_page: int = 50

    def __init__(self, client: AsyncClient) -> None:
        self.parent = client
        self.connection: AsyncConnection = client.connection


class _Page(Protocol[T]):
    def __call__(self, *, page: int, per_page: int) -> Awaitable[tuple[list[T], Meta]]: ...


class _Pages(Generic[T]):
    """Follows the pages of a list, and sees when they would never end."""

    def __init__(self) -> None:
        self._firsts: set[Any] = set()
        self._repeated = 0

    def is_last(self, found: tuple[list[T], Meta]) -> bool:
        """Look at a page; tell whether no further one is to be fetched."""
        entries, meta = found
        first = cast("Any", entries[0]).id if entries else None
        # One page may begin like another when the list grows meanwhile.
        self._repeated += first in self._firsts
        self._firsts.add(first)
        return self._repeated > _MAY_REPEAT or not (meta.pagination and meta.pagination.next_page)

    def following(self, page: int, meta: Meta) -> int | None:
        """Return the page that an answer names as the next one; pages only ever go up."""
        following = meta.pagination and meta.pagination.next_page
        if not following:
            return None
        up = isinstance(following, int) and page < following <= MAX_PAGES  # pyright: ignore[reportUnnecessaryIsInstance] - the server decides
        if not up or self._repeated > _MAY_REPEAT:
            raise unexpected(f"page {page} names page {following} as the next one; that would never end")
        return following

    @staticmethod
    def last(meta: Meta) -> int:
        """Return the last page, where an answer tells; else 0."""
        last = meta.pagination and meta.pagination.last_page
        return min(last, MAX_PAGES) if isinstance(last, int) else 0


async def each(
    fetch: _Page[T], per_page: int, connection: AsyncConnection, chunk: int | None = None
) -> AsyncIterator[T]:
    """Give the entries of all pages, in order.

    Once a page has told which is the last, the rest is fetched side by side: all of it at once, or ``chunk`` pages at a
    time. Where the server doesn't tell, one page after the other.
    """
    page: int | None = 1
    pages = _Pages[T]()
    while page:
        entries, meta = await fetch(page=page, per_page=per_page)
        for entry in entries:
            yield entry
        pages.is_last((entries, meta))
        page = pages.following(page, meta)
        last = pages.last(meta)
        while page and page < last:
            end = min(last, page + (chunk or _MOST_AT_ONCE) - 1)
            fetched = await side_by_side(
                partial(fetch, per_page=per_page),
                range(page, end + 1),
                connection.page_window,
                # A list that became shorter ends earlier; what the window asked for beyond is empty.
                pages.is_last,
            )
            for number, (entries, meta) in enumerate(fetched, page):
                for entry in entries:
                    yield entry
                page = pages.following(number, meta)
                if not page:
                    break


async def all_pages(fetch: _Page[T], per_page: int, connection: AsyncConnection) -> list[T]:
    """Collect the entries of all pages; one that moved to another page meanwhile is there once."""
    return Listing({cast("Any", one).id: one async for one in each(fetch, per_page, connection)}.values())


class _Detached:
    """Stands in for the client of a bound object that was pickled."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise HCloudException(
            "this object was pickled, which leaves its client and token behind;"
            " get it anew by its id, or pass it to a method of a client's images, actions or servers"
        )


class AsyncBoundModelBase(Generic[D]):
    """A value that knows the client it came from. Reading it never sends a request.

    :param client: The resource client to use.
    :param data: A JSON object of the API.
    :param complete: Whether ``data`` is all there is to know.
    """

    __slots__ = ()

    model: ClassVar[type[Any]]
    _client: Any
    #: Whether all values are known; ``reload()`` fetches them.
    complete: bool

    def __init_subclass__(cls) -> None:
        # By now the slots are made. Programs walk this name to list the fields.
        cls.__slots__ = cls.model.__slots__

    def __init__(self, client: Any, data: Mapping[str, Any], complete: bool = True) -> None:
        self._client = client
        self.complete = complete  # type: ignore[misc]  # the slot is in the subclasses: two bases can't both have some
        cast("Any", self).parse(data)

    @classmethod
    def bound(cls, client: Any, model: object, *, complete: bool = True) -> Self:
        """Map a generated object."""
        self = cls.__new__(cls)
        self._client = client
        self.complete = complete  # type: ignore[misc]
        cast("Any", self).fill(model)
        return self

    def _bind(self, client: Any, values: dict[str, Any], complete: bool) -> None:
        self._client = client
        self.complete = complete  # type: ignore[misc]
        self._domain().take_values(values)

    def _domain(self) -> D:
        return cast("D", self)

    @property
    def data_model(self) -> D:
        """The values alone, without the client."""
        twin = cast("Any", self.model).__new__(self.model)
        twin.take_values(self._domain().values())
        return cast("D", twin)

    async def reload(self) -> None:
        """Get all values anew.

        :raises HCloudException: of the same kinds as ``get_by_id`` of the resource client.
        """
        self.take(await self._client.get_by_id(cast("Any", self).id))

    def take(self, fresh: D) -> None:
        """Take over all values of a newer object of the same resource."""
        self._bind(self._client, fresh.values(), complete=True)

    def __copy__(self) -> Self:
        twin = type(self).__new__(type(self))
        twin._bind(self._client, self._domain().values(), self.complete)  # noqa: SLF001 - the same class
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        twin._bind(self._client, deepcopy(self._domain().values(), memo), self.complete)  # noqa: SLF001 - the same class
        return twin

    def __getstate__(self) -> tuple[dict[str, Any], bool]:
        return self._domain().values(), self.complete

    def __setstate__(self, state: tuple[dict[str, Any], bool]) -> None:
        self._bind(_Detached(), *state)
