"""Places in filters: literal geometries and boxes, and how two places lie to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from cop.errors import Invalid
from cop.services.features.cql2 import wrong
from cop.services.features.crs import boxes_meet, parse_bbox, to_crs84
from cop.services.features.subject import Subject, Test, Truth

GEOMETRY: Final = "geometry"
"""The one property that is a place."""

MOST_VERTICES: Final = 5_000

Relation = Callable[[BaseGeometry, BaseGeometry], bool]

RELATIONS: Final[Mapping[str, Relation]] = {
    "s_contains": shapely.contains,
    "s_crosses": shapely.crosses,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_intersects": shapely.intersects,
    "s_overlaps": shapely.overlaps,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
}


def relate(name: str, one: Any, two: Any, crs: str) -> Test:
    """Make the test whether two places lie to each other as *name*, of `RELATIONS`, says.

    Each is the property `geometry` or a literal in the system *crs*.

    Raises:
        Invalid: a literal is no geometry, or none that can be reckoned with.
    """
    sides = [_is_property(side) or _literal(side, crs) for side in (one, two)]
    holds = RELATIONS[name]
    first, second = sides
    if isinstance(first, bool) and isinstance(second, bool):
        return lambda subject: _told(holds, subject.shape, subject.shape)
    if isinstance(first, bool) and not isinstance(second, bool):
        return _against(name, second, holds)
    if isinstance(second, bool) and not isinstance(first, bool):
        return _against(name, first, lambda shape, literal: holds(literal, shape))
    truth = _told(holds, *(side for side in sides if not isinstance(side, bool)))
    return lambda _: truth


def _against(name: str, literal: BaseGeometry, holds: Relation) -> Test:
    """Make the test of features against one *literal*; their boxes tell most of them apart."""
    shapely.prepare(literal)
    around = literal.bounds

    def test(subject: Subject) -> Truth:
        box = subject.line.box
        if box is None:
            return None
        if not boxes_meet(box, around):
            return name == "s_disjoint"
        if name == "s_intersects" and box[0] == box[2] and box[1] == box[3]:
            return bool(shapely.intersects_xy(literal, box[0], box[1]))
        return _told(holds, subject.shape, literal)

    return test


def _told(holds: Relation, one: BaseGeometry | None, two: BaseGeometry | None) -> Truth:
    if one is None or two is None:
        return None
    try:
        return bool(holds(one, two))
    except shapely.errors.ShapelyError:
        return None  # a geometry that crosses itself


def _is_property(node: Any) -> bool:
    return isinstance(node, dict) and "property" in node


def _literal(node: Any, crs: str) -> BaseGeometry:
    if not isinstance(node, dict):
        raise wrong("give a geometry")
    if "bbox" in node:
        return _box(node["bbox"], crs)
    try:
        given = shapely.force_2d(shapely.geometry.shape(node))
    except (shapely.errors.ShapelyError, KeyError, AttributeError, ValueError, TypeError):
        raise wrong("this is no geometry: rings are closed and have four places or more") from None
    if shapely.get_num_coordinates(given) > MOST_VERTICES:
        raise wrong(f"a geometry has at most {MOST_VERTICES} places")
    shape = _on_earth(given, crs)
    if given.is_empty or shape is None:
        raise wrong(
            "the geometry lies outside the coordinate system, or its axes are the other way"
        )
    if not shape.is_valid:
        raise wrong(f"the geometry is not valid: {shapely.is_valid_reason(shape)}")
    return shape


def _on_earth(given: BaseGeometry, crs: str) -> BaseGeometry | None:
    shape = to_crs84(given, crs)
    if shape is None or shape.is_empty:
        return None
    west, south, east, north = shape.bounds
    return shape if -180 <= west <= east <= 180 and -90 <= south <= north <= 90 else None


def _box(numbers: Any, crs: str) -> BaseGeometry:
    if not isinstance(numbers, list) or not all(isinstance(one, (int, float)) for one in numbers):
        raise wrong("bbox: give four numbers")
    try:
        return parse_bbox(",".join(map(repr, numbers)), crs).shape()
    except Invalid as error:
        raise wrong(f"bbox: {error.found[0][1]}") from None
