"""GML as a Web Feature Service sends it: simple features, of GML 2 to 3.2, read from the bytes.

Nothing that a document points to is fetched: no schema, no link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.payload import child, children, local_name, read_xml
from workers.layers.coordinates import Odd
from workers.layers.rows import Rows

_MEMBERS: Final = frozenset({"member", "featureMember", "featureMembers"})
_GML: Final = "opengis.net/gml"
_ID: Final = ("{http://www.opengis.net/gml/3.2}id", "{http://www.opengis.net/gml}id", "fid")
_MOST_SIGNS: Final = 4_000_000


def take_gml(body: bytes, rows: Rows) -> int:
    """Take the features of a WFS FeatureCollection; tell how many there are.

    Raises:
        PayloadError: it is something else; what an exception report says is told.
    """
    root = read_xml(body)
    if local_name(root) != "FeatureCollection":
        raise PayloadError(exception_words(root) or f"{local_name(root)!r} came, no features")
    count = 0
    for feature in _features(root):
        count += 1
        geometry, properties = _read(feature, rows)
        feature_id = next((feature.get(name) for name in _ID if feature.get(name)), None)
        rows.take(feature_id, geometry, properties)
    return count


def exception_words(root: etree._Element) -> str:
    """Give what a service's exception report says; "" where *root* is none."""
    if "Exception" not in local_name(root):
        return ""
    said = " ".join(" ".join(str(part) for part in root.itertext()).split())
    return f"the service answered with an error: {said[:200]}"


def _features(root: etree._Element) -> Iterator[etree._Element]:
    for member in root:
        if local_name(member) not in _MEMBERS:
            continue
        for inner in member:
            if local_name(inner) == "FeatureCollection":  # of several types asked for at once
                yield from _features(inner)
            else:
                yield inner


def _read(feature: etree._Element, rows: Rows) -> tuple[Any, dict[str, str]]:
    geometry: Any = None
    properties: dict[str, str] = {}
    for part in feature:
        name = local_name(part)
        if name == "boundedBy":
            continue
        inner = part[0] if len(part) else None
        if inner is not None and _GML in str(inner.tag):
            if geometry is None:
                geometry = _geometry(inner, rows)
        elif inner is None and part.text:
            properties[name] = part.text
    return geometry, properties


def _geometry(element: etree._Element, rows: Rows) -> Any:
    named = element.get("srsName")
    if named:
        rows.declare(named, by_authority="urn:" in named or "/def/crs/" in named)
    reader = _READERS.get(local_name(element))
    try:
        return None if reader is None else reader(element)
    except Odd:
        return None


def _numbers(words: str, size: int) -> list[tuple[float, ...]]:
    if len(words) > _MOST_SIGNS:
        raise Odd("a line of too many places")
    try:
        values = [float(word) for word in words.replace(",", " ").split()]
    except ValueError:
        raise Odd("coordinates that are none") from None
    if not values or len(values) % size:
        raise Odd("coordinates that do not come in pairs")
    return [tuple(values[at : at + size]) for at in range(0, len(values), size)]


def _line(element: etree._Element) -> list[Any]:
    """Give the places in `posList`, in `pos` after `pos`, or in `coordinates` of GML 2."""
    size = _size(element)
    for name in ("posList", "pos", "coordinates"):
        found = list(children(element, name))
        if not found:
            continue
        if name == "coordinates":
            pairs = (found[0].text or "").split()
            return [place for pair in pairs for place in _numbers(pair, pair.count(",") + 1)]
        size = max(size, *map(_size, found))
        return [place for one in found for place in _numbers(one.text or "", size)]
    raise Odd("a line without places")


def _size(element: etree._Element) -> int:
    return 3 if element.get("srsDimension") == "3" else 2


def _point(element: etree._Element) -> Any:
    return {"type": "Point", "coordinates": next(iter(_line(element)), None)}


def _line_string(element: etree._Element) -> Any:
    return {"type": "LineString", "coordinates": _line(element)}


def _curve(element: etree._Element) -> Any:
    segments = child(element, "segments")
    places = [place for part in (segments if segments is not None else ()) for place in _line(part)]
    return {"type": "LineString", "coordinates": places}


def _polygon(element: etree._Element) -> Any:
    patches = child(element, "patches")  # of a surface
    if patches is not None:
        element = patches[0] if len(patches) else element
    rings = []
    for side in element:
        if local_name(side) in {"exterior", "interior", "outerBoundaryIs", "innerBoundaryIs"}:
            ring = child(side, "LinearRing")
            if ring is None:
                raise Odd("a ring that is none")
            rings.append(_line(ring))
    return {"type": "Polygon", "coordinates": rings}


def _many(kind: str) -> Callable[[etree._Element], Any]:
    def read(element: etree._Element) -> Any:
        parts = []
        for member in element:
            for inner in member:
                reader = _READERS.get(local_name(inner))
                if reader is None:
                    raise Odd("a part that cannot be drawn")
                parts.append(reader(inner)["coordinates"])
        return {"type": kind, "coordinates": parts}

    return read


_READERS: Final[dict[str, Callable[[etree._Element], Any]]] = {
    "Point": _point,
    "LineString": _line_string,
    "Curve": _curve,
    "Polygon": _polygon,
    "Surface": _polygon,
    "MultiPoint": _many("MultiPoint"),
    "MultiLineString": _many("MultiLineString"),
    "MultiCurve": _many("MultiLineString"),
    "MultiPolygon": _many("MultiPolygon"),
    "MultiSurface": _many("MultiPolygon"),
}
