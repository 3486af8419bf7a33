"""Every feed reads what every scenario answers, before, in and after its story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

import orjson
import pytest

from cop.clock import HONG_KONG
from cop.errors import NotFound
from cop.model.kinds import Alert, Facility, FacilityStatus, Hazard, Observation, Road, RoadStatus
from cop.model.site import Table
from cop.reference.tables import default_table, index_sites
from cop.services.ingest import Parsed
from workers.collect import collect
from workers.feed import Feed, Payload, Poll, Source
from workers.registry import feed_keys, find_feed
from workers.replay import Scenario, find_scenario, find_scenarios
from workers.simulate.story import hkt

RAIN = "black-rainstorm-2023"
TYPHOON = "super-typhoon-ragasa-2025"
TIMES = [
    (key, part)
    for key in find_scenarios()
    for part in ("an hour before", "its start", "its middle", "a day after")
]


def moment(scenario: Scenario, part: str) -> datetime:
    """Give a time in or around the story."""
    at = {
        "an hour before": scenario.start - timedelta(hours=1),
        "its start": scenario.start,
        "its middle": scenario.start + (scenario.end - scenario.start) * 0.4,
        "a day after": scenario.end + timedelta(days=1),
    }[part]
    return at.astimezone(UTC)


def fetched(scenario: Scenario, sources: Iterable[Source], now: datetime) -> tuple[Payload, ...]:
    """Get the documents; each must be answered."""
    payloads = []
    for source in sources:
        url = source.url.format(hk=now.astimezone(HONG_KONG)) if "{hk" in source.url else source.url
        reply = scenario.respond(url, now)
        assert reply is not None, f"nobody answers {url}"
        assert reply.status == 200
        payloads.append(Payload(source, reply.body))
    return tuple(payloads)


@cache
def table(key: str, name: str) -> Table:
    """Give the reference table that a scenario's own lists make, else the shipped one."""
    try:
        feed = find_feed(name)
    except NotFound:
        return default_table(name)
    sites = polled(feed, find_scenario(key), find_scenario(key).start.astimezone(UTC)).sites
    return index_sites(sites) if sites else default_table(name)


def polled(feed: Feed, scenario: Scenario, now: datetime) -> Parsed:
    """Poll a feed on a scenario."""
    tables = {name: table(scenario.key, name) for name in feed.joins if name != feed.key}
    payloads = fetched(scenario, feed.sources, now)
    if feed.follow is not None:
        more = tuple(feed.follow(Poll(now, payloads, tables)))
        payloads += fetched(scenario, more, now)
    return collect(feed, Poll(now, payloads, tables))


@pytest.mark.parametrize("feed_key", feed_keys())
@pytest.mark.parametrize(("key", "part"), TIMES)
def test_every_feed_reads_the_scenario(key: str, part: str, feed_key: str) -> None:
    """Each document is answered, nothing is refused, and the count is plausible."""
    scenario, feed = find_scenario(key), find_feed(feed_key)
    parsed = polled(feed, scenario, moment(scenario, part))
    assert parsed.refused == ()
    least, most = feed.expected
    assert least <= (len(parsed.entities) or len(parsed.sites)) <= most


def alerts(key: str, now: datetime) -> set[str | None]:
    """List the Observatory's signals in force."""
    parsed = polled(find_feed("hko_warnings"), find_scenario(key), now)
    return {alert.signal for alert in parsed.entities if isinstance(alert, Alert)}


def test_the_black_signal_comes_when_it_came() -> None:
    """On record: red until 23:05 on 7 September 2023, then black until 15:40 the next day."""
    assert "WRAINR" in alerts(RAIN, hkt(2023, 9, 7, 23, 4))
    assert "WRAINB" in alerts(RAIN, hkt(2023, 9, 7, 23, 5))
    assert "WRAINB" in alerts(RAIN, hkt(2023, 9, 8, 15, 39))
    assert "WRAINA" in alerts(RAIN, hkt(2023, 9, 8, 15, 40))
    assert not {"WRAINA", "WRAINR", "WRAINB"} & alerts(RAIN, hkt(2023, 9, 8, 16, 46))


def test_a_cancelled_signal_stays_in_the_summary_as_cancelled() -> None:
    """The publisher lists a warning for a while after it has ended; it is not in force."""
    url = "https://data.weather.gov.hk/weatherAPI/opendata/weather.php?dataType=warnsum&lang=en"
    reply = find_scenario(RAIN).respond(url, hkt(2023, 9, 8, 16, 50))
    assert reply is not None
    assert orjson.loads(reply.body)["WRAIN"]["actionCode"] == "CANCEL"


