"""One poll of a feed, from a publisher's answers to the picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
import structlog

from cop.clock import RealClock
from cop.model.entity import Kind
from cop.model.kinds import FeedState, FeedStatus, Observation, decode
from cop.model.record import Write
from cop.store.memory import MemoryStore
from tests.unit.workers.making import URL, a_feed, a_site, an_observation, parse_lines
from workers.feed import Feed, Item, Poll, Source, in_languages
from workers.memory import PARSED_AGAIN_AFTER
from workers.poll import Outcome, poll_feed

LEVELS = b"levels\na,1\nb,2\n"


class World:
    """A store, a clock and publishers that answer what is set; counts requests."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self.store = MemoryStore()
        self.answers: dict[str, httpx.Response | Exception] = {}
        self.requests: list[httpx.Request] = []
        self.ahead = timedelta(0)
        self.speed = 1.0

    def now(self) -> datetime:
        """Tell the machine's time and what was added to it."""
        return RealClock().now() + self.ahead

    def says(self, body: bytes, url: str = URL, status: int = 200, **headers: str) -> None:
        """Set what is answered at *url*."""
        self.answers[url] = httpx.Response(status, content=body, headers=headers)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        found = self.answers.get(str(request.url), httpx.Response(404))
        if isinstance(found, Exception):
            raise found
        etag = found.headers.get("etag")
        if etag and request.headers.get("if-none-match") == etag:
            return httpx.Response(304)
        body = httpx.ByteStream(found.content)
        return httpx.Response(found.status_code, stream=body, headers=found.headers)

    def poll(self, feed: Feed | None = None) -> Outcome:
        """Poll once."""
        return poll_feed(
            self.store,
            feed or a_feed(),
            clock=self,
            transport=httpx.MockTransport(self._answer),
            sleep=lambda _: None,
        )

    def status(self) -> FeedStatus:
        """Give the feed's status on the picture."""
        status = decode(self.store.read(["feed_status:levels"])["feed_status:levels"].body)
        assert isinstance(status, FeedStatus)
        return status

    def values(self) -> dict[str, float | None]:
        """Give the readings on the picture."""
        found = {}
        for key, record in self.store.by_kind(Kind.OBSERVATION).items():
            entity = decode(record.body)
            assert isinstance(entity, Observation)
            found[key.removeprefix("levels:")] = entity.value
        return found


@pytest.fixture
def world() -> World:
    """Give a world in which the publisher has two readings."""
    made = World()
    made.says(LEVELS)
    return made


def test_brings_readings_onto_the_picture(world: World) -> None:
    """What the publisher says stands on the picture, and the feed is well."""
    outcome = world.poll()
    assert outcome.usable
    assert world.values() == {"a": 1, "b": 2}
    assert world.status().state is FeedState.OK


def test_what_is_missing_has_ended(world: World) -> None:
    """A complete payload ends what it no longer lists."""
    world.poll()
    world.says(b"levels\nb,3\n")
    world.poll()
    assert world.values() == {"b": 3}


def test_the_same_bytes_write_only_the_status(world: World) -> None:
    """A payload that is known already changes no entity and is not parsed."""
    world.poll()
    before = world.store.by_kind(Kind.OBSERVATION)

    def parse(_: Poll) -> Iterator[Item]:
        raise AssertionError("parsed again")

    parse.__module__ = parse_lines.__module__
    outcome = world.poll(a_feed(parse=parse))
    assert outcome.usable
    assert outcome.ingested is None
    assert world.store.by_kind(Kind.OBSERVATION) == before


def test_not_modified_is_as_good_as_the_same(world: World) -> None:
    """A 304 keeps the picture and renews the time of fetching."""
    world.says(LEVELS, etag='"1"')
    world.poll()
    first = world.status().fetched_at
    world.ahead = timedelta(minutes=1)
    outcome = world.poll()
    assert world.requests[-1].headers["if-none-match"] == '"1"'
    assert outcome.ingested is None
    fetched_at = world.status().fetched_at
    assert first is not None
    assert fetched_at is not None
    assert fetched_at > first
    assert world.values() == {"a": 1, "b": 2}


