"""The city as the public sees it on a bad night: the played rainstorm, moved to now, and far worse.

The scenario's documents are read by the very feeds, and every moment in what they give is moved by
the same time, so that a live operation can show them.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

import orjson

from cop.clock import ScenarioClock
from cop.model.entity import Entity, Placing, Severity
from cop.model.geometry import Point, point
from cop.model.kinds import (
    Facility,
    FacilityStatus,
    Incident,
    IncidentStatus,
    Road,
    RoadStatus,
    decode,
)
from cop.model.publishing import row_of
from cop.store.memory import MemoryStore
from workers.poll import poll_feed
from workers.registry import find_feeds
from workers.replay import ReplayTransport, find_scenario

SCENARIO: Final = "black-rainstorm-2023"
HOURS_IN: Final = 4
"""Into the story: black rain, 35 pieces of traffic news, shelters in the press releases."""
_MOMENT: Final = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)Z"')
_DANGERS: Final = (
    *("flooding", "flooding", "landslide", "fallen_tree", "fallen_tree", "fallen_tree"),
    *("road_blockage", "power_failure", "traffic_accident", "fire"),
)
_SEVERITIES: Final = (Severity.SEVERE, Severity.MODERATE, Severity.MODERATE, Severity.MINOR)
_CAUSES: Final = (("flooding", "水浸", "水浸"), ("fallen_tree", "塌樹", "塌树"))
_MANAGED: Final = (
    IncidentStatus.VERIFIED,
    IncidentStatus.RESPONDING,
    IncidentStatus.CONTAINED,
)
_SHELTERS_OPEN: Final = 50
_ROADS_OF_TEN: Final = 2


@cache
def _played() -> tuple[datetime, tuple[bytes, ...]]:
    """Poll every feed once at that hour of the scenario; its time, and the entities' JSON."""
    scenario = find_scenario(SCENARIO)
    at = scenario.start.astimezone(UTC) + timedelta(hours=HOURS_IN)
    clock = ScenarioClock(at, datetime.now(UTC), 1e-9)  # it all but stands still
    store, transport = MemoryStore(), ReplayTransport(scenario, clock)
    for feed in find_feeds().values():
        outcome = poll_feed(store, feed, clock=clock, transport=transport)
        assert not outcome.reason, outcome.sentence()
    return at, tuple(record.body for record in store.snapshot().records.values())


def rainstorm(now: datetime) -> list[Entity]:
    """Give the whole picture of the played night as if its worst hour were *now*."""
    at, bodies = _played()

    def moved(found: re.Match[bytes]) -> bytes:
        moment = datetime.fromisoformat(found[1].decode()).replace(tzinfo=UTC) + (now - at)
        return f'"{moment.isoformat()}"'.encode()

    return [decode(_MOMENT.sub(moved, body)) for body in bodies]


def public_night(now: datetime) -> list[Entity]:
    """Give the played night with what people have made of it: dangers verified, shelters open."""
    known, dice = rainstorm(now), random.Random(5)
    halls = halls_of(known)
    return [
        *known,
        *(shelter(hall, now, dice) for hall in halls[::7]),
        *(danger(index, dice.choice(halls), now, dice) for index in range(12)),
    ]


def worst_night(now: datetime, *, things: int = 2_000) -> list[Entity]:
    """Give a night with *things* on the public picture, most of them dangers and closed roads."""
    known, dice = rainstorm(now), random.Random(6)
    halls = halls_of(known)
    known += [shelter(hall, now, dice) for hall in halls[:_SHELTERS_OPEN]]
    more = things - sum(_is_public(entity) for entity in known)
    made = (
        (closure if index % 10 < _ROADS_OF_TEN else danger)(index, dice.choice(halls), now, dice)
        for index in range(more)
    )
    return [*known, *made]


def _is_public(entity: Entity) -> bool:
    row = row_of(orjson.loads(entity.encode()))
    return row is not None and row.outlet == "picture"


