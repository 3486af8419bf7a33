"""Entities for the attention queue, each the least that a rule needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cop.model.entity import Severity
from cop.model.kinds import (
    Assignment,
    AssignmentStatus,
    Camera,
    Facility,
    FacilityStatus,
    FeedState,
    FeedStatus,
    Fusion,
    FusionStatus,
    Incident,
    IncidentStatus,
    Need,
    Observation,
    Order,
    Receipt,
)

START = datetime(2026, 9, 7, 12, tzinfo=UTC)


def after(minutes: float) -> datetime:
    """Give a time, in minutes from the start."""
    return START + timedelta(minutes=minutes)


def an_incident(number: int = 1, **fields: Any) -> Incident:
    """Make an incident that was just reported."""
    values = {
        "id": f"incident:{number}",
        "publisher": "COP",
        "title": {"en": f"Flood {number}"},
        "incident_type": "flooding",
        "status": IncidentStatus.REPORTED,
        "severity": Severity.SEVERE,
        "reported_at": START,
        **fields,
    }
    return Incident.model_validate(values)


def an_assignment(**fields: Any) -> Assignment:
    """Make an assignment that came to its team, which has not answered yet."""
    values = {
        "id": "assignment:1",
        "publisher": "COP",
        "resource": "resource:1",
        "agency": "DSD",
        "incident": "incident:1",
        "duty": {"en": "Pump"},
        "status": AssignmentStatus.DELIVERED,
        "severity": Severity.MODERATE,
        "warn_at": after(5),
        "overdue_at": after(10),
        **fields,
    }
    return Assignment.model_validate(values)


def a_sent_assignment(**fields: Any) -> Assignment:
    """Make an assignment that was just given and has come to no device."""
    status = AssignmentStatus.ASSIGNED
    return an_assignment(status=status, **{"steps": {status: START}, **fields})


def an_order(**fields: Any) -> Order:
    """Make an order to two."""
    values = {
        "id": "order:1",
        "publisher": "SB",
        "body": {"en": "All out"},
        "severity": Severity.EXTREME,
        "addressees": ["everyone"],
        "recipients": ["a", "b"],
        "issued_by": "chan",
        "issued_at": START,
        "reply_by": after(10),
        **fields,
    }
    return Order.model_validate(values)


def a_receipt(name: str, **fields: Any) -> Receipt:
    """Make what one recipient, on whose phone the order is, has done with it."""
    values = {
        "id": f"receipt:1/{name}",
        "publisher": "SB",
        "subject": "order:1",
        "recipient": name,
        "delivered_at": START,
    }
    return Receipt.model_validate(values | fields)


def a_need(**fields: Any) -> Need:
    """Make a need that nobody is asked to meet."""
    values = {
        "id": "need:1",
        "publisher": "COP",
        "subject": "incident:1",
        "item": "pump",
        "quantity": 2,
        "asked_at": START,
        "severity": Severity.MODERATE,
        **fields,
    }
    return Need.model_validate(values)


def a_facility(**fields: Any) -> Facility:
    """Make a shelter that its keeper opened."""
    values = {
        "id": "facility:1",
        "publisher": "HAD",
        "title": {"en": "Shelter"},
        "facility_type": "shelter",
        "status": FacilityStatus.OPEN,
        "capacity": 100,
        "occupancy": 20,
        "asserted_at": START,
        **fields,
    }
    return Facility.model_validate(values)


def a_fusion(**fields: Any) -> Fusion:
    """Make two reports that seem to be one."""
    values = {
        "id": "fusion:1",
        "publisher": "COP",
        "status": FusionStatus.PROPOSED,
        "members": ["incident:1", "incident:2"],
        "primary": "incident:1",
        **fields,
    }
    return Fusion.model_validate(values)


def a_feed(key: str = "hko_warnings", **fields: Any) -> FeedStatus:
    """Make the status of a feed that just gave something."""
    values = {
        "id": f"feed_status:{key}",
        "publisher": "HKO",
        "title": {"en": "Warnings"},
        "state": FeedState.OK,
        "checked_at": START,
        "fetched_at": START,
        "every_s": 60,
        "stale_after_s": 300,
        **fields,
    }
    return FeedStatus.model_validate(values)


def an_alarm(watched: str = "dense", **fields: Any) -> dict[str, Any]:
    """Make an alarm that has stood for ten minutes."""
    return {"watched": watched, "severity": Severity.SEVERE, "since": after(-10), **fields}


def a_zone(
    *alarms: dict[str, Any], sight: dict[str, Any] | None = None, **fields: Any
) -> Observation:
    """Make what a camera just saw of people in a zone, with the *alarms* that stand there."""
    seen = {
        "camera": "camera:pier",
        "zone": "steps",
        "use": "walkway",
        "method": "background",
        "confidence": 0.8,
        "level": "F",
        "alarms": alarms,
        **(sight or {}),
    }
    values = {
        "id": "vision:pier.steps",
        "publisher": "HKPF",
        "feed": "vision",
        "title": {"en": "Steps", "zh-Hant": "梯級"},
        "place": {"en": "Pier", "zh-Hant": "碼頭"},
        "observed_at": START,
        "measure": "crowd_density",
        "value": 4.26,
        "unit": "1/m2",
        "measures": {"people": 312.4, "people_error": 25.2, "flow_mps": 0.05},
        "sight": seen,
        **fields,
    }
    return Observation.model_validate(values)


def a_camera(**fields: Any) -> Camera:
    """Make a camera by which people are counted and that has just gone black."""
    values = {
        "id": "camera:pier",
        "publisher": "HKPF",
        "feed": "vision",
        "title": {"en": "Pier"},
        "counts": ["walkway"],
        "state": "black",
        "state_since": START,
        **fields,
    }
    return Camera.model_validate(values)