def test_looks_afresh_after_a_while(world: World) -> None:
    """A parser looks at the time too: after a quarter of an hour the same bytes are read again."""
    world.says(LEVELS, etag='"1"')
    world.poll()
    world.ahead = PARSED_AGAIN_AFTER
    assert world.poll().ingested is not None
    assert "if-none-match" not in world.requests[-1].headers


@pytest.mark.parametrize(
    "bad",
    [
        httpx.Response(500),
        httpx.Response(404),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"<html>Maintenance</html>"),
        httpx.Response(200, content=b"\xff\xfe\xff"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_a_failed_poll_removes_nothing(world: World, bad: httpx.Response | Exception) -> None:
    """Whatever goes wrong, the last good picture stays and the feed's status says why."""
    world.poll()
    before = world.store.by_kind(Kind.OBSERVATION)
    world.answers[URL] = bad
    outcome = world.poll()
    assert not outcome.usable
    assert world.store.by_kind(Kind.OBSERVATION) == before
    status = world.status()
    assert status.state is FeedState.FAILING
    assert status.reason == outcome.reason != ""


def test_an_implausible_payload_is_looked_at_again(world: World) -> None:
    """A payload that was refused is not remembered: the same bytes are parsed next time."""
    world.poll()
    world.says(b"levels\n", etag='"2"')
    demanding = a_feed(expected=(1, 10))
    assert not world.poll(demanding).usable
    world.poll(demanding)
    assert "if-none-match" not in world.requests[-1].headers
    assert world.values() == {"a": 1, "b": 2}


def test_says_once_that_a_feed_is_down_and_back(world: World) -> None:
    """One line when a feed goes down and one when it returns, however many polls between."""
    with structlog.testing.capture_logs() as lines:
        world.poll()
        world.says(b"nonsense")
        for _ in range(3):
            world.poll()
        world.says(LEVELS)
        for _ in range(3):
            world.poll()
    said = [line["event"] for line in lines if line["event"] in {"feed_down", "feed_back"}]
    assert said == ["feed_down", "feed_back"]


def test_a_missing_language_degrades(world: World) -> None:
    """One language is enough; that another is missing is said."""
    urls = {"en": "https://data.example.test/en", "zh-Hant": "https://data.example.test/tc"}
    feed = a_feed(
        sources=in_languages(
            "levels", "https://data.example.test/{lang}", {"en": "en", "zh-Hant": "tc"}
        )
    )
    world.says(LEVELS, urls["en"], etag='"1"')
    assert world.poll(feed).usable
    assert world.status().state is FeedState.DEGRADED
    world.requests.clear()
    assert world.poll(feed).ingested is None
    assert len(world.requests) == 2
    assert world.status().state is FeedState.DEGRADED
    assert "zh-Hant" in world.status().reason
    world.says(LEVELS, urls["zh-Hant"])
    world.poll(feed)
    assert world.status().state is FeedState.OK


def test_a_missing_document_fails(world: World) -> None:
    """A document that is not optional must arrive; one that is may be missing."""
    other = "https://data.example.test/other"

    def feed(*, optional: bool) -> Feed:
        return a_feed(
            sources=(
                Source(name="levels", url=URL),
                Source(name="other", url=other, optional=optional),
            )
        )

    assert "404" in world.poll(feed(optional=False)).reason
    assert world.poll(feed(optional=True)).usable


def test_one_of_several_changed(world: World) -> None:
    """When one document has changed, those that have not are fetched whole for the parser."""
    other = "https://data.example.test/other"
    feed = a_feed(sources=(Source(name="levels", url=URL), Source(name="other", url=other)))
    world.says(LEVELS, etag='"1"')
    world.says(b"levels\nc,3\n", other, etag='"1"')
    world.poll(feed)
    world.says(b"levels\nc,4\n", other, etag='"2"')
    world.poll(feed)
    assert world.values() == {"a": 1, "b": 2, "c": 4}


def test_the_second_round(world: World) -> None:
    """Documents that the first names are fetched, from the feed's own hosts alone."""
    track = "https://data.example.test/track"

    def feed(url: str) -> Feed:
        return a_feed(follow=lambda _: [Source(name="track", url=url)])

    world.says(b"levels\nt,9\n", track)
    world.poll(feed(track))
    assert world.values() == {"a": 1, "b": 2, "t": 9}
    outcome = world.poll(feed("https://elsewhere.test/track"))
    assert "is not one of this feed's" in outcome.reason
    assert all(request.url.host == "data.example.test" for request in world.requests)


def test_a_feed_may_name_further_hosts(world: World) -> None:
    """The second round may lead to a host that the feed names, and to no other."""
    track = "https://files.example.test/track"
    world.says(b"levels\nt,9\n", track)
    feed = a_feed(hosts=("files.example.test",), follow=lambda _: [Source(name="track", url=track)])
    world.poll(feed)
    assert world.values() == {"a": 1, "b": 2, "t": 9}


@pytest.mark.parametrize("recalls", [True, False])
def test_a_feed_that_recalls_is_told_what_it_said(world: World, *, recalls: bool) -> None:
    """A parser that asks for it is handed the feed's own entities, and no other is."""
    seen: list[set[str]] = []

    def parse(poll: Poll) -> Iterator[Item]:
        seen.append(set(poll.known))
        yield from parse_lines(poll)

    feed = a_feed(parse=parse, recalls=recalls)
    world.poll(feed)
    world.says(b"levels\na,2\n")
    world.poll(feed)
    assert seen == [set(), {"levels:a", "levels:b"} if recalls else set()]


def test_tables_come_from_the_store(world: World) -> None:
    """A joined table is the fetched one, and a new one makes the feed look again."""
    seen: list[set[str]] = []

    def parse(poll: Poll) -> Iterator[Item]:
        seen.append(set(poll.table("places")))
        yield an_observation()

    feed = a_feed(parse=parse, joins=("places",))
    world.poll(feed)
    world.store.write_table("places", b"[" + a_site("p").model_dump_json().encode() + b"]")
    world.poll(feed)
    world.poll(feed)
    assert seen == [set(), {"p"}]


def test_polls_do_not_overlap(world: World) -> None:
    """While one worker polls a feed, another's poll of it is skipped."""
    held = world.store.lock("poll:levels", ttl_ms=60_000)
    assert held is not None
    assert world.poll().skipped
    assert world.requests == []
    world.store.unlock("poll:levels", held)
    assert world.poll().usable


@pytest.mark.parametrize("answer", [LEVELS, b"nonsense"])
def test_gives_the_lock_back(world: World, answer: bytes) -> None:
    """Whether a poll succeeds or fails, the next one may begin."""
    world.says(answer)
    world.poll()
    assert not world.poll().skipped


def test_dates_in_addresses(world: World) -> None:
    """An address that holds a date is asked for Hong Kong's today."""
    feed = a_feed(sources=(Source(name="levels", url=URL + "?d={hk:%Y-%m-%d}"),))

    def today() -> str:
        return (world.now() + timedelta(hours=8)).strftime("%Y-%m-%d")

    before = today()
    world.poll(feed)
    assert world.requests[-1].url.params["d"] in {before, today()}  # it may be midnight meanwhile


def test_outcomes_are_said(world: World) -> None:
    """Every outcome is one line that a person can read."""
    assert world.poll().sentence() == "levels: put 2, removed 0, same 0"
    assert world.poll().sentence() == "levels: unchanged"
    world.says(b"nonsense")
    assert world.poll().sentence().startswith("levels: failed: ")


def test_what_another_version_wrote_does_not_stop_a_feed(world: World) -> None:
    """A status or an entity that this version cannot read is written anew by the next poll."""
    world.poll()
    for name, kind, feed in (
        ("feed_status:levels", Kind.FEED_STATUS, ""),
        ("levels:a", Kind.OBSERVATION, "levels"),
    ):
        body = b'{"kind":"%b","id":"%b","of_the_future":1}' % (kind.encode(), name.encode())
        world.store.write([Write(id=name, kind=kind, body=body, feed=feed)], fetched_ms=1)
    world.says(b"levels\na,1\nb,5\n")
    assert world.poll(a_feed(recalls=True)).usable
    assert world.values() == {"a": 1, "b": 5}
    assert world.status().state is FeedState.OK
