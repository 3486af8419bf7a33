"""Writing CAP 1.2 as its schema and its text want it: what is written reads back the same.

Holes cannot be said in CAP: an area is written without them, so that it says rather too much than
too little. Languages are named `en-HK`, `zh-HK` and `zh-CN`: readers choose by language and region,
and many that are older than `zh-Hant` (RFC 4646) know Chinese by its region alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from lxml import etree

from cop.formats.atom import valid
from cop.formats.cap import CapAlert, CapArea, CapInfo
from cop.formats.payload import fold_radicals, strip_unseen
from cop.formats.when import HONG_KONG_TIME
from cop.model.geometry import Geometry, MultiPolygon, Polygon, Position
from cop.model.text import Lang

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
DECIMALS: Final = 5
"""Of a degree, about a metre; more are refused by some of those who broadcast alerts."""

LANGUAGES: Final[Mapping[Lang, str]] = {"en": "en-HK", "zh-Hant": "zh-HK", "zh-Hans": "zh-CN"}
"""What stands in `language`; see above."""

_LINE_ENDS: Final = re.compile("\r\n?")


def cap_time(at: datetime) -> str:
    """Give *at*, aware, as CAP writes it, in Hong Kong's time and whole seconds."""
    return at.astimezone(HONG_KONG_TIME).replace(microsecond=0).isoformat()


def reference_to(sender: str, identifier: str, sent: datetime) -> str:
    """Give what stands in `references` for a message."""
    return f"{sender},{identifier},{cap_time(sent)}"


def rings_of(geometry: Geometry) -> tuple[tuple[Position, ...], ...]:
    """Give the outer rings of an area, longitude first, as they stand in a message.

    Raises:
        ValueError: it is a place or a line, not an area.
    """
    if not isinstance(geometry, Polygon | MultiPolygon):
        raise ValueError(f"an alert holds for an area, not for a {geometry.type}")  # noqa: TRY004
    if isinstance(geometry, Polygon):
        outer = [geometry.coordinates[0]]
    else:
        outer = [part[0] for part in geometry.coordinates]
    return tuple(
        tuple((round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in ring) for ring in outer
    )


def clean(words: str) -> str:
    """Give *words* as they can stand in a message, and as they are read from one."""
    plain = strip_unseen(fold_radicals(_LINE_ENDS.sub("\n", words)))
    return valid(plain).strip()


def write_alert(alert: CapAlert) -> bytes:
    """Give the message in UTF-8. What is empty is left out; nothing is checked here.

    Raises:
        ValueError: it has no time at which it was sent.
    """
    if alert.sent is None:
        raise ValueError("an alert has a time at which it was sent")
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", cap_time(alert.sent))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.msg_type)
    _add(root, "scope", alert.scope)
    _add_if(root, "note", alert.note)
    references = [
        reference_to(one.sender, one.identifier, one.sent)
        for one in alert.references
        if one.sent is not None
    ]
    _add_if(root, "references", " ".join(references))
    for info in alert.infos:
        _add_info(root, info)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _add_info(root: etree._Element, info: CapInfo) -> None:
    element = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(element, "language", info.language)
    for category in info.categories:
        _add(element, "category", category)
    _add(element, "event", info.event)
    for response in info.responses:
        _add(element, "responseType", response)
    _add(element, "urgency", info.urgency.value)
    _add(element, "severity", info.severity.value)
    _add(element, "certainty", info.certainty.value)
    _add_pairs(element, "eventCode", info.event_codes)
    for name, at in (
        ("effective", info.effective),
        ("onset", info.onset),
        ("expires", info.expires),
    ):
        if at is not None:
            _add(element, name, cap_time(at))
    _add_if(element, "senderName", info.sender_name)
    _add_if(element, "headline", info.headline)
    _add_if(element, "description", info.description)
    _add_if(element, "instruction", info.instruction)
    _add_if(element, "web", info.web)
    _add_if(element, "contact", info.contact)
    _add_pairs(element, "parameter", info.parameters)
    for area in info.areas:
        _add_area(element, area)


def _add_area(info: etree._Element, area: CapArea) -> None:
    element = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(element, "areaDesc", area.desc)
    for ring in area.polygons:
        _add(element, "polygon", " ".join(_place(place) for place in ring))
    for centre, radius_km in area.circles:
        _add(element, "circle", f"{_place(centre)} {radius_km:.3f}")
    _add_pairs(element, "geocode", area.geocodes)


def _place(place: Position) -> str:
    lon, lat = place
    return f"{lat:.{DECIMALS}f},{lon:.{DECIMALS}f}"


def _add_pairs(parent: etree._Element, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    for label, value in pairs:
        element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        _add(element, "valueName", label)
        _add(element, "value", value)


def _add_if(parent: etree._Element, name: str, words: str) -> None:
    if clean(words):
        _add(parent, name, words)


def _add(parent: etree._Element, name: str, words: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = clean(words)
