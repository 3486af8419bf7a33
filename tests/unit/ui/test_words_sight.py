"""Words of what cameras count: every code of the model, and every number that may be shown."""

from __future__ import annotations

from typing import get_args

import pytest

from cop.model.desk import Reason
from cop.model.sight import CameraState, Level, Unknown, View, Watched, ZoneUse
from cop.ui.words import WORDS

MEASURES = ("crowd_density", "vehicle_count", "water_depth", "flooded_share", "surface_temperature")
KEYS = (
    *("people", "people_error", "flow_deg", "flow_mps", "flow_per_m_min", "moving_percent"),
    *("counter_percent", "queue_m", "occupied_percent", "rise_per_min", "hot_area_m2"),
)


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("reason", list(Reason)),
        ("watched", list(Watched)),
        ("unknown", list(Unknown)),
        ("camerastate", list(CameraState)),
        ("use", get_args(ZoneUse)),
        ("level", get_args(Level)),
        ("view", get_args(View)),
        ("measure", (*MEASURES, *KEYS)),
        ("unit", ("1/m2", "1/m/min")),
    ],
)
def test_codes_of_cameras_have_words(prefix: str, codes: tuple[str, ...]) -> None:
    """No reason, alarm, state, level or number of a camera is shown as a bare code."""
    assert [code for code in codes if f"{prefix}.{code}" not in WORDS] == []
