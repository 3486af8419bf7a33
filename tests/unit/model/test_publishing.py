"""The table of publishing: every kind and type is decided, and nothing of people is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.model.access import Audience, fingerprint, project, was_seen
from cop.model.entity import Kind
from cop.model.kinds import KINDS, FacilityStatus, IncidentStatus, RoadStatus
from cop.model.publishing import (
    ANY,
    INSIDE_ONLY,
    NEVER,
    TABLE,
    Row,
    coarse,
    public_feature,
    row_of,
    row_of_ended,
    type_of,
)
from cop.model.response import INCIDENT_TYPES
from cop.services.commands.facilities import FacilityType

PAYLOADS = Path(__file__).parents[2] / "contract" / "payloads"
PEOPLES = {
    *("contact", "leader", "author", "reporter", "supplies", "reason", "casualties", "methane"),
    *("attachments", "addressees", "recipients", "staff", "queue", "entries", "steps", "camera"),
    *("lead_agency", "supporting_agencies", "reported_by", "confidence", "merged_into", "parent"),
    *("stands_for", "about", "shape", "assignments", "skills", "strength", "position_at"),
    *("sight", "state_since", "counts", "thermal", "bearing_deg", "view", "published"),
    *("image_url", "refusals", "failures", "incident", "duty", "verified"),
}
"""Fields of people, of their work, or of what only insiders may know."""
TYPES = {
    Kind.FACILITY: get_args(FacilityType),
    Kind.INCIDENT: INCIDENT_TYPES,
    Kind.NOTE: ("remark", "drawing"),
    Kind.ROAD: tuple(RoadStatus),
}
"""Types that the model and the commands know; those of feeds come from their recorded payloads."""
AT = "2026-01-01T00:00:00Z"
OPEN_FEED = "hko_warnings"

Entity = dict[str, Any]


def recorded() -> Iterator[Entity]:
    """Give every entity that any feed makes of its recorded payloads."""
    for file in sorted(PAYLOADS.glob("*/*/expected.json")):
        yield from orjson.loads(file.read_bytes())["entities"]


def incident(**values: Any) -> Entity:
    """Make an incident that people reported and command verified."""
    return {
        "kind": "incident",
        "id": "incident:x1",
        "publisher": "FSD",
        "incident_type": "flooding",
        "status": "verified",
        "verified": True,
        "steps": {"reported": AT, "verified": AT},
        "geometry": {"type": "Point", "coordinates": [114.16943, 22.30891]},
        "title": {"en": "words of somebody"},
        **values,
    }


def shelter(**values: Any) -> Entity:
    """Make a shelter that people keep."""
    return {
        "kind": "facility",
        "id": "facility:x1",
        "publisher": "HAD",
        "facility_type": "shelter",
        "status": "open",
        "asserted_at": AT,
        **values,
    }


def alert(**values: Any) -> Entity:
    """Make a warning of a publisher."""
    return {
        "kind": "alert",
        "id": "hko_warnings:WRAIN",
        "feed": OPEN_FEED,
        "event_type": "rainstorm",
        "issued_at": AT,
        **values,
    }


def named(kind: str, kind_type: str) -> bool:
    """Tell whether the table names a type, as allowed or as denied."""
    allowed = any(
        row.kind == kind and (kind_type in row.types or row.types == (ANY,)) for row in TABLE
    )
    return allowed or any(
        one.kind == kind and (kind_type in one.types or not one.types) for one in NEVER
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_decided(kind: Kind) -> None:
    """A kind has rows, or stands among what is never published."""
    rows = [row for row in TABLE if row.kind is kind]
    denied = [one for one in NEVER if one.kind is kind and not one.types]
    assert bool(rows) != bool(denied)


@pytest.mark.parametrize(
    ("kind", "kind_type"), [(kind, one) for kind, types in TYPES.items() for one in types]
)
def test_every_type_of_ours_is_decided(kind: Kind, kind_type: str) -> None:
    """What can be entered here is allowed or denied by name."""
    assert named(kind, kind_type)


def test_every_type_of_feeds_is_decided() -> None:
    """What any feed brings is allowed or denied by name; a new type needs a new decision."""
    types = {(entity["kind"], type_of(entity)) for entity in recorded()}
    assert len(types) > 40
    assert [one for one in sorted(types) if not named(*one)] == []


def test_what_feeds_bring_reaches_the_live_api() -> None:
    """What open feeds bring is public but for incidents, which roads tell of already."""
    for entity in recorded():
        expected = entity["feed"] not in INSIDE_ONLY and not entity.get("exercise")
        if entity["kind"] == Kind.INCIDENT:
            going_on = {"water_supply": "responding", "transport_disruption": "reported"}
            expected = going_on.get(entity["incident_type"]) == entity["status"]
        shown = project(entity, version=1, fetched_at=AT, audience=Audience.PUBLIC)
        assert (shown is not None) == expected, entity["id"]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.kind}-{row.types[0]}")
def test_a_row_holds_together(row: Row) -> None:
    """Its fields exist and are not people's; what is told or needed is among them."""
    model = set(KINDS[row.kind].model_fields)
    assert row.fields <= model
    assert not row.fields & PEOPLES
    assert row.why
    assert row.types
    assert set(row.corrects) <= set(row.tells) <= row.fields | {"geometry"}
    if row.verified in {"keeper", "command"}:
        assert not row.fields & {"description", "link", "forecast", "number", "words", "measures"}
    if row.kind is Kind.INCIDENT:
        assert row.statuses
        assert not {"rejected", "merged", "closed"} & set(row.statuses)
        assert set(row.statuses) <= set(IncidentStatus)
    if row.kind is Kind.FACILITY:
        assert set(row.statuses) <= set(FacilityStatus)
    if row.verified == "command":
        assert row.precision_m
        assert row.precision_m >= 100
        assert row.delay_s >= 300
        assert not row.fields & {"title", "place", "area", "observed"}
        assert "reported" not in row.statuses


