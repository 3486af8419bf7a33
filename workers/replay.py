"""Exercises: a scenario answers every request in the publishers' own formats."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import httpx

from cop.clock import Clock
from cop.errors import Misconfigured, NotFound
from cop.model.text import Text
from workers import scenarios

GZIP_FROM: Final = 1_000
"""Bytes from which a body is sent compressed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a publisher answers.

    Attributes:
        body: the document, not compressed.
        modified_at: since when the document has been as it is; None where the publisher sends no
            validators.
        content_type: as the publisher sends it, right or wrong.
        status: the HTTP status.
    """

    body: bytes
    modified_at: datetime | None = None
    content_type: str = "application/octet-stream"
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A course of events that can be played at any speed.

    Attributes:
        key: its name on the command line.
        title: what people call it.
        summary: what happens in it, and how much of it is on public record.
        start: the scenario's time at which an exercise begins.
        end: when the story is over; the city goes on after it.
        default_speed: scenario seconds per real second.
        answer: the reply to a GET of a URL at a time; None where nobody answers.
        cameras_dir: folder of the files that set up its cameras; None where nothing is counted.
        cap_sources_dir: folder of the files that set up its CAP sources; None: it has none.
    """

    key: str
    title: Text
    summary: Text
    start: datetime
    end: datetime
    default_speed: float
    answer: Callable[[str, datetime], Reply | None]
    cameras_dir: Path | None = None
    cap_sources_dir: Path | None = None

    def respond(self, url: str, now: datetime) -> Reply | None:
        """Give the reply to a GET of *url* at *now*; the same for the same time, always."""
        return self.answer(url, now)


class ReplayTransport(httpx.BaseTransport):
    """Answers requests from a scenario at the time of a clock; never reaches a network."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        """Answer from *scenario*, at the time that *clock* tells."""
        self._scenario = scenario
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer like the publisher: 200, 304 to a validator that still holds, 404 to the rest."""
        now = self._clock.now()
        headers = {"Date": format_datetime(now, usegmt=True)}
        if request.method != "GET":
            return httpx.Response(405, headers=headers, request=request)
        reply = self._scenario.respond(str(request.url), now)
        if reply is None:
            return httpx.Response(404, headers=headers, content=b"not found", request=request)
        headers["Content-Type"] = reply.content_type
        if reply.modified_at is not None:
            headers["ETag"] = etag(reply.body)
            headers["Last-Modified"] = format_datetime(reply.modified_at, usegmt=True)
            if reply.status == 200 and holds(request.headers, headers["ETag"], reply.modified_at):
                return httpx.Response(304, headers=headers, request=request)
        body = reply.body
        if len(body) >= GZIP_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
            body = compressed(body)
            headers["Content-Encoding"] = "gzip"
        return httpx.Response(
            reply.status,
            headers={**headers, "Content-Length": str(len(body))},
            stream=httpx.ByteStream(body),
            request=request,
        )


def holds(asked: Mapping[str, str], tag: str, modified_at: datetime) -> bool:
    """Tell whether a conditional request's validator still holds; an ETag goes before a date."""
    tags = asked.get("If-None-Match", "")
    if tags:
        return tag in (candidate.strip().removeprefix("W/") for candidate in tags.split(","))
    try:
        since = parsedate_to_datetime(asked.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return modified_at - since < timedelta(seconds=1)


@lru_cache(maxsize=64)
def etag(body: bytes) -> str:
    """Give a strong validator of *body*."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


@lru_cache(maxsize=32)
def compressed(body: bytes) -> bytes:
    """Give *body* in gzip, always the same bytes for the same body."""
    return gzip.compress(body, compresslevel=1, mtime=0)


@cache
def find_scenarios() -> Mapping[str, Scenario]:
    """Import every scenario; key to scenario, sorted by key.

    Raises:
        Misconfigured: a module has no `SCENARIO`, or two have the same key.
    """
    found: dict[str, Scenario] = {}
    for _, name, _ in pkgutil.iter_modules(scenarios.__path__):
        module = importlib.import_module(f"{scenarios.__name__}.{name}")
        scenario = getattr(module, "SCENARIO", None)
        if not isinstance(scenario, Scenario):
            raise Misconfigured(f"workers/scenarios/{name}.py has no SCENARIO")
        if scenario.key in found:
            raise Misconfigured(f"two scenarios have the key {scenario.key!r}")
        found[scenario.key] = scenario
    return MappingProxyType(dict(sorted(found.items())))


def find_scenario(key: str) -> Scenario:
    """Give a scenario; raises NotFound, naming those there are, when there is no such one."""
    known = find_scenarios()
    if key not in known:
        raise NotFound(f"there is no scenario {key!r}; there are {', '.join(known) or 'none'}")
    return known[key]
