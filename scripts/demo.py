"""A tour of the library: every step shows the call, then does it, against a sandbox that this starts and stops."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence

from hcloud_images import AsyncClient, Client, HCloudException, ProtectedException
from hcloud_images.actions import BoundAction
from hcloud_images.images import Image
from hcloud_images_sandbox.server import Sandbox
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.syntax import Syntax
from rich.table import Table

console = Console(width=100 if not sys.stdout.isatty() else None, highlight=False)


def step(title: str, code: str) -> None:
    console.print(f"\n[bold]{title}[/bold]")
    console.print(Syntax(code, "python", background_color="default"))


def show(images: Sequence[Image]) -> None:
    table = Table(
        "id", "type", "name or description", "GB", "labels", box=None, header_style="dim", padding=(0, 3, 0, 2)
    )
    for image in images:
        labels = ", ".join(f"{key}={value}" for key, value in (image.labels or {}).items())
        size = "" if image.image_size is None else f"{image.image_size:g}"
        table.add_row(str(image.id), image.type, image.name or image.description, size, labels)
    console.print(table)


def wait_with_a_bar(action: BoundAction) -> None:
    columns = (TextColumn("  {task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(action.command or "action", total=100)
        while action.status == action.STATUS_RUNNING:
            progress.update(bar, completed=action.progress)
            time.sleep(0.05)
            action.reload()
        progress.update(bar, completed=100)


def tour(client: Client) -> None:
    step(
        "1. What is there? All arm images, newest first.",
        'client.images.get_all(architecture="arm", sort="created:desc")',
    )
    show(client.images.get_all(architecture="arm", sort="created:desc")[:5])

    step(
        "2. A filter that works: snapshots and backups that can be used, two filters with two values.",
        'client.images.get_all(\n    type=["snapshot", "backup"], status=["available", "creating"],'
        ' label_selector="role in (web,db)"\n)',
    )
    show(
        client.images.get_all(
            type=["snapshot", "backup"], status=["available", "creating"], label_selector="role in (web,db)"
        )
    )

    step(
        "3. Create a snapshot of a server, and wait for it.",
        'server = client.servers.get_by_id(42)\ncreated = server.create_image(description="before the upgrade")\n'
        "created.action.wait_until_finished()",
    )
    server = client.servers.get_by_id(42)
    created = server.create_image(description="before the upgrade")
    wait_with_a_bar(created.action)
    created.action.wait_until_finished()

    step(
        "4. Label it. The object stays as it was; the answer is the new state.",
        'image = created.image.update(labels={"keep": "yes"})',
    )
    image = created.image.update(labels={"keep": "yes"})
    show([image])

    step(
        "5. Protect it, and see deletion refused.",
        "image.change_protection(delete=True).wait_until_finished()\nimage.delete()",
    )
    image.change_protection(delete=True).wait_until_finished()
    try:
        image.delete()
    except ProtectedException as error:
        console.print(f"  [red]{type(error).__name__}[/red]: {error}")

    step(
        "6. Lift the protection, and delete it.",
        "image.change_protection(delete=False).wait_until_finished()\nimage.delete()",
    )
    image.change_protection(delete=False).wait_until_finished()
    console.print(f"  {image.delete()}")

    step(
        "7. An error as you meet it: what happened, to which request, and how support finds it.",
        "client.images.get_by_id(image.id)",
    )
    try:
        client.images.get_by_id(image.id or 0)
    except HCloudException as error:
        console.print(f"  [red]{type(error).__name__}[/red]: {error}")


async def tour_async(token: str, url: str) -> None:
    step(
        "8. The same listing, async.",
        "async with AsyncClient(token, api_endpoint) as client:\n"
        '    await client.images.get_all(architecture="arm", sort="created:desc")',
    )
    async with AsyncClient(token, url) as client:
        show((await client.images.get_all(architecture="arm", sort="created:desc"))[:5])


def main() -> None:
    console.rule("hcloud-images")
    console.print(
        "A sandbox that behaves like the API is started on this machine; nothing leaves it, nothing costs money."
    )
    with Sandbox() as sandbox:
        step(
            "0. Connect.",
            f'client = Client("{sandbox.token}", "{sandbox.url}")  # leave out the address for the real API',
        )
        # Each request lets some of the sandbox's time pass, so that nobody has to wait for real.
        sandbox.control.auto_advance(0.1)
        with Client(sandbox.token, sandbox.url, poll_interval=0.1) as client:
            tour(client)
        asyncio.run(tour_async(sandbox.token, sandbox.url))
    console.rule("that was all; the sandbox is stopped")


if __name__ == "__main__":
    main()
