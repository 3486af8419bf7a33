"""How the airport runs: the shares of passenger flights cancelled and delayed today.

From the Airport Authority's flight information. A flight is a row of the list; its code shares are
not counted. `limited` is our own word for one flight in ten cancelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.payload import read_json
from cop.formats.variants import explain
from cop.formats.when import HONG_KONG_TIME, join_time, time_or_none
from cop.model.entity import Measures, Placing
from cop.model.geometry import point
from cop.model.kinds import Facility, FacilityStatus
from cop.model.text import text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Ignored, Item, Poll, Refused, Source

NEXT_HOURS: Final = 6
LIMITED_FROM: Final = 0.1
LATE: Final = timedelta(minutes=15)

_CANCELLED = re.compile(r"cancel|取消", re.IGNORECASE)
_DELAYED = re.compile(r"delay|延誤|延误", re.IGNORECASE)
_EXPECTED = re.compile(
    r"(?:est\b|estimated|預計|预计)\D{0,12}(\d{1,2}:\d{2})(?:\s*\((\d{1,2}/\d{1,2}/\d{4})\))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Flight:
    """One flight: which way, when it is due, what became of it."""

    number: str
    arrival: bool
    due: datetime
    cancelled: bool
    delayed: bool


def parse(poll: Poll) -> Iterator[Item]:
    """Yield the airport as one facility; flights of other days and cargo are ignored by name."""
    blocks = [block for name in ("departures", "arrivals") for block in _blocks(poll, name)]
    if not blocks:
        raise PayloadError("no day of flights arrived")
    stamps = [time_or_none(block.get("lastUpdatedTime")) for block in blocks]
    now = max(filter(None, stamps), default=None)
    if now is not None:
        yield ContentAt(now)
    now = now or poll.received_at
    today = now.astimezone(HONG_KONG_TIME).date().isoformat()
    flights: list[Flight] = []
    for block in blocks:
        for row in block["list"]:
            try:
                flight = _flight(block, row)
            except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
                yield Refused(str(row)[:80], explain(error))
                continue
            if block.get("cargo"):
                yield Ignored(flight.number, "a cargo flight")
            elif block["date"] != today:
                yield Ignored(flight.number, f"a flight of another day ({block['date']})")
            else:
                flights.append(flight)
    if not flights:
        raise PayloadError(f"no passenger flight of {today}")
    yield _airport(flights, now)


def _blocks(poll: Poll, name: str) -> Iterator[dict[str, Any]]:
    for payload in poll.all(name):
        document = read_json(payload.body)
        days = document if isinstance(document, list) else [document]
        for day in days:
            if not isinstance(day, dict) or not isinstance(day.get("list"), list):
                raise PayloadError("not a list of days with their flights")
            if not isinstance(day.get("date"), str):
                raise PayloadError("a day of flights without its date")
            yield day


def _flight(block: dict[str, Any], row: dict[str, Any]) -> Flight:
    due = join_time(block["date"], row["time"])
    status = str(row.get("status") or "")
    names = row.get("flight") or [{}]
    arrival = block.get("arrival")
    expected = _EXPECTED.search(status)
    late = bool(_DELAYED.search(status))
    if expected is not None:
        day = expected[2] or block["date"]
        late = late or join_time(day, expected[1]) - due >= LATE
    return Flight(
        number=str(names[0].get("no") or "").strip() or f"{block['date']} {row['time']}",
        arrival=bool(arrival) if arrival is not None else "origin" in row,
        due=due,
        cancelled=bool(_CANCELLED.search(status)),
        delayed=late,
    )


def _counts(flights: list[Flight], prefix: str = "") -> Measures:
    cancelled = sum(flight.cancelled for flight in flights)
    measures: Measures = {
        f"{prefix}flights": len(flights),
        f"{prefix}cancelled": cancelled,
        f"{prefix}delayed": sum(f.delayed and not f.cancelled for f in flights),
    }
    if flights:
        measures[f"{prefix}cancelled_ratio"] = round(cancelled / len(flights), 3)
    return measures


def _airport(flights: list[Flight], now: datetime) -> Facility:
    until = now + timedelta(hours=NEXT_HOURS)
    soon = [flight for flight in flights if now <= flight.due <= until]
    measures = (
        _counts(flights)
        | _counts([flight for flight in flights if not flight.arrival], "departures_")
        | _counts([flight for flight in flights if flight.arrival], "arrivals_")
        | _counts(soon, f"next_{NEXT_HOURS}h_")
    )
    worst = max(
        measures.get("cancelled_ratio", 0.0),
        measures.get(f"next_{NEXT_HOURS}h_cancelled_ratio", 0.0),
    )
    status = FacilityStatus.LIMITED if worst >= LIMITED_FROM else FacilityStatus.OPEN
    return Facility(
        id="airport_flights:HKG",
        feed="airport_flights",
        publisher="AAHK",
        title=text("Hong Kong International Airport", "香港國際機場", "香港国际机场"),
        facility_type="airport",
        status=status,
        measures=measures,
        geometry=point(113.9185, 22.3089),
        placing=Placing.STATION,
        precision_m=1500,
        link="https://www.hongkongairport.com/",
    )


_FLIGHTS = (
    "https://www.hongkongairport.com/flightinfo-rest/rest/flights"
    "?date={hk:%Y-%m-%d}&lang=en&cargo=false&arrival="
)

FEED = Feed(
    key="airport_flights",
    title=text("Airport flights", "機場航班", "机场航班"),
    publisher="AAHK",
    licence=DATA_GOV_HK.format(department="Airport Authority Hong Kong"),
    sources=(
        Source(
            name="departures",
            url=f"{_FLIGHTS}false",
            looks_like=lambda body: b'"list"' in body and b'"destination"' in body,
        ),
        Source(
            name="arrivals",
            url=f"{_FLIGHTS}true",
            optional=True,
            looks_like=lambda body: b'"list"' in body and b'"origin"' in body,
        ),
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=30),
    parse=parse,
    expected=(1, 1),
)
