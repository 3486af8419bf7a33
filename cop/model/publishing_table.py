"""The reviewed table of publishing: what the public may have, row by row; all else is denied.

Nothing decides here: `publishing.py` reads these rows. `cop public table` prints them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from cop.model.entity import Kind
from cop.model.sight import VISION

Outlet = Literal["picture", "api"]
"""`picture`: in the public picture, and where it has no delay also in the live API for anonymous
readers; `api`: in the live API alone."""

Verifier = Literal["publisher", "keeper", "command", "released", "platform"]
"""`publisher`: came by a feed under an open licence, and not as an exercise; `keeper`: the counter
of a facility that people keep, as they asserted it; `command`: an incident of people's that a
commander, duty officer or liaison verified; `released`: an alert of our own that a second person
released; `platform`: what we say of our own feeds."""

ANY: Final = "*"
"""In a row's types: every type of the kind that no other row and no denial names."""

INSIDE_ONLY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nmc_warnings": "no open licence is stated",
        VISION: "cameras of our own, and what is counted by them",
    }
)
"""Feeds that are shown inside the organisation and not passed on, each with the reason."""

HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What may be published of some types of one kind.

    Attributes:
        kind, types: of what; `ANY` among the types stands for those that nothing else names.
        outlet: where it goes.
        verified: whose word it must be.
        fields: the properties that go out; id, kind, version, geometry and time of fetching do too.
        why: the reason, for whoever reviews the table.
        statuses: only while it is in one of these; none: in any.
        feeds: only from these; none: from any that is open.
        precision_m: the place becomes a point of a grid of so many metres; None: as it is given.
        delay_s: how long after its verification it is first shown; later changes go out at once.
        linger_s: how long it is still shown, marked as ended, after it is over or withdrawn.
        tells: fields whose change is told for a while, with what they were; `geometry` for a place.
        corrects: those of them whose change means that what was said before was wrong.
        timeline: whether its times in force stand in the timeline of the last day.
    """

    kind: Kind
    types: tuple[str, ...]
    outlet: Outlet
    verified: Verifier
    fields: frozenset[str]
    why: str
    statuses: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    precision_m: float | None = None
    delay_s: float = 0
    linger_s: float = 0
    tells: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()
    timeline: bool = False


@dataclass(frozen=True, slots=True)
class Denied:
    """What is never published, so that a reviewer sees that it was not forgotten.

    Attributes:
        kind, types: of what; no types: the whole kind.
        why: the reason.
    """

    kind: Kind
    types: tuple[str, ...]
    why: str


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SOURCE: Final = _words(
    "feed publisher title description observed_at valid_from expires_at placing precision_m"
    " district place link"
)
"""What a publisher says of anything."""

_ALERT: Final = _SOURCE | _words(
    "event_type signal severity urgency certainty issued_at updated_at instruction area exercise"
    " identifier sender"
)
_HAZARD: Final = _SOURCE | _words("phenomenon severity certainty measures intensity forecast grid")
_OBSERVATION: Final = _SOURCE | _words("measure value unit measures band quality station")
_FACILITY: Final = _SOURCE | _words(
    "facility_type status capacity occupancy measures words address asserted_at"
)
_ROAD: Final = _SOURCE | _words("status cause road direction speed_kmh journey_min measures number")
_CAMERA: Final = _SOURCE | _words("frame_at refresh_s")
_NOTE: Final = _SOURCE | _words("topic measures words")
_FEED_STATUS: Final = _SOURCE | _words(
    "state checked_at fetched_at content_at every_s stale_after_s licence"
)
_KEPT_FACILITY: Final = _words(
    "publisher title facility_type status capacity occupancy access pets address place district"
    " placing precision_m observed_at asserted_at"
)
"""No description, contact, reporter, supplies, queue or staff: a place and its one counter."""

_INCIDENT: Final = _words(
    "publisher incident_type status severity observed_at reported_at district placing precision_m"
)
"""No words of anybody: type, state and district are said in ours."""

_OFFICIAL_INCIDENT: Final = _SOURCE | _words("incident_type severity reported_at number")
"""Without our status: its publisher does not go through our steps."""

_SHELTERS: Final = ("shelter", "cold_shelter", "heat_shelter", "community_hall")
_IN_USE: Final = ("open", "full", "limited")
_NOT_IN_USE: Final = ("standby", "closed", "unknown")
_CYCLONE: Final = ("tropical_cyclone", "tc_position", "tc_track", "tc_cone")
_MANAGED: Final = ("verified", "responding", "contained")

TABLE: Final[tuple[Row, ...]] = (
    Row(
        kind=Kind.ALERT,
        types=(ANY,),
        outlet="picture",
        verified="publisher",
        fields=_ALERT,
        why="every warning in force, also of a type nobody has met yet: none may be held back",
        linger_s=2 * HOUR_S,
        tells=("signal", "severity"),
        timeline=True,
    ),
    Row(
        kind=Kind.ALERT,
        types=(ANY,),
        outlet="picture",
        verified="released",
        fields=_ALERT,
        why="an alert of our own, written by one person and released by another",
        linger_s=2 * HOUR_S,
        tells=("severity",),
        timeline=True,
    ),
    Row(
        kind=Kind.ALERT,
        types=("weather_tip",),
        outlet="picture",
        verified="publisher",
        fields=_ALERT,
        why="a hint for the next hours, replaced by the next one: it neither lingers nor changes",
    ),
    Row(
        kind=Kind.ALERT,
        types=("cap_*",),
        outlet="api",
        verified="publisher",
        fields=_ALERT,
        why="CAP twins of the Observatory's warnings: the picture has the same ones once",
    ),
    Row(
        kind=Kind.HAZARD,
        types=("earthquake",),
        outlet="picture",
        verified="publisher",
        feeds=("hko_felt_earthquakes",),
        fields=_HAZARD - {"grid"},
        why="a tremor felt in Hong Kong",
    ),
    Row(
        kind=Kind.HAZARD,
        types=_CYCLONE,
        outlet="picture",
        verified="publisher",
        feeds=("hko_cyclones",),
        fields=_HAZARD - {"grid"},
        why="where a cyclone is, was and may go, by the Observatory",
    ),
    Row(
        kind=Kind.HAZARD,
        types=(
            "earthquake",
            *("drought", "flood", "tropical_cyclone", "tsunami", "volcano", "wildfire"),
            *("quarry_blast", "explosion", "mining_explosion", "nuclear_explosion"),
            *("landslide", "volcanic_eruption", "mine_collapse", "rock_burst", "ice_quake"),
            "rain_nowcast",
        ),
        outlet="api",
        verified="publisher",
        fields=_HAZARD,
        why="far away, or too large for a telephone: grids of 100 kB each",
    ),
    Row(
        kind=Kind.INCIDENT,
        types=(
            *("flooding", "landslide", "fallen_tree", "road_blockage", "power_failure"),
            *("water_supply", "traffic_accident", "transport_disruption", "fire", "crowd"),
        ),
        outlet="picture",
        verified="command",
        fields=_INCIDENT,
        why="a danger to stay away from, once somebody answers for it; where, not who or what",
        statuses=_MANAGED,
        precision_m=100,
        delay_s=300,
        linger_s=2 * HOUR_S,
        tells=("status", "severity", "incident_type", "geometry"),
        corrects=("severity", "incident_type", "geometry"),
    ),
    Row(
        kind=Kind.INCIDENT,
        types=("water_supply",),
        outlet="picture",
        verified="publisher",
        feeds=("wsd_suspensions",),
        fields=_OFFICIAL_INCIDENT,
        why="the Water Supplies Department's own notice, while taps are dry",
        statuses=("responding", "contained"),
        linger_s=2 * HOUR_S,
        tells=("severity",),
    ),
    Row(
        kind=Kind.INCIDENT,
        types=("transport_disruption",),
        outlet="picture",
        verified="publisher",
        feeds=("td_traffic_news",),
        fields=_OFFICIAL_INCIDENT,
        why="the Transport Department's own news of ferries, trains and buses; its other news"
        " stands among the roads, and is not said twice",
        statuses=("reported", *_MANAGED),
        linger_s=2 * HOUR_S,
        tells=("severity",),
    ),
    Row(
        kind=Kind.ROAD,
        types=("closed", "restricted", "slow"),
        outlet="picture",
        verified="publisher",
        fields=_ROAD,
        why="roads that cannot be used as usual",
        linger_s=HOUR_S,
        tells=("status",),
    ),
    Row(
        kind=Kind.ROAD,
        types=("reopened",),
        outlet="picture",
        verified="publisher",
        fields=_ROAD,
        why="good news, for as long as its publisher lists it",
        tells=("status",),
    ),
    Row(
        kind=Kind.ROAD,
        types=("works", "normal", "unknown"),
        outlet="api",
        verified="publisher",
        fields=_ROAD,
        why="nothing to look out for today",
    ),
    Row(
        kind=Kind.FACILITY,
        types=(*_SHELTERS, "first_aid_post"),
        outlet="picture",
        verified="keeper",
        fields=_KEPT_FACILITY,
        why="where to go, as whoever is on the spot says; it stands in for its publisher's record",
        statuses=_IN_USE,
        linger_s=2 * HOUR_S,
        tells=("status",),
    ),
    Row(
        kind=Kind.FACILITY,
        types=(*_SHELTERS, "first_aid_post"),
        outlet="picture",
        verified="publisher",
        fields=_FACILITY,
        why="where to go, as its publisher says",
        statuses=_IN_USE,
        linger_s=2 * HOUR_S,
        tells=("status",),
    ),
    Row(
        kind=Kind.FACILITY,
        types=(*_SHELTERS, "first_aid_post"),
        outlet="api",
        verified="publisher",
        fields=_FACILITY,
        why="halls that may open: to list them with the open ones would send people to shut doors",
        statuses=_NOT_IN_USE,
    ),
    Row(
        kind=Kind.FACILITY,
        types=("hospital", "railway_line", "boundary_control_point", "airport"),
        outlet="picture",
        verified="publisher",
        fields=_FACILITY,
        why="waits at accident and emergency departments; whether trains, borders and flights run",
    ),
    Row(
        kind=Kind.OBSERVATION,
        types=("aqhi", "rain_1h", "sea_level", "tide", "river_level", "wind"),
        outlet="picture",
        verified="publisher",
        fields=_OBSERVATION,
        why="what people judge their own danger by: air, rain, water and wind",
    ),
    Row(
        kind=Kind.OBSERVATION,
        types=(
            *("traffic_speed", "journey_time", "lightning", "uv", "humidity", "pressure"),
            *("temperature", "sea_temperature", "soil_temperature", "visibility", "solar"),
        ),
        outlet="api",
        verified="publisher",
        fields=_OBSERVATION,
        why="no danger by itself, or thousands of numbers that no reader of a page needs",
    ),
    Row(
        kind=Kind.CAMERA,
        types=("camera",),
        outlet="api",
        verified="publisher",
        feeds=("td_cameras",),
        fields=_CAMERA,
        why="where the Transport Department's cameras stand; that department shows their pictures",
    ),
    Row(
        kind=Kind.NOTE,
        types=("forecast", "news", "notice"),
        outlet="api",
        verified="publisher",
        fields=_NOTE,
        why="texts that are no warnings, up to thousands: their publishers' own pages have them",
    ),
    Row(
        kind=Kind.FEED_STATUS,
        types=("feed_status",),
        outlet="api",
        verified="platform",
        fields=_FEED_STATUS,
        why="how old what we show is; in the picture it stands under `feeds`, as no feature",
    ),
)

NEVER: Final[tuple[Denied, ...]] = (
    Denied(Kind.INCIDENT, ("structural", "lift_entrapment", "rescue", "other"), "people in need"),
    Denied(Kind.FACILITY, ("command_post", "station"), "of responders"),
    Denied(
        Kind.OBSERVATION,
        ("crowd_density", "vehicle_count", "water_depth", "flooded_share", "surface_temperature"),
        "what is counted by cameras of our own",
    ),
    Denied(Kind.NOTE, ("remark", "drawing"), "inside words"),
    Denied(Kind.ASSIGNMENT, (), "who does what, where"),
    Denied(Kind.ATTENTION, (), "what command has to decide"),
    Denied(Kind.DRAFT, (), "alerts that nobody has released"),
    Denied(Kind.FUSION, (), "reports that nobody has judged yet"),
    Denied(Kind.LAYER, (), "layers of others: their publishers show them"),
    Denied(Kind.MESSAGE, (), "what authorities write to each other"),
    Denied(Kind.NEED, (), "what responders lack"),
    Denied(Kind.ORDER, (), "orders"),
    Denied(Kind.PARTNER, (), "with whom things are exchanged, and how that goes"),
    Denied(Kind.POSITION, (), "where people are"),
    Denied(Kind.RECEIPT, (), "who has read what"),
    Denied(Kind.RESOURCE, (), "teams, their leaders and whereabouts"),
)
"""Besides: exercise and test alerts, reports that nobody verified, what is rejected or merged,
everything of the feeds in `INSIDE_ONLY`, and every kind, type and state that no row names."""
