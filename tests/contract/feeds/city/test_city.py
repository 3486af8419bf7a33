"""What the city's own feeds must get right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from cop.errors import PayloadError
from cop.model.entity import Entity
from cop.model.kinds import Facility, FacilityStatus, Incident, Observation, Quality
from cop.reference.tables import default_table
from tests.contract.cases import PAYLOADS, find_feeds, read_case
from workers.feed import Feed, Ignored, Item, Payload, Poll
from workers.feeds.ha_waiting import minutes

FEEDS = find_feeds()


def items_of(key: str, documents: Mapping[str, bytes]) -> list[Item]:
    """Parse *documents*, by name, as feed *key* would."""
    feed: Feed = FEEDS[key]
    payloads = tuple(
        Payload(next(s for s in feed.sources if s.name == name), body)
        for name, body in documents.items()
    )
    tables = {key: default_table(key) for key in feed.joins}
    return list(feed.parse(Poll(datetime(2027, 6, 8, 2, tzinfo=UTC), payloads, tables)))


def entities_of(key: str, case: str) -> dict[str, Any]:
    """Parse the recorded *case* of feed *key*: entities by id."""
    poll = read_case(FEEDS[key], PAYLOADS / key / case)
    return {item.id: item for item in FEEDS[key].parse(poll) if isinstance(item, Entity)}


def test_index_beyond_ten_is_serious_and_keeps_its_word() -> None:
    """`10+` sorts above ten, is called Serious, and is shown as published."""
    reading: Observation = entities_of("epd_aqhi", "serious")["epd_aqhi:mong-kok"]
    assert reading.value == 11
    assert reading.band["en"] == "Serious"
    assert "10+" in reading.title["en"]


def test_missing_index_is_not_zero() -> None:
    """A station without a value is there, marked missing."""
    reading: Observation = entities_of("epd_aqhi", "serious")["epd_aqhi:central-western"]
    assert reading.value is None
    assert reading.quality is Quality.MISSING


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("0.5 hours", 30),
        ("28 minutes", 28),
        ("2.5 小時", 150),
        ("少於 15 分鐘", 15),
        ("Over 2 hours", 120),
        ("Managing multiple resuscitation cases", None),
        ("不適用", None),
    ],
)
def test_waits_are_minutes_or_words(words: str, expected: float | None) -> None:
    """Times become minutes in either language; a sentence stays a sentence."""
    assert minutes(words) == expected


def test_unknown_hospital_is_kept_with_both_names() -> None:
    """A hospital that no table knows is still shown, unplaced, in every language given."""
    hospital: Facility = entities_of("ha_waiting", "busy")["ha_waiting:harbour-hospital"]
    assert hospital.title == {"en": "Harbour Hospital", "zh-Hant": "海港醫院"}
    assert hospital.geometry is None


def test_lines_differ_by_what_their_station_says() -> None:
    """Delay limits a line, a suspension closes it, a message about a part of it does not."""
    lines = entities_of("mtr_service", "disrupted")
    assert {line.partition(":")[2]: entity.status for line, entity in lines.items()} == {
        "EAL": FacilityStatus.LIMITED,
        "TWL": FacilityStatus.LIMITED,
        "DRL": FacilityStatus.CLOSED,
        "ISL": FacilityStatus.OPEN,
    }


def test_flights_of_yesterday_do_not_count() -> None:
    """Only today's passenger flights make the ratio; code shares are one flight."""
    airport: Facility = entities_of("airport_flights", "typhoon")["airport_flights:HKG"]
    assert airport.measures["flights"] == 6
    assert airport.measures["cancelled_ratio"] == pytest.approx(1 / 6, abs=0.001)
    assert airport.measures["delayed"] == 3


def test_airport_without_flights_is_no_calm_day() -> None:
    """An empty list of flights fails the poll."""
    day = {"date": "2027-06-08", "arrival": False, "cargo": False, "list": []}
    with pytest.raises(PayloadError):
        items_of("airport_flights", {"departures": orjson.dumps([day])})


def test_queues_as_strings_or_numbers() -> None:
    """A closed point is closed whether 99 is a number or a string."""
    points = entities_of("boundary_queues", "night")
    assert points["boundary_queues:HYW"].status is FacilityStatus.CLOSED
    assert points["boundary_queues:HZM"].words["residents_departure"]["en"] == "Busy"
    assert "residents_departure_level" not in points["boundary_queues:LMC"].measures


def test_emergency_at_a_hospital_stands_out() -> None:
    """Hydrants and hospitals in the address are flagged, and raise an emergency's severity."""
    incident: Incident = entities_of("wsd_suspensions", "day")["wsd_suspensions:2027060800021"]
    assert incident.severity == "Severe"
    assert "hospital, fire hydrants" in incident.description["en"]
    assert incident.district == "ST"
    assert "峯" in incident.description["zh-Hant"]


def test_an_address_that_is_a_landmark_is_placed_there() -> None:
    """A suspension at one known place is drawn at it; one at a plain address is only listed."""
    case = (PAYLOADS / "wsd_suspensions" / "day" / "all.csv").read_bytes()
    station = case.replace(
        b"EXAMPLE HOSPITAL AND FIRE HYDRANT PH12345, LAMP POST AB1234", b"Sha Tin Station"
    )
    placed = {
        body: next(i for i in items_of("wsd_suspensions", {"all": body}) if isinstance(i, Incident))
        for body in (case, station)
    }
    assert placed[case].placing == "district"
    assert placed[case].geometry is None
    assert placed[station].placing == "landmark"
    assert placed[station].precision_m is not None


def test_a_retired_dataset_is_not_an_empty_list() -> None:
    """The two-line notice of a retired dataset fails the poll."""
    notice = "請下載第二代數據集\r\nPlease download second generation".encode("big5hkscs")
    with pytest.raises(PayloadError):
        items_of("wsd_suspensions", {"all": notice})


def test_news_has_the_time_of_its_object_id() -> None:
    """The published midnight is not the time; both languages are one note."""
    note = entities_of("gov_news", "day")["gov_news:20270608_093210_123"]
    assert note.observed_at == datetime(2027, 6, 8, 1, 32, 10, tzinfo=UTC)
    assert set(note.title) == {"en", "zh-Hant"}


def test_lists_of_shelters_fall_back_to_the_known_halls() -> None:
    """Without any list the shipped halls are given, standing by, never open."""
    halls = [item for item in items_of("had_shelters", {}) if isinstance(item, Facility)]
    assert len(halls) == len({site.key for site in default_table("community_halls").values()})
    assert {hall.status for hall in halls} == {FacilityStatus.STANDBY}


def test_every_earlier_hour_is_counted() -> None:
    """Of the 24-hour report only the latest hour is shown, the others are named as ignored."""
    poll = read_case(FEEDS["epd_aqhi"], PAYLOADS / "epd_aqhi" / "hours")
    ignored = [item for item in FEEDS["epd_aqhi"].parse(poll) if isinstance(item, Ignored)]
    assert [item.reason for item in ignored] == ["an earlier hour"] * 3