def test_no_two_rows_say_the_same() -> None:
    """Of a type, an origin and a status at most one row speaks."""
    keys = [
        (row.kind, one, row.verified, row.feeds, status)
        for row in TABLE
        for one in row.types
        for status in row.statuses or ("",)
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "change",
    [
        {"verified": False},
        {"verified": "yes"},
        {"status": "reported"},
        {"status": "closed"},
        {"status": "rejected"},
        {"status": "merged"},
        {"steps": {"reported": AT}},
        {"steps": {"verified": "soon"}},
        {"steps": None},
        {"incident_type": "rescue"},
        {"incident_type": "other"},
        {"incident_type": ["flooding"]},
        {"feed": "td_traffic_news"},
        {"id": "x:1"},
    ],
    ids=str,
)
def test_an_incident_is_denied(change: Entity) -> None:
    """Nobody's word, another state, an unlisted type, a feed's report: nothing is shown."""
    assert row_of(incident()) is not None
    assert row_of(incident(**change)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"facility_type": "command_post"},
        {"facility_type": "station"},
        {"facility_type": "hospital"},
        {"status": "standby"},
        {"status": "closed"},
        {"status": "unknown"},
        {"asserted_at": None},
        {"feed": "nmc_warnings"},
        {"id": "hospital:1"},
    ],
    ids=str,
)
def test_a_kept_facility_is_denied(change: Entity) -> None:
    """Unless its keeper says that it can be used, and it is one for the public."""
    assert row_of(shelter()) is not None
    assert row_of(shelter(**change)) is None


def test_a_status_that_is_not_stored_is_unknown() -> None:
    """Fields at their default are not stored: such a road or shelter is not taken for open."""
    road = {"kind": "road", "id": "td_traffic_news:1", "feed": "td_traffic_news"}
    row = row_of(road)
    assert row is not None
    assert row.outlet == "api"
    told = shelter()
    del told["status"]
    assert row_of(told) is None


@pytest.mark.parametrize(
    "change", [{"exercise": True}, {"feed": "nmc_warnings"}, {"feed": None}, {"feed": ""}], ids=str
)
def test_an_alert_is_denied(change: Entity) -> None:
    """Drills, what may not be passed on, and what no publisher said; also as something ended."""
    assert row_of(alert()) is not None
    assert row_of(alert(**change)) is None
    assert row_of_ended(alert(**change)) is None


def test_the_twins_of_warnings_stay_out_of_the_picture() -> None:
    """One warning is said once; an unheard-of one is said."""
    for kind_type, outlet in [("cap_rainstorm", "api"), ("ash_fall", "picture")]:
        row = row_of(alert(event_type=kind_type))
        assert row is not None
        assert row.outlet == outlet


def test_incidents_of_people_are_not_in_the_live_api() -> None:
    """What has a delay is nowhere but in the public picture."""
    entity = incident()
    assert project(entity, version=1, fetched_at=AT, audience=Audience.PUBLIC) is None
    assert was_seen(Audience.PUBLIC, Kind.INCIDENT, "") is False


_PLACES = st.tuples(st.floats(113.8, 114.5), st.floats(22.1, 22.6))
_SHAPES = st.one_of(
    _PLACES.map(lambda at: {"type": "Point", "coordinates": at}),
    st.lists(_PLACES, min_size=2, max_size=5).map(
        lambda all_: {"type": "LineString", "coordinates": all_}
    ),
    st.lists(_PLACES, min_size=3, max_size=5).map(
        lambda all_: {"type": "Polygon", "coordinates": [[*all_, all_[0]]]}
    ),
)


@given(geometry=_SHAPES, precision=st.none() | st.floats(0, 5000))
def test_a_place_is_coarse(geometry: Entity, precision: float | None) -> None:
    """It is a point on the grid, near the place, and says no better precision than the grid's."""
    point, stated = coarse(geometry, precision, 100)
    assert point is not None
    assert stated is not None
    lon, lat = point["coordinates"]
    for value, step in ((lon, 100 / 102_960), (lat, 100 / 110_730)):
        assert abs(value / step - round(value / step)) < 0.02
    assert stated >= max(100, precision or 0)
    assert stated % 100 == 0
    again, _ = coarse(point, None, 100)
    assert again == point


