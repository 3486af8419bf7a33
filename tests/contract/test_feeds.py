"""What every feed promises, whichever it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from cop.errors import PayloadError
from cop.model.entity import Entity
from cop.model.kinds import decode
from cop.model.publisher import PUBLISHERS
from cop.model.text import LANGS
from cop.reference.tables import default_table
from tests.contract.cases import find_cases, find_feeds, parse, read_case, with_bodies
from workers.feed import Feed

FEEDS = find_feeds()
CASES = [
    pytest.param(feed, case, id=f"{key}-{case.name}")
    for key, feed in FEEDS.items()
    for case in find_cases(key)
]
NO_DOCUMENTS = {
    "empty": b"",
    "page": b"<!DOCTYPE html><html><head><title>Moved</title></head><body>Sorry</body></html>",
    "garbage": b"\x00\xff\xfe\x81 what is this \x9d\x00 " * 7,
    "words": b"Please include valid parameters in API request.\r\n<br><br>\r\n",
}

every_feed = pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
every_case = pytest.mark.parametrize(("feed", "case"), CASES)


@pytest.mark.parametrize("key", FEEDS)
def test_key_is_the_module(key: str) -> None:
    """A feed is called like its file, so that ids, files and statuses agree."""
    assert FEEDS[key].key == key


@every_feed
def test_declaration_is_complete(feed: Feed) -> None:
    """Publisher, title in three languages, licence, sane intervals and addresses are given."""
    assert feed.publisher in PUBLISHERS
    assert set(feed.title) == set(LANGS)
    assert all(feed.title.values())
    assert feed.licence.strip()
    assert timedelta(seconds=10) <= feed.every <= timedelta(days=7)
    assert feed.stale_after >= feed.every
    assert timedelta(0) < feed.timeout <= timedelta(minutes=2)
    assert feed.sources
    assert all(source.url.startswith(("https://", "http://")) for source in feed.sources)
    assert len({(source.name, source.lang, source.url) for source in feed.sources}) == len(
        feed.sources
    )
    assert feed.expected[0] <= feed.expected[1]
    assert 0 < feed.max_loss <= 1


@every_feed
def test_joins_name_known_tables(feed: Feed) -> None:
    """A joined table is made by a feed of that key, or is shipped."""
    assert [key for key in feed.joins if key not in FEEDS and not default_table(key)] == []


@every_feed
def test_feed_has_a_payload(feed: Feed) -> None:
    """Every feed is covered by at least one case."""
    assert find_cases(feed.key), f"add tests/contract/payloads/{feed.key}/<case>/"


@every_case
def test_payload_parses_as_recorded(feed: Feed, case: Path) -> None:
    """The outcome is the recorded one: every entity, and every row left out with its reason."""
    assert parse(feed, read_case(feed, case)) == orjson.loads((case / "expected.json").read_bytes())


@every_case
def test_parsing_twice_gives_the_same_bytes(feed: Feed, case: Path) -> None:
    """A poll that brings nothing new must compare equal to what is stored."""
    poll = read_case(feed, case)
    first, second = (
        [item.encode() for item in feed.parse(poll) if isinstance(item, Entity)] for _ in "ab"
    )
    assert first == second


@every_case
def test_entities_keep_the_promises_of_the_model(feed: Feed, case: Path) -> None:
    """Ids are the feed's own and unique; words are there; what is encoded can be read back."""
    entities = [i for i in feed.parse(read_case(feed, case)) if isinstance(i, Entity)]
    for entity in entities:
        assert entity.id.startswith(f"{feed.key}:")
        assert entity.feed == feed.key
        assert entity.publisher in PUBLISHERS
        assert any(entity.title.values()), f"{entity.id} has no title"
        assert decode(entity.encode()) == entity
    ids = [entity.id for entity in entities]
    assert "duplicate" in case.name or len(set(ids)) == len(ids)


@pytest.mark.parametrize("wrong", NO_DOCUMENTS)
@every_case
def test_what_is_no_document_is_not_an_all_clear(feed: Feed, case: Path, wrong: str) -> None:
    """Nothing, a web page, garbage or an error text fail the poll; they never empty the map."""
    poll = read_case(feed, case)
    bodies = [NO_DOCUMENTS[wrong]] * len(poll.payloads)
    assert isinstance(parse(feed, with_bodies(poll, bodies)), PayloadError)


@every_case
def test_truncated_document_is_noticed(feed: Feed, case: Path) -> None:
    """XML or JSON cut off on its way is refused, or named as refused: never a smaller success."""
    poll = read_case(feed, case)
    whole = [payload.body for payload in poll.payloads]
    for index, body in enumerate(whole):
        if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in {b"{", b"[", b"<"}:
            continue
        cut = body.rstrip()[: max(1, len(body.rstrip()) * 3 // 5)]
        made = parse(feed, with_bodies(poll, [*whole[:index], cut, *whole[index + 1 :]]))
        assert isinstance(made, PayloadError) or made["refused"], poll.payloads[index].source.name
