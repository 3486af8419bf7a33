"""Places as the public picture has them: light, and not another place than they were."""

from __future__ import annotations

import math
from typing import Any

import pytest
from shapely.geometry import shape

from cop.model.geometry import positions
from cop.services.publishing.features import MOST_VERTICES, lightened


def ring(vertices: int, reach: float, noise: float = 0) -> list[list[float]]:
    """Make a closed ring around a place, *reach* degrees away, each second corner further out."""
    angles = [2 * math.pi * n / vertices for n in range(vertices)]
    corners = [
        [
            114 + (reach + noise * (n % 2)) * math.cos(angle),
            22 + (reach + noise * (n % 2)) * math.sin(angle),
        ]
        for n, angle in enumerate(angles)
    ]
    return [*corners, corners[0]]


def test_coordinates_have_five_decimals() -> None:
    """About a metre: more is no knowledge."""
    point = {"type": "Point", "coordinates": (114.123456789, 22.987654321)}
    assert lightened(point) == {"type": "Point", "coordinates": [114.12346, 22.98765]}


@pytest.mark.parametrize("nothing", [None, {}])
def test_no_place_stays_none(nothing: dict[str, Any] | None) -> None:
    """What has no place gets none."""
    assert lightened(nothing) is None


def test_a_small_shape_keeps_its_corners() -> None:
    """Nothing is taken away that a telephone can draw."""
    line = {"type": "LineString", "coordinates": [[114, 22], [114.00001, 22], [114.00002, 22]]}
    assert lightened(line) == line


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [ring(5_000, 1.0)]},
        {"type": "Polygon", "coordinates": [ring(3_000, 1.0, noise=0.02), ring(300, 0.2)]},
        {"type": "MultiPolygon", "coordinates": [[ring(900, 1.0)], [ring(900, 0.5)]]},
        {"type": "LineString", "coordinates": ring(2_000, 0.5)},
    ],
    ids=["smooth", "jagged with a hole", "several", "line"],
)
def test_a_large_shape_gets_fewer_corners(geometry: dict[str, Any]) -> None:
    """At most two hundred, closed as before, and nearly the same area."""
    light = lightened(geometry)
    assert light is not None
    assert sum(1 for _ in positions(light)) <= MOST_VERTICES
    before, after = shape(geometry), shape(light)
    assert light["type"] == geometry["type"]
    assert after.area == pytest.approx(before.area, rel=0.1)
    assert after.hausdorff_distance(before) < 0.1
