"""Completion offers the values that the description knows, where a program is about to write one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, get_args

import yaml
from hcloud_images import actions, images, servers

HERE = Path(__file__).parent
SPEC = yaml.safe_load((HERE.parents[1] / "spec" / "images.yaml").read_text())

# Which alias stands for which argument of an operation, or which field of a schema.
ALIASES = {
    "list_images.type": "ImageType",
    "list_images.status": "ImageStatus",
    "list_images.architecture": "Architecture",
    "list_images.sort": "ImageSort",
    "list_images_actions.status": "ActionStatus",
    "list_images_actions.sort": "ActionSort",
    "list_image_actions.status": "ActionStatus",
    "list_image_actions.sort": "ActionSort",
    "get_actions.status": "ActionStatus",
    "get_actions.sort": "ActionSort",
    "list_servers.status": "ServerStatus",
    "list_servers.sort": "ServerSort",
    "Image.type": "ImageType",
    "Image.status": "ImageStatus",
    "Image.architecture": "Architecture",
    "Action.status": "ActionStatus",
    "UpdateImageBody.type": "ConvertedImageType",
    "CreateImageBody.type": "NewImageType",
}
WITHOUT = {
    "Error.code": "errors have classes; there are more codes than this version knows",
    "Image.os_flavor": "new ones come each year, and nothing takes one as an argument",
    "Server.status": "as in the official client, constants have them",
    **dict.fromkeys(["ServerType.architecture", "ServerType.cpu_type", "ServerType.storage_type"], "nothing takes one"),
}
NOT_OFFERED = {"temporary"}  # a type of images that there was once, offered where a program compares with it alone

# Programs, and what is offered between the quotes.
PROGRAMS = {
    'client.images.get_list(type="")': "ImageType",
    'client.images.get_list(type=[""])': "ImageType",
    'client.images.get_list(type=["app", ""])': "ImageType",
    'client.images.get_list(status="")': "ImageStatus",
    'client.images.get_all(architecture="")': "Architecture",
    'client.images.iter_all(sort="")': "ImageSort",
    'client.images.iter_all(sort=("name", ""))': "ImageSort",
    'client.images.get_by_name_and_architecture("debian-12", "")': "Architecture",
    'client.images.update(image, type="")': "ConvertedImageType",
    'client.images.actions.get_list(status="")': "ActionStatus",
    'client.images.actions.get_all(sort=[""])': "ActionSort",
    'client.servers.create_image(server, type="")': "NewImageType",
    'client.servers.get_list(status="")': "ServerStatus",
    'client.servers.get_all(sort=[""])': "ServerSort",
    'image.get_actions(sort="")': "ActionSort",
    'image.get_actions_list(status="")': "ActionStatus",
    'image.type == ""': "ImageType",
    'image.status == ""': "ImageStatus",
    'image.architecture == ""': "Architecture",
    'action.status == ""': "ActionStatus",
    'later.images.get_list(type="")': "ImageType",
    'Image(status="")': "ImageStatus",
}
START = """
from hcloud_images import AsyncClient, Client
from hcloud_images.images import Image

client, later = Client("x"), AsyncClient("x")
image, action, server = client.images.get_by_id(1), client.actions.get_by_id(1), client.servers.get_by_id(1)
"""


def values(alias: str) -> list[str]:
    door = actions if alias.startswith("Action") else servers if alias.startswith("Server") else images
    literal, anything = get_args(getattr(door, alias))
    assert anything is str
    return list(get_args(literal))


def described() -> Iterator[tuple[str, list[str]]]:
    for name, schema in SPEC["components"]["schemas"].items():
        for field, what in schema.get("properties", {}).items():
            yield f"{name}.{field}", what.get("x-known-values")
    operations = [one for methods in SPEC["paths"].values() for one in methods.values() if "operationId" in one]
    for operation in operations:
        for one in operation.get("parameters", []):
            parameter = SPEC["components"]["parameters"][one["$ref"].split("/")[-1]] if "$ref" in one else one
            items = parameter["schema"].get("items", {})
            yield f"{operation['operationId']}.{parameter['name']}", items.get("x-known-values")


def test_aliases_are_the_described_values() -> None:
    found = {where: some for where, some in described() if some and where not in WITHOUT}
    assert {where: [one for one in some if one not in NOT_OFFERED] for where, some in found.items()} == {
        where: values(alias) for where, alias in ALIASES.items()
    }


class LanguageServer:
    """As much of the protocol of editors as asking for completion takes."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        assert server.stdin
        assert server.stdout
        self.into, self.out = server.stdin, server.stdout
        self.asked = 0

    def send(self, **message: Any) -> None:
        text = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.into.write(b"Content-Length: %d\r\n\r\n%b" % (len(text), text))
        self.into.flush()

    def ask(self, method: str, **parameters: Any) -> Any:
        self.asked += 1
        self.send(id=self.asked, method=method, params=parameters)
        while True:
            headers = dict(line.split(b": ") for line in iter(self.out.readline, b"\r\n"))
            message = json.loads(self.out.read(int(headers[b"Content-Length"])))
            if "method" not in message and message["id"] == self.asked:
                return message["result"]
            if message.get("method") == "workspace/configuration":
                settings = [{"pythonPath": sys.executable} for _ in message["params"]["items"]]
                self.send(id=message["id"], result=settings)
            elif "method" in message and "id" in message:
                self.send(id=message["id"], result=None)


@contextmanager
def language_server() -> Iterator[LanguageServer]:
    command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        patience = Timer(120, process.kill)
        patience.start()
        try:
            yield LanguageServer(process)
        finally:
            patience.cancel()
            process.kill()


def test_completion_offers_the_known_values() -> None:
    uri, text = (HERE / "completion.py").as_uri(), START + "\n".join(PROGRAMS)
    offered: dict[str, list[str]] = {}
    with language_server() as server:
        folders = [{"uri": HERE.as_uri(), "name": "programs"}]
        able = {"workspace": {"configuration": True, "workspaceFolders": True}}
        server.ask("initialize", processId=None, rootUri=None, capabilities=able, workspaceFolders=folders)
        server.send(method="initialized", params={})
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        server.send(method="textDocument/didOpen", params={"textDocument": document})
        for number, program in enumerate(PROGRAMS, START.count("\n")):
            place = {"line": number, "character": program.index('""') + 1}
            found = server.ask("textDocument/completion", textDocument={"uri": uri}, position=place)
            offered[program] = [one["label"].strip('"') for one in found["items"]] if found else []
    assert offered.pop('image.type == ""') == [*values("ImageType"), *NOT_OFFERED]
    assert offered == {program: values(alias) for program, alias in PROGRAMS.items() if program in offered}
    assert len(offered) == len(PROGRAMS) - 1
