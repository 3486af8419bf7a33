"""The parts that all EDXL documents share: elements, moments, places and parties."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lxml import etree

from cop.formats.atom import valid
from cop.formats.payload import child, child_text, local_name, strip_unseen
from cop.model.geometry import bbox, positions

GML: Final = "http://www.opengis.net/gml"
XNL: Final = "urn:oasis:names:tc:ciq:xnl:3"
XAL: Final = "urn:oasis:names:tc:ciq:xal:3"
XPIL: Final = "urn:oasis:names:tc:ciq:xpil:3"
LEI_URN: Final = "urn:iso:std:iso:17442"
"""Names what an identifier is: an LEI."""

LONGEST: Final = 4_000
"""Characters of one text that is read; the rest is left out."""

_WGS84: Final = "EPSG:4326"
_MOST_CORNERS: Final = 500
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is.

    Attributes:
        words: in words.
        geometry: GeoJSON geometry; None where the place is known in words alone.
    """

    words: str = ""
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation.

    Attributes:
        name: as the reader shall see it.
        lei: its Legal Entity Identifier, where known.
        contact: how to reach it.
    """

    name: str
    lei: str | None = None
    contact: str = ""


def add(parent: etree._Element, space: str, name: str, words: str | None = None) -> etree._Element:
    """Add an element *name* of the namespace *space*; None: it has no text of its own."""
    element = etree.SubElement(parent, f"{{{space}}}{name}")
    if words is not None:
        element.text = clean(words)
    return element


def clean(words: str) -> str:
    """Give *words* without what cannot be seen, or cannot stand in XML."""
    return valid(strip_unseen(words)).strip()


def moment(at: datetime) -> str:
    """Give *at* as EDXL wants it: in UTC, whole seconds, its zone in digits."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def encode(root: etree._Element) -> bytes:
    """Give the document with *root* in UTF-8."""
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def read_moment(words: str) -> datetime | None:
    """Read a moment; None where it is none, or does not name its zone."""
    try:
        at = datetime.fromisoformat(words.strip())
        return None if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_text(element: etree._Element | None, name: str) -> str:
    """Give the text of a child, bounded; "" where there is none."""
    return "" if element is None else clean(child_text(element, name)[:LONGEST])


def add_where(parent: etree._Element, geometry: Mapping[str, Any]) -> bool:
    """Add a GML 3.1 point, line, polygon or box around *geometry* below *parent*.

    What is said is never less than *geometry*: what the profile of GML has no shape for (several
    parts, more than 500 corners) is given as the box around it. False: there is no position in it.
    """
    kind, parts = geometry["type"], geometry["coordinates"]
    if kind.startswith("Multi") and len(parts) == 1:
        kind, parts = kind.removeprefix("Multi"), parts[0]
    places = list(positions(dict(geometry)))
    if not places:
        return False
    few = len(places) <= _MOST_CORNERS
    if kind == "Point":
        shape = _shape(parent, "Point")
        add(shape, GML, "pos", _spoken(places))
    elif kind == "LineString" and few:
        add(_shape(parent, "LineString"), GML, "posList", _spoken(places))
    elif kind == "Polygon" and few:
        shape = _shape(parent, "Polygon")
        for name, ring in zip(["exterior"] + ["interior"] * (len(parts) - 1), parts, strict=True):
            inner = add(add(shape, GML, name), GML, "LinearRing")
            add(inner, GML, "posList", _spoken(ring))
    else:
        west, south, east, north = bbox(dict(geometry))
        shape = add(parent, GML, "Envelope")  # the profile gives it no name of a reference system
        add(shape, GML, "lowerCorner", _spoken([(west, south)]))
        add(shape, GML, "upperCorner", _spoken([(east, north)]))
    return True


def _shape(parent: etree._Element, name: str) -> etree._Element:
    shape = add(parent, GML, name)
    shape.set("srsName", _WGS84)
    return shape


def _spoken(places: Sequence[Sequence[float]]) -> str:
    """Give *places* (longitude, latitude) as GML in EPSG:4326 has them: latitude first."""
    return " ".join(f"{lat:.{_DECIMALS}f} {lon:.{_DECIMALS}f}" for lon, lat, *_ in places)


def read_where(element: etree._Element | None) -> Mapping[str, Any] | None:
    """Read the first point, line, polygon or box below *element* as a GeoJSON geometry.

    None where there is none, or it is not on earth.
    """
    for shape in () if element is None else element.iter():
        read = _READERS.get(local_name(shape))
        if read is not None:
            try:
                return read(shape)
            except ValueError:
                return None
    return None


def _numbers(words: str) -> list[list[float]]:
    """Read latitudes and longitudes; raises ValueError where they are no places on earth."""
    parts = words.replace(",", " ").split()
    if not 2 <= len(parts) <= 2 * _MOST_CORNERS * 10 or len(parts) % 2:
        raise ValueError("not pairs of numbers")
    found = [float(part) for part in parts]
    places = [[lon, lat] for lat, lon in zip(found[::2], found[1::2], strict=True)]
    for lon, lat in places:
        if not (math.isfinite(lon + lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError("not on earth")
    return places


def _point(shape: etree._Element) -> Mapping[str, Any]:
    return {"type": "Point", "coordinates": _numbers(child_text(shape, "pos"))[0]}


def _line(shape: etree._Element) -> Mapping[str, Any]:
    return {"type": "LineString", "coordinates": _several(child_text(shape, "posList"), 2)}


def _polygon(shape: etree._Element) -> Mapping[str, Any]:
    rings = []
    for edge in shape:
        ring = child(edge, "LinearRing")
        if local_name(edge) in ("exterior", "interior") and ring is not None:
            rings.append(_several(child_text(ring, "posList"), 4))
    if not rings:
        raise ValueError("no ring")
    return {"type": "Polygon", "coordinates": rings}


def _box(shape: etree._Element) -> Mapping[str, Any]:
    [[west, south]] = _numbers(child_text(shape, "lowerCorner"))
    [[east, north]] = _numbers(child_text(shape, "upperCorner"))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _several(words: str, least: int) -> list[list[float]]:
    places = _numbers(words)
    if len(places) < least:
        raise ValueError("too few places")
    return places


_READERS: Final = {"Point": _point, "LineString": _line, "Polygon": _polygon, "Envelope": _box}


def add_name(parent: etree._Element, party: Party) -> etree._Element:
    """Add the CIQ name of *party*, with its LEI where it has one."""
    name = add(parent, XNL, "OrganisationName")
    if party.lei:
        name.set(f"{{{XNL}}}OrganisationID", party.lei)
        name.set(f"{{{XNL}}}OrganisationIDType", LEI_URN)
    add(name, XNL, "NameElement", party.name)
    return name


def read_lei(element: etree._Element | None) -> str:
    """Give what stands as LEI in the names below *element*; "" where none does."""
    for name in () if element is None else element.iter(f"{{{XNL}}}OrganisationName"):
        if LEI_URN in name.attrib.values():
            return str(name.get(f"{{{XNL}}}OrganisationID") or name.get("OrganisationID") or "")[
                :40
            ]
    return ""
