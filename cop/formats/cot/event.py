"""One Cursor-on-Target event (version 2.0), written and read.

The elements are those of the base schema and its public sub-schemas for contact, remarks, track
and link; a drawing's corners, colours and a team's colour are as ATAK has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lxml import etree

from cop.clock import utc_iso
from cop.errors import PayloadError
from cop.formats.cot.types import MARK
from cop.formats.number import read_number
from cop.formats.payload import child, child_text, children, read_xml, strip_unseen
from cop.formats.when import parse_time
from cop.model.geometry import Position

UNKNOWN: Final = 9_999_999.0
"""What stands for a height or an error that is not known; nothing larger is meant as one."""
MOST_BYTES: Final = 64 * 1024
"""Of one event that comes in."""
MOST_DEPTH: Final = 16
MOST_ELEMENTS: Final = 500
MOST_CORNERS: Final = 400
DELETE: Final = "t-x-d-d"
"""Type of the event by which something is taken away."""

_TYPE: Final = re.compile(r"\w+(?:-\w+)*(?:;[^;]*)?")
_HOW: Final = re.compile(r"\w(?:-\w+)*")
_NO_XML: Final = re.compile("[\ufffe\uffff\ud800-\udfff]")
_LONGEST: Final = {"uid": 300, "type": 80, "how": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class CotEvent:
    """What an event says.

    Attributes:
        uid: of the thing that it is about.
        type, how: what it is and how its place is known, as the type tree has them.
        time, start, stale: when it was made, and from when until when it holds; real time.
        place: longitude and latitude.
        hae_m: height above the ellipsoid; None where not known.
        ce_m, le_m: radius around *place*, and height, that hold all of it; None where not known.
        opex: `o` for an operation, `e-NAME` for an exercise; "" where nothing is said.
        callsign, remarks: in words.
        team, role: ATAK's colour and role of a unit.
        course_deg, speed_ms: of movement, together.
        ready: whether it can be used.
        is_device: it is what a device says of itself.
        corners: of a drawing; the first again as the last where it is an area.
        stroke, fill: colours of line, or mark, and area; ARGB as a signed number of 32 bits.
        deletes: uid and type of what is to be taken away.
    """

    uid: str
    type: str
    how: str
    time: datetime
    start: datetime
    stale: datetime
    place: Position
    hae_m: float | None = None
    ce_m: float | None = None
    le_m: float | None = None
    opex: str = ""
    callsign: str = ""
    remarks: str = ""
    team: str = ""
    role: str = ""
    course_deg: float | None = None
    speed_ms: float | None = None
    ready: bool | None = None
    is_device: bool = False
    corners: tuple[Position, ...] = ()
    stroke: int | None = None
    fill: int | None = None
    deletes: tuple[str, str] | None = None


def write_event(event: CotEvent, more: Sequence[etree._Element] = ()) -> bytes:
    """Give *event* as XML with an end of line, ready for a stream; *more* goes into its detail."""
    root = etree.Element("event", version="2.0")
    root.set("uid", _clean(event.uid))
    root.set("type", event.type)
    root.set("how", event.how)
    for name in ("time", "start", "stale"):
        root.set(name, utc_iso(getattr(event, name), "milliseconds"))
    if event.opex:
        root.set("opex", event.opex)
    lon, lat = event.place
    etree.SubElement(
        root,
        "point",
        lat=_decimal(lat),
        lon=_decimal(lon),
        hae=_decimal(event.hae_m, 2),
        ce=_decimal(event.ce_m, 2),
        le=_decimal(event.le_m, 2),
    )
    detail = etree.SubElement(root, "detail")
    _write_drawing(detail, event)
    _write_words(detail, event)
    _write_state(detail, event)
    detail.extend(more)
    if not len(detail):
        root.remove(detail)
    written: bytes = etree.tostring(root, encoding="utf-8")
    return written + b"\n"


def _write_drawing(detail: etree._Element, event: CotEvent) -> None:
    for lon, lat in event.corners:
        etree.SubElement(detail, "link", point=f"{_decimal(lat)},{_decimal(lon)}")
    if event.stroke is not None and not event.corners:
        etree.SubElement(detail, "color", argb=str(event.stroke))
        if event.type == MARK:
            icon = f"COT_MAPPING_SPOTMAP/{MARK}/{event.stroke}"
            etree.SubElement(detail, "usericon", iconsetpath=icon)
    elif event.stroke is not None:
        etree.SubElement(detail, "strokeColor", value=str(event.stroke))
        etree.SubElement(detail, "strokeWeight", value="3.0")
    if event.fill is not None:
        etree.SubElement(detail, "fillColor", value=str(event.fill))


def _write_words(detail: etree._Element, event: CotEvent) -> None:
    if event.callsign:
        etree.SubElement(detail, "contact", callsign=_clean(event.callsign))
    if event.remarks:
        etree.SubElement(detail, "remarks").text = _clean(event.remarks)
    if event.corners:
        etree.SubElement(detail, "labels_on", value="true")


def _write_state(detail: etree._Element, event: CotEvent) -> None:
    if event.team:
        etree.SubElement(detail, "__group", name=event.team, role=event.role or "Team Member")
    if event.course_deg is not None and event.speed_ms is not None:
        course, speed = _decimal(event.course_deg % 360, 2), _decimal(event.speed_ms, 2)
        etree.SubElement(detail, "track", course=course, speed=speed)
    if event.ready is not None:
        etree.SubElement(detail, "status", readiness=str(event.ready).lower())
    if event.is_device:
        etree.SubElement(detail, "takv")
    if event.deletes is not None:
        uid, kind = event.deletes
        etree.SubElement(detail, "link", uid=_clean(uid), type=kind, relation="none")
        etree.SubElement(detail, "__forcedelete")


def read_event(body: bytes) -> CotEvent:
    """Read one event; what its detail has beyond `CotEvent` is passed over.

    Raises:
        PayloadError: it is no event, too large, too deep, or has no place on earth or no times.
    """
    if len(body) > MOST_BYTES:
        raise PayloadError(f"an event of more than {MOST_BYTES:,} bytes")
    root = read_xml(body, root="event")
    _check_size(root)
    try:
        return _event_of(root)
    except ValueError as error:
        raise PayloadError(f"not an event: {error}") from None


def _check_size(root: etree._Element) -> None:
    level, count = [root], 1
    for _ in range(MOST_DEPTH):
        level = [inner for element in level for inner in element]
        count += len(level)
        if not level:
            break
    if level or count > MOST_ELEMENTS + MOST_CORNERS:
        raise PayloadError("an event nested too deeply, or of too many elements")


def _event_of(root: etree._Element) -> CotEvent:
    if not (root.get("version") or "").startswith("2"):
        raise ValueError("its version is not 2.0")
    point = child(root, "point")
    if point is None:
        raise ValueError("it has no point")
    detail = child(root, "detail")
    empty = etree.Element("detail")
    return CotEvent(
        uid=_named(root, "uid"),
        type=_matched(root, "type", _TYPE),
        how=_matched(root, "how", _HOW),
        time=_moment(root, "time"),
        start=_moment(root, "start"),
        stale=_moment(root, "stale"),
        place=_place(point.get("lat"), point.get("lon")),
        hae_m=_known(point.get("hae")),
        ce_m=_known(point.get("ce")),
        le_m=_known(point.get("le")),
        opex=strip_unseen(root.get("opex") or "")[:100],
        **_detail(empty if detail is None else detail),
        deletes=None if detail is None else _deleted(root, detail),
    )


def _detail(detail: etree._Element) -> dict[str, Any]:
    """Give what a detail says, by the names of `CotEvent`."""
    contact, group = _first(detail, "contact"), _first(detail, "__group")
    track, status = _first(detail, "track"), _first(detail, "status")
    said: dict[str, Any] = {
        "callsign": strip_unseen(contact.get("callsign") or "").strip()[:300],
        "remarks": strip_unseen(child_text(detail, "remarks"))[:4000],
        "team": strip_unseen(group.get("name") or "")[:40],
        "role": strip_unseen(group.get("role") or "")[:40],
        "ready": {"true": True, "false": False}.get(status.get("readiness") or ""),
        "is_device": child(detail, "takv") is not None,
        "corners": _corners(detail),
        "stroke": _colour(detail, "strokeColor", "value") or _colour(detail, "color", "argb"),
        "fill": _colour(detail, "fillColor", "value"),
    }
    course, speed = _known(track.get("course")), _known(track.get("speed"))
    if course is not None and speed is not None and speed >= 0:
        said |= {"course_deg": course % 360, "speed_ms": speed}
    return said


def _deleted(root: etree._Element, detail: etree._Element) -> tuple[str, str] | None:
    """Give what an event takes away; when a device leaves, servers do not say `__forcedelete`."""
    link = _first(detail, "link")
    if root.get("type") != DELETE or not link.get("uid"):
        return None
    return link.get("uid") or "", link.get("type") or "none"


def _corners(detail: etree._Element) -> tuple[Position, ...]:
    found = [link.get("point") for link in children(detail, "link") if link.get("point")]
    if len(found) > MOST_CORNERS:
        raise ValueError(f"more than {MOST_CORNERS} corners")
    split = [(place or "").split(",") for place in found]
    return tuple(_place(parts[0], parts[1] if len(parts) > 1 else None) for parts in split)


def _colour(detail: etree._Element, name: str, attribute: str) -> int | None:
    value = read_number(_first(detail, name).get(attribute))
    return None if value is None or abs(value) >= 2**32 else int(value)


def _first(element: etree._Element, name: str) -> etree._Element:
    """Give the first child of that name, or an empty one."""
    found = child(element, name)
    return etree.Element(name) if found is None else found


def _named(root: etree._Element, name: str) -> str:
    raw = root.get(name) or ""
    if not raw.strip() or len(raw) > _LONGEST[name] or strip_unseen(raw) != raw:
        raise ValueError(f"its {name} is missing, too long, or has what cannot be seen")
    return raw.strip()


def _matched(root: etree._Element, name: str, form: re.Pattern[str]) -> str:
    raw = _named(root, name)
    if form.fullmatch(raw) is None:
        raise ValueError(f"its {name} has not the form of one")
    return raw


def _moment(root: etree._Element, name: str) -> datetime:
    return parse_time(root.get(name) or "", zone=UTC)


def _place(lat: str | None, lon: str | None) -> Position:
    y, x = read_number(lat), read_number(lon)
    if x is None or y is None or not (-180 <= x <= 180 and -90 <= y <= 90):
        raise ValueError("it has no place on earth")
    return (x, y)


def _known(raw: str | None) -> float | None:
    """Read a number; None where it stands for "not known"."""
    value = read_number(raw)
    return None if value is None or abs(value) >= UNKNOWN else value


def _decimal(value: float | None, digits: int = 7) -> str:
    """Give a decimal as XML Schema has it: no exponent, no minus zero."""
    words = f"{UNKNOWN if value is None else value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if words in {"-0", ""} else words


def _clean(words: str) -> str:
    """Give *words* without what XML cannot hold."""
    return _NO_XML.sub("", strip_unseen(words))
