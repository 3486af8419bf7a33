"""One look at a camera as entities: an observation for each zone, and the camera itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from cop.model.entity import Placing
from cop.model.geometry import point
from cop.model.kinds import Camera, Observation, Quality
from cop.model.sight import VISION, CameraState, Reading, Sight, Unknown
from workers.vision.alarms import alarms, dense_limits, heat_limits, water_limits
from workers.vision.counting import Counted
from workers.vision.frame import Frame, Unusable
from workers.vision.ground import View
from workers.vision.measured import Measured
from workers.vision.plan import CameraPlan, ZonePlan
from workers.vision.survey import camera_id, zone_id
from workers.vision.trend import outlook
from workers.vision.values import Value, values_of

KEPT: Final = timedelta(hours=24)
"""A worker that has died is seen by the age of what it left, not by its vanishing."""

MOST_RECENT: Final = 60
STEP: Final = timedelta(minutes=1)
"""No two readings that are kept, but the last, are nearer to each other."""


def observe(  # noqa: PLR0917 - everything that one look has brought
    plan: CameraPlan,
    view: View,
    frames: Sequence[Frame],
    counted: Counted | None,
    before: Mapping[str, Observation],
    now: datetime,
    *,
    measured: Mapping[str, Measured] | None = None,
    unusable: Unusable | None = None,
) -> tuple[Observation, ...]:
    """Make the observations of all zones after one look.

    Args:
        plan: of the camera.
        view: its ground.
        frames: of this look, oldest first; may be none where *unusable*.
        counted: what the detector found; None: it was not asked, or could not tell.
        before: id to the observation of the look before, as stored; none at first.
        now: the operation's time.
        measured: zone id to what the meters found (`workers.vision.meters`).
        unusable: why the frames cannot be counted by; all zones are then unknown.
    """
    values = (
        {zone.id: Value(None, unknown=Unknown.CAMERA) for zone in plan.zones}
        if unusable is not None
        else values_of(view, frames, counted, measured or {})
    )
    taken = frames[-1].at if frames else None
    return tuple(
        _observation(view, zone, values[zone.id], before.get(zone_id(plan.id, zone.id)), now, taken)
        for zone in plan.zones
    )


def camera_entity(
    plan: CameraPlan,
    *,
    state: CameraState,
    state_since: datetime | None,
    frame_at: datetime | None,
    why: str = "",
) -> Camera:
    """Make the camera as it is on the picture.

    Args:
        plan: of the camera.
        state: what can be said of it by its last frames.
        state_since: since when that is so.
        frame_at: when its last frame was taken.
        why: for whoever looks after it: what is wrong, in the words of the software.
    """
    return Camera(
        id=camera_id(plan.id),
        feed=VISION,
        publisher=plan.publisher,
        title=plan.title,
        description={"en": why} if why else {},
        observed_at=frame_at,
        geometry=point(*plan.place),
        placing=Placing.GIVEN,
        frame_at=frame_at,
        refresh_s=max(1, round(plan.source.every_s)),
        state=state,
        state_since=state_since,
        counts=tuple(dict.fromkeys(zone.use for zone in plan.zones)),
        thermal=plan.frame.thermal,
        bearing_deg=plan.bearing_deg,
        view=plan.privacy.view,
        published=plan.privacy.published,
    )


def _observation(  # noqa: PLR0917 - one zone, its look and the look before
    view: View,
    zone: ZonePlan,
    found: Value,
    before: Observation | None,
    now: datetime,
    taken: datetime | None,
) -> Observation:
    plan, ground = view.plan, view.zones[zone.id]
    readings = _readings(before, Reading(at=taken or now, value=found.value))
    heading = outlook(readings, _thresholds(zone), now)
    measures = dict(found.measures)
    if zone.use == "water" and heading is not None:
        measures["rise_per_min"] = heading.rate_per_min
    measure, unit, method = _measured_as(plan, zone)
    sight = Sight(
        camera=camera_id(plan.id),
        zone=zone.id,
        use=zone.use,
        area_m2=round(ground.area_m2, 1),
        method=method,
        confidence=round(min(1.0, max(0.0, found.confidence)), 2),
        error=None if found.value is None else found.error,
        unknown=found.unknown,
        level=found.level,
        recent=readings,
        outlook=heading,
    )
    seen = Observation(
        id=zone_id(plan.id, zone.id),
        feed=VISION,
        publisher=plan.publisher,
        title=zone.title,
        place=plan.title,
        # where it gave no frame, what is known is as old as it was
        observed_at=taken or (before.observed_at if before is not None else None),
        expires_at=now + KEPT,
        geometry=ground.outline,
        placing=Placing.GIVEN,
        measure=measure,
        unit=unit,
        value=found.value,
        measures=measures,
        quality=Quality.MISSING if found.value is None else Quality.OK,
        sight=sight,
    )
    standing = alarms(zone, seen, before, now)
    return seen.model_copy(update={"sight": sight.model_copy(update={"alarms": standing})})


def _measured_as(plan: CameraPlan, zone: ZonePlan) -> tuple[str, str, str]:
    """Give measure, unit and name of the method of a zone."""
    if zone.use == "road":
        return "vehicle_count", "1", "vehicles"
    if zone.use == "water" and zone.gauge is not None:
        return "water_depth", "cm", "gauge"
    if zone.use == "water":
        return "flooded_share", "%", "flooded"
    if zone.use == "heat":
        return "surface_temperature", "Cel", "heat"
    model = plan.detector.model
    method = f"onnx:{model.name}" if model is not None else plan.detector.name
    return "crowd_density", "1/m2", method


def _thresholds(zone: ZonePlan) -> tuple[float, ...]:
    """Give the limits, ascending, that the value of a zone may pass."""
    if zone.use == "road":
        return ()
    if zone.use == "water":
        return tuple(limit for limit in water_limits(zone) if math.isfinite(limit))
    return heat_limits(zone) if zone.use == "heat" else dense_limits(zone)


def _readings(before: Observation | None, last: Reading) -> tuple[Reading, ...]:
    """Give the readings of the looks before, thinned, and *last*."""
    had = before.sight.recent if before is not None and before.sight is not None else ()
    kept = [reading for reading in had if reading.at < last.at]  # an exercise may be wound back
    if len(kept) > 1 and kept[-1].at - kept[-2].at < STEP:
        kept.pop()
    return (*kept, last)[-MOST_RECENT:]
