"""A tour of the library: every step shows the call, then does it, against a sandbox that this starts and stops."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path

from hcloud_images import AsyncClient, Client, HCloudException, ProtectedException
from hcloud_images.terminal import progress_bar
from hcloud_images_sandbox.server import Sandbox
from rich.console import Console
from rich.syntax import Syntax

console = Console(width=100 if not sys.stdout.isatty() else None, highlight=False)
#: The steps that the picture of the README shows.
PICTURED = ("2", "3", "4", "5")


def step(title: str, code: str) -> None:
    console.record = title.startswith(PICTURED)
    console.print(f"\n[bold]{title}[/bold]")
    console.print(Syntax(code, "python", background_color="default"))


def tour(client: Client) -> None:
    step(
        "1. What is there? The five newest arm images.",
        'client.images.get_all(architecture="arm", sort="created:desc")[:5]',
    )
    console.print(client.images.get_all(architecture="arm", sort="created:desc")[:5])

    step(
        "2. A filter that works: snapshots and backups that can be used, two filters with two values.",
        'client.images.get_all(\n    type=["snapshot", "backup"], status=["available", "creating"],'
        ' label_selector="role in (web,db)"\n)',
    )
    console.print(
        client.images.get_all(
            type=["snapshot", "backup"], status=["available", "creating"], label_selector="role in (web,db)"
        )
    )

    step(
        "3. Create a snapshot of a server, and wait for it.",
        'server = client.servers.get_by_id(42)\ncreated = server.create_image(description="before the upgrade")\n'
        "client.actions.wait([created.action], on_progress=progress_bar())",
    )
    server = client.servers.get_by_id(42)
    created = server.create_image(description="before the upgrade")
    client.actions.wait([created.action], interval=0.05, on_progress=progress_bar(console))

    step(
        "4. Label it. The object doesn't change; the result is the new state.",
        'image = created.image.update(labels={"keep": "yes"})',
    )
    image = created.image.update(labels={"keep": "yes"})
    console.print(image.labels)

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
        "7. An error says what happened, to which request, and which id to quote to support.",
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
        '    (await client.images.get_all(architecture="arm", sort="created:desc"))[:5]',
    )
    async with AsyncClient(token, url) as client:
        console.print((await client.images.get_all(architecture="arm", sort="created:desc"))[:5])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", metavar="FILE", help="save some of it as an SVG")
    picture = parser.parse_args().picture
    if picture:
        console.width = 100
    console.rule("hcloud-images")
    console.print(
        "This starts a sandbox, a local server that behaves like the API. Nothing leaves this machine or costs money."
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
    console.record = False
    console.rule("done; the sandbox is stopped")
    if picture:
        # With the reader's fonts, instead of some that the picture would fetch.
        svg = console.export_svg(title="make demo", unique_id="demo")
        Path(picture).write_text(re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL))


if __name__ == "__main__":
    main()
