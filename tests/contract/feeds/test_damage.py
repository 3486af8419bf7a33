"""Documents damaged in every way: a reason comes out, never a crash or a number without end."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cop.errors import PayloadError
from cop.model.entity import Entity
from tests.contract.cases import find_cases, find_feeds, outcome, read_case, with_bodies
from workers.feed import Feed

FEEDS = find_feeds()
CASES = [
    pytest.param(feed, case, id=f"{key}-{case.name}")
    for key, feed in FEEDS.items()
    for case in find_cases(key)
]
ODD: tuple[Any, ...] = (None, "", [], {}, "?", -1, 1e300, True, [None], {"data": None}, "\ud7ff")

HOSTILE = (
    *(b"NaN", b"Infinity", b"1e999", b"-1e308", b"9" * 400, b"null", b"[]", b"{}", b"-0", b"\r"),
    *(b"&amp;#8238;", b"&", b"\x00", b"\x1b[31m", "\u202e".encode(), b"<script>", b'"', b"<a>"),
    *(b"9999-12-31T23:59:59+08:00", b"0001-01-01T00:00:00+14:00", b"\xff\xfe", b"[" * 5000),
)
"""What hostile, broken or careless publishers write where a value belongs."""

VALUES = re.compile(rb'(?<=[:\s,>|"])[^<>{}\[\]",|\r\n]+(?=["<,|}\]\r\n])')
"""A value in JSON, in a table or in XML."""

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def is_clean(value: Any) -> bool:
    """Tell whether all numbers in *value* are finite and no text hides a mark."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            if UNSEEN.search(one):
                return False
        elif isinstance(one, float):
            if not math.isfinite(one):
                return False
        elif isinstance(one, dict):
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return True


def flips(body: bytes, seed: int) -> Iterator[bytes]:
    """Give *body* with bytes changed, cut out and doubled, at random but always the same."""
    chance = random.Random(seed)
    places = list(VALUES.finditer(body, 0, 200_000))
    for _ in range(25):
        at, length = chance.randrange(len(body)), chance.randrange(1, 30)
        yield body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        yield body[:at] + body[at + length :]
        yield body[: at + length] + body[at:]
        yield body[:at] + chance.choice(HOSTILE) + body[at + chance.randrange(3) :]
        inside = chance.choice(places) if places else None
        if inside is not None:
            yield body[: inside.start()] + chance.choice(HOSTILE) + body[inside.end() :]


def swaps(body: bytes) -> Iterator[bytes]:
    """Give the JSON document *body* with each of its values replaced by odd ones in turn."""
    document = json.loads(body)

    def places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in inner:
            yield (*path, key)
            if isinstance(child, (dict, list)):
                yield from places(child, (*path, key))

    for path in places(document, ()):
        for odd in ODD:
            changed = json.loads(body)
            inner = changed
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = odd
            yield json.dumps(changed).encode()


@pytest.mark.parametrize(("feed", "case"), CASES)
def test_damage_gives_a_reason(feed: Feed, case: Path) -> None:
    """Whatever is changed, the outcome is a refusal or entities that can be encoded."""
    poll = read_case(feed, case)
    whole = [payload.body for payload in poll.payloads]
    for index, body in enumerate(whole):
        damaged = list(flips(body, seed=index))
        if body.lstrip(b"\xef\xbb\xbf").startswith(b"{"):
            damaged += swaps(body)
        for other in damaged:
            changed = with_bodies(poll, [*whole[:index], other, *whole[index + 1 :]])
            try:
                made = outcome(feed.parse(changed))
            except PayloadError:
                continue
            assert all(reason for _, reason in made["ignored"] + made["refused"])
            assert is_clean(made["entities"])
            assert is_clean(made["sites"])


@pytest.mark.parametrize(("feed", "case"), CASES)
def test_every_entity_is_readable_after_damage(feed: Feed, case: Path) -> None:
    """An entity made from a damaged document still has an id of its feed and a title."""
    poll = read_case(feed, case)
    whole = [payload.body for payload in poll.payloads]
    for index, body in enumerate(whole):
        for other in flips(body, seed=100 + index):
            changed = with_bodies(poll, [*whole[:index], other, *whole[index + 1 :]])
            try:
                items = list(feed.parse(changed))
            except PayloadError:
                continue
            for entity in items:
                if isinstance(entity, Entity):
                    assert entity.id.startswith(f"{feed.key}:")
                    assert any(entity.title.values())
