"""What a camera saw, as numbers: how it was measured, how sure that is, and where it is heading.

No picture and nothing about any one person is part of it. What cannot be told is unknown, with the
reason; it is never zero.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from cop.model.entity import EntityId, Instant, Severity
from cop.model.response import Part

VISION: Final = "vision"
"""Key of the feed of what cameras count, and of the cameras that it is counted by."""

Level = Literal["A", "B", "C", "D", "E", "F"]
"""Level of service for people on foot, from free to no movement (Fruin, 1971)."""

ZoneUse = Literal["walkway", "stairs", "queue", "road", "water", "heat"]
"""What a zone is looked at for; for people it decides which of Fruin's tables holds."""


class Unknown(StrEnum):
    """Why a camera's value is not known."""

    CAMERA = "camera"  # its frames are not usable: see the camera's state
    LEARNING = "learning"  # how the place looks without anybody is still being learned
    UNSURE = "unsure"  # below the limit of confidence
    HIDDEN = "hidden"  # too much of the zone is covered, dazzled or dark
    CROWDED = "crowded"  # denser than the method can tell


class Watched(StrEnum):
    """What about a zone raises an alarm."""

    DENSE = "dense"  # too many people for the room there is
    STOPPED = "stopped"  # a dense crowd that has stopped moving
    COUNTER_FLOW = "counter_flow"  # people pushing against each other, or against the way out
    HEAT = "heat"  # a surface hotter than it should be
    WATER = "water"  # water on the road, or rising
    QUEUE = "queue"  # vehicles standing back to the zone's end


class Alarm(Part):
    """An alarm that stands.

    Attributes:
        watched: what it is about.
        severity: how bad it is.
        since: when it began.
        unseen_since: since when nothing is known there; the alarm is kept for a while all the same.
    """

    watched: Watched
    severity: Severity
    since: Instant
    unseen_since: Instant | None = None


class Reading(Part):
    """One value of a series; None: it was looked for and could not be told.

    Attributes:
        at: when the frame was taken.
        value: in the observation's unit.
    """

    at: Instant
    value: float | None = None


class Outlook(Part):
    """Where a value is heading, from its last readings.

    Attributes:
        rate_per_min: change a minute, in the observation's unit.
        threshold: what would be passed, in the observation's unit.
        at: when it is passed at this rate; None: not within the horizon.
        earliest, latest: between these nine of ten times; None: not within the horizon.
        made_at: when this was reckoned.
    """

    rate_per_min: float
    threshold: float
    at: Instant | None = None
    earliest: Instant | None = None
    latest: Instant | None = None
    made_at: Instant


class Sight(Part):
    """How a camera's value was come by. A part of an observation.

    Attributes:
        camera: id of the camera.
        zone: id of the zone, unique within the camera.
        use: what the zone is looked at for.
        area_m2: of the zone on the ground.
        method: name of the detector, for example `background`, `thermal`, `onnx:crowd.onnx`.
        confidence: 0 to 1.
        error: one standard deviation of the value, in the observation's unit.
        unknown: why there is no value.
        level: level of service, for people on foot.
        alarms: those that stand.
        recent: the last readings, oldest first, this one last.
        outlook: when a threshold will be passed.
    """

    camera: EntityId
    zone: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    use: ZoneUse
    area_m2: float | None = Field(default=None, gt=0)
    method: str
    confidence: float = Field(default=0, ge=0, le=1)
    error: float | None = Field(default=None, ge=0)
    unknown: Unknown | None = None
    level: Level | None = None
    alarms: tuple[Alarm, ...] = ()
    recent: tuple[Reading, ...] = Field(default=(), max_length=90)
    outlook: Outlook | None = None


class CameraState(StrEnum):
    """What can be said of a camera by its last frames."""

    UNKNOWN = "unknown"  # not looked at
    OK = "ok"
    MISSING = "missing"  # it gives no frame
    BROKEN = "broken"  # what it gives is no picture
    BLACK = "black"
    FROZEN = "frozen"  # the same picture again and again
    BLURRED = "blurred"
    MOVED = "moved"  # turned away from what it was set up for, or covered: tampered with
    WRONG_SIZE = "wrong_size"


View = Literal["nobody", "command", "responder"]
"""Who may ask for a camera's live view; whoever may not see faces gets it blurred."""
