"""From an alarm to an incident: what a camera saw, as the first report of something."""

from __future__ import annotations

import math
from typing import Any, Final

import shapely

from cop.errors import NotPossible
from cop.formats.placing import distance_m
from cop.model.desk import Attention
from cop.model.entity import Kind, Placing
from cop.model.geometry import Point, Position, bbox, point
from cop.model.kinds import Incident, IncidentType, Observation
from cop.model.response import OPEN_INCIDENT
from cop.model.sight import VISION, Alarm
from cop.services.commands.context import Context
from cop.services.geography import district_of
from cop.services.policy import Action, may
from cop.services.watch import limits, words_sight
from cop.services.watch.keeper import item_id
from cop.services.watch.sights import REASONS

SAME_WITHIN_M: Final = 200
"""An open incident of the same type by the same camera this near is the same thing."""


def recognise(
    ctx: Context, seen: str, incident_type: IncidentType
) -> tuple[dict[str, Any], tuple[Attention, ...]]:
    """Give the fields of an incident made of what a camera saw, and the items taken with it.

    Whoever makes the incident looks after the items about it that nobody has taken yet, as far as
    they may.

    Raises:
        NotFound: there is no such observation.
        NotPossible: no alarm stands there; or an open incident was made of it already.
    """
    observation = ctx.read(seen, Observation)
    sight = observation.sight
    if observation.feed != VISION or sight is None or not sight.alarms:
        raise NotPossible("nothing-seen", "no alarm of a camera stands there: report it by hand")
    alarm = _worst(sight.alarms)
    place = _middle(observation)
    known = _reported(ctx, sight.camera, incident_type, place)
    if known is not None:
        raise NotPossible(
            "reported-already",
            f"{known.number or known.id} was made of it: open that",
            into=known.id,
        )
    values = {
        "severity": alarm.severity,
        "title": words_sight.report(observation, alarm),
        "description": words_sight.counted(observation, sight, alarm),
        "place": words_sight.title(observation),
        "geometry": place,
        "district": district_of(place),
        "placing": Placing.UNPLACED if place is None else Placing.GIVEN,
        "precision_m": _reach_m(observation),
        "camera": sight.camera,
        "reported_by": "camera",
    }
    return values, tuple(_taken(ctx, seen))


def _worst(alarms: tuple[Alarm, ...]) -> Alarm:
    worst = alarms[0]
    for alarm in alarms[1:]:
        if limits.is_worse(alarm.severity, worst.severity):
            worst = alarm
    return worst


def _middle(observation: Observation) -> Point | None:
    if observation.geometry is None:
        return None
    middle = shapely.from_geojson(observation.geometry.model_dump_json()).centroid
    return point(middle.x, middle.y)


def _reach_m(observation: Observation) -> float | None:
    """Give how far the zone reaches from its middle, metres."""
    if observation.geometry is None:
        return None
    west, south, east, north = bbox(observation.geometry)
    return float(math.ceil(distance_m((west, south), (east, north)) / 2))


def _reported(
    ctx: Context, camera: str, incident_type: IncidentType, place: Point | None
) -> Incident | None:
    """Find the open incident that was made of the same thing."""
    for one in ctx.all(Kind.INCIDENT, Incident, having="camera").values():
        is_alike = one.camera == camera and one.incident_type == incident_type
        if is_alike and one.status in OPEN_INCIDENT and _is_near(one, place):
            return one
    return None


def _is_near(incident: Incident, place: Point | None) -> bool:
    if incident.geometry is None or place is None:
        return incident.geometry is None and place is None
    west, south, east, north = bbox(incident.geometry)
    middle: Position = ((west + east) / 2, (south + north) / 2)
    return distance_m(middle, place.coordinates) <= SAME_WITHIN_M


def _taken(ctx: Context, seen: str) -> list[Attention]:
    found = ctx.find(item_id(reason, seen) for reason in dict.fromkeys(REASONS.values()))
    return [
        item.model_copy(
            update={"taken_by": ctx.identity.name, "taken_at": ctx.now, "snoozed_until": None}
        )
        for item in found.values()
        if isinstance(item, Attention)
        and item.cleared_at is None
        and item.taken_by is None
        and may(ctx.identity, Action.ATTEND, agencies=[item.agency])
    ]
