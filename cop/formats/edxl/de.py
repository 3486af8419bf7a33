"""EDXL-DE: the envelope that other messages travel in. 1.0 is written, 1.0 and 2.0 are read.

No schema of 2.0 could be had: it is read by the names that public software gives its elements, and
whatever their case, since some of that software differs in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from lxml import etree

from cop.errors import PayloadError
from cop.formats.edxl.tree import LEI_URN, LONGEST, add, clean, encode, moment, read_moment
from cop.formats.packed import MOST_UNPACKED, unpacked
from cop.formats.payload import local_name, read_xml
from cop.model.geometry import bbox, positions

DE: Final = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
DE2: Final = "urn:oasis:names:tc:emergency:EDXL:DE:2.0"
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
    """Read an envelope of version 1.0 or 2.0, leniently.

    Args:
        root: its root element.

    Returns:
        What was understood, and what was not, in words.
    """
    defects: list[str] = []
    sent = read_moment(_words(root, "dateTimeSent"))
    if sent is None:
        defects.append("dateTimeSent is missing or is no moment with a time zone")
    status, type_ = _words(root, "distributionStatus"), _words(root, *_TYPE_NAMES)
    for name, said, known in (
        ("distributionStatus", status, STATUSES),
        (_TYPE_NAMES[is_second(root)], type_, TYPES),
    ):
        if said not in known:
            defects.append(f"{name} {said[:40]!r} is not one of {', '.join(known)}")
    confidentiality = _words(root, "combinedConfidentiality", within=_DESCRIBED)
    needed = ["distributionID", "senderID"]
    if not confidentiality and not is_second(root):
        defects.append("combinedConfidentiality is missing")
    defects += [f"{name} is missing" for name in needed if not _words(root, name)]
    contents = _contents(root, defects)
    if not contents:
        defects.append("there is nothing in the envelope")
    envelope = Envelope(
        id=_words(root, "distributionID"),
        sender=_words(root, "senderID"),
        sent=sent,
        status=status,
        type=type_,
        confidentiality=confidentiality,
        lei=_lei(root),
        language=_words(root, "language", within=_DESCRIBED),
        contents=tuple(contents),
    )
    return envelope, defects


_TYPE_NAMES: Final = ("distributionType", "distributionKind")
"""The same thing in 1.0 and in 2.0."""
_DESCRIBED: Final = frozenset(["descriptor", "contentdescriptor", "content"])
"""Where 2.0 has put what stood directly in the envelope, or in the content object."""


def is_second(root: etree._Element) -> bool:
    """Tell whether an envelope says that it is of version 2.0."""
    return root.tag.casefold().startswith(f"{{{DE2}}}".casefold())


def value_of(element: etree._Element) -> str:
    """Give what *element* says, bounded; where it names a list of values besides, the value."""
    values = (one for one in element.iter() if local_name(one).casefold() == "value")
    holder = next(values, element)
    return clean("".join(str(part) for part in holder.itertext())[:LONGEST])


def _found(
    parent: etree._Element, *names: str, within: frozenset[str] = frozenset()
) -> Iterator[etree._Element]:
    """List the children of *parent* with one of *names*, and theirs of what is in *within*."""
    wanted = {name.casefold() for name in names}
    for one in parent:
        name = local_name(one).casefold()
        if name in wanted:
            yield one
        elif name in within:
            yield from _found(one, *names)


def _words(parent: etree._Element, *names: str, within: frozenset[str] = frozenset()) -> str:
    found = next(_found(parent, *names, within=within), None)
    return "" if found is None else value_of(found)


def _lei(root: etree._Element) -> str:
    roles = _found(root, "senderRole", within=_DESCRIBED)
    lists = ("valueListUrn", "valueListURI")
    return next((_words(role, "value") for role in roles if _words(role, *lists) == LEI_URN), "")


def _contents(root: etree._Element, defects: list[str]) -> list[Content]:
    objects = list(_found(root, "contentObject", within=_DESCRIBED))
    if len(objects) > MOST_CONTENTS:
        defects.append(f"of {len(objects)} contents only the first {MOST_CONTENTS} were read")
    found: list[Content] = []
    room = MOST_UNPACKED
    for number, element in enumerate(objects[:MOST_CONTENTS], 1):
        said = {
            "description": _words(element, "contentDescription", within=_DESCRIBED),
            "incident": _words(element, "incidentID", within=_DESCRIBED),
            "confidentiality": _words(element, "confidentiality", within=_DESCRIBED),
        }
        other = next(_found(element, "nonXMLContent", "otherContent"), None)
        if other is not None:
            media_type = _words(other, "mimeType") or "unknown"
            inner, size, fault = _attached(other, media_type[:80], room)
            room -= size
            if fault:
                defects.append(f"content {number} {fault}: kept, not read")
            found.append(Content(element=inner, media_type=media_type, **said))
            continue
        embedded = _embedded(element)
        if not embedded:
            defects.append(f"content {number} is empty")
        found += [Content(element=one, **said) for one in embedded]
    if len(found) > MOST_CONTENTS:
        defects.append(f"of {len(found)} documents only the first {MOST_CONTENTS} were read")
    return found[:MOST_CONTENTS]


def _attached(
    element: etree._Element, media_type: str, most: int
) -> tuple[etree._Element | None, int, str]:
    """Read the XML that stands in *element* in base64, of *most* bytes at most.

    Returns:
        Its root and the bytes that it took; where there is none that can be read, None, and why.
    """
    data = next(_found(element, "contentData"), None)
    packed = "" if data is None else "".join(str(part) for part in data.itertext())
    if not packed.strip():
        place = "elsewhere, and never fetched" if _words(element, "uri") else "empty"
        return None, 0, f"({media_type}) is {place}"
    try:
        body = unpacked(packed, most)
    except ValueError as error:
        return None, 0, f"({media_type}) cannot be unpacked, {error}"
    if "xml" not in media_type.casefold() and not body.lstrip(_MARKS).startswith(b"<"):
        return None, 0, f"is no XML but {media_type}"
    try:
        return read_xml(body), len(body), ""
    except PayloadError as error:
        return None, len(body), f"({media_type}) cannot be read, {error}"


_MARKS: Final = b"\xef\xbb\xbf \t\r\n"


def _embedded(element: etree._Element) -> list[etree._Element]:
    """Give the documents in one content object."""
    holders = _found(element, "xmlContent", "contentXML")
    parts = (part for holder in holders for part in _found(holder, "embeddedXMLContent"))
    return [one for part in parts for one in part if local_name(one)]
