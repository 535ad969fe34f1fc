"""What is measured, by whom: each measure gives for each contender a function that does it once and says how much."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import hcloud
import hcloud.images
import httpx
from hcloud_images import AsyncClient, Client, Exchange
from hcloud_images.images import ImagesPageResult
from hcloud_images_api import models

from benchmarking import server
from benchmarking.process import ServerProcess

TOKEN = "0" * 64
EXCHANGE = Exchange("GET", "/v1/images", 200)
ONCE = Callable[[], float]
Contenders = dict[str, ONCE]
#: A whole script, as short as it gets; the last is what the first can't be faster than.
SCRIPTS = {
    "ours": "from hcloud_images import Client; Client({token!r}, {url!r}).images.get_by_id(1)",
    "official": "from hcloud import Client; Client({token!r}, {url!r}).images.get_by_id(1)",
    "bare": (
        "import httpx, json; request = httpx.Request('GET', {url!r} + '/images/1');"
        " json.loads(httpx.HTTPTransport(verify=False).handle_request(request).read())"
    ),
}


class Bench:
    """The server and the clients.

    :param stock: Where the generator's unchanged output is, importable as ``stock_api``.
    :param python: The interpreter of an environment that has the clients and nothing else.
    """

    def __init__(self, stock: Path, python: Path) -> None:
        self._python = python
        self._server = ServerProcess()
        self.set, self.url = self._server.set, self._server.url
        self.ours = Client(TOKEN, self.url, poll_interval=0)
        self.official = hcloud.Client(TOKEN, self.url, poll_interval=0)
        self.bare = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"})
        sys.path.insert(0, str(stock))
        import stock_api
        import stock_api.api.images.get_image
        import stock_api.api.images.list_images
        import stock_api.models

        self.stock = stock_api
        self.generated = stock_api.Client(base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"})

    def close(self) -> None:
        self.ours.close()
        self.bare.close()
        self.official._client._session.close()  # noqa: SLF001 - a private name: it has no way to be closed
        self.generated.get_httpx_client().close()
        self._server.close()

    # Each of these returns how much it took, by contender.

    def script(self) -> Contenders:
        """Seconds of a whole script that gets one image, without the start of the interpreter."""
        self.set()

        def seconds(code: str) -> float:
            start = time.perf_counter()
            subprocess.run([self._python, "-I", "-c", code], check=True)
            return time.perf_counter() - start

        def once(code: str) -> float:
            return seconds(code) - seconds("pass")

        return {name: partial(once, code.format(token=TOKEN, url=self.url)) for name, code in SCRIPTS.items()}

    def get_one(self) -> Contenders:
        """Seconds for one image over HTTP, the connection kept."""
        self.set()
        get_image = self.stock.api.images.get_image.sync
        return timed(
            50,
            {
                "ours": lambda: self.ours.images.get_by_id(1),
                "official": lambda: self.official.images.get_by_id(1),
                "generated": lambda: get_image(1, client=self.generated),
                "bare": lambda: json.loads(self.bare.get("/images/1").content),
            },
        )

    def page_50(self) -> Contenders:
        """Seconds for a page of 50 images over HTTP."""
        self.set()
        list_images = self.stock.api.images.list_images.sync
        return timed(
            20,
            {
                "ours": lambda: self.ours.images.get_list(per_page=50),
                "official": lambda: self.official.images.get_list(per_page=50),
                "generated": lambda: list_images(client=self.generated, per_page=50),
                "bare": lambda: json.loads(self.bare.get("/images?per_page=50").content),
            },
        )

    def decode_50(self) -> Contenders:
        """Seconds from the bytes of a page of 50 images to a list of bound images."""
        text = server.page(1, 50, 50)
        bound, client = hcloud.images.BoundImage, self.official.images
        return timed(
            50,
            {
                "ours": lambda: self.decoded(text),
                "official": lambda: [bound(client, one) for one in json.loads(text)["images"]],
                "generated": lambda: self.stock.models.ListImagesResponse200.from_dict(json.loads(text)),
                "bare": lambda: json.loads(text),
            },
        )

    def decode_and_read_50(self) -> Contenders:
        """The same, and every field of every image read."""
        text = server.page(1, 50, 50)
        bound, client = hcloud.images.BoundImage, self.official.images
        names = list(server.image(1).keys() - {"deleted"})

        def read(images: list[Any]) -> None:
            for one in images:
                for name in names:
                    getattr(one, name)

        return timed(
            50,
            {
                "ours": lambda: read(self.decoded(text).images),
                "official": lambda: read([bound(client, one) for one in json.loads(text)["images"]]),
            },
        )

    def get_all_10k_sync(self) -> Contenders:
        """Seconds for 10,000 images, each response after 40 ms."""
        self.set(0.04, 10_000)
        return timed(
            1,
            {
                "ours": self.ours.images.get_all,
                "official": self.official.images.get_all,
                "bare": self._bare_all,
            },
        )

    def get_all_10k_async(self) -> Contenders:
        """The same for the async client, against the official one, which has no other."""
        self.set(0.04, 10_000)

        async def all_images() -> None:
            async with AsyncClient(TOKEN, self.url) as client:
                await client.images.get_all()

        return timed(
            1,
            {
                "ours": lambda: anyio.run(all_images),
                "official": self.official.images.get_all,
                "bare": self._bare_all,
            },
        )

    def _bare_all(self) -> None:
        number: int | None = 1
        while number:
            page = json.loads(self.bare.get(f"/images?page={number}&per_page=50").content)
            number = page["meta"]["pagination"]["next_page"]

    def wait_50_requests(self) -> Contenders:
        """Requests to wait for 50 actions that run at the first nine looks."""
        ids = range(1, 51)

        def ours() -> float:
            self.set()
            self.ours.actions.wait(ids, interval=0)
            return float(self.set())

        def official() -> float:
            self.set()
            for number in ids:
                self.official.actions.get_by_id(number).wait_until_finished()
            return float(self.set())

        return {"ours": ours, "official": official}

    def memory_1k(self) -> Contenders:
        """Bytes that 1,000 bound images hold, as they come; what json.loads makes of them is the floor."""
        text = server.page(1, 1000, 1000)
        bound, client = hcloud.images.BoundImage, self.official.images

        def held(make: Callable[[], Any]) -> float:
            gc.collect()
            tracemalloc.start()
            kept = make()
            gc.collect()
            size = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            del kept
            return float(size)

        return {
            "ours": lambda: held(lambda: self.decoded(text).images),
            "official": lambda: held(lambda: [bound(client, one) for one in json.loads(text)["images"]]),
            "bare": lambda: held(lambda: json.loads(text)),
        }

    def decoded(self, text: bytes) -> ImagesPageResult:
        """Do with the bytes of a response what the client does."""
        return self.ours.images._to_page(models.ImagesPage.from_dict(json.loads(text)), EXCHANGE)  # noqa: SLF001 - a private name: measured alone

    def check_equal(self) -> None:
        """Refuse to measure clients that don't give the same."""
        self.set(total=120)
        ours, theirs = self.ours.images.get_all(), self.official.images.get_all()
        found = differences([ours[0], *ours], [self.official.images.get_by_id(1), *theirs])
        found += differences([self.ours.images.get_by_id(1)], theirs[:1])

        async def all_images() -> list[Any]:
            async with AsyncClient(TOKEN, self.url) as client:
                return [image.data_model for image in await client.images.get_all()]

        found += differences(anyio.run(all_images), theirs)
        generated = self.stock.api.images.list_images.sync(client=self.generated, per_page=50).images
        bare = json.loads(self.bare.get("/images?per_page=50").content)["images"]
        ids = [image.id for image in theirs[:50]]
        if found or [one.id for one in generated] != ids or [one["id"] for one in bare] != ids:
            raise SystemExit(f"the clients give different values: {found or 'the ids of the lower layers'}")
        actions = self.ours.actions.wait(range(1, 51), interval=0)
        if [(one.id, one.status) for one in actions] != [(number, "success") for number in range(1, 51)]:
            raise SystemExit("waiting gives other actions than were asked for")