@given(st.floats(114, 114.3), st.floats(22.2, 22.5), st.floats(-40, 40), st.floats(-40, 40))
def test_two_places_of_one_cell_are_one(lon: float, lat: float, east: float, north: float) -> None:
    """Nothing in the published place depends on where in its cell it lies."""
    centre, _ = coarse({"type": "Point", "coordinates": [lon, lat]}, None, 100)
    assert centre is not None
    near = [centre["coordinates"][0] + east / 102_960, centre["coordinates"][1] + north / 110_730]
    assert coarse({"type": "Point", "coordinates": near}, None, 100)[0] == centre


def test_a_feature_holds_what_its_row_says() -> None:
    """Of an incident: type, state and district, a coarse point, and no words."""
    entity = incident(district="YTM", place={"en": "at Mr Chan's"}, number="I-7", severity="Severe")
    row = row_of(entity)
    assert row is not None
    feature = public_feature(entity, row, version=3, fetched_at=AT)
    assert feature["geometry"]["coordinates"] != entity["geometry"]["coordinates"]
    assert feature["properties"] == {
        "kind": "incident",
        "version": 3,
        "fetched_at": AT,
        "publisher": "FSD",
        "incident_type": "flooding",
        "status": "verified",
        "severity": "Severe",
        "district": "YTM",
        "precision_m": 100,
    }


def test_nothing_is_known_of_no_place() -> None:
    """An incident without a place has none, and no precision either."""
    assert coarse(None, 20, 100) == (None, None)


@pytest.mark.parametrize(
    "entity",
    [
        {"kind": "camera", "id": "camera:pier", "feed": "vision", "title": {"en": "Pier"}},
        {"kind": "camera", "id": "camera:pier", "title": {"en": "Pier"}},
        {"kind": "camera", "id": "x:1", "feed": "another", "title": {"en": "Pier"}},
        {"kind": "observation", "id": "vision:a.b", "feed": "vision", "measure": "crowd_density"},
        {"kind": "observation", "id": "vision:a.b", "feed": "vision", "measure": "rain_1h"},
        {"kind": "observation", "id": "x:1", "feed": OPEN_FEED, "measure": "crowd_density"},
    ],
)
def test_what_our_cameras_see_is_not_public(entity: Entity) -> None:
    """Neither where they stand nor what they count, whatever that is called."""
    assert row_of(entity) is None
    assert row_of_ended(entity) is None
    assert project(entity, version=1, fetched_at=AT, audience=Audience.PUBLIC) is None


@pytest.mark.parametrize("audience", [Audience.RESPONDER, Audience.COMMAND])
def test_responders_see_what_cameras_count(audience: Audience) -> None:
    """The numbers and how they were come by; of a camera its state and who may look through it."""
    zone = {"kind": "observation", "id": "vision:a.b", "feed": "vision", "sight": {"zone": "b"}}
    shown = project(zone, version=1, fetched_at=AT, audience=audience)
    assert shown is not None
    assert shown["properties"]["sight"] == {"zone": "b"}
    told = {"state": "ok", "counts": ["walkway"], "view": "command", "thermal": True}
    camera = {"kind": "camera", "id": "camera:a", "feed": "vision", **told}
    shown = project(camera, version=1, fetched_at=AT, audience=audience)
    assert shown is not None
    assert told.items() <= shown["properties"].items()


@pytest.mark.parametrize(
    ("kind", "feed", "seen"),
    [
        (Kind.CAMERA, "td_cameras", True),
        (Kind.CAMERA, "", False),
        (Kind.CAMERA, "vision", False),
        (Kind.OBSERVATION, "vision", False),
        (Kind.ROAD, "td_traffic_news", True),
        (Kind.FEED_STATUS, "", True),
        (Kind.ALERT, "hko_warnings", None),
        (Kind.ALERT, "nmc_warnings", False),
        (Kind.ALERT, "", None),
        (Kind.ROAD, "partner_sz", None),
        (Kind.RESOURCE, "partner_sz", False),
        (Kind.OBSERVATION, "hko_wind", None),
        (Kind.FACILITY, "", None),
        (Kind.INCIDENT, "td_traffic_news", None),
        (Kind.INCIDENT, "had_shelters", False),
        (Kind.INCIDENT, "", False),
        (Kind.RESOURCE, "", False),
        (Kind.ORDER, "x", False),
    ],
)
def test_what_was_seen_is_told_as_far_as_it_is_known(
    kind: Kind, feed: str, seen: bool | None
) -> None:
    """By kind and feed alone: surely shown, surely not, or it depended on more."""
    assert was_seen(Audience.PUBLIC, kind, feed) is seen


def test_another_table_is_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who resumes over a release that publishes less must not keep what it publishes no more."""
    before = fingerprint()
    monkeypatch.setattr("cop.model.publishing.TABLE", TABLE[1:])
    assert fingerprint() != before
