"""Pages that stay as they were, and what happens where the list is not kept."""

from __future__ import annotations

import base64
import random
import time
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.errors import Invalid
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.services.features import paging
from cop.services.features.paging import (
    KEPT_S,
    Key,
    Listing,
    Listings,
    Mark,
    TooOld,
    cut,
    epoch_digest,
    parse_mark,
)
from cop.services.features.sheet import Line

NOW = datetime(2026, 9, 7, tzinfo=UTC)


def listing(ids: list[str], query: str = "", cursor: str = "1-0") -> Listing:
    """Make a list of features with these ids."""
    lines = [Line(one, b"{}", None, None, (), "", "", "", None) for one in sorted(ids)]
    return Listing(Key("e", cursor, Audience.PUBLIC, Kind.ALERT, None, query), lines, (), NOW)


def read_all(found: Listing, limit: int) -> list[str]:
    """Read page after page."""
    read, mark = [], ""
    while True:
        page = cut(found, mark, limit)
        read += [line.id for line in page.lines]
        if page.next is None:
            return read
        mark = parse_mark(page.next.encode()).after


ids = st.sets(st.text(min_size=1, max_size=5), max_size=30)


@given(names=ids, limit=st.integers(1, 12))
def test_pages_are_the_list(names: set[str], limit: int) -> None:
    """Page after page gives everything once, in order; back from the second is the first."""
    found = listing(list(names))
    assert read_all(found, limit) == sorted(names)
    first = cut(found, "", limit)
    assert first.prev is None
    if first.next is not None:
        second = cut(found, first.next.after, limit)
        assert second.prev is not None
        assert cut(found, second.prev.after, limit).lines == first.lines


@given(
    names=ids.filter(lambda names: len(names) > 1),
    gone=ids,
    new=ids,
    limit=st.integers(1, 5),
)
def test_a_list_that_changed_skips_and_doubles_nothing_that_stayed(
    names: set[str], gone: set[str], new: set[str], limit: int
) -> None:
    """Where the list is not kept, the pages go on by id in the list as it is by then."""
    read: list[str] = []
    mark = ""
    found = listing(list(names))
    while True:
        page = cut(found, mark, limit)
        read += [line.id for line in page.lines]
        if page.next is None:
            break
        mark = page.next.after
        found = listing(list((names - gone) | new), cursor="2-0")
    assert len(read) == len(set(read))
    assert (names - gone) - set(read) == set()


def test_a_mark_comes_back_as_it_was() -> None:
    """A link names the state of the picture and the last id, in letters that an address takes."""
    mark = Mark(epoch_digest("e"), "17-3", int(time.time()), "hko_wind:長洲/1 %")
    assert parse_mark(mark.encode()) == mark
    assert mark.encode().replace("-", "").replace("_", "").isalnum()


def encoded(*parts: object) -> str:
    """Write parts as a mark is written."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "x",
        "%%%",
        "長",
        "A" * 2000,
        encoded(),
        encoded("e", "1-0", "soon", "a"),
        encoded("e", "not a cursor", 0, "a"),
        encoded("e", "1-0", 0),
        encoded("e", None, 0, "a"),
        encoded({"a": 1}, "1-0", 10, "a"),
    ],
)
def test_what_is_no_mark_is_refused(words: str) -> None:
    """Nothing that was not written here is taken for a page."""
    with pytest.raises(Invalid, match="page"):
        parse_mark(words)


def test_an_old_link_says_to_begin_anew() -> None:
    """After a quarter of an hour, or from the future, a link is refused with what to do."""
    now = int(time.time())
    for issued in (now - int(KEPT_S) - 301, now + 3600):
        with pytest.raises(TooOld, match="begin anew"):
            parse_mark(encoded("e", "1-0", issued, "a"))
    assert parse_mark(encoded("e", "1-0", now - int(KEPT_S) + 5, "a")).after == "a"


def test_few_lists_are_kept_and_the_last_used_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory has a bound, in lists and in lines; what nobody reads any more is forgotten."""
    monkeypatch.setattr(paging, "MOST_KEPT", 3)
    kept = Listings()
    lists = [listing(["a"], str(number)) for number in range(4)]
    for one in lists[:3]:
        kept.keep(one)
    assert kept.find(lists[0].key) is lists[0]
    kept.keep(lists[3])
    assert kept.find(lists[1].key) is None, "not asked for the longest"
    assert kept.find(lists[0].key) is lists[0]
    monkeypatch.setattr(paging, "MOST_LINES", 10)
    kept.keep(listing([str(random.random()) for _ in range(10)], "large"))
    assert len(kept) == 1
    monkeypatch.setattr(paging, "KEPT_S", -1.0)
    assert kept.find(lists[0].key) is None
    assert len(kept) == 0


def test_what_the_lists_hold_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes with every poll is held by the lists alone: bytes count, shared ones once."""
    monkeypatch.setattr(paging, "MOST_BYTES", 100)
    kept = Listings()
    same = listing([str(number) for number in range(20)], "same")
    for number in range(30):  # forty bytes, and the same lines in each
        kept.keep(replace(same, key=replace(same.key, query=str(number))))
    assert len(kept) == 30
    changed = [listing([str(n) for n in range(20)], f"changed {number}") for number in range(4)]
    for one in changed:
        kept.keep(one)
    assert len(kept) == 2, "forty bytes of their own each"
    assert kept.find(changed[3].key) is changed[3]
    large = listing([str(number) for number in range(99)], "large")
    kept.keep(large)
    assert kept.find(large.key) is large, "the newest is kept, whatever its size"
    kept.keep(same)
    assert (len(kept), kept.find(same.key)) == (1, same)
