"""How things of the picture look as events: types, times, shapes, words."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.clock import ScenarioClock
from cop.config import Settings
from cop.cot import WORDS_OF_CODES
from cop.formats.cot.event import MOST_BYTES, CotEvent, read_event, write_event
from cop.formats.cot.types import colours
from cop.model.access import Audience, project
from cop.model.entity import Entity, Placing
from cop.model.geometry import line, point, polygon
from cop.model.kinds import (
    Alert,
    Facility,
    Hazard,
    Incident,
    IncidentType,
    Note,
    Resource,
    Road,
    RoadStatus,
)
from cop.model.response import INCIDENT_TYPES
from cop.model.text import Lang
from cop.services.cot.drawing import LASTS, Drawer, RealTime
from cop.services.cot.shapes import MOST_CORNERS, outlines_of, place_of
from tests.unit.services.commands.acting import NOON, StandingClock

REAL = datetime(2026, 11, 1, 10, tzinfo=UTC)
HERE = point(114.17, 22.3)
SQUARE = polygon([(114.1, 22.3), (114.2, 22.3), (114.2, 22.4), (114.1, 22.4)])
LIVE = Settings(operation="live")


def draw(
    entity: Entity,
    *,
    audience: Audience = Audience.RESPONDER,
    lang: Lang = "en",
    where: Settings = LIVE,
    **more: Any,
) -> tuple[CotEvent, ...]:
    """Draw an entity as it is projected; *more* goes into its properties."""
    stored = orjson.loads(entity.encode())
    feature = project(stored, version=1, fetched_at="2026-09-08T04:00:00Z", audience=audience)
    assert feature is not None
    feature["properties"] |= more
    events = Drawer(where, StandingClock(), WORDS_OF_CODES, lang).events(feature, REAL)
    for event in events:
        assert read_event(write_event(event)).uid == event.uid
    return events


def team(agency: str = "DSD", **fields: Any) -> Resource:
    """Make a team."""
    given = {"resource_type": "team", "status": "available", "geometry": HERE, **fields}
    return Resource(id="resource:1", publisher=agency, agency=agency, **given)


def incident(**fields: Any) -> Incident:
    """Make an incident."""
    given = {
        "incident_type": "flooding",
        "status": "reported",
        "reported_at": NOON,
        "number": "I-7",
        "title": {"en": "Nathan Road", "zh-Hant": "彌敦道"},
        "geometry": HERE,
        **fields,
    }
    return Incident(id="incident:1", publisher="COP", **given)


def hazard(**fields: Any) -> Hazard:
    """Make a hazard of a publisher."""
    given = {"phenomenon": "rain", "geometry": SQUARE, **fields}
    return Hazard(id="hko:1", feed="hko", publisher="HKO", **given)


@pytest.mark.parametrize(
    ("entity", "kind", "colour"),
    [
        (team("HKPF"), "a-f-G-U-U-L-C", "Blue"),
        (team("AMS"), "a-f-G-U-S-M", "White"),
        (team("DSD"), "a-f-G-U-C-E", "Orange"),
        (team("FSD"), "a-f-G-U", "Red"),
        (team("HAD"), "a-f-G-U", "Cyan"),
        (team("FSD", resource_type="vehicle"), "a-f-G-E-V", "Red"),
        (team("FSD", resource_type="vehicle", skills=("boat",)), "a-f-S-X", "Red"),
        (team("FSD", resource_type="vehicle", skills=("drone",)), "a-f-A-M-F-Q", "Red"),
        (team("FSD", resource_type="vehicle", skills=("command", "drone")), "a-f-G-E-V", "Red"),
        (team("GFS", resource_type="vehicle"), "a-f-A-C-H", "Purple"),
        (team("DSD", resource_type="equipment"), "a-f-G-E", "Orange"),
    ],
)
def test_units_have_the_type_of_what_they_are(entity: Resource, kind: str, colour: str) -> None:
    """Friendly always, by agency, or by what it moves on; with ATAK's colour of a team."""
    (event,) = draw(entity)
    assert (event.type, event.team, event.how) == (kind, colour, "h-e")


@pytest.mark.parametrize("kind", INCIDENT_TYPES)
def test_incidents_are_unknown_never_hostile(kind: IncidentType) -> None:
    """Each type has one in the branch of incidents."""
    (event,) = draw(incident(incident_type=kind))
    assert event.type.startswith("a-u-X-i-")


