"""What the feeds of the neighbours and of the world must get right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cop.errors import PayloadError
from cop.formats.smg import read_smg
from cop.model.entity import Entity
from cop.model.geometry import bbox
from cop.model.kinds import Alert, Hazard, Observation, Quality
from cop.reference.tables import default_table
from tests.contract.cases import PAYLOADS, find_feeds, read_case
from workers.feed import Ignored, Item, Payload, Poll
from workers.feeds.smg_warnings import FEED as MACAO
from workers.feeds.smg_warnings import follow

FEEDS = find_feeds()
CASE = PAYLOADS / "smg_warnings" / "typhoon-and-rain"


def entities_of(key: str, case: str) -> dict[str, Any]:
    """Parse the recorded *case* of feed *key*: entities by id."""
    poll = read_case(FEEDS[key], PAYLOADS / key / case)
    return {item.id: item for item in FEEDS[key].parse(poll) if isinstance(item, Entity)}


def _macao(**documents: bytes) -> list[Item]:
    payloads = tuple(
        Payload(next(s for s in MACAO.sources if s.name == name), body)
        for name, body in documents.items()
    )
    tables = {"adcodes": default_table("adcodes")}
    return list(MACAO.parse(Poll(datetime(2027, 6, 8, tzinfo=UTC), payloads, tables)))


def test_one_signal_from_two_channels() -> None:
    """The rain signal comes by XML and by CAP and is one alert, with CAP's severity and area."""
    alerts = entities_of("smg_warnings", "typhoon-and-rain")
    assert set(alerts) == {"smg_warnings:typhoon", "smg_warnings:rainstorm"}
    rain: Alert = alerts["smg_warnings:rainstorm"]
    assert rain.signal == "MO-BLACK"
    assert rain.identifier == "SMG-Weather_RS_2027_004_01"
    assert rain.geometry is not None
    assert rain.geometry.type == "Polygon"


def test_all_clear_alone_ends_the_warning() -> None:
    """A message whose infos say AllClear is no alert, though its type is Update."""
    items = _macao(cap=(CASE / "cap.monsoon.xml").read_bytes())
    assert [type(item) for item in items] == [Ignored]


def test_later_all_clear_beats_the_older_xml() -> None:
    """When XML still says in force and a later message says all clear, it is over."""
    clear = (CASE / "cap.monsoon.xml").read_bytes()
    xml = (CASE / "monsoon.tc.xml").read_bytes()
    in_force = xml.replace(b"<Inforce>0", b"<IssuedAt>2027-06-08 06:00</IssuedAt><Inforce>1")
    assert [i for i in _macao(monsoon=in_force, cap=clear) if isinstance(i, Alert)] == []
    renewed = in_force.replace(b"06:00", b"10:00")
    assert len([i for i in _macao(monsoon=renewed, cap=clear) if isinstance(i, Alert)]) == 1


def test_an_unreadable_warning_is_not_an_all_clear() -> None:
    """If one kind of warning cannot be read the whole poll fails: nothing is taken away."""
    rain = (CASE / "rainstorm.tc.xml").read_bytes()
    with pytest.raises(PayloadError, match="typhoon"):
        _macao(typhoon=b"<TyphoonWarning><Custom>", rainstorm=rain)


@pytest.mark.parametrize("element", ["Warncode", "TcSignal"])
def test_either_element_names_the_signal(element: str) -> None:
    """The number of the signal is read from both spellings; NIL is none."""
    xml = (
        f"<TyphoonWarning><Custom><TropicalCyclone><{element}>10</{element}>"
        "<IssuedAt>2027-06-08 08:00</IssuedAt></TropicalCyclone></Custom></TyphoonWarning>"
    )
    (alert,) = _macao(typhoon=xml.encode())
    assert isinstance(alert, Alert)
    assert alert.signal == "MO-10"
    quiet = xml.replace(">10<", ">NIL<")
    assert isinstance(_macao(typhoon=quiet.encode())[0], Ignored)


def test_only_the_publishers_own_host_is_followed() -> None:
    """An address elsewhere in the channel is not fetched."""
    poll = read_case(MACAO, PAYLOADS / "smg_warnings" / "quiet")
    assert [source.url for source in follow(poll)] == ["https://rss.smg.gov.mo/cap_rainstorm.xml"]


def test_rain_types_are_told_apart() -> None:
    """The past hour's rain is the value; current and day's amounts stand beside it."""
    readings = entities_of("smg_weather", "rain")
    rain: Observation = readings["smg_weather:fm-rain_1h"]
    assert (rain.value, rain.measures["day_mm"], rain.measures["current_mm"]) == (31.0, 80.2, 0.4)
    assert readings["smg_weather:fm-temperature"].value == 29.6
    assert readings["smg_weather:zz-temperature"].quality is Quality.MISSING
    assert readings["smg_weather:zz-wind"].value == 36


def test_dry_gauge_is_not_a_missing_one() -> None:
    """Zero is a level, NIL is none."""
    gauges = entities_of("smg_flood_gauges", "surge")
    assert gauges["smg_flood_gauges:1-4"].value == 0
    assert gauges["smg_flood_gauges:2-9"].quality is Quality.MISSING


def test_a_page_is_not_a_document_of_macao() -> None:
    """XML without the common head is refused."""
    with pytest.raises(PayloadError):
        read_smg(b"<error>404</error>")


def test_colour_gives_severity_and_county_its_city() -> None:
    """Red is extreme; a county's warning is placed at its city with that radius."""
    alerts = entities_of("nmc_warnings", "rain")
    assert alerts["nmc_warnings:44030041600000_20270608093205"].severity == "Extreme"
    county: Alert = alerts["nmc_warnings:44078341600000_20270608080000"]
    assert county.place["en"] == "Jiangmen"
    assert county.precision_m == 55_000


def test_relayed_times_are_utc_and_impossible_ends_dropped() -> None:
    """`sent` has no zone and means UTC; an end before the beginning is no end."""
    alerts = entities_of("wmo_swic", "region")
    rain: Alert = alerts["wmo_swic:44030041600000_20270608093205"]
    assert rain.issued_at == datetime(2027, 6, 8, 1, 32, 5, tzinfo=UTC)
    assert alerts["wmo_swic:HKO_tc_8"].expires_at is None


def test_box_is_longitudes_then_latitudes() -> None:
    """GDACS gives `lonmin lonmax latmin latmax`."""
    quake: Hazard = entities_of("gdacs", "week")["gdacs:EQ1299999"]
    assert quake.geometry is not None
    assert bbox(quake.geometry) == (33.1, -48.6, 41.1, -40.6)


def test_one_earthquake_under_two_ids() -> None:
    """Of two entries that share an id the one updated last is kept."""
    quakes = entities_of("usgs", "day")
    assert "usgs:ptx004" in quakes
    assert "usgs:usx004" not in quakes
    assert "magnitude" not in quakes["usgs:usx002"].measures
    assert quakes["usgs:usx002"].geometry.coordinates == (-178.5, -20.0)
    assert quakes["usgs:cix003"].measures["magnitude"] == -0.4
