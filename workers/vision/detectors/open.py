"""Which detector a plan asks for."""

from __future__ import annotations

from cop.errors import Misconfigured
from workers.vision.counting import Detector
from workers.vision.ground import View
from workers.vision.plan import CameraPlan


def open_detector(plan: CameraPlan, view: View) -> Detector:
    """Make the detector of *plan*; raises `Misconfigured` where it cannot be used.

    A detector remembers between looks, so it is made once for a camera and kept.
    """
    name = plan.detector.name
    if (name == "thermal") != plan.frame.thermal:
        wanted = "thermal" if name == "thermal" else "visible"
        raise Misconfigured(
            f"camera {plan.id}: the detector {name} wants {wanted} frames;"
            " see frame.thermal and detector.name"
        )
    if name == "thermal":
        from workers.vision.detectors.thermal import Thermal

        return Thermal(plan, view)
    if name == "background":
        from workers.vision.detectors.background import Background

        return Background(plan, view)
    if name == "people":
        from workers.vision.detectors.people import People

        return People(plan, view)
    from workers.vision.detectors.onnx import Onnx

    return Onnx(plan, view)