def halls_of(known: list[Entity]) -> list[Facility]:
    """List the halls that may open, in every district: places with names to put things near."""
    return [it for it in known if isinstance(it, Facility) and it.feed == "had_shelters"]


def _near(hall: Facility, dice: random.Random, spread: float) -> Point:
    assert isinstance(hall.geometry, Point)
    lon, lat = hall.geometry.coordinates[:2]
    return point(round(lon + dice.gauss(0, spread), 5), round(lat + dice.gauss(0, spread), 5))


def _ago(now: datetime, dice: random.Random) -> datetime:
    return now - timedelta(minutes=dice.randint(8, 400))


def danger(index: int, hall: Facility, now: datetime, dice: random.Random) -> Incident:
    """Make a danger near *hall* that somebody in command has verified minutes or hours ago."""
    kind, status = dice.choice(_DANGERS), dice.choice(_MANAGED)
    verified = _ago(now, dice)
    return Incident(
        id=f"incident:n{index}",
        publisher="COP",
        title={"en": f"{kind} behind the school, call 2{dice.randint(10**6, 10**7)}"},
        incident_type=kind,  # type: ignore[arg-type]
        status=status,
        severity=dice.choice(_SEVERITIES),
        verified=True,
        geometry=_near(hall, dice, 0.008),
        placing=Placing.GIVEN,
        district=hall.district,
        reported_at=verified - timedelta(minutes=dice.randint(2, 30)),
        steps={IncidentStatus.VERIFIED: verified, status: verified},
    )


def closure(index: int, hall: Facility, now: datetime, dice: random.Random) -> Road:
    """Make a road near *hall* that the Transport Department says is closed or restricted."""
    cause, tc, sc = dice.choice(_CAUSES)
    status = dice.choice((RoadStatus.CLOSED, RoadStatus.RESTRICTED))
    road = hall.address.get("en", "").partition(",")[0].lstrip("0123456789-/ ") or "Main Street"
    street = hall.address.get("zh-Hant", "") or "大街"
    name, chinese = hall.title["en"], hall.title["zh-Hant"]
    house = dice.randint(1, 400)
    return Road(
        id=f"td_traffic_news:n{index}",
        feed="td_traffic_news",
        publisher="TD",
        title={"en": f"{road} near {name}", "zh-Hant": f"{street}近{chinese}"},
        description={
            "en": f"Due to {cause}, {road} near no. {house} is {status.value}. Traffic is busy.",
            "zh-Hant": f"因{tc}，{street}近{house}號的部分行車線現已封閉，現時交通繁忙。",
            "zh-Hans": f"因{sc}，{street}近{house}号的部分行车线现已封闭，现时交通繁忙。",
        },
        status=status,
        cause=cause,
        geometry=_near(hall, dice, 0.006),
        placing=Placing.ROAD,
        precision_m=300,
        district=hall.district,
        observed_at=_ago(now, dice),
    )


def shelter(hall: Facility, now: datetime, dice: random.Random) -> Facility:
    """Make the shelter that a warden has opened in *hall*."""
    capacity = dice.randrange(60, 420, 20)
    occupancy = dice.choice((capacity, dice.randrange(capacity)))
    asserted = now - timedelta(minutes=dice.randint(1, 50))
    return Facility(
        id=f"facility:{hall.id.partition(':')[2][:60]}",
        publisher="HAD",
        title=hall.title,
        facility_type="shelter",
        status=FacilityStatus.FULL if occupancy == capacity else FacilityStatus.OPEN,
        capacity=capacity,
        occupancy=occupancy,
        access=tuple(dice.sample(("wheelchair", "accessible_toilet", "lift"), k=2)),
        pets=dice.choice(("yes", "no", "caged")),
        address=hall.address,
        district=hall.district,
        geometry=hall.geometry,
        placing=Placing.GIVEN,
        stands_for=hall.id,
        observed_at=asserted,
        asserted_at=asserted,
    )
