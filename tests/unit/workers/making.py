"""Feeds of three lines for trying what runs feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from cop.errors import PayloadError
from cop.model.geometry import point
from cop.model.kinds import Observation
from cop.model.site import Site
from cop.model.text import text
from workers.feed import ContentAt, Feed, Ignored, Item, Poll, Refused, Source

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
URL = "https://data.example.test/levels.csv"


def an_observation(name: str = "a", value: float = 1.0, feed: str = "levels") -> Observation:
    """Make a reading of *feed*."""
    return Observation(
        id=f"{feed}:{name}",
        feed=feed,
        publisher="HKO",
        title=text(name),
        geometry=point(114.17, 22.3),
        measure="level_m",
        value=value,
        unit="m",
    )


def a_site(key: str) -> Site:
    """Make a row of a reference table."""
    return Site(key=key, geometry=point(114.17, 22.3))


def parse_lines(poll: Poll) -> Iterator[Item]:
    """Read lines of `name,value`: `-` is ignored, what is no number refused, `@` is the time."""
    for payload in poll.payloads:
        lines = payload.body.decode().split()
        if not lines or lines[0] != "levels":
            raise PayloadError("the first line is not `levels`")
        for line in lines[1:]:
            name, _, value = line.partition(",")
            if name == "@":
                yield ContentAt(datetime.fromisoformat(value))
            elif value == "-":
                yield Ignored(name, "no reading")
            elif value.replace(".", "").isdecimal():
                yield an_observation(name, float(value))
            else:
                yield Refused(name, f"not a number: {value}")


def a_feed(
    *,
    sources: Iterable[Source] = (Source(name="levels", url=URL),),
    parse: Callable[[Poll], Iterator[Item]] = parse_lines,
    **others: Any,
) -> Feed:
    """Make a feed called `levels`; *others* are its further attributes."""
    return Feed(
        **{
            "key": "levels",
            "title": text("Levels"),
            "publisher": "HKO",
            "licence": "none",
            "sources": tuple(sources),
            "every": timedelta(minutes=1),
            "stale_after": timedelta(minutes=5),
            "parse": parse,
            **others,
        }
    )
