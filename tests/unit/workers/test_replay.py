"""Playing a scenario: the same answers for the same time, validators, and what nobody answers."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from cop.clock import Clock
from cop.errors import NotFound
from cop.model.text import text
from workers.replay import (
    ReplayTransport,
    Reply,
    Scenario,
    compressed,
    find_scenario,
    find_scenarios,
)
from workers.simulate.city import City

NOON = datetime(2026, 9, 8, 4, tzinfo=UTC)
URL = "https://data.example.test/levels.csv"
SUMMARY = "https://data.weather.gov.hk/weatherAPI/opendata/weather.php?dataType=warnsum&lang=en"
DETECTORS = "https://resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml"


@dataclass
class Stopped:
    """A clock that shows what it is told."""

    moment: datetime = NOON
    speed: float = 30.0

    def now(self) -> datetime:
        """Tell the time."""
        return self.moment


def answer(url: str, now: datetime) -> Reply | None:
    """Answer one address with a long body that changes every ten minutes."""
    if url != URL:
        return None
    step = now.replace(minute=now.minute // 10 * 10, second=0)
    return Reply(f"{step:%H%M}\n".encode() * 400, step, "text/csv")


SCENARIO = Scenario(
    key="trial",
    title=text("Trial"),
    summary=text("A trial."),
    start=NOON,
    end=NOON + timedelta(hours=1),
    default_speed=30.0,
    answer=answer,
)


def ask(clock: Clock, url: str = URL, **headers: str) -> httpx.Response:
    """Get *url* from the trial scenario."""
    with httpx.Client(transport=ReplayTransport(SCENARIO, clock)) as client:
        return client.get(url, headers=headers)


def test_a_document_comes_with_validators_and_compressed() -> None:
    """The reply looks like a real server's, and its body arrives whole."""
    reply = ask(Stopped())
    assert reply.status_code == 200
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["content-type"] == "text/csv"
    assert reply.headers["last-modified"] == "Tue, 08 Sep 2026 04:00:00 GMT"
    assert reply.content == b"0400\n" * 400


def test_a_client_that_reads_no_gzip_gets_none() -> None:
    """Compression is only for who asks for it."""
    reply = ask(Stopped(), **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in reply.headers
    assert reply.content == b"0400\n" * 400


def test_an_etag_that_holds_is_answered_with_304() -> None:
    """Nothing is sent again until the publisher renews it."""
    clock = Stopped()
    tag = ask(clock).headers["etag"]
    clock.moment += timedelta(minutes=5)
    assert ask(clock, **{"If-None-Match": tag}).status_code == 304
    clock.moment += timedelta(minutes=5)
    assert ask(clock, **{"If-None-Match": tag}).status_code == 200


def test_a_date_that_holds_is_answered_with_304() -> None:
    """Last-Modified works as a validator too; a date that is none does not."""
    stamp = ask(Stopped()).headers["last-modified"]
    assert ask(Stopped(), **{"If-Modified-Since": stamp}).status_code == 304
    assert ask(Stopped(), **{"If-Modified-Since": "yesterday"}).status_code == 200


def test_what_nobody_answers_is_not_found() -> None:
    """An exercise never reaches past the scenario."""
    assert ask(Stopped(), url="https://other.example.test/").status_code == 404


def test_a_scenario_is_only_read() -> None:
    """Any method but GET is refused."""
    with httpx.Client(transport=ReplayTransport(SCENARIO, Stopped())) as client:
        assert client.post(URL).status_code == 405


def test_there_are_two_scenarios() -> None:
    """The two that the project promises are found, each with words in three languages."""
    found = find_scenarios()
    assert {"black-rainstorm-2023", "super-typhoon-ragasa-2025"} <= found.keys()
    for key, scenario in found.items():
        assert scenario.key == key
        assert set(scenario.title) == set(scenario.summary) == {"en", "zh-Hant", "zh-Hans"}
        assert scenario.start < scenario.end
        assert scenario.default_speed >= 1


def test_an_unknown_scenario_is_said_to_be_unknown() -> None:
    """The message names what there is."""
    with pytest.raises(NotFound, match="black-rainstorm-2023"):
        find_scenario("no-such-scenario")


@pytest.mark.parametrize("url", [SUMMARY, DETECTORS])
@pytest.mark.parametrize("key", find_scenarios())
def test_two_processes_are_given_the_same_bytes(key: str, url: str) -> None:
    """The same time gives the same answer, whoever asks and whatever was asked before."""
    scenario = find_scenario(key)
    city = scenario.answer
    assert isinstance(city, City)
    now = scenario.start + timedelta(hours=3, seconds=17)
    fresh = City(city.story)
    fresh(url, scenario.start)
    first, second = scenario.respond(url, now), fresh(url, now)
    assert first is not None
    assert first == second


def test_a_wrong_parameter_is_answered_with_a_text_page() -> None:
    """Like the Observatory, which says 200 and explains."""
    url = "https://data.weather.gov.hk/weatherAPI/opendata/weather.php?dataType=nonsense"
    reply = find_scenario("black-rainstorm-2023").respond(url, NOON)
    assert reply is not None
    assert reply.body.startswith(b"Please include valid parameters")


def test_a_city_forgets_what_it_rendered_long_ago() -> None:
    """Memory is bounded: the grid of an hour ago does not stay for ever."""
    city = find_scenario("black-rainstorm-2023").answer
    assert isinstance(city, City)
    small = City(city.story, remembered_bytes=1_000_000)
    url = DETECTORS
    for minute in range(6):
        small(url, NOON + timedelta(minutes=minute))
    assert small.held_bytes <= 1_500_000


def test_compressed_bytes_are_stable() -> None:
    """The same body is always the same gzip file: it holds no time of its making."""
    body = b"level,1\n" * 400
    first = compressed(body)
    compressed.cache_clear()
    assert compressed(body) == first
    assert gzip.decompress(first) == body
