# vcrpy has no types; this is the one door to it.
# pyright: basic
"""Cassettes that are matched strictly, played whole and in order, and easy to read in a review."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeAlias

from hcloud_images.errors import HCloudException
from hcloud_images.testing.scrubbing import Scrubber

try:
    import yaml
    from vcr import VCR
    from vcr.persisters.filesystem import FilesystemPersister
    from vcr.record_mode import RecordMode
    from vcr.serializers import yamlserializer
except ImportError as _missing:
    raise ImportError("hcloud_images.testing needs vcrpy: pip install 'hcloud-images[testing]'") from _missing

#: What a request is compared by; headers hold nothing that the API acts on, but for the token.
PARTS = ("method", "scheme", "host", "port", "path", "query", "body")

#: vcrpy's own.
Request: TypeAlias = Any
#: Returns, of a request and one of the ``PARTS``, what is compared.
Match: TypeAlias = Callable[[Any, str], Any]

if TYPE_CHECKING:

    class Cassette:
        """As much of vcrpy's as is used here."""

        data: list[tuple[Request, dict[str, Any]]]
        play_counts: Counter[int]
        write_protected: bool
        _path: str

        def __init__(self, *arguments: Any, **options: Any) -> None: ...
        def filter_request(self, request: Request) -> Request:
            """Return what is kept of a request."""
            ...

        @classmethod
        def use(cls, **options: Any) -> AbstractContextManager[Self]:
            """Put one in the way of all requests."""
            ...

else:
    from vcr.cassette import Cassette


class CassetteError(HCloudException, AssertionError):
    """The requests don't match the cassette."""


def _body(request: Request) -> Any:
    text: Any = request.body or b""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def part(request: Request, name: str) -> Any:
    """Return a part of a request to compare: the query as it was sent, the body as a JSON value."""
    if name == "query":
        return request.parsed_uri.query
    return _body(request) if name == "body" else getattr(request, name)


def differences(asked: Request, recorded: Request, match: Match = part) -> list[str]:
    """Say in which parts two requests differ."""
    pairs = [(name, match(asked, name), match(recorded, name)) for name in PARTS]
    return [f"{name}: requested {one!r}, recorded {other!r}" for name, one, other in pairs if one != other]


def shown(request: Request) -> str:
    """Name a request in a message."""
    text = f"{request.method} {request.uri}"
    return text if _body(request) is None else f"{text} {json.dumps(_body(request), default=str)}"


