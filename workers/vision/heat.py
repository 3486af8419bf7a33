"""The hottest part of a zone, in frames whose values are temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from cop.model.sight import Unknown
from workers.vision.frame import Frame
from workers.vision.ground import View, Zone
from workers.vision.measured import Measured, untold

HOTTEST: Final = 0.005
"""The value is the mean of this share of the zone: one wrong pixel does not make a fire."""

FEWEST_PX: Final = 4
LEAST_SEEN: Final = 0.7
"""Of a zone's pixels this share must have a temperature."""

ACCURACY_CEL: Final = 2.0
ACCURACY_SHARE: Final = 0.02
"""A bolometer is within 2 °C or 2 % of the reading, whichever is more (as makers of radiometric
cameras give it); a shiny surface, of which it sees the mirrored sky, is off by far more."""


class Heat:
    """Measures zones of use `heat`; it remembers nothing."""

    def __init__(self, view: View) -> None:
        """Measure in the frames of *view*."""
        self._m2 = view.m2

    def look(self, frames: Sequence[Frame], zone: Zone) -> Measured:
        """Measure *zone* in the last of *frames*.

        Returns:
            The mean of the hottest half percent of the zone's pixels, °C; extra: `hot_area_m2`, the
            ground behind those pixels that are at least as hot as the plan's limit. Unknown: of a
            camera that measures no temperatures, or that has none for much of the zone.
        """
        if not frames or not frames[-1].thermal:
            return untold(Unknown.UNSURE)
        values = frames[-1].pixels[zone.mask]
        told = np.isfinite(values)
        if told.mean() < LEAST_SEEN:
            return untold(Unknown.HIDDEN)
        kept = np.sort(values[told])
        top = kept[-max(FEWEST_PX, round(HOTTEST * len(kept))) :]
        value = float(top.mean())
        hot = told & (values >= zone.plan.hot_cel)
        error = float(np.hypot(max(ACCURACY_CEL, ACCURACY_SHARE * abs(value)), top.std()))
        return Measured(
            value=value,
            error=error,
            confidence=float(told.mean()) * min(1.0, len(kept) / (20 * FEWEST_PX)),
            extra={"hot_area_m2": round(float(self._m2[zone.mask][hot].sum()), 2)},
        )
