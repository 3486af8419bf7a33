"""What a draft begins with: from a hazard or an incident, an area, or an alert that is in force.

Nothing that people wrote inside is copied out: of an incident only its type, place and severity are
taken, and the words are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import Invalid
from cop.model.district import DISTRICT_NAMES
from cop.model.entity import Certainty, Placing, Urgency
from cop.model.geometry import Geometry
from cop.model.kinds import Alert, Draft, Hazard, Incident
from cop.model.text import LANGS, Text
from cop.services.exchange.alerting.shapes import as_area, shape_of
from cop.services.exchange.alerting.words import (
    CANCELLED,
    CITY,
    HEADLINE,
    OUTSIDE,
    OVER,
    event_of,
    filled,
    listed,
)
from cop.services.geography import district_of, districts_touched

RADIUS_M: Final = 500.0
"""Around a place or a line where nobody says how far."""

USUAL: Final = timedelta(hours=3)
"""So long an alert holds where nobody says how long."""

LEFT_AFTER_CANCEL: Final = timedelta(hours=1)
"""For so long at least a cancellation is of use."""

_MOST_DISTRICTS: Final = 5
_KEPT: Final = (
    *("event_type", "categories", "responses", "severity", "urgency", "certainty", "title"),
    *("description", "instruction", "area", "geometry", "placing", "district", "publisher"),
)
"""What the next message of an alert says as the last did."""


def area_words(geometry: Geometry) -> Text:
    """Name the districts that an area reaches into; the city where they are many."""
    touched = districts_touched(shape_of(geometry))
    if not touched:
        return dict(OUTSIDE)
    if len(touched) > _MOST_DISTRICTS:
        return dict(CITY)
    return listed(DISTRICT_NAMES[code] for code in DISTRICT_NAMES if code in touched)


def placed(geometry: Geometry, radius_m: float) -> dict[str, Any]:
    """Give the fields of a draft for the area that is made of *geometry*.

    Raises:
        Invalid: no area can be made of it.
    """
    try:
        area = as_area(geometry, radius_m)
    except ValueError as error:
        raise Invalid(("geometry", str(error))) from None
    return {"geometry": area, "placing": Placing.GIVEN, "district": district_of(area)}


def begun(event_type: str, geometry: Geometry | None, now: datetime) -> dict[str, Any]:
    """Give what a draft for *event_type* in *geometry* says before anybody has written in it."""
    event = event_of(event_type)
    said: dict[str, Any] = {
        "event_type": event_type,
        "event": dict(event.words),
        "categories": event.categories,
        "urgency": Urgency.IMMEDIATE,
        "ends_at": now + USUAL,
    }
    if geometry is not None:
        area = area_words(geometry)
        said |= {"area": area, "title": _headline(event.words, area)}
    return said


def followed(draft: Draft, said: Mapping[str, Any]) -> dict[str, Any]:
    """Give the words of *draft* that follow what is *said* in it: those that nobody has touched.

    They are the names of the event and of the area, the headline that is made of both, and where
    CAP counts the event; what is in *said* itself stays.
    """
    found: dict[str, Any] = {}
    before, after = event_of(draft.event_type), event_of(said.get("event_type", draft.event_type))
    if draft.event in ({}, before.words):
        found["event"] = dict(after.words)
    if draft.categories in ((), before.categories):
        found["categories"] = after.categories
    old = {} if draft.geometry is None else area_words(draft.geometry)
    geometry = said.get("geometry", draft.geometry)
    new = {} if geometry is None else area_words(geometry)
    if draft.area in ({}, old):
        found["area"] = new
    now = {**{name: getattr(draft, name) for name in ("event", "area")}, **found, **said}
    if draft.title in ({}, _headline(draft.event, draft.area)):
        found["title"] = _headline(now["event"], now["area"])
    return {name: one for name, one in found.items() if name not in said}


def _headline(event: Text, area: Text) -> Text:
    """Give the headline for an event in an area; none where either lacks a language."""
    if not all(words.get(lang) for words in (event, area) for lang in LANGS):
        return {}
    return filled(HEADLINE, event=event, area=area)


def of_source(source: Hazard | Incident) -> dict[str, Any]:
    """Give what a hazard or an incident says of an alert that is made from it."""
    if isinstance(source, Incident):
        certainty = Certainty.OBSERVED if source.verified else Certainty.POSSIBLE
        return {
            "event_type": source.incident_type,
            "severity": source.severity,
            "certainty": certainty,
        }
    urgency = Urgency.EXPECTED if source.forecast else Urgency.IMMEDIATE
    title = source.title if set(source.title) == set(LANGS) else {}
    return {
        "event_type": source.phenomenon,
        "severity": source.severity,
        "certainty": source.certainty,
        "urgency": urgency,
        **({"title": title} if title else {}),
        **({"description": source.description} if source.description else {}),
    }


def next_of(alert: Alert) -> dict[str, Any]:
    """Give a draft that says what *alert* says, to be changed."""
    said = {name: getattr(alert, name) for name in _KEPT}
    event = event_of(alert.event_type)
    return {
        **said,
        "msg_type": "Update",
        "replaces": alert.id,
        "event": dict(event.words),
        "web": alert.link,
        "valid_from": alert.valid_from,
        "ends_at": alert.expires_at,
    }


def extended(alert: Alert, now: datetime) -> dict[str, Any]:
    """Give a draft that says the same as *alert* for as long again as its last message."""
    begins = alert.released_at or alert.issued_at
    span = USUAL if alert.expires_at is None else alert.expires_at - begins
    return {**next_of(alert), "ends_at": max(now, alert.expires_at or now) + span}


def cancelling(alert: Alert, now: datetime) -> dict[str, Any]:
    """Give a draft that ends *alert*."""
    soonest = now + LEFT_AFTER_CANCEL
    return {
        **next_of(alert),
        "msg_type": "Cancel",
        "title": filled(CANCELLED, title=alert.title),
        "description": dict(OVER),
        "instruction": {},
        "responses": ("AllClear",),
        "urgency": Urgency.PAST,
        "valid_from": None,
        "ends_at": max(soonest, alert.expires_at or soonest),
    }
