"""What recipes return, and the notes of exceptions that end them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from attrs import field, frozen

from hcloud_images.errors import ActionException, HCloudException
from hcloud_images.images import Image
from hcloud_images.recipes._decisions import Decision, server_of
from hcloud_images.servers import Server


@frozen
class Failure:
    """A failure, and its error.

    :param error: The error.
    :param server: Id of the server, if the error is about one.
    :param image: Id of the image, if the error is about one.
    """

    error: HCloudException
    server: int | None = None
    image: int | None = None

    def __str__(self) -> str:
        about = [f"{what} {id}" for what, id in (("server", self.server), ("image", self.image)) if id is not None]
        texts = [f"{type(self.error).__name__}: {self.error}", *getattr(self.error, "__notes__", ())]
        if isinstance(self.error, ActionException) and texts[1:]:  # its first note says it all, but for the code
            error: Mapping[str, Any] = self.error.action.error or {}
            texts[:2] = [f"{texts[1]} ({error['code']})" if error.get("code") else texts[1]]
        return f"{', '.join(about) or 'all'}: {'; '.join(text.rstrip('.') for text in texts)}"


@frozen(kw_only=True)
class CleanupReport:
    """What was decided about images, and what was done.

    :param dry_run: Whether this was a dry run, which does nothing.
    :param decisions: Whether to keep each image, and why; the newest first.
    :param deleted: Images that were deleted, by this run or at the same time; none in a dry run.
    :param failed: What couldn't be done.
    """

    dry_run: bool = False
    decisions: tuple[Decision, ...] = ()
    deleted: tuple[Image, ...] = ()
    failed: tuple[Failure, ...] = ()

    @property
    def kept(self) -> tuple[Image, ...]:
        """The images that are to be kept."""
        return tuple(decision.image for decision in self.decisions if decision.keep)

    def _counts(self) -> list[str]:
        if self.dry_run:
            return [f"{len(self.decisions) - len(self.kept)} to delete", f"{len(self.kept)} to keep"]
        return [f"{len(self.deleted)} deleted", f"{len(self.kept)} kept", f"{len(self.failed)} failed"]

    def _lines(self) -> list[str]:
        return [*map(str, self.decisions if self.dry_run else ()), *(f"failed: {failure}" for failure in self.failed)]

    def __str__(self) -> str:
        return "\n".join([", ".join(self._counts()), *self._lines()])


@frozen
class ServerDecision:
    """Whether to create a snapshot of a server, and why.

    :param server: The server; with only its id if ids were passed.
    :param create: Whether one is created.
    :param reason: Why, in words.
    """

    server: Server
    create: bool
    reason: str

    def __str__(self) -> str:
        return f"{'create' if self.create else 'no'} snapshot of server {self.server.id}: {self.reason}"


@frozen(kw_only=True)
class NightlyReport(CleanupReport):
    """What ``nightly`` did; in a dry run, what it would do.

    :param night: The date of the night.
    :param servers: Whether to create a snapshot of each server, and why.
    :param created: Snapshots that this run started, or found after an unclear failure, and that are available.
    :param dry_run: Whether this was a dry run, which does nothing.
    :param decisions: Whether to keep each image, and why; the newest first.
    :param deleted: Images that were deleted, by this run or at the same time; none in a dry run.
    :param failed: What couldn't be done; run it again for these.
    """

    night: date
    servers: tuple[ServerDecision, ...] = ()
    created: tuple[Image, ...] = ()

    def _counts(self) -> list[str]:
        planned = sum(decision.create for decision in self.servers)
        first = f"{planned} to create" if self.dry_run else f"{len(self.created)} created"
        servers = f"{len(self.servers)} server{'s' * (len(self.servers) != 1)}"
        return [f"night {self.night}: {servers}", first, *super()._counts()]

    def _lines(self) -> list[str]:
        return [*map(str, self.servers if self.dry_run else ()), *super()._lines()]


@frozen
class Conversion:
    """The result of converting a backup; in a dry run, what it would be.

    :param image: The snapshot; in a dry run, the backup that would become it. ``None`` when there is none, or it
        isn't known which.
    :param converted: Whether this run converted it, or would.
    :param reason: Why, in words.
    """

    image: Image | None
    converted: bool
    reason: str = field(default="")

    def __str__(self) -> str:
        return self.reason


@contextmanager
def noting(describe: Callable[[], str]) -> Generator[None, None, None]:
    """Add a note to any exception that ends a block: errors, Ctrl-C, SystemExit, cancellation."""
    try:
        yield
    except BaseException as error:
        if text := describe():
            error.add_note(text)
        raise


def name_image(image: Image) -> str:
    """Name an image and its server."""
    return f"image {image.id} of server {server_of(image)}"
