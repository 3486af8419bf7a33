"""What one look says of each zone: counts, flow and meters put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cop.model.levels import USES, level_of
from cop.model.sight import Level, Unknown
from workers.vision.counting import Count, Counted
from workers.vision.flow import Flow, flows
from workers.vision.frame import Frame
from workers.vision.ground import View, Zone
from workers.vision.measured import Measured, untold

_SOMEBODY: Final = 0.5
"""With fewer people than this nobody is there whose way could be told."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a zone's look comes to.

    Attributes:
        value: in the unit of the zone's measure; None where it cannot be told.
        error: one standard deviation of *value*.
        confidence: 0 to 1.
        unknown: why *value* is None.
        level: level of service, for people.
        measures: further numbers by name.
    """

    value: float | None
    error: float = 0.0
    confidence: float = 0.0
    unknown: Unknown | None = None
    level: Level | None = None
    measures: Mapping[str, float] = field(default_factory=dict)


def values_of(
    view: View,
    frames: Sequence[Frame],
    counted: Counted | None,
    measured: Mapping[str, Measured],
) -> dict[str, Value]:
    """Put together what was found in each zone at one look.

    Args:
        view: the ground.
        frames: of this look, oldest first.
        counted: what the detector found; None: it could not tell.
        measured: zone id to what the meters found.

    Returns:
        Zone id to its value; unknown where it is less sure than the plan asks for.
    """
    least = view.plan.detector.confidence
    counts = {
        name: _sure(counted.zones.get(name) if counted is not None else None, least)
        for name in view.zones
    }
    densities = {
        name: (counts[name].people or 0) / zone.area_m2
        for name, zone in view.zones.items()
        if zone.plan.use in USES and (counts[name].people or 0) >= _SOMEBODY
    }
    who = counted.who if counted is not None else None
    ways = flows(view, frames, who, densities)
    return {
        name: (
            _of_people(zone, counts[name], ways.get(name))
            if zone.plan.use in USES
            else _of_meter(zone, measured.get(name), counts[name], least)
        )
        for name, zone in view.zones.items()
    }


def _sure(count: Count | None, least: float) -> Count:
    """Give a count that is sure enough, or why there is none."""
    if count is None:
        return Count(None, unknown=Unknown.UNSURE)
    if count.people is None:
        return Count(None, confidence=count.confidence, unknown=count.unknown or Unknown.UNSURE)
    if count.confidence < least:
        return Count(None, confidence=count.confidence, unknown=Unknown.UNSURE)
    return count


def _of_people(zone: Zone, count: Count, flow: Flow | None) -> Value:
    if count.people is None:
        return Value(None, confidence=count.confidence, unknown=count.unknown)
    density = count.people / zone.area_m2
    measures = {"people": round(count.people, 1), "people_error": round(count.error, 1)}
    per_m_min = None
    if flow is not None:
        per_m_min = None if flow.speed_mps is None else density * flow.speed_mps * 60
        told = {
            "flow_deg": flow.direction_deg,
            "flow_mps": flow.speed_mps,
            "flow_per_m_min": per_m_min,
            "moving_percent": flow.moving_percent,
            "counter_percent": flow.counter_percent,
        }
        measures |= {name: round(value, 2) for name, value in told.items() if value is not None}
    return Value(
        value=round(density, 3),
        error=round(count.error / zone.area_m2, 3),
        confidence=count.confidence,
        level=level_of(zone.plan.use, density, per_m_min),
        measures=measures,
    )


def _of_meter(zone: Zone, found: Measured | None, count: Count, least: float) -> Value:
    found = found or untold(Unknown.UNSURE)
    if found.value is None or found.confidence < least:
        why = found.unknown or Unknown.UNSURE
        return Value(None, confidence=found.confidence, unknown=why)
    measures = dict(found.extra)
    if zone.plan.use == "heat" and count.people is not None:
        measures["people"] = round(count.people, 1)
    return Value(
        value=round(found.value, 2),
        error=round(found.error, 2),
        confidence=found.confidence,
        measures=measures,
    )