def test_an_incident_says_what_is_known_of_it() -> None:
    """Type, number, words; status, whether it is verified and how bad, in words; who says so."""
    (event,) = draw(incident(severity="Severe", precision_m=250.0))
    assert event.callsign == "Flooding I-7 Nathan Road"
    assert event.remarks.splitlines()[0] == "Reported · Unverified · Severity: Severe"
    assert "This picture" in event.remarks
    assert event.ce_m == 250
    (event,) = draw(incident(severity="Severe", verified=True), lang="zh-Hant")
    assert event.callsign == "水浸 I-7 彌敦道"
    assert event.remarks.splitlines()[0] == "已報告 · 嚴重程度: 嚴重"


@pytest.mark.parametrize(
    "entity",
    [
        pytest.param(incident(status="closed"), id="closed"),
        pytest.param(incident(status="rejected"), id="rejected"),
        pytest.param(incident(status="merged", merged_into="incident:2"), id="merged"),
        pytest.param(incident(geometry=None), id="no place"),
        pytest.param(team(geometry=None), id="team without place"),
        pytest.param(
            Alert(
                id="nmc:1",
                feed="nmc",
                publisher="NMC",
                event_type="rainstorm",
                issued_at=NOON,
                placing=Placing.REGION,
            ),
            id="a neighbour's warning without place",
        ),
        pytest.param(
            Road(id="td:1", feed="td", publisher="TD", status="normal", geometry=HERE), id="road"
        ),
        pytest.param(
            Note(id="hko:1", feed="hko", publisher="HKO", topic="news", geometry=HERE), id="news"
        ),
    ],
)
def test_what_is_over_or_nowhere_is_not_sent(entity: Entity) -> None:
    """Nothing is drawn of it; who has it is told that it is gone."""
    assert draw(entity) == ()


def test_a_hazard_is_a_drawing() -> None:
    """Its outline is closed, its point holds all of it, its area is coloured thinly."""
    (event,) = draw(hazard(severity="Extreme"))
    assert (event.type, event.how) == ("u-d-f", "m-r")
    assert event.corners == SQUARE.coordinates[0]
    assert (event.stroke, event.fill) == colours("Extreme")
    assert event.ce_m is not None
    assert 7_000 < event.ce_m < 8_000
    (event,) = draw(hazard(forecast=True))
    assert event.how == "m-p"


def test_a_closed_road_is_a_line_that_is_not_filled() -> None:
    """Its status stands in words; one at a point is a mark."""
    road = {"id": "td:1", "feed": "td", "publisher": "TD", "title": {"en": "Tunnel"}}
    there = line([(114.1, 22.3), (114.2, 22.35)])
    (event,) = draw(Road(**road, status=RoadStatus.CLOSED, cause="flooding", geometry=there))
    assert (event.type, event.fill, len(event.corners)) == ("u-d-f", None, 2)
    assert event.remarks.splitlines()[0] == "Closed · Flooding"
    (event,) = draw(Road(**road, status=RoadStatus.RESTRICTED, geometry=HERE))
    assert (event.type, event.callsign) == ("b-m-p-s-m", "Tunnel")


def test_a_warning_stands_for_the_city_or_at_its_area() -> None:
    """Without a place at the middle, with an error that holds the city; else mark and drawing.

    What a partner gives in the Observatory's name is for no city that is not drawn.
    """
    said = {"id": "hko:W", "feed": "hko", "publisher": "HKO", "event_type": "rainstorm"}
    (event,) = draw(Alert(**said, issued_at=NOON, placing=Placing.REGION))
    assert event.type == "b-l-m"
    assert event.ce_m is not None
    assert 40_000 < event.ce_m < 60_000
    assert not draw(Alert(**said, issued_at=NOON, placing=Placing.REGION, origin="gd-cop"))
    mark, drawing = draw(Alert(**said, issued_at=NOON, geometry=SQUARE, categories=("Fire",)))
    assert (mark.type, drawing.type) == ("b-l-f", "u-d-f")
    assert drawing.uid == f"{mark.uid}.1"


def test_facilities_and_drawings_of_people_are_sent() -> None:
    """A hospital, a shelter, a line that somebody drew."""
    hospital = {"id": "ha:1", "feed": "ha", "publisher": "HA", "geometry": HERE}
    (event,) = draw(Facility(**hospital, facility_type="hospital", status="open"))
    assert (event.type, event.remarks.splitlines()[0]) == ("a-n-G-I-X-H", "Open")
    (event,) = draw(Facility(**hospital, facility_type="shelter"))
    assert event.type == "a-n-G-I"
    note = Note(id="note:1", publisher="COP", topic="drawing", shape="area", geometry=SQUARE)
    (event,) = draw(note)
    assert (event.type, event.how) == ("u-d-f", "h-e")


