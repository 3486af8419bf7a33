"""Common Alerting Protocol 1.0 to 1.2 read leniently: what real publishers send, not the schema.

Blocks that cannot be read are left out and named in `CapAlert.problems`; nothing else is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.circle import circle
from cop.formats.payload import child, child_text, children, local_name, read_xml
from cop.formats.when import parse_time
from cop.model.entity import Certainty, Severity, Urgency
from cop.model.geometry import Geometry, MultiPolygon, Polygon, Position
from cop.model.text import Lang, Text, merge

MAX_REFERENCES: Final = 200
"""More references than this are cut off: thousands have been seen, and none helps."""

_CORNERS: Final = 20_000


@dataclass(frozen=True, slots=True)
class CapReference:
    """An earlier message that this one refers to."""

    sender: str
    identifier: str
    sent: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapArea:
    """Where an alert holds: words, closed rings (longitude, latitude), circles in km, codes."""

    desc: str = ""
    polygons: tuple[tuple[Position, ...], ...] = ()
    circles: tuple[tuple[Position, float], ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapInfo:
    """What an alert says, in one language."""

    language: str = "en-US"
    event: str = ""
    categories: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()
    urgency: Urgency = Urgency.UNKNOWN
    severity: Severity = Severity.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[CapArea, ...] = ()

    @property
    def lang(self) -> Lang | None:
        """Give the language as the picture names it; None for one that it does not show."""
        return lang_of(self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapAlert:
    """A message. `status` and `msg_type` are as written; `problems` names what was unreadable."""

    identifier: str
    sender: str
    sent: datetime | None
    status: str
    msg_type: str
    scope: str = ""
    note: str = ""
    references: tuple[CapReference, ...] = ()
    infos: tuple[CapInfo, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_actual(self) -> bool:
        """Whether it is meant for the real world: not Exercise, System, Test or Draft."""
        return self.status.lower() == "actual"

    @property
    def is_public(self) -> bool:
        """Whether its scope lets everybody read it; a missing scope does."""
        return self.scope.lower() in {"", "public"}

    @property
    def is_over(self) -> bool:
        """Whether it ends what it speaks of: Cancel, or all infos say AllClear or Past."""
        if self.msg_type.lower() == "cancel":
            return True
        return bool(self.infos) and all(
            info.urgency is Urgency.PAST or "AllClear" in info.responses for info in self.infos
        )


def lang_of(code: str) -> Lang | None:
    """Give the language of the RFC 3066 *code*; None for others than English and Chinese."""
    tag = code.strip().lower().replace("_", "-")
    if tag.startswith("en") or not tag:
        return "en"
    if not tag.startswith("zh"):
        return None
    simplified = tag in {"zh", "zh-cn", "zh-sg"} or "hans" in tag
    return "zh-Hans" if simplified else "zh-Hant"


def in_languages(infos: Iterable[CapInfo], field: str) -> Text:
    """Put the words in *field* of all *infos* together by language; the first of each wins."""
    return merge(
        *({info.lang: str(getattr(info, field))} for info in infos if info.lang is not None)
    )


def footprint(areas: Iterable[CapArea]) -> Geometry | None:
    """Give the area of all polygons and circles of *areas*; None where there is none.

    The language variants of one alert repeat their area: equal rings count once.
    """
    rings: dict[tuple[Position, ...], None] = {}
    for area in areas:
        rings.update(dict.fromkeys(area.polygons))
        rings.update((circle(centre, km), None) for centre, km in area.circles)
    if not rings:
        return None
    if len(rings) == 1:
        return Polygon(type="Polygon", coordinates=(next(iter(rings)),))
    return MultiPolygon(type="MultiPolygon", coordinates=tuple((ring,) for ring in rings))


def _word(kind: Any, raw: str, spellings: Mapping[str, Any] | None = None) -> Any:
    wanted = raw.strip().lower()
    if spellings and wanted in spellings:
        return spellings[wanted]
    return next((value for value in kind if value.value.lower() == wanted), kind.UNKNOWN)


def _time(parent: etree._Element, name: str, problems: list[str]) -> datetime | None:
    raw = child_text(parent, name)
    if not raw:
        return None
    try:
        return parse_time(raw)
    except ValueError as error:
        problems.append(f"{name}: {error}")
        return None


def _pairs(parent: etree._Element, name: str) -> tuple[tuple[str, str], ...]:
    """Read valueName/value pairs; CAP 1.0 writes `name=value` as text."""
    pairs = []
    for element in children(parent, name):
        label, value = child_text(element, "valueName"), child_text(element, "value")
        if not label and element.text and "=" in element.text:
            label, _, value = element.text.strip().partition("=")
        if label or value:
            pairs.append((label, value))
    return tuple(pairs)


def _position(raw: str) -> Position:
    lat, lon = (float(part) for part in raw.split(","))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"not a place on earth: {raw}")
    return (lon, lat)


def _ring(raw: str) -> tuple[Position, ...]:
    corners = [_position(pair) for pair in raw.split()]
    if len(corners) > _CORNERS:
        raise ValueError(f"more than {_CORNERS} corners")
    if corners and corners[0] != corners[-1]:
        corners.append(corners[0])
    if len(set(corners)) < 3:
        raise ValueError("fewer than three corners")
    return tuple(corners)


def _disc(raw: str) -> tuple[Position, float]:
    place, _, radius = raw.strip().partition(" ")
    return _position(place), float(radius)


def _area(element: etree._Element, problems: list[str]) -> CapArea:
    polygons, circles = [], []
    for shape in children(element, "polygon"):
        try:
            if shape.text and shape.text.strip():
                polygons.append(_ring(shape.text))
        except ValueError as error:
            problems.append(f"polygon: {error}")
    for shape in children(element, "circle"):
        try:
            centre, radius_km = _disc(shape.text or "")
            if radius_km != 0:  # 0 marks a point
                circle(centre, radius_km)
                circles.append((centre, radius_km))
        except ValueError as error:
            problems.append(f"circle: {error}")
    return CapArea(
        desc=child_text(element, "areaDesc"),
        polygons=tuple(polygons),
        circles=tuple(circles),
        geocodes=_pairs(element, "geocode"),
    )


def _words(parent: etree._Element, name: str) -> tuple[str, ...]:
    return tuple((element.text or "").strip() for element in children(parent, name))


def _info(element: etree._Element, problems: list[str]) -> CapInfo:
    return CapInfo(
        language=child_text(element, "language") or "en-US",
        event=child_text(element, "event"),
        categories=_words(element, "category"),
        responses=_words(element, "responseType"),
        urgency=_word(Urgency, child_text(element, "urgency")),
        severity=_word(Severity, child_text(element, "severity")),
        certainty=_word(
            Certainty, child_text(element, "certainty"), {"very likely": Certainty.LIKELY}
        ),
        effective=_time(element, "effective", problems),
        onset=_time(element, "onset", problems),
        expires=_time(element, "expires", problems),
        sender_name=child_text(element, "senderName"),
        headline=child_text(element, "headline"),
        description=child_text(element, "description"),
        instruction=child_text(element, "instruction"),
        web=child_text(element, "web"),
        event_codes=_pairs(element, "eventCode"),
        parameters=_pairs(element, "parameter"),
        areas=tuple(_area(area, problems) for area in children(element, "area")),
    )


def _references(raw: str, problems: list[str]) -> tuple[CapReference, ...]:
    """Read `sender,identifier,sent` triples set apart by white space."""
    references = []
    triples = raw.split()
    if len(triples) > MAX_REFERENCES:
        problems.append(f"references: {len(triples)}, only {MAX_REFERENCES} read")
    for triple in triples[:MAX_REFERENCES]:
        parts = triple.split(",")
        if len(parts) < 2:
            problems.append(f"references: {triple[:60]!r}")
            continue
        try:
            sent = parse_time(parts[2]) if len(parts) > 2 else None
        except ValueError:
            sent = None
        references.append(CapReference(parts[0], parts[1], sent))
    return tuple(references)


def read_alert(body: bytes) -> CapAlert:
    """Read a CAP message, alone or as the only child of an envelope.

    Raises:
        PayloadError: it is not XML, holds no `alert`, or the alert has no identifier.
    """
    root = read_xml(body)
    return alert_of(root)


def alert_of(root: etree._Element) -> CapAlert:
    """Read the CAP message in the parsed element *root*; raises like `read_alert`."""
    name = local_name(root)
    element = root if name == "alert" else child(root, "alert")
    if element is None:
        raise PayloadError(f"no CAP alert in {name!r}")
    identifier = child_text(element, "identifier")
    if not identifier:
        raise PayloadError("a CAP alert without identifier")
    problems: list[str] = []
    return CapAlert(
        identifier=identifier,
        sender=child_text(element, "sender"),
        sent=_time(element, "sent", problems),
        status=child_text(element, "status"),
        msg_type=child_text(element, "msgType"),
        scope=child_text(element, "scope"),
        note=child_text(element, "note"),
        references=_references(child_text(element, "references"), problems),
        infos=tuple(_info(info, problems) for info in children(element, "info")),
        problems=tuple(problems),
    )