def test_the_record_rain_falls_at_the_observatory() -> None:
    """On record: 158.1 mm at the Observatory from 23:00 to 24:00."""
    parsed = polled(find_feed("hko_rain_gauges"), find_scenario(RAIN), hkt(2023, 9, 8, 0, 4))
    hko = [e for e in parsed.entities if "Hong Kong Observatory" in e.title.get("en", "")]
    assert [reading.value for reading in hko if isinstance(reading, Observation)] == [158]


def test_signal_10_comes_when_it_came() -> None:
    """On record: 8 at 14:20, 9 at 01:40, 10 at 02:40, 8 again at 13:20, 3 at 20:20."""
    assert "TC8NW" in alerts(TYPHOON, hkt(2025, 9, 23, 14, 20))
    assert "TC9" in alerts(TYPHOON, hkt(2025, 9, 24, 1, 40))
    assert "TC10" in alerts(TYPHOON, hkt(2025, 9, 24, 2, 40))
    assert "TC8SE" in alerts(TYPHOON, hkt(2025, 9, 24, 13, 20))
    assert "TC3" in alerts(TYPHOON, hkt(2025, 9, 24, 20, 20))


def test_the_sea_rises_as_high_as_it_did() -> None:
    """On record: about 3.4 m at Victoria Harbour and 3.8 m at Tai Po Kau, around noon."""
    feed, scenario = find_feed("hko_sea_level"), find_scenario(TYPHOON)
    highest: dict[str, float] = {}
    for hour in range(8, 14):
        for reading in polled(feed, scenario, hkt(2025, 9, 24, hour)).entities:
            if isinstance(reading, Observation) and reading.value is not None:
                highest[reading.station] = max(highest.get(reading.station, 0), reading.value)
    assert highest["QUB"] == pytest.approx(3.4, abs=0.1)
    assert highest["TPK"] == pytest.approx(3.8, abs=0.1)


def test_the_cyclone_moves_along_its_track() -> None:
    """The cyclone is where the bulletin of 05:00 said, and has a past and a forecast."""
    parsed = polled(find_feed("hko_cyclones"), find_scenario(TYPHOON), hkt(2025, 9, 24, 5))
    centre = next(
        hazard
        for hazard in parsed.entities
        if isinstance(hazard, Hazard) and hazard.phenomenon == "tropical_cyclone"
    )
    assert centre.geometry is not None
    assert centre.geometry.coordinates == pytest.approx((114.3, 21.2), abs=0.05)


def test_roads_close_and_open_again() -> None:
    """Roads are closed by water in the night and free two days later."""
    feed, scenario = find_feed("td_traffic_news"), find_scenario(RAIN)

    def closed(now: datetime) -> set[str]:
        roads = polled(feed, scenario, now).entities
        return {
            road.road.get("en", "")
            for road in roads
            if isinstance(road, Road) and road.status in {RoadStatus.CLOSED, RoadStatus.RESTRICTED}
        }

    assert "Lung Cheung Road" in closed(hkt(2023, 9, 8, 1))
    assert closed(hkt(2023, 9, 10, 12)) == set()


def test_traffic_slows_in_the_rain() -> None:
    """Detectors see slower traffic at midnight in the storm than the night after."""
    feed, scenario = find_feed("td_detectors"), find_scenario(RAIN)

    def mean(now: datetime) -> float:
        speeds = [
            reading.value
            for reading in polled(feed, scenario, now).entities
            if isinstance(reading, Observation) and reading.value is not None
        ]
        return sum(speeds) / len(speeds)

    assert mean(hkt(2023, 9, 8, 0, 30)) < 0.85 * mean(hkt(2023, 9, 9, 0, 30))


def test_shelters_open_and_close() -> None:
    """Fifty shelters are open on the evening of the typhoon, none the next afternoon."""
    feed, scenario = find_feed("gov_press"), find_scenario(TYPHOON)

    def count(now: datetime) -> int:
        halls = polled(feed, scenario, now).entities
        return sum(isinstance(h, Facility) and h.status is FacilityStatus.OPEN for h in halls)

    assert count(hkt(2025, 9, 23, 9)) == 46
    assert count(hkt(2025, 9, 24, 19)) == 50
    assert count(hkt(2025, 9, 25, 14)) == 0


def test_hospitals_fill_up() -> None:
    """People wait longer on the afternoon after the storm than when it began."""
    feed, scenario = find_feed("ha_waiting"), find_scenario(RAIN)

    def wait(now: datetime) -> float:
        rooms = polled(feed, scenario, now).entities
        return sum(h.measures["t3_p50_min"] for h in rooms if isinstance(h, Facility))

    assert wait(hkt(2023, 9, 8, 15)) > 1.8 * wait(hkt(2023, 9, 7, 21))
