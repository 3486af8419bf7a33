"""Whether a camera whose file is right can be looked through on this machine."""

from __future__ import annotations

from cop.errors import Misconfigured
from workers.vision.detectors.open import open_detector
from workers.vision.ground import View
from workers.vision.plan import CameraPlan
from workers.vision.plans import address_of


def unready(plan: CameraPlan) -> list[str]:
    """List what stands in the way: the ground, the detector's model, a variable without a value.

    Nothing is asked of the camera.
    """
    words = []
    try:
        open_detector(plan, View(plan))
    except Misconfigured as error:
        words.append(str(error))
    try:
        address_of(plan)
    except Misconfigured as error:
        words.append(str(error))
    return words
