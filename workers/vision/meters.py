"""The meters of one camera: what is measured in zones that are not for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from workers.vision.frame import Frame
from workers.vision.ground import View, Zone
from workers.vision.heat import Heat
from workers.vision.measured import Measured
from workers.vision.vehicles import Vehicles
from workers.vision.water import Water


class Meter(Protocol):
    """Measures one thing; made once a camera, it may remember between looks."""

    def __init__(self, view: View) -> None:
        """Measure in the frames of *view*."""

    def look(self, frames: Sequence[Frame], zone: Zone) -> Measured:
        """Measure in *zone*; *frames* are oldest first, all of the size in the plan."""


_METERS: Final[Mapping[str, type[Meter]]] = {"road": Vehicles, "water": Water, "heat": Heat}


class Meters:
    """All meters that the zones of a camera need; made once a camera."""

    def __init__(self, view: View) -> None:
        """Make a meter for each use of a zone that has one."""
        self._view = view
        uses = {zone.use for zone in view.plan.zones}
        self._meters = {use: make(view) for use, make in _METERS.items() if use in uses}

    def look(self, frames: Sequence[Frame]) -> Mapping[str, Measured]:
        """Measure in *frames*, oldest first.

        Returns:
            Zone id to what was found there; zones for people are not among them.
        """
        return {
            name: self._meters[zone.plan.use].look(frames, zone)
            for name, zone in self._view.zones.items()
            if zone.plan.use in self._meters
        }
