"""Predicted tides: the astronomical height now and in the next hours, at a few places.

The publisher's table is of a whole year, one row for a day and one column for an hour (the last is
midnight), in metres above Chart Datum. It knows nothing of storm surges: see the measured sea
level for what the water does.
Specification: Hong Kong Observatory Open Data API Documentation, "HHOT".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from cop.formats.hko import OPEN_DATA, find_site, located, read_rows
from cop.formats.hko_regional import titled
from cop.formats.number import read_number
from cop.formats.when import HONG_KONG_TIME
from cop.model.kinds import Observation
from cop.model.text import text
from workers.feed import DATA_GOV_HK, Feed, Ignored, Item, Payload, Poll, Refused, Source

KEY: Final = "hko_tides"
LABEL: Final = text("predicted tide", "預測潮高", "预测潮高")
STATIONS: Final = ("QUB", "TPK", "TBT", "TMW", "SPW", "WAG", "CCH", "CLK")
AHEAD_H: Final = 6

Heights = dict[datetime, float]
"""Hour (UTC) to metres above Chart Datum."""


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation for each station: the height at the last full hour and after it."""
    if not poll.payloads:
        poll.one("tide")
    for payload in poll.payloads:
        yield from _station(payload, poll)


def _station(payload: Payload, poll: Poll) -> Iterator[Item]:
    code = _found(r"station=(\w+)", payload.source.url) or payload.source.name
    local = poll.received_at.astimezone(HONG_KONG_TIME)
    year = int(_found(r"year=(\d{4})", payload.source.url) or local.year)
    header, rows = read_rows(payload.body, least=20, heads=("mm", "month", "月"))
    now = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    wanted = {ahead: now + timedelta(hours=ahead) for ahead in range(AHEAD_H + 1)}
    # a day's row ends with hour 24, which is the first of the next day
    days = {
        (at.astimezone(HONG_KONG_TIME) - timedelta(hours=early)).date()
        for at in wanted.values()
        for early in (0, 1)
    }
    heights: Heights = {}
    for row in rows:
        try:
            if date(year, int(row[0]), int(row[1])) in days:
                heights |= _day(header, row, year)
        except (ValueError, IndexError, OverflowError) as error:
            yield Refused(f"{code} {','.join(row)[:60]}", str(error))
    shown = {ahead: heights[at] for ahead, at in wanted.items() if at in heights}
    yield Ignored(
        f"{code}, {len(rows)} days",
        f"only the {len(shown)} hours from the present one on are shown",
    )
    if 0 not in shown:
        yield Ignored(f"{code} {local:%Y-%m-%d %H}:00", "the table does not have this hour")
        return
    site = find_site(poll.table("hko_stations"), [code])
    names = site.name if site else text(code)
    yield Observation.model_validate(
        {
            "id": f"{KEY}:{code}",
            "feed": KEY,
            "publisher": "HKO",
            "title": titled(names, LABEL),
            "observed_at": now,
            "expires_at": now + timedelta(hours=AHEAD_H + 1),
            "place": names,
            "measure": "tide",
            "value": shown[0],
            "unit": "m",
            "measures": {f"in_{ahead}h_m": height for ahead, height in shown.items() if ahead},
            "station": code,
            **located(site),
        }
    )


def _day(header: list[str], row: list[str], year: int) -> Heights:
    """Read the hours of a day; blank ones are left out."""
    midnight = datetime(year, int(row[0]), int(row[1]), tzinfo=HONG_KONG_TIME)
    heights: Heights = {}
    for heading, cell in zip(header[2:], row[2:], strict=False):
        height = read_number(cell)
        if height is not None:
            if not -3 < height < 8:
                raise ValueError(f"not a tide: {height} m")
            hour = read_number(heading)
            if hour is None or not 0 <= hour <= 24:
                raise ValueError(f"not an hour of the day: {heading[:20]!r}")
            heights[(midnight + timedelta(hours=hour)).astimezone(UTC)] = height
    return heights


def _found(pattern: str, words: str) -> str | None:
    found = re.search(pattern, words)
    return found[1] if found else None


def _looks_like(body: bytes) -> bool:
    head = body[:200].lower()
    return head.lstrip(b'\xef\xbb\xbf "').startswith(b"mm") or b"hourly heights" in head


FEED = Feed(
    key=KEY,
    title=text("Predicted tides", "潮汐預測", "潮汐预测"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=tuple(
        Source(
            name="tide",
            url=OPEN_DATA + f"opendata.php?dataType=HHOT&station={code}&year={{hk:%Y}}&rformat=csv",
            looks_like=_looks_like,
        )
        for code in STATIONS
    ),
    every=timedelta(minutes=30),
    stale_after=timedelta(days=2),
    parse=parse,
    complete=False,  # a station whose table fails to come keeps its last heights until they expire
    expected=(0, 20),
    joins=("hko_stations",),
)
