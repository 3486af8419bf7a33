"""EDXL-DE 1.0: the envelope that other messages travel in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from lxml import etree

from cop.formats.edxl.tree import LEI_URN, add, clean, encode, moment, read_moment, read_text
from cop.formats.payload import child, children, local_name
from cop.model.geometry import bbox, positions

DE: Final = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
Status = Literal["Actual", "Exercise", "System", "Test"]
Type = Literal["Report", "Update", "Cancel", "Request", "Response", "Dispatch", "Ack", "Error"]
STATUSES: Final = ("Actual", "Exercise", "System", "Test")
TYPES: Final = (
    *("Report", "Update", "Cancel", "Request", "Response", "Dispatch", "Ack", "Error"),
    *("SensorConfiguration", "SensorControl", "SensorStatus", "SensorDetection"),
)
MOST_CONTENTS: Final = 200
"""Of one envelope that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One thing in an envelope.

    Attributes:
        element: root of the XML document that it is; None: it is none, and stays unread.
        description: in words.
        incident: id of the incident that it is about.
        confidentiality: of this content.
        media_type: of what is no XML.
    """

    element: etree._Element | None
    description: str = ""
    incident: str = ""
    confidentiality: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An envelope.

    Attributes:
        id: unique for its sender.
        sender: who sends it.
        sent: when; None in what was read without it.
        status: whether it is real.
        type: what kind of message.
        confidentiality: the strictest of its contents.
        lei: of the sender; "" where none is known.
        language: BCP 47.
        area: GeoJSON geometry that it is about; its box is sent.
        contents: what is in it.
    """

    id: str
    sender: str
    sent: datetime | None
    status: str
    type: str
    confidentiality: str
    lei: str = ""
    language: str = ""
    area: Mapping[str, Any] | None = None
    contents: tuple[Content, ...] = ()


def write_de(envelope: Envelope) -> bytes:
    """Write *envelope*, in the order of the schema; raises ValueError where it has no time."""
    if envelope.sent is None:
        raise ValueError("an envelope is sent at a time")
    root = etree.Element(f"{{{DE}}}EDXLDistribution", nsmap={"de": DE})
    add(root, DE, "distributionID", envelope.id)
    add(root, DE, "senderID", envelope.sender)
    add(root, DE, "dateTimeSent", moment(envelope.sent))
    add(root, DE, "distributionStatus", envelope.status)
    add(root, DE, "distributionType", envelope.type)
    add(root, DE, "combinedConfidentiality", envelope.confidentiality)
    if envelope.language:
        add(root, DE, "language", envelope.language)
    if envelope.lei:
        role = add(root, DE, "senderRole")
        add(role, DE, "valueListUrn", LEI_URN)
        add(role, DE, "value", envelope.lei)
    if envelope.area is not None and next(positions(dict(envelope.area)), None):
        add(add(root, DE, "targetArea"), DE, "polygon", _box(envelope.area))
    for content in envelope.contents:
        _add_content(root, content)
    return encode(root)


def _box(area: Mapping[str, Any]) -> str:
    """Give the box around *area* as DE has polygons: `latitude,longitude` pairs, closed."""
    west, south, east, north = bbox(dict(area))
    ring = [(south, west), (south, east), (north, east), (north, west), (south, west)]
    return " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in ring)


def _add_content(root: etree._Element, content: Content) -> None:
    if content.element is None:
        return
    element = add(root, DE, "contentObject")
    for name, words in (
        ("contentDescription", content.description),
        ("incidentID", content.incident),
        ("confidentiality", content.confidentiality),
    ):
        if words:
            add(element, DE, name, words)
    add(add(element, DE, "xmlContent"), DE, "embeddedXMLContent").append(content.element)


def read_de(root: etree._Element) -> tuple[Envelope, list[str]]:
    """Read an envelope leniently, whatever its version.

    Args:
        root: its root element.

    Returns:
        What was understood, and what was not, in words.
    """
    defects: list[str] = []
    sent = read_moment(read_text(root, "dateTimeSent"))
    if sent is None:
        defects.append("dateTimeSent is missing or is no moment with a time zone")
    status, type_ = read_text(root, "distributionStatus"), read_text(root, "distributionType")
    for name, said, known in (
        ("distributionStatus", status, STATUSES),
        ("distributionType", type_, TYPES),
    ):
        if said not in known:
            defects.append(f"{name} {said[:40]!r} is not one of {', '.join(known)}")
    needed = ("distributionID", "senderID", "combinedConfidentiality")
    defects += [f"{name} is missing" for name in needed if not read_text(root, name)]
    contents = _contents(root, defects)
    if not contents:
        defects.append("there is nothing in the envelope")
    envelope = Envelope(
        id=read_text(root, "distributionID"),
        sender=read_text(root, "senderID"),
        sent=sent,
        status=status,
        type=type_,
        confidentiality=read_text(root, "combinedConfidentiality"),
        lei=_lei(root),
        language=read_text(root, "language"),
        contents=tuple(contents),
    )
    return envelope, defects


def _lei(root: etree._Element) -> str:
    roles = children(root, "senderRole")
    return next(
        (read_text(role, "value") for role in roles if read_text(role, "valueListUrn") == LEI_URN),
        "",
    )


def _contents(root: etree._Element, defects: list[str]) -> list[Content]:
    objects = list(children(root, "contentObject"))
    if len(objects) > MOST_CONTENTS:
        defects.append(f"of {len(objects)} contents only the first {MOST_CONTENTS} were read")
    found: list[Content] = []
    for number, element in enumerate(objects[:MOST_CONTENTS], 1):
        said = {
            "description": read_text(element, "contentDescription"),
            "incident": read_text(element, "incidentID"),
            "confidentiality": read_text(element, "confidentiality"),
        }
        other = child(element, "nonXMLContent")
        if other is not None:
            media_type = clean(read_text(other, "mimeType")) or "unknown"
            defects.append(f"content {number} is no XML but {media_type[:80]}: kept, not read")
            found.append(Content(element=None, media_type=media_type, **said))
            continue
        inner = _embedded(element)
        if not inner:
            defects.append(f"content {number} is empty")
        found += [Content(element=one, **said) for one in inner]
    if len(found) > MOST_CONTENTS:
        defects.append(f"of {len(found)} documents only the first {MOST_CONTENTS} were read")
    return found[:MOST_CONTENTS]


def _embedded(element: etree._Element) -> list[etree._Element]:
    """Give the documents in one content object."""
    holder = child(element, "xmlContent")
    if holder is None:
        return []
    found = [one for part in children(holder, "embeddedXMLContent") for one in part]
    return [one for one in found if local_name(one)]
