"""Inputs that once did harm, each by its own name; none of them may again.

Those of one module alone stand in that module's own tests.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from cop.errors import Invalid, PayloadError
from cop.formats.halls import shelter_key
from cop.formats.prose import plain_text
from cop.formats.roads import cause_of, read_stretch, split_list
from cop.formats.shelters import read_announcements
from cop.formats.traffic_news import Report, read_first_generation
from cop.services.features.cql2 import parse
from cop.store.memory import MemoryStore
from tests.fuzz.targets import targets
from tests.unit.services.ingesting import gauge, take
from workers.feeds.ha_waiting import _DURATION
from workers.feeds.had_shelters import _fields
from workers.feeds.td_notices import strip_html

FEEDS = targets()
HANGS_S = 45


class Hangs(Exception):
    """It takes so long that it may never end."""


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANGS_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "words",
    [
        "<script></" * 100_000,
        "<script><style>" * 60_000,
        "<tr><td>" * 100_000,
        "x" + " " * 300_000 + "y",
    ],
    ids=["script", "style", "row", "blanks"],
)
def test_markup_without_end_is_read_once(words: str) -> None:
    """Elements that open and never close cost no more than their length."""
    assert "script" not in plain_text(words)
    strip_html(words)


def test_comments_without_end_are_read_once() -> None:
    """The same of comments, in the notices of the Transport Department."""
    assert strip_html("<!--" * 200_000) is not None


def test_markup_is_still_left_out() -> None:
    """What a page hides stays hidden, and rows stay lines."""
    assert plain_text("a<script>b<c></script >d<style\n>e</style>f") == "a d f"
    assert plain_text("<table><tr>\n<td>A</td>\n<td>B</td></tr><tr><td>C</td></tr>") == "A\tB\nC"
    assert plain_text("a   \t  b") == "a\tb"
    assert strip_html("a<!-- b -->c<script>d</script>e") == "a c e"


def test_words_that_can_be_parted_in_many_ways_are_parted_in_one() -> None:
    """`已經已…` is `已經` and `已`, or `已` and `經已`: as many ways as there are rabbits."""
    found = list(read_announcements("臨時庇護中心某某社區會堂" + "已經" * 900 + "x現已關閉。"))
    assert all(not one.is_open for one in found)


@pytest.mark.parametrize("token", ["開放a作為", "現已", "opened a as ", "（", "號", "The "])
def test_a_release_without_end_is_read_as_far_as_one_is_long(token: str) -> None:
    """A release of one sentence of millions of characters costs what a long one does."""
    assert list(read_announcements("temporary shelter " + token * 400_000)) is not None


def test_a_name_of_blanks_is_no_work() -> None:
    """Blanks before the word that is taken from a name are looked at once."""
    assert shelter_key("Town" + " " * 100_000 + "Hall") == "townhall"
    assert shelter_key("Town Hall Temporary Shelter") == shelter_key("Town Hall") == "townhall"


def test_road_news_is_read_as_far_as_a_message_is_long() -> None:
    """Lists, causes and stretches of a message that never ends."""
    for token in ("of A A ", "due to a ", ";", "following roads (1) a; ", "因a"):
        words = token * 300_000
        read_stretch({"en": words, "zh-Hant": words})
        cause_of({"en": words})
        split_list(words)
    assert split_list("following roads: (1) A Road; and (2) B Road、 and.")[1] == (
        "A Road",
        "B Road",
    )


def test_headings_and_times_of_waiting_are_looked_at_once() -> None:
    """A heading of a table and a number, each as long as a document may be."""
    assert _fields({"name" * 200_000: "x"}) == {"name": "x"}
    assert _DURATION.search("1" * 500_000) is None
    found = _DURATION.search("over 2.5 hours")
    assert found is not None
    assert found[1] == "2.5"


@pytest.mark.parametrize(
    "ring", ["114 22,-2+3, 115 23, 114 22", "114 22, 115", "x y"], ids=["sum", "half", "words"]
)
def test_a_filter_with_a_broken_geometry_is_refused(ring: str) -> None:
    """The parser has no error of its own for these: the answer was one of the server."""
    with pytest.raises(Invalid):
        parse(f"S_INTERSECTS(geometry, POLYGON(({ring})))", "cql2-text")


def test_a_text_of_a_million_characters_reaches_nobody() -> None:
    """Each viewer would have been sent it: it is refused, and what was known before stays."""
    store = MemoryStore()
    take(store, [gauge("1"), gauge("2")])
    done = take(store, [gauge("1", 2.0), gauge("2", title={"en": "and so on " * 100_000})])
    assert (done.put, done.removed, done.refused) == (1, 0, 1)
    assert len(store.read(["gauges:2"])["gauges:2"].body) < 1_000


@pytest.mark.parametrize("name", ["had_shelters:halls", "wsd_suspensions:all"])
def test_a_list_of_unseen_characters_alone_has_no_first_line(name: str) -> None:
    """Nothing is left of it once they are taken out: that is a refusal like any other."""
    with contextlib.suppress(PayloadError):  # or told among what was refused
        said = FEEDS[f"feed:{name}"].take("\u200b\u202e".encode() * 20)
        assert b"first line" in said  # type: ignore[operator]


def test_a_station_whose_name_has_no_end_loses_the_others_nothing() -> None:
    """Its id is cut like a place's; before, the whole file was left."""
    target = FEEDS["feed:hko_humidity:humidity"]
    changed = target.seeds[0].replace(b"Cheung Chau", b"Cheung" * 400)
    said = orjson.loads(target.take(changed))  # type: ignore[arg-type]
    assert len(said["entities"]) == 2


def test_a_message_whose_number_has_no_end_is_one_message() -> None:
    """A number of more digits than Python reads loses its message nothing, and others nothing."""
    one = "<message><msgID>{}</msgID><EngText>Nathan Road is closed.</EngText></message>"
    body = f"<body>{one.format('9' * 5_000)}{one.format(7)}</body>".encode()
    found = [report for report in read_first_generation(body) if isinstance(report, Report)]
    assert [report.message for report in found] == [0, 7]
