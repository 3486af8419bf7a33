"""A stream cut into events, however it comes and whatever is in it."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.formats.cot.stream import Garbage, Splitter

ONE = b'<event uid="1" a=">"><point/></event>'
TWO = b"<event uid='2'><point/>\n</event>"
EMPTY = b'<event uid="/>"/>'
HEADER = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = (ONE, TWO, EMPTY, HEADER + ONE, b"\n" + TWO)


def split(body: bytes, sizes: list[int] | None = None, **options: int) -> list[bytes | str]:
    """Feed *body* in pieces of *sizes*; give events, and words for garbage."""
    splitter, found = Splitter(**options), []
    sizes = sizes or [len(body)]
    turn = 0
    while body:
        size = sizes[turn % len(sizes)]
        piece, body, turn = body[:size], body[size:], turn + 1
        found += [str(one) if isinstance(one, Garbage) else one for one in splitter.feed(piece)]
    return found


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.lists(st.integers(1, 50), min_size=1))
def test_events_are_found_however_they_are_cut(parts: list[bytes], sizes: list[int]) -> None:
    """Pieces, headers and blanks make no difference."""
    wanted = [part.removeprefix(HEADER).strip() for part in parts]
    assert split(b"".join(parts), sizes) == wanted


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    ("garbage", "told"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1),
        (b'<auth><cot username="a"/></auth>', 1),
        (b"\xbf\x01\xbf\x12\x0a", 1),
        (b"<!-- a comment -->", 1),
        (b"\x00" * 3000, 1),
        (b"</event></event>", 1),
    ],
    ids=["http", "auth", "protobuf", "comment", "zeros", "ends alone"],
)
def test_garbage_is_told_once_and_what_follows_is_found(
    garbage: bytes, told: int, size: int
) -> None:
    """A run of what is no event is one fault."""
    found = split(garbage + ONE + TWO, [size])
    assert found[told:] == [ONE, TWO]
    assert found[:told] == ["what came is no event"] * told


@pytest.mark.parametrize("size", [1, 100, 100_000])
def test_an_event_that_never_ends_is_refused(size: int) -> None:
    """It is told once in 1000 bytes, no more is held, and the next event is found."""
    splitter = Splitter(1000)
    found: list[bytes | Garbage] = []
    body = b"<event " + b"x" * 5000
    for begin in range(0, len(body), size):
        found += splitter.feed(body[begin : begin + size])
        assert len(splitter._held) <= 1000 + size
    found += splitter.feed(b"</event>" + ONE)
    assert all(isinstance(one, Garbage) for one in found[:-1])
    assert 1 <= len(found[:-1]) <= len(body) // 1000
    assert found[-1] == ONE


def test_garbage_without_end_is_told_again_and_again() -> None:
    """Whoever sends nothing else is noticed by it."""
    splitter = Splitter(1000)
    found = [one for _ in range(50) for one in splitter.feed(b"x" * 100)]
    assert [isinstance(one, Garbage) for one in found] == [True] * 5


def test_a_whole_event_that_is_too_large_is_refused() -> None:
    """Also where it comes in one piece."""
    body = b"<event>" + b"x" * 2000 + b"</event>"
    assert split(body + ONE, most_bytes=1000) == ["an event of more than 1,000 bytes", ONE]


def test_a_stream_of_single_bytes_costs_little() -> None:
    """What was looked at is not looked at again: the work grows with the bytes alone."""
    body = b"<event " + b'a="' * 20_000
    splitter = Splitter()
    began = time.process_time()
    for byte in body:
        list(splitter.feed(bytes([byte])))
    assert time.process_time() - began < 20


@given(st.binary(max_size=400), st.randoms())
def test_nothing_breaks_it(body: bytes, chance: random.Random) -> None:
    """Whatever comes, it gives events and garbage, and an event after it is found."""
    found = split(body.replace(b"<event", b"<Event") + b"\n" + ONE, [chance.randint(1, 9)])
    assert found[-1] == ONE
