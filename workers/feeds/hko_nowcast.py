"""Rain in the next two hours on a 2 km grid, as four half-hours.

Values are millimetres in a half-hour: twice that is the rate per hour. The publisher's points are
the middles of our cells: `grid.west` and `grid.north` are the outer edges of the first cell.
Specification: Hong Kong Observatory, "Gridded rainfall nowcast".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from cop.formats.hko import refuse_text_page
from cop.formats.hko_nowcast import RainField, read_nowcast
from cop.model.entity import Certainty, Placing
from cop.model.geometry import polygon
from cop.model.kinds import Grid, Hazard
from cop.model.text import text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Ignored, Item, Poll, Refused, Source

KEY: Final = "hko_nowcast"
HALF_HOUR: Final = timedelta(minutes=30)
REFUSED_SHOWN: Final = 20


def parse(poll: Poll) -> Iterator[Item]:
    """Give one hazard for each half-hour, with the cells of the grid that are not dry."""
    body = poll.one("nowcast")
    refuse_text_page(body)
    for field in read_nowcast(body):
        yield _hazard(field)
        yield ContentAt(field.updated_at)
        dry = field.columns * field.rows - len(field.cells) - len(field.refused)
        yield Ignored(f"{dry} points until {field.ends_at:%H:%M}Z", "no rain there")
        for row, reason in field.refused[:REFUSED_SHOWN]:
            yield Refused(row, reason)
        if len(field.refused) > REFUSED_SHOWN:
            yield Refused(f"{len(field.refused) - REFUSED_SHOWN} more rows", "like those before")


def _hazard(field: RainField) -> Hazard:
    lead_min = round((field.ends_at - field.updated_at).total_seconds() / 60)
    east = field.west + (field.columns - 1) * field.step_lon
    south = field.north - (field.rows - 1) * field.step_lat
    half_lon, half_lat = field.step_lon / 2, field.step_lat / 2
    west, north = round(field.west - half_lon, 4), round(field.north + half_lat, 4)
    east, south = round(east + half_lon, 4), round(south - half_lat, 4)
    return Hazard(
        id=f"{KEY}:{lead_min}min",
        feed=KEY,
        publisher="HKO",
        title=text(
            f"Rain forecast, half-hour to +{lead_min} min",
            f"雨量預報，未來{lead_min}分鐘止的半小時",
            f"雨量预报，未来{lead_min}分钟止的半小时",
        ),
        observed_at=field.updated_at,
        valid_from=field.ends_at - HALF_HOUR,
        expires_at=field.ends_at + HALF_HOUR,
        geometry=polygon([(west, north), (east, north), (east, south), (west, south)]),
        placing=Placing.GIVEN,
        phenomenon="rain_nowcast",
        certainty=Certainty.LIKELY,
        measures={
            "lead_min": float(lead_min),
            "period_min": 30.0,
            "max_mm": max((rain for _, rain in field.cells), default=0.0),
            "wet_points": float(len(field.cells)),
        },
        forecast=True,
        grid=Grid(
            west=west,
            north=north,
            step_lon=round(field.step_lon, 7),
            step_lat=round(field.step_lat, 7),
            columns=field.columns,
            unit="mm",
            cells=field.cells,
        ),
    )


FEED = Feed(
    key=KEY,
    title=text("Rain forecast for two hours", "未來兩小時雨量預報", "未来两小时雨量预报"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=(
        Source(
            name="nowcast",
            url="https://data.weather.gov.hk/weatherAPI/hko_data/F3/Gridded_rainfall_nowcast.csv",
            looks_like=lambda body: b"Nowcast" in body[:400] or "臨近預報".encode() in body[:600],
        ),
    ),
    every=timedelta(seconds=360),
    stale_after=timedelta(minutes=40),
    parse=parse,
    expected=(1, 8),
    max_bytes=20_000_000,
    timeout=timedelta(seconds=40),
)