def test_times_are_real_in_an_exercise_and_it_says_so() -> None:
    """What ends in 30 minutes of a scenario at 30 times the speed ends in one real minute."""
    clock = ScenarioClock(NOON, datetime.now(UTC), 30.0)
    exercise = Settings(
        operation="exercise-1",
        scenario="typhoon",
        scenario_start=NOON,
        scenario_anchor=clock.anchor,
        speed=30,
    )
    now = datetime.now(UTC)
    entity = hazard(
        observed_at=clock.now() - timedelta(minutes=30),
        expires_at=clock.now() + timedelta(minutes=30),
    )
    feature = project(
        orjson.loads(entity.encode()), version=1, fetched_at="", audience=Audience.COMMAND
    )
    assert feature is not None
    drawer = Drawer(exercise, clock, WORDS_OF_CODES, "en")
    (event,) = drawer.events(feature, now)
    near = timedelta(seconds=20)
    assert abs(event.stale - (now + timedelta(minutes=1))) < near
    assert abs(event.start - (now - timedelta(minutes=1))) < near
    assert event.time == now
    assert (event.opex, event.how) == ("e-exercise-1", "m-s")
    assert event.callsign.startswith("EXERCISE ")
    assert event.uid == "cop.cop.exercise-1.hko:1"
    there = RealTime(clock)
    assert there.back(there.of(NOON)) == NOON


def test_what_holds_for_long_is_stale_in_ten_minutes_unless_renewed() -> None:
    """Who loses the line sees that what they have is old."""
    (event,) = draw(hazard(expires_at=REAL + timedelta(days=2), valid_from=REAL))
    assert event.stale == REAL + LASTS
    assert event.start <= event.stale


def test_a_live_position_is_measured() -> None:
    """It has course and speed, and ends with the position."""
    moving = {"live": True, "heading_deg": 90.0, "speed_kmh": 36.0, "precision_m": 8.0}
    (event,) = draw(team(), **moving)
    assert (event.how, event.course_deg, event.speed_ms, event.ce_m) == ("m-g", 90, 10, 8)


def test_areas_in_several_parts_are_several_drawings() -> None:
    """The largest first, each with a uid of its own; holes are drawn over."""
    parts = [
        shapely.box(114 + n / 10, 22, 114.05 + n / 10, 22.01 * (1 + n / 1e4)) for n in range(30)
    ]
    whole = shapely.MultiPolygon(parts)
    found = list(outlines_of(whole))
    assert len(found) == 20
    assert found[0][0].area == max(part.area for part in parts)
    ring = shapely.Polygon(shapely.box(0, 0, 3, 3).exterior, [shapely.box(1, 1, 2, 2).exterior])
    ((_, corners),) = outlines_of(ring)
    assert len(corners) == 5


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(301, 4000),
    size=st.floats(0.001, 2),
    rough=st.floats(0, 0.3),
    seed=st.integers(),
)
def test_what_is_drawn_simpler_never_shrinks(
    count: int, size: float, rough: float, seed: int
) -> None:
    """An area of thousands of corners has few in the event, and is inside what is drawn."""
    radii = [size * (1 + rough * math.sin(seed % 97 + 37 * n)) for n in range(count)]
    turns = [2 * math.pi * n / count for n in range(count)]
    ring = [
        (114 + r * math.cos(t), 22 + r * math.sin(t)) for r, t in zip(radii, turns, strict=True)
    ]
    area = shapely.Polygon(ring)
    ((_, corners),) = list(outlines_of(area))
    assert len(corners) <= MOST_CORNERS
    assert shapely.Polygon(corners).contains(area)
    place, radius = place_of(area)
    assert area.intersects(shapely.Point(place))
    assert radius > 0


def test_the_largest_event_fits() -> None:
    """Whatever was drawn and written, a device takes the event."""
    ring = [
        (114 + math.cos(n / 500), 22 + math.sin(n / 500)) for n in range(int(2 * math.pi * 500))
    ]
    (event,) = draw(hazard(geometry=polygon(ring), description={"en": "雨" * 10_000}))
    assert len(write_event(event)) < MOST_BYTES


@pytest.mark.parametrize("lang", ["en", "zh-Hant", "zh-Hans"])
def test_words_are_in_the_readers_language(lang: Lang) -> None:
    """An exercise is called one in each."""
    said = {"operation": "exercise-1"}
    (event,) = draw(incident(), lang=lang, where=Settings(**said))
    begin = {"en": "EXERCISE", "zh-Hant": "演習", "zh-Hans": "演习"}[lang]
    assert event.callsign.startswith(begin)
