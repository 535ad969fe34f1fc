"""A plugin for pytest: replays each cassette once for each possible change of its responses."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FILE = "MUTATION_RESULTS"
# Other statuses, of another class.
OTHER = {200: 500, 201: 404, 204: 500}
RETYPED: dict[type, Any] = {str: 7, int: "text", float: "text", bool: "yes", dict: "text", list: "text"}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return where fields are; of a list the last entry stands for all, as all are read in the same way."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield (*path, key)
            yield from places(one, (*path, key))
    elif isinstance(value, list) and value:
        yield from places(value[-1], (*path, len(value) - 1))


def mutants(response: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return the changes of a response: their kind, their place, and the changed response."""
    status = response["status"]["code"]
    other = OTHER.get(status, 418)
    yield "status", f"{status} → {other}", {**response, "status": {**response["status"], "code": other}}
    try:
        document = json.loads(response["body"]["string"])
    except ValueError:
        return
    for path in places(document):
        *way, last = path
        holder = document
        for step in way:
            holder = holder[step]
        value = holder[last]
        for kind in ("drop", "rename", "retype", "null"):
            if kind == "null" and value is None:
                continue
            changed = copy.deepcopy(document)
            target = changed
            for step in way:
                target = target[step]
            target.pop(last)
            if kind == "rename":
                target[f"{last}_"] = value
            elif kind != "drop":
                target[last] = None if kind == "null" else RETYPED.get(type(value), 7)
            where = "/" + "/".join(map(str, path))
            # What is missing and what is null are the same to a user, by design.
            kind_ = "equivalent" if kind == "drop" and value is None else kind
            yield kind_, where, {**response, "body": {"string": json.dumps(changed).encode()}}


def pytest_collection_finish() -> None:
    from contract import conftest  # type: ignore[import-not-found]  # noqa: PLC0415 - there while the tests run
    from hcloud_images.testing import cassettes  # noqa: PLC0415
    from vcr.persisters.filesystem import FilesystemPersister  # noqa: PLC0415

    def replay(_: Any, client_kind: Any, path: Path, scenario: Any, options: dict[str, Any]) -> None:
        values = json.loads(path.with_suffix(".json").read_text())
        recorded = cassettes.load(path)

        def noticed(interactions: list[Any]) -> bool:
            persister = FilesystemPersister
            original = persister.load_cassette
            content = [one for one, _ in interactions], [copy.deepcopy(one) for _, one in interactions]
            persister.load_cassette = staticmethod(lambda *_, **__: content)
            try:
                with cassettes.cassette(path):
                    options_ = {**conftest.QUICK, **options}
                    seen = conftest.seen_by(client_kind, scenario, "token", conftest.ENDPOINT, **options_)
            except BaseException:  # noqa: BLE001 - whatever fails a test
                return True
            finally:
                persister.load_cassette = original
            return bool(conftest.ordered(seen) != values)

        if noticed(recorded):
            pytest.fail("fails unchanged")
        with Path(os.environ[FILE]).open("a") as results:
            for number, (request, response) in enumerate(recorded):
                for kind, where, changed in mutants(response):
                    found = noticed([*recorded[:number], (request, changed), *recorded[number + 1 :]])
                    line = [kind, found, f"{path.parent.name}/{path.name}", number + 1, where]
                    results.write(json.dumps(line) + "\n")

    conftest.replay = replay
