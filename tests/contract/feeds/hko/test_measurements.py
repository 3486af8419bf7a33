"""What the Observatory's measurements mean, beyond the recorded cases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cop.errors import PayloadError
from cop.model.district import District
from cop.model.entity import Placing
from cop.model.kinds import Quality
from tests.contract.feeds.hko.polls import entities, ignored, refused, run

WIND = (
    "Date time,Automatic Weather Station,10-Minute Mean Wind Direction(Compass points),"
    "10-Minute Mean Speed(km/hour),10-Minute Maximum Gust(km/hour)\n"
)


def wind(row: str) -> bytes:
    """Make a wind file of one row."""
    return (WIND + row + "\n").encode()


def test_calm_is_not_zero() -> None:
    """A calm row, six fields long, has a word and a gust but no speed and no direction."""
    made = entities(run("hko_wind", wind_en=wind("202708142210,Lamma Island,Calm,Calm,0,")))
    calm = made["lamma-island"]
    assert calm.value is None
    assert calm.measures == {"gust_kmh": 0.0}
    assert calm.band["en"] == "Calm"
    assert calm.quality is Quality.OK


def test_speed_without_direction_is_kept() -> None:
    """N/A for the direction does not lose a storm's gust."""
    made = entities(run("hko_wind", wind_en=wind("202708142210,Tate's Cairn,N/A,61,97")))
    assert made["tate-s-cairn"].value == 61
    assert made["tate-s-cairn"].measures == {"gust_kmh": 97.0}


def test_time_is_hong_kong_time_of_the_row() -> None:
    """A naive time is read as Hong Kong's; a lagging station keeps its own."""
    both = wind("202708142210,Stanley,East,5,9\n202708142200,Kai Tak,East,5,9")
    made = entities(run("hko_wind", wind_en=both))
    assert made["stanley"].observed_at == datetime(2027, 8, 14, 14, 10, tzinfo=UTC)
    assert made["kai-tak"].observed_at == datetime(2027, 8, 14, 14, 0, tzinfo=UTC)


def test_portal_file_is_read_by_column_name() -> None:
    """Thirty columns in three languages: the speed is the English one, not a Chinese month."""
    dates = [f"Date time ({part})" for part in ("Year", "Month", "Day", "Hour", "Minute")]
    english = [*dates, "Date time (Time Zone)", *WIND.strip().split(",")[1:]]
    chinese = [f"日期時間({i})" for i in range(6)] + ["自動氣象站", "風向", "風速", "陣風"]
    stamp = ["2027", "8", "14", "22", "10"]
    row = [*stamp, "UTC+8", "Stanley", "East", "77", "99", *stamp, "UTC+8", "赤柱", "東", "1", "2"]
    body = "\ufeff" + ",".join([*english, *chinese]) + "\n" + ",".join(row) + "\n"
    made = entities(run("hko_wind", wind_en=body.encode()))
    assert made["stanley"].value == 77
    assert made["stanley"].measures == {"gust_kmh": 99.0, "direction_deg": 90.0}
    assert made["stanley"].observed_at == datetime(2027, 8, 14, 14, 10, tzinfo=UTC)


def test_names_of_one_station_meet() -> None:
    """Four spellings of the Observatory are the same place and the same id."""
    head = "Date time,Automatic Weather Station,Air Temperature(degree Celsius)\n"
    for name in ("HK Observatory", "Hong Kong Observatory", "天文台", "香港天文台"):
        body = f"{head}202706081010,{name},26.4\n".encode()
        made = entities(run("hko_temperature", temperature_en=body))
        assert made["hong-kong-observatory"].placing is Placing.STATION


def test_gauge_under_maintenance_is_not_dry() -> None:
    """`M` is no value and no zero."""
    rows = [
        {"automaticWeatherStation": "A", "automaticWeatherStationID": "RF901", "value": value}
        for value in ("M", "0")
    ]
    rows[1]["automaticWeatherStationID"] = "RF902"
    made = entities(
        run(
            "hko_rain_gauges",
            gauges_en={"obsTime": "2027-06-08T10:00:00+08:00", "hourlyRainfall": rows},
        )
    )
    assert (made["rf901"].value, made["rf901"].quality) == (None, Quality.MAINTENANCE)
    assert (made["rf902"].value, made["rf902"].quality) == (0.0, Quality.OK)


def test_report_takes_changing_types() -> None:
    """Sections that are "" or lists or absent are what the publisher sends on some days."""
    report = {
        "updateTime": "2027-06-08T10:02:00+08:00",
        "rainfall": {"data": [{"unit": "mm", "place": "Islands District", "max": 3, "main": ""}]},
        "uvindex": "",
        "warningMessage": ["words"],
        "temperature": "",
    }
    items = run("hko_current", rhrread_en=report)
    assert entities(items)["rain_1h:ISL"].district is District.ISLANDS
    assert entities(items)["rain_1h:ISL"].value == 3
    assert "warningMessage" in ignored(items)


def test_fahrenheit_is_not_celsius() -> None:
    """A reading in another unit is refused, not taken as it stands."""
    report = {
        "updateTime": "2027-06-08T10:02:00+08:00",
        "temperature": {"data": [{"place": "Sha Tin", "value": 80, "unit": "F"}]},
    }
    items = run("hko_current", rhrread_en=report)
    assert entities(items) == {}
    assert len(refused(items)) == 1


def test_midnight_tide_belongs_to_the_next_day() -> None:
    """Column 24 is the midnight after; the hour asked for is the one of the poll."""
    head = "MM,DD," + ",".join(f"{hour:02d}" for hour in range(1, 25))
    rows = "06,08," + ",".join(["1.00"] * 23 + ["2.50"])
    at = datetime(2027, 6, 8, 16, 20, tzinfo=UTC)  # twenty past midnight in Hong Kong
    made = entities(run("hko_tides", at, tide=f"{head}\n{rows}\n".encode()))
    assert made["QUB"].value == 2.5


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_cut_nowcast_is_refused(cut: float) -> None:
    """Half a rain field would look dry where its rows are missing."""
    head = (
        "Updated Date and Time (in Hong Kong Time),Ending Date and Time (in Hong Kong Time),"
        "Latitude (degree),Longitude (degree),Half-hourly Nowcast Accumulated Rainfall (mm)\n"
    )
    rows = [
        f"202706080912,{end},{lat},{lon},1.00\n"
        for end in ("202706080942", "202706081012")
        for lat in ("22.336", "22.318", "22.300")
        for lon in ("114.144", "114.164", "114.183")
    ]
    whole = (head + "".join(rows)).encode()
    made = entities(run("hko_nowcast", nowcast=whole))
    assert [len(hazard.grid.cells) for hazard in made.values()] == [9, 9]
    short = whole[: len(head) + int((len(whole) - len(head)) * cut)]
    with pytest.raises(PayloadError):
        run("hko_nowcast", nowcast=short)
