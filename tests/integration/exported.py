"""A picture to export: warnings, incidents, hospitals and shelters, some with hostile texts."""

from __future__ import annotations

from datetime import UTC, datetime

from cop.model.entity import Kind, Placing, Severity
from cop.model.facility import Facility, FacilityStatus
from cop.model.geometry import MultiPolygon, Polygon, point, polygon
from cop.model.kinds import Alert, FeedState, FeedStatus, Observation
from cop.model.record import put
from cop.model.response import Casualties, Incident, IncidentStatus
from cop.services.feed_status import status_id
from cop.store.port import Store

NOW = datetime(2026, 9, 7, 15, 0, tzinfo=UTC)
LICENCE = "data.gov.hk terms; Hong Kong Observatory"
FORMULAS = (
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
)
HOSTILE = "<script>alert(1)</script> & \u202eevil\u0007 ]]> \x00\ufffe 💧"
RING = [(114.0, 22.2), (114.3, 22.2), (114.3, 22.5), (114.0, 22.5), (114.0, 22.2)]
HOLE = [(114.1, 22.3), (114.2, 22.3), (114.2, 22.4), (114.1, 22.3)]


def feed(key: str = "hko_warnings", licence: str = LICENCE) -> FeedStatus:
    """Make the state of a feed."""
    return FeedStatus(
        id=status_id(key),
        publisher="HKO",
        title={"en": "Warnings", "zh-Hant": "天氣警告"},
        state=FeedState.OK,
        checked_at=NOW,
        fetched_at=NOW,
        every_s=60,
        stale_after_s=600,
        licence=licence,
    )


def alert(number: int, **changes: object) -> Alert:
    """Make a public warning; keywords override its fields."""
    fields: dict[str, object] = {
        "id": f"hko_warnings:W{number}",
        "feed": "hko_warnings",
        "publisher": "HKO",
        "title": {
            "en": f"Warning {number}",
            "zh-Hant": f"警告 {number}",
            "zh-Hans": f"警告{number}",
        },
        "event_type": "rainstorm",
        "signal": "WRAINB",
        "severity": Severity.SEVERE,
        "issued_at": NOW,
        "observed_at": NOW,
        "geometry": Polygon(type="Polygon", coordinates=(tuple(RING), tuple(HOLE))),
        "placing": Placing.REGION,
    }
    return Alert.model_validate(fields | changes)


def incident(number: int, **changes: object) -> Incident:
    """Make an incident that only those inside may see; keywords override its fields."""
    fields: dict[str, object] = {
        "id": f"incident:{number:016x}",
        "publisher": "DSD",
        "title": {"en": f"Flooding {number}"},
        "incident_type": "flooding",
        "status": IncidentStatus.REPORTED,
        "severity": Severity.MODERATE,
        "reported_at": NOW,
        "observed_at": NOW,
        "geometry": point(114.17, 22.31),
        "placing": Placing.GIVEN,
        "casualties": Casualties(minor=2),
        "author": "wong",
    }
    return Incident.model_validate(fields | changes)


def hospital() -> Facility:
    """Make a hospital with its waits."""
    return Facility(
        id="ha_waiting:QEH",
        feed="ha_waiting",
        publisher="HA",
        title={"en": "Queen Elizabeth Hospital", "zh-Hant": "伊利沙伯醫院"},
        facility_type="hospital",
        status=FacilityStatus.LIMITED,
        measures={"t3_p50_min": 90.0, "t3_p95_min": 240.0},
        words={"t1": {"en": "0 minute", "zh-Hant": "0分鐘"}},
        asserted_at=NOW,
        observed_at=NOW,
        geometry=point(114.1747, 22.309),
        placing=Placing.STATION,
    )


def shelter() -> Facility:
    """Make an open shelter with its counter."""
    return Facility(
        id="facility:00000000000000aa",
        publisher="HAD",
        title={"en": "Henry G. Leong Centre"},
        facility_type="shelter",
        status=FacilityStatus.OPEN,
        capacity=120,
        occupancy=30,
        asserted_at=NOW,
        observed_at=NOW,
        geometry=point(114.16, 22.31),
        placing=Placing.GIVEN,
    )


def city(store: Store) -> None:
    """Put everything on the picture of *store*."""
    coast = (tuple(RING),), ((tuple((lon + 1, lat) for lon, lat in RING)),)
    things = [
        feed(),
        feed("ha_waiting", "data.gov.hk terms; Hospital Authority"),
        alert(1, description={"en": HOSTILE}),
        alert(2, geometry=None, placing=Placing.UNPLACED, severity=Severity.UNKNOWN),
        alert(3, geometry=MultiPolygon(type="MultiPolygon", coordinates=coast)),
        *(incident(n, title={"en": words}) for n, words in enumerate(FORMULAS)),
        incident(50, title={"en": HOSTILE}, geometry=polygon(RING)),
        hospital(),
        shelter(),
        Observation(
            id="hko_wind:a",
            feed="hko_wind",
            publisher="HKO",
            measure="wind",
            value=12.5,
            measures={"gust_kmh": 31.0},
            unit="km/h",
            observed_at=NOW,
            geometry=point(114.1, 22.3),
            placing=Placing.STATION,
        ),
    ]
    store.write([put(thing) for thing in things], fetched_ms=int(NOW.timestamp() * 1000))


KINDS = (Kind.ALERT, Kind.INCIDENT, Kind.FACILITY, Kind.OBSERVATION)
