"""Simple pictures of people whose places are known, and looks of detectors at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.unit.workers.vision.views import NOW, a_plan
from workers.simulate.sights.lens import Lens
from workers.vision.counting import Count, Counted, Detector
from workers.vision.detectors.open import open_detector
from workers.vision.frame import Frame
from workers.vision.ground import View
from workers.vision.plan import CameraPlan

STREET = Lens(836500, 822300, 7, 90, 26.5, 34, (320, 240))
"""Half as large and half as wide as usual: quick, with people of the usual size."""

EVERY_S = 60.0
CLOTHES = ((40, 30, 160), (150, 60, 30), (40, 140, 50), (20, 20, 30), (190, 190, 200))
GROUND_CEL, CLOTHES_CEL, FACE_CEL = 23.0, 28.5, 34.0


def a_zone(lens: Lens = STREET, aside_m: float = 0, away_m: float = 14, side_m: float = 6) -> Any:
    """Give a square of the ground as a zone."""
    half = side_m / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    spots = [(*lens.ahead(aside_m + x, away_m + y), 0.0) for x, y in corners]
    return {"outline": lens.to_image(spots).tolist(), "use": "walkway"}


def plan_for(
    name: str, zones: Sequence[dict[str, Any]] | None = None, lens: Lens = STREET, **more: Any
) -> CameraPlan:
    """Make the plan of a camera with a detector."""
    plan = a_plan(lens, zones or (a_zone(lens),), thermal=name == "thermal")
    detector = type(plan.detector).model_validate({"name": name, **more})
    return plan.model_copy(update={"detector": detector})


class Stage:
    """A place with a camera and a detector; looks at it are a minute apart."""

    def __init__(self, plan: CameraPlan, lens: Lens = STREET) -> None:
        """Set the camera up."""
        self.plan, self.lens, self.view = plan, lens, View(plan)
        self.detector: Detector = open_detector(plan, self.view)
        self._looks = 0
        wide, high = plan.frame.size
        rng = np.random.default_rng(5)
        coarse = rng.normal(0, 9, (high // 16 + 1, wide // 16 + 1)).astype(np.float32)
        grain = cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
        self.place = np.dstack([grain + base for base in (118, 124, 128)])
        self._rng = rng

    def visible(self, people: Iterable[tuple[float, float]], light: float = 1.0) -> Any:
        """Draw people at metres to the right of and away from the camera."""
        picture = self.place.copy()
        for number, (aside, away) in enumerate(_far_first(people)):
            clothes = CLOTHES[number % len(CLOTHES)]
            for part, colour in ((BODY, clothes), (HEAD, (90, 120, 170))):
                cv2.fillConvexPoly(picture, self._drawn(aside, away, part), colour)
        noise = self._rng.normal(0, 1.5, picture.shape)
        return np.clip(picture * light + noise, 0, 255).astype(np.uint8)

    def thermal(self, people: Iterable[tuple[float, float]]) -> Any:
        """Draw people's temperatures."""
        picture = np.full(self.place.shape[:2], GROUND_CEL, np.float32)
        for aside, away in _far_first(people):
            cv2.fillConvexPoly(picture, self._drawn(aside, away, BODY), CLOTHES_CEL)
            cv2.fillConvexPoly(picture, self._drawn(aside, away, HEAD), FACE_CEL)
        picture = cv2.GaussianBlur(picture, (0, 0), 0.7)
        return (picture + self._rng.normal(0, 0.06, picture.shape)).astype(np.float32)

    def look(self, picture: NDArray[Any]) -> Counted:
        """Show the detector one frame, a minute after the last."""
        self._looks += 1
        at = NOW + timedelta(seconds=EVERY_S * self._looks)
        return self.detector.count([Frame(picture, at, self.plan.frame.thermal)])

    def count(self, picture: NDArray[Any], zone: str = "z0") -> Count:
        """Give what is counted in a zone at one look."""
        return self.look(picture).zones[zone]

    def learn(self) -> None:
        """Show the empty place until it is learned."""
        for _ in range(13):
            self.look(self.thermal([]) if self.plan.frame.thermal else self.visible([]))

    def _drawn(self, aside: float, away: float, part: Sequence[tuple[float, float]]) -> Any:
        edges = [
            (*self.lens.ahead(aside + side, away), up)
            for up, half in part
            for side in (-half, half)
        ]
        points = self.lens.to_image(edges).astype(np.float32)
        return cv2.convexHull(np.round(points).astype(np.int32))


BODY = ((0.0, 0.11), (0.9, 0.17), (1.4, 0.19), (1.48, 0.1))
HEAD = ((1.48, 0.06), (1.54, 0.09), (1.64, 0.09), (1.70, 0.05))


def _far_first(people: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    return sorted(people, key=lambda one: -one[1])