class StrictCassette(Cassette):
    """Plays each recorded interaction once, in the order of recording.

    One thing is left open: reads of one path that follow each other may come in any order, as concurrent pages
    do; equal ones among them are replayed in the order of recording.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lock = threading.RLock()
        self.complaint: str = ""
        self.match: Match = part

    def _next(self) -> list[int]:
        """Return the places that may be played now."""
        left = [index for index in range(len(self.data)) if not self.play_counts[index]]
        if not left:
            return []
        first = self.data[left[0]][0]
        allowed = [left[0]]
        for index in left[1:]:
            request = self.data[index][0]
            if first.method != "GET" or request.method != "GET" or request.path != first.path:
                break
            allowed.append(index)
        return allowed

    def _place(self, request: Request) -> int | None:
        asked = self.filter_request(request)
        return next((index for index in self._next() if not differences(asked, self.data[index][0], self.match)), None)

    def can_play_response_for(self, request: Request) -> bool:
        """Tell vcrpy whether to play; raise an error if no recording fits."""
        if not self.write_protected:
            return False
        with self._lock:
            if self.complaint or self._place(request) is None:
                self._refuse(request)
        return True

    def play_response(self, request: Request) -> Any:
        """Play what was recorded for a request."""
        with self._lock:
            place = self._place(request)
            if place is None:  # another thread was faster with an equal request
                self._refuse(request)
            self.play_counts[place] += 1
            return self.data[place][1]

    def _refuse(self, request: Request) -> NoReturn:
        # Requests after the first mismatch follow from it.
        self.complaint = self.complaint or self._complaint(self.filter_request(request))
        raise CassetteError(self.complaint)

    def _complaint(self, asked: Request) -> str:
        lines = [f"{self._path}: nothing is recorded for {shown(asked)} at this point"]
        allowed = self._next()
        same = [index for index, (recorded, _) in enumerate(self.data) if not differences(asked, recorded, self.match)]
        if not self.data:
            lines.append("there is no such cassette, or it is empty; record it with --record-mode=once")
        elif not allowed:
            lines.append("everything recorded has been played: the cassette lacks this request")
        for index in allowed:
            lines.append(f"interaction {index + 1} is next: {shown(self.data[index][0])}")
            lines += [f"  {one}" for one in differences(asked, self.data[index][0], self.match)]
        lines += [
            f"interaction {index + 1} is this request, "
            + ("but has been played already" if self.play_counts[index] else "but comes later: the order differs")
            for index in same
            if index not in allowed
        ]
        return "\n".join(lines)

    def require_played(self) -> None:
        """Fail if a request has no recording, or a recording was never requested.

        :raises CassetteError: with these requests.
        """
        if self.complaint:
            raise CassetteError(self.complaint)
        left = [index for index in range(len(self.data)) if not self.play_counts[index]]
        if left:
            lines = (f"interaction {index + 1} was never requested: {shown(self.data[index][0])}" for index in left)
            raise CassetteError(f"{self._path}: " + "\n".join(lines))


class _Dumper(yaml.CSafeDumper):
    """Writes text of several lines as such."""


def _text(dumper: yaml.CSafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def _same(number: str) -> float:
    if str(float(number)) != number:
        raise ValueError(number)
    return float(number)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError(pairs)
    return dict(pairs)


def _pretty(text: str) -> str:
    """Spread JSON over lines, where nothing gets lost by it."""
    try:
        return json.dumps(json.loads(text, parse_float=_same, object_pairs_hook=_once), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


class _Readable:
    """A serializer of vcrpy; what it reads is any cassette of vcrpy's own."""

    deserialize = staticmethod(yamlserializer.deserialize)

    @staticmethod
    def serialize(content: Mapping[str, Any]) -> str:
        for interaction in content["interactions"]:
            request, response = interaction["request"], interaction["response"]
            if request["body"]:
                request["body"] = _pretty(request["body"])
            if isinstance(response["body"]["string"], str):
                response["body"]["string"] = _pretty(response["body"]["string"])
        text: str = yaml.dump(dict(content), Dumper=_Dumper, allow_unicode=True, width=1000)
        return text


def load(path: str | Path) -> list[tuple[Any, dict[str, Any]]]:
    """Read the interactions of a cassette: pairs of vcrpy's request and response."""
    requests, responses = FilesystemPersister.load_cassette(str(path), yamlserializer)[:2]
    return list(zip(requests, responses, strict=True))


@contextmanager
def cassette(
    path: str | Path, *, record: bool = False, scrubber: Scrubber | None = None, match: Match = part
) -> Iterator[StrictCassette]:
    """Replay a cassette, or record it again.

    :param path: The file, with its ending.
    :param record: Whether to send requests and record the responses, instead of replaying.
    :param scrubber: What is removed before anything is written; by default everything private, but a token only from
        headers.
    :param match: What is compared of each part of a request; by default all of it.
    :raises CassetteError: when the requests don't match the cassette; at the end at the latest.
    """
    scrubber = scrubber or Scrubber(private=record)
    vcr = VCR(
        serializer="readable",
        record_mode=RecordMode.ALL if record else RecordMode.NONE,
        before_record_request=scrubber.request,
        before_record_response=scrubber.answer if record else None,
        decode_compressed_response=True,
        record_on_exception=False,
    )
    vcr.register_serializer("readable", _Readable)
    if record:
        Path(path).unlink(missing_ok=True)
    options = vcr.get_merged_config(path=str(path))
    with StrictCassette.use(**options) as strict:
        strict.match = match
        yield strict
    if not record:
        strict.require_played()
