"""What tropical cyclone bulletins mean, beyond the recorded cases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cop.model.geometry import bbox
from tests.contract.feeds.hko.polls import entities, feed_of, refused, run
from workers.feed import Payload, Poll

LIST = b"""<TropicalCycloneList><TropicalCyclone><TropicalCycloneID>2715</TropicalCycloneID>
<TropicalCycloneEnglishName>EXAMPLE</TropicalCycloneEnglishName>
<TropicalCycloneURL>http://www.weather.gov.hk/wxinfo/currwx/hko_tctrack_2715.xml
</TropicalCycloneURL></TropicalCyclone></TropicalCycloneList>"""


def track(*points: str) -> bytes:
    """Make a bulletin of *points*."""
    return (
        '<TropicalCycloneTrack tcid="2715"><BulletinHeader><BulletinTime>2027-08-14T20:00:12+08:00'
        "</BulletinTime></BulletinHeader><WeatherReport><TropicalCycloneName>EXAMPLE"
        f"</TropicalCycloneName>{''.join(points)}</WeatherReport></TropicalCycloneTrack>"
    ).encode()


HERE = (
    "<AnalysisInformation><Intensity>Typhoon</Intensity><MaximumWind>130km/h</MaximumWind>"
    "<Time>2027-08-14T12:00:00+00:00</Time><Latitude>20.00N</Latitude><Longitude>115.00E"
    "</Longitude></AnalysisInformation>"
)


def ahead(hours: int, lat: str, more: str = "") -> str:
    """Make a forecast point."""
    return (
        f"<ForecastInformation><Index>{hours}</Index>{more}<Latitude>{lat}</Latitude>"
        "<Longitude>115.00E</Longitude></ForecastInformation>"
    )


def test_bulletin_is_looked_for_by_id() -> None:
    """The list's own address, without TLS and with a line break, is not used."""
    feed = feed_of("hko_cyclones")
    assert feed.follow is not None
    poll = Poll(datetime(2027, 8, 14, tzinfo=UTC), (Payload(feed.sources[0], LIST),))
    assert [source.url for source in feed.follow(poll)] == [
        "https://www.weather.gov.hk/wxinfo/currwx/hko_tctrack_2715.xml"
    ]


def test_anchors_need_not_be_days() -> None:
    """A point 21 hours ahead with an intensity is one; others count hours from the analysis."""
    anchor = "<Intensity>Tropical Storm</Intensity><MaximumWind>85km/h</MaximumWind>"
    made = entities(
        run(
            "hko_cyclones",
            list=LIST,
            track_2715=track(HERE, ahead(1, "20.10N"), ahead(21, "22.10N", anchor)),
        )
    )
    assert made["2715:+21h"].valid_from == datetime(2027, 8, 15, 9, tzinfo=UTC)
    assert made["2715:+21h"].measures == {"wind_kmh": 85.0, "lead_h": 21.0}
    assert len(made["2715:forecast"].geometry.coordinates) == 3


def test_cone_grows_with_time() -> None:
    """The area is 30 km wide on each side at the analysis and 125 km after a day."""
    made = entities(run("hko_cyclones", list=LIST, track_2715=track(HERE, ahead(24, "23.00N"))))
    west, south, east, north = bbox(made["2715:cone"].geometry)
    assert 20.0 - south == pytest.approx(30 / 111, abs=0.03)
    assert north - 23.0 == pytest.approx(125 / 111, abs=0.05)
    assert (east - west) / 2 == pytest.approx(125 / 102, abs=0.05)


def test_ending_storm_has_no_forecast() -> None:
    """No forecast points and `--` for the wind: a position without a number, no cone."""
    gone = HERE.replace("130km/h", "--").replace("Typhoon", "Extratropical Low")
    made = entities(run("hko_cyclones", list=LIST, track_2715=track(gone)))
    assert set(made) == {"2715"}
    assert made["2715"].measures == {}
    assert made["2715"].intensity["zh-Hant"] == "溫帶氣旋"


def test_southern_and_western_places_keep_their_side() -> None:
    """The letter decides the sign, longitude comes first."""
    south = HERE.replace("20.00N", "5.50S").replace("115.00E", "170.25W")
    made = entities(run("hko_cyclones", track_2715=track(south)))
    assert made["2715"].geometry.coordinates == (-170.25, -5.5)


def test_listed_storm_without_bulletin_is_named() -> None:
    """A storm whose track did not come is reported as such."""
    assert "storm 2715" in refused(run("hko_cyclones", list=LIST))
