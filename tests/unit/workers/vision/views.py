"""Plans and views of made-up cameras, for tests of what is measured in their frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from workers.simulate.sights.lens import Lens
from workers.simulate.sights.scene import Scene
from workers.vision.frame import Frame
from workers.vision.ground import View
from workers.vision.plan import CameraPlan

NOW = datetime(2023, 9, 8, 1, 0, tzinfo=UTC)
STREET = Lens(836500, 822300, 7, 90, 28, 62)
PAVEMENT = ((60.0, 460.0), (580.0, 460.0), (470.0, 190.0), (180.0, 190.0))


def a_plan(
    lens: Lens = STREET,
    zones: Sequence[dict[str, Any]] = ({"outline": PAVEMENT, "use": "walkway"},),
    *,
    ground: tuple[Any, Any] | None = None,
    thermal: bool = False,
) -> CameraPlan:
    """Make the plan of a camera behind *lens*; its zones are called z0, z1 and so on."""
    image, grid = ground or lens.ground_points()
    named = [
        {"id": f"z{number}", "title": {"en": f"Zone {number}"}, **zone}
        for number, zone in enumerate(zones)
    ]
    return CameraPlan.model_validate(
        {
            "id": "street",
            "title": {"en": "Street"},
            "publisher": "hkpf",
            "place": (114.17, 22.3),
            "source": {"kind": "snapshot", "url": "https://camera.example/a.jpg"},
            "frame": {"size": lens.size, "thermal": thermal},
            "ground": {"image": image, "grid": grid},
            "zones": named,
            "detector": {"name": "thermal" if thermal else "background"},
        }
    )


def a_view(
    lens: Lens = STREET,
    zones: Sequence[dict[str, Any]] = ({"outline": PAVEMENT, "use": "walkway"},),
    *,
    thermal: bool = False,
) -> View:
    """Make the view of a camera behind *lens*."""
    return View(a_plan(lens, zones, thermal=thermal))


def a_burst(
    scene: Scene, at_s: float = 10.0, *, frames: int = 3, thermal: bool = False
) -> tuple[Frame, ...]:
    """Give frames 0.2 s apart."""
    moments = [at_s + 0.2 * number for number in range(frames)]
    return tuple(
        Frame(
            scene.thermal(at) if thermal else scene.visible(at),
            NOW + timedelta(seconds=at),
            thermal,
        )
        for at in moments
    )


def unlike(picture: Any, empty: Any) -> Any:
    """Give where a picture, visible or thermal, is not like one without anybody."""
    if picture.ndim == 2:
        return np.abs(picture - empty) > 2
    return np.abs(picture.astype(int) - empty).max(axis=2) > 28
