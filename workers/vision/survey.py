"""How the cameras do all together, from what is on the picture; and what no plan has is taken off.

Loads nothing heavy: it says so too when no frame can be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from cop.errors import Conflict
from cop.model.kinds import Camera, FeedState
from cop.model.record import Record, Write, remove
from cop.model.sight import VISION, CameraState
from cop.model.text import text
from cop.services.feed_status import (
    ATTEMPTS,
    Promise,
    Standing,
    millis,
    read_standing,
    status_id,
    status_write,
)
from cop.store.port import Store
from workers.vision.plan import CameraPlan

log = structlog.get_logger(__name__)

SURVEY_EVERY_S: Final = 10.0
"""Real seconds between two words on how the cameras do."""
SHORTEST_S: Final = 5.0
"""Real seconds between two looks of one camera, at least."""

_STALE_AFTER_LOOKS: Final = 3
_NAMED: Final = 10
_PUBLISHER: Final = "COP"
_TITLE: Final = text("Counting from cameras", "攝影機點算", "摄影机点算")


def look_interval(plan: CameraPlan, speed: float) -> float:
    """Give the real seconds between two looks of a camera when the clock runs at *speed*."""
    return max(plan.source.every_s / speed, SHORTEST_S)


def promise_of(plans: Mapping[str, CameraPlan], speed: float) -> Promise:
    """Give what counting by *plans* promises, in seconds of a clock that runs at *speed*."""
    every_s = max((look_interval(plan, speed) for plan in plans.values()), default=SHORTEST_S)
    most = sum(1 + len(plan.zones) for plan in plans.values())
    return Promise(
        key=VISION,
        title=_TITLE,
        publisher=_PUBLISHER,
        licence="",
        complete=True,
        expected=(0, most),
        max_loss=1.0,
        every_s=every_s * speed,
        stale_after_s=(_STALE_AFTER_LOOKS * every_s + SURVEY_EVERY_S) * speed,
    )


def camera_id(camera: str) -> str:
    """Give the id on the picture of the camera whose plan has the id *camera*."""
    return f"camera:{camera}"


def zone_id(camera: str, zone: str) -> str:
    """Give the id on the picture of what is counted in a zone."""
    return f"{VISION}:{camera}.{zone}"


def survey(store: Store, plans: Mapping[str, CameraPlan], now: datetime, speed: float) -> None:
    """Take off what no plan has, and say how the cameras do.

    Args:
        store: the picture.
        plans: by the cameras' ids; where there are none, the status goes too.
        now: in the operation's clock, which runs at *speed*.
        speed: its seconds in a real second.

    Raises:
        StoreUnavailable: the store cannot answer.
    """
    for attempt in range(1, ATTEMPTS + 1):
        before = read_standing(store, VISION)
        known = store.by_feed(VISION)
        writes = _removals(known, plans)
        if plans:
            promise = promise_of(plans, speed)
            writes.append(_status(promise, before, _cameras(known, plans), plans, now))
        else:
            status = store.read([status_id(VISION)])
            writes += [remove(record) for record in status.values()]
        try:
            for begin in range(0, len(writes), 500):
                store.write(writes[begin : begin + 500], fetched_ms=millis(now))
        except Conflict:  # a look wrote in between
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _removals(known: Mapping[str, Record], plans: Mapping[str, CameraPlan]) -> list[Write]:
    wanted = {camera_id(camera) for camera in plans}
    wanted |= {zone_id(camera, zone.id) for camera, plan in plans.items() for zone in plan.zones}
    gone = [record for name, record in known.items() if name not in wanted]
    if gone:
        log.info("cameras_taken_off", ids=sorted(record.id for record in gone)[:_NAMED])
    return [remove(record) for record in gone]


def _cameras(
    known: Mapping[str, Record], plans: Mapping[str, CameraPlan]
) -> dict[str, Camera | None]:
    """Give the cameras of *plans* as they are on the picture; None for one never looked at."""
    found: dict[str, Camera | None] = {}
    for camera in plans:
        record = known.get(camera_id(camera))
        try:
            found[camera] = None if record is None else Camera.model_validate_json(record.body)
        except ValueError:  # written by another version of this program: the next look mends it
            found[camera] = None
    return found


def _status(
    promise: Promise,
    before: Standing,
    cameras: Mapping[str, Camera | None],
    plans: Mapping[str, CameraPlan],
    now: datetime,
) -> Write:
    late = timedelta(seconds=promise.stale_after_s)
    good = {
        name: camera.frame_at
        for name, camera in cameras.items()
        if camera is not None
        and camera.state is CameraState.OK
        and camera.frame_at is not None
        and now - camera.frame_at <= late
    }
    bad = [name for name in cameras if name not in good]
    state = FeedState.OK if not bad else FeedState.DEGRADED if good else FeedState.FAILING
    if not any(cameras.values()):
        state = FeedState.NEVER
    known = before.status
    changes: dict[str, object] = {
        "state": state,
        "checked_at": now,
        "fetched_at": max(good.values(), default=known.fetched_at if known else None),
        "reason": _words(bad, len(cameras)),
        "failures": 0 if good else (known.failures if known else 0) + 1,
        "taken": sum(len(plans[name].zones) for name in good),
    }
    return status_write(promise, before, changes)


def _words(names: Sequence[str], of: int) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (f"{len(names)} of {of} cameras give nothing usable: {', '.join(names[:_NAMED])}{more}")[
        :500
    ]