def differences(ours: list[Any], theirs: list[Any]) -> list[tuple[Any, str]]:
    """Return for each value that differs the id of the image, and the field."""
    if len(ours) != len(theirs):
        return [(None, f"{len(ours)} images instead of {len(theirs)}")]
    found = []
    for one, other in zip(ours, theirs, strict=True):
        for name in server.image(1).keys() - {"deleted"}:  # which the official client leaves out
            values = [getattr(one, name), getattr(other, name)]
            if name in {"bound_to", "created_from"}:
                values = [value and value.id for value in values]
            elif name == "deprecation":
                values = [value and (value.announced, value.unavailable_after) for value in values]
            if values[0] != values[1]:
                found.append((one.id, name))
    return found


def timed(times: int, calls: dict[str, Callable[[], Any]]) -> Contenders:
    """Make measures of calls: seconds for one, of a number of calls in a row."""

    def once(call: Callable[[], Any]) -> float:
        start = time.perf_counter()
        for _ in range(times):
            call()
        return (time.perf_counter() - start) / times

    return {name: partial(once, call) for name, call in calls.items()}


#: Measure, and how often it is repeated.
MEASURES: dict[str, tuple[Callable[[Bench], Contenders], int]] = {
    "script": (Bench.script, 25),
    "get_one": (Bench.get_one, 75),
    "page_50": (Bench.page_50, 75),
    "decode_50": (Bench.decode_50, 45),
    "decode_and_read_50": (Bench.decode_and_read_50, 45),
    "get_all_10k_sync": (Bench.get_all_10k_sync, 3),
    "get_all_10k_async": (Bench.get_all_10k_async, 3),
    "wait_50_requests": (Bench.wait_50_requests, 1),
    "memory_1k": (Bench.memory_1k, 3),
}
