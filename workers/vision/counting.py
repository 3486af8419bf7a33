"""What a detector is: frames of one camera in, a count for each zone out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cop.model.sight import Unknown
from workers.vision.frame import Frame, Mask


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are in a zone.

    Attributes:
        people: how many, a real number; None where it cannot be told.
        error: one standard deviation of *people*.
        confidence: 0 to 1.
        unknown: why *people* is None.
    """

    people: float | None
    error: float = 0.0
    confidence: float = 0.0
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What a detector found at one look.

    Attributes:
        zones: zone id to its count.
        who: where in the last frame people are, as a mask; by it flow is weighed. None: not told.
    """

    zones: Mapping[str, Count]
    who: Mask | None = None


class Detector(Protocol):
    """Counts in the frames of one camera; made once a camera, it may remember between looks.

    Attributes:
        method: its name, as observations carry it.
    """

    method: str

    def count(self, frames: Sequence[Frame]) -> Counted:
        """Count in *frames*, oldest first, all of the size in the plan; the last one is now."""
