"""Entities for the attention queue, each the least that a rule needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cop.model.entity import Severity
from cop.model.kinds import (
    Assignment,
    AssignmentStatus,
    Facility,
    FacilityStatus,
    FeedState,
    FeedStatus,
    Fusion,
    FusionStatus,
    Incident,
    IncidentStatus,
    Need,
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
