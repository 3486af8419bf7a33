"""Entities of every kind with every field, each word of which can be told from all others."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from cop.model.entity import Kind
from cop.model.kinds import KINDS
from tests.unit.services.publishing.compiling import at

Entity = dict[str, Any]

TYPES: Final[dict[str, list[Any]]] = {
    "event_type": ["rainstorm", "weather_tip", "cap_rainstorm", "a new word"],
    "facility_type": ["shelter", "first_aid_post", "hospital", "command_post", "station"],
    "incident_type": ["flooding", "fire", "water_supply", "transport_disruption", "rescue"],
    "measure": ["rain_1h", "traffic_speed", "crowd_density", "a new word"],
    "phenomenon": ["earthquake", "tc_track", "rain_nowcast"],
    "topic": ["news", "notice", "remark"],
}
STATUSES: Final[dict[Kind, list[str]]] = {
    Kind.FACILITY: ["open", "full", "standby", "closed", "unknown"],
    Kind.INCIDENT: [
        *("reported", "verified", "responding", "contained", "closed", "rejected", "merged")
    ],
    Kind.ROAD: ["closed", "slow", "reopened", "works", "normal"],
}
FEEDS: Final = [
    *(None, None, None, "hko_warnings", "nmc_warnings", "hko_cyclones", "hko_felt_earthquakes"),
    *("td_traffic_news", "wsd_suspensions", "had_shelters", "vision", "td_cameras"),
]
_TIMES: Final = {"issued_at", "reported_at", "observed_at", "asserted_at", "updated_at"}
_POINTS: Final = st.tuples(st.floats(113.9, 114.4), st.floats(22.2, 22.5))


def mark(name: str) -> str:
    """Give the word by which a field is known wherever it turns up."""
    return f"mark-{name}-end"


def marks(said: bytes) -> set[str]:
    """List the fields whose words are in what was *said*."""
    return {part.split(b"-end")[0].decode() for part in said.split(b"mark-")[1:]}


@st.composite
def geometries(draw: st.DrawFn) -> Entity | None:
    """Make a point, a line, an area, or none."""
    corners = draw(st.lists(_POINTS, min_size=3, max_size=4))
    shapes: list[Entity | None] = [
        {"type": "Point", "coordinates": corners[0]},
        {"type": "LineString", "coordinates": corners},
        {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
        None,
    ]
    return draw(st.sampled_from(shapes))


@st.composite
def entities(draw: st.DrawFn, minute: int) -> Entity:
    """Make an entity of any kind as it may be stored at a minute: every field that there is.

    Many are incidents that may be shown: of those the most has to be kept back.
    """
    kind = draw(st.sampled_from([*Kind, Kind.INCIDENT, Kind.INCIDENT, Kind.FACILITY, Kind.ALERT]))
    feed = draw(st.sampled_from(FEEDS))
    names = {name for model in KINDS.values() for name in model.model_fields} | {"invented"}
    times = st.integers(0, minute).map(lambda n: at(n).isoformat())
    entity: Entity = {name: mark(name) for name in names}
    entity |= {name: {"en": mark(name)} for name in ("title", "description", "place", "words")}
    entity |= {name: draw(times) for name in sorted(_TIMES)}
    entity |= {name: draw(st.sampled_from(given)) for name, given in TYPES.items()}
    steps = draw(st.dictionaries(st.sampled_from(STATUSES[Kind.INCIDENT]), times))
    entity |= {
        "kind": kind,
        "id": f"{kind if feed is None else feed}:{draw(st.integers(0, 2))}",
        "feed": feed,
        "status": draw(st.sampled_from(STATUSES.get(kind, ["x"]))),
        "severity": draw(st.sampled_from(["Minor", "Severe"])),
        "signal": draw(st.sampled_from(["A", "B", None])),
        "verified": draw(st.sampled_from([True, True, False])),
        "steps": steps,
        "exercise": draw(st.sampled_from([False, False, True])),
        "expires_at": draw(st.none() | st.integers(0, 200).map(lambda n: at(n).isoformat())),
        "stands_for": draw(st.sampled_from([None, "had_shelters:0", "had_shelters:1"])),
        "geometry": draw(geometries()),
        "precision_m": draw(st.sampled_from([None, 10, 1200.5])),
        "district": "YTM",
    }
    if kind is Kind.INCIDENT and draw(st.booleans()):
        entity |= {"id": f"incident:{draw(st.integers(0, 2))}", "feed": None, "verified": True}
        entity |= {"incident_type": "flooding", "steps": {"verified": draw(times)}}
        entity |= {"status": draw(st.sampled_from(["verified", "responding"]))}
    if entity["feed"] is None:
        del entity["feed"]
    return entity
