"""Traffic notices over several polls and in hostile mark-up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cop.model.entity import Entity
from workers.feed import Payload, Poll
from workers.feeds.td_notices import FEED, LONGEST, strip_html

NOW = datetime(2027, 6, 8, 2, 0, tzinfo=UTC)


def _payload(place: int, *numbers: int) -> Payload:
    notices = "".join(
        f"<Notice><TNID>{n}</TNID><Title_EN>Notice {n}</Title_EN></Notice>" for n in numbers
    )
    return Payload(FEED.sources[place], f"<List>{notices}</List>".encode())


def _notes(payloads: tuple[Payload, ...], known: tuple[Entity, ...] = ()) -> list[Entity]:
    poll = Poll(NOW, payloads, {}, {entity.id: entity for entity in known})
    return [item for item in FEED.parse(poll) if isinstance(item, Entity)]


def test_missing_file_ends_nothing() -> None:
    """The notices of a file that did not arrive stay; those gone from one that did are ended."""
    before = _notes((_payload(0, 1, 2), _payload(7, 8)))
    after = _notes((_payload(0, 2),), tuple(before))
    assert {note.id for note in after} == {"td_notices:2", "td_notices:8"}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<p>One&amp;nbsp;two</p><p>Three</p>", "One two\nThree"),
        ("&lt;p&gt;Four &amp;amp; five&lt;/p&gt;", "Four & five"),
        ("<script>alert(1)</script>Six<img src=x onerror=alert(2)>", "Six"),
        ("7 < 8", "7 < 8"),
    ],
)
def test_mark_up_is_stripped(raw: str, words: str) -> None:
    """Only words are left of HTML, however often it was escaped."""
    assert strip_html(raw) == words


def test_long_notice_is_cut() -> None:
    """A notice without end is cut, and says so."""
    assert strip_html("word " * LONGEST).endswith("…")
    assert len(strip_html("word " * LONGEST)) == LONGEST
