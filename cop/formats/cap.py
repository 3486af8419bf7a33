"""Common Alerting Protocol 1.0 to 1.2 read leniently: what real publishers send, not the schema.

Blocks that cannot be read are left out and named in `CapAlert.problems`; nothing else is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import zip_longest
from typing import Any, Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.cap_shapes import read_disc, read_ring
from cop.formats.circle import circle
from cop.formats.payload import child, child_text, children, local_name, read_xml
from cop.formats.when import HONG_KONG_TIME, parse_time, time_or_none
from cop.model.entity import Certainty, Severity, Urgency
from cop.model.geometry import Geometry, MultiPolygon, Polygon, Position
from cop.model.text import Lang, Text, merge

MAX_REFERENCES: Final = 200
"""More references than this are cut off: thousands have been seen, and none helps."""

_LEVELS: Final = (
    (Severity.EXTREME, "red", "红紅", ("ⅰ", "i", "一"), "特别重大"),
    (Severity.SEVERE, "orange", "橙", ("ⅱ", "ii", "二"), "重大"),
    (Severity.MODERATE, "yellow", "黄黃", ("ⅲ", "iii", "三"), "较大"),
    (Severity.MINOR, "blue", "蓝藍", ("ⅳ", "iv", "四"), "一般"),
)
_COLOURS: Final[Mapping[str, Severity]] = {
    word: severity
    for severity, english, signs, grades, grave in _LEVELS
    for word in (
        *(english, grave, *(f"{grade}{level}" for grade in grades for level in "级級")),
        *(f"{sign}{rest}" for sign in signs for rest in ("", "色", "色预警", "色預警")),
    )
}
"""The four levels of mainland warnings, which stand in `severity` as colour, grade or word."""

_CHINESE: Final = frozenset({"zh", "zho", "chi", "cmn", "yue", "chinese", "cn", "sc", "tc"})
_SIMPLIFIED: Final = frozenset({"zh", "zho", "chi", "cmn", "chinese", "cn", "sc"})
"""Without a region or a script."""

_VERY_LIKELY: Final = dict.fromkeys(("very likely", "verylikely"), Certainty.LIKELY)
"""A word of CAP 1.0."""

_ALWAYS_PAST: Final = re.compile(r"quake|seism|s[ií]sm|terremoto|gempa|地震", re.IGNORECASE)
_NOTHING: Final = frozenset({"", "null", "none", "n/a", "nil"})
_COMMAS: Final = re.compile(r" ?, ?")
_BROKEN_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)")
_REFERENCE: Final = re.compile(r'(?:"[^"]*"|[^\s;"])+')
_PART: Final = re.compile(r'(?:"[^"]*"|[^,"])+')


@dataclass(frozen=True, slots=True)
class CapReference:
    """An earlier message that this one refers to."""

    sender: str
    identifier: str
    sent: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapArea:
    """Where an alert holds: words, closed rings (longitude, latitude), circles in km, codes.

    `points` are the centres of circles without a radius.
    """

    desc: str = ""
    polygons: tuple[tuple[Position, ...], ...] = ()
    circles: tuple[tuple[Position, float], ...] = ()
    points: tuple[Position, ...] = ()
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
    contact: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[CapArea, ...] = ()

    @property
    def lang(self) -> Lang | None:
        """Give the language as the picture names it; None for one that it does not show."""
        return lang_of(self.language)

    @property
    def all_clear(self) -> bool:
        """Whether it says AllClear: there is no danger any more."""
        return any(response.lower() == "allclear" for response in self.responses)


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
    def is_for_systems(self) -> bool:
        """Whether it is for machines, not for people: of status System, or an Ack or Error."""
        kind = self.msg_type.strip().lower()
        return self.status.strip().lower() == "system" or kind in {"ack", "error"}

    @property
    def is_public(self) -> bool:
        """Whether its scope lets everybody read it; a missing scope does."""
        return self.scope.lower() in {"", "public"}

    @property
    def is_over(self) -> bool:
        """Whether it ends what it speaks of: Cancel, or all infos say that it is over."""
        if self.msg_type.strip().lower() == "cancel":
            return True
        return bool(self.infos) and all(self.ends(info) for info in self.infos)

    def ends(self, info: CapInfo) -> bool:
        """Tell whether *info*, one of its own, says that it is over: AllClear, or Past of old.

        Past says so only of what was warned of before, in an Update or with references. In a first
        message it says that something has happened, and of an earthquake every message does: that
        is news, not its end.
        """
        follows = bool(self.references) or self.msg_type.strip().lower() == "update"
        past = info.urgency is Urgency.PAST and not _ALWAYS_PAST.search(info.event)
        return info.all_clear or (follows and past)


def lang_of(code: str) -> Lang | None:
    """Give the language of the RFC 3066 *code*; None for others than English and Chinese."""
    tag = code.strip().lower().replace("_", "-")
    if tag.startswith("en") or not tag:
        return "en"
    name = tag.partition("-")[0]
    if name not in _CHINESE:
        return None
    if "hant" in tag or "cht" in tag:
        return "zh-Hant"
    simplified = tag in _SIMPLIFIED or tag.endswith(("-cn", "-sg", "-my"))
    return "zh-Hans" if simplified or "hans" in tag or "chs" in tag else "zh-Hant"


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


def _level(
    kind: Any,
    element: etree._Element,
    name: str,
    problems: list[str],
    spellings: Mapping[str, Any] | None = None,
) -> Any:
    raw = child_text(element, name)
    wanted = raw.strip().lower()
    known = {value.value.lower(): value for value in kind} | dict(spellings or {})
    if wanted and wanted not in known:
        problems.append(f"{name}: {raw[:40]!r} is none of its words: taken as unknown")
    return known.get(wanted, kind.UNKNOWN)


def _time(parent: etree._Element, name: str, zone: tzinfo, problems: list[str]) -> datetime | None:
    raw = child_text(parent, name)
    if not raw:
        return None
    try:
        return parse_time(raw, zone=zone)
    except ValueError as error:
        problems.append(f"{name}: {error}")
        return None


def _pairs(parent: etree._Element, name: str) -> tuple[tuple[str, str], ...]:
    """Read valueName/value pairs, several in one element too.

    CAP 1.0 writes `name=value`, China's profile (EBMS) the value alone.
    """
    pairs = []
    for element in children(parent, name):
        labels = [_text(one) for one in children(element, "valueName")]
        values = [_text(one) for one in children(element, "value")]
        pairs += [pair for pair in zip_longest(labels, values, fillvalue="") if any(pair)]
        if not labels and not values and (said := _text(element)):
            label, _, value = said.rpartition("=")
            pairs.append((label, value))
    return tuple(pairs)


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _area(element: etree._Element, problems: list[str]) -> CapArea:
    polygons, circles, points = [], [], []
    for shape in children(element, "polygon"):
        try:
            if (raw := _text(shape)).lower() not in _NOTHING:
                ring, defect = read_ring(raw)
                polygons.append(ring)
                problems += [f"polygon: {defect}"] if defect else []
        except ValueError as error:
            problems.append(f"polygon: {error}")
    for shape in children(element, "circle"):
        try:
            if (raw := _text(shape)).lower() not in _NOTHING:
                centre, radius_km, defect = read_disc(raw)
                problems += [f"circle: {defect}"] if defect else []
                if radius_km != 0:
                    circles.append((centre, radius_km))
                else:
                    points.append(centre)
        except ValueError as error:
            problems.append(f"circle: {error}")
    return CapArea(
        desc=child_text(element, "areaDesc"),
        polygons=tuple(polygons),
        circles=tuple(circles),
        points=tuple(points),
        geocodes=_pairs(element, "geocode"),
    )


def _words(parent: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(_text(element) for element in children(parent, name))


def _info(element: etree._Element, zone: tzinfo, problems: list[str]) -> CapInfo:
    return CapInfo(
        language=child_text(element, "language") or "en-US",
        event=child_text(element, "event") or child_text(element, "eventType"),
        categories=_words(element, "category"),
        responses=_words(element, "responseType"),
        urgency=_level(Urgency, element, "urgency", problems),
        severity=_level(Severity, element, "severity", problems, _COLOURS),
        certainty=_level(Certainty, element, "certainty", problems, _VERY_LIKELY),
        effective=_time(element, "effective", zone, problems),
        onset=_time(element, "onset", zone, problems),
        expires=_time(element, "expires", zone, problems),
        sender_name=child_text(element, "senderName"),
        headline=child_text(element, "headline"),
        description=child_text(element, "description"),
        instruction=child_text(element, "instruction"),
        web=child_text(element, "web"),
        contact=child_text(element, "contact"),
        event_codes=_pairs(element, "eventCode"),
        parameters=_pairs(element, "parameter"),
        areas=tuple(_area(area, problems) for area in children(element, "area")),
    )


def _references(raw: str, zone: tzinfo, problems: list[str]) -> tuple[CapReference, ...]:
    """Read `sender,identifier,sent` triples set apart by white space, or nearly so."""
    references: list[CapReference] = []
    said = _BROKEN_TIME.sub(r"\1T\2", _COMMAS.sub(",", " ".join(raw.split())))
    words = _REFERENCE.findall(said)
    if len(words) > MAX_REFERENCES:
        problems.append(f"references: {len(words)}, only {MAX_REFERENCES} read")
    for word in words[:MAX_REFERENCES]:
        held: list[str] = []
        for part in [part.strip('"') for part in _PART.findall(word)]:
            sent = time_or_none(part, zone=zone) if len(held) > 1 else None
            if sent is None:
                held.append(part)
            else:
                references.append(CapReference(held[0], ",".join(held[1:]), sent))
                held = []
        if len(held) == 3 or (len(held) == 2 and not word.endswith(",")):
            references.append(CapReference(held[0], held[1], None))
        elif held:
            problems.append(f"references: {word[:60]!r}")
    return tuple(references[:MAX_REFERENCES])


def read_alert(body: bytes, *, zone: tzinfo = HONG_KONG_TIME) -> CapAlert:
    """Read a CAP message, alone or as the only child of an envelope.

    Args:
        body: the message.
        zone: of times that name none.

    Raises:
        PayloadError: it is not XML, holds no `alert`, or the alert has no identifier.
    """
    root = read_xml(body)
    return alert_of(root, zone=zone)


def alert_of(root: etree._Element, *, zone: tzinfo = HONG_KONG_TIME) -> CapAlert:
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
        sent=_time(element, "sent", zone, problems) or _time(element, "sendTime", zone, problems),
        status=child_text(element, "status"),
        msg_type=child_text(element, "msgType"),
        scope=child_text(element, "scope"),
        note=child_text(element, "note"),
        references=_references(child_text(element, "references"), zone, problems),
        infos=tuple(_info(info, zone, problems) for info in children(element, "info")),
        problems=tuple(problems),
    )
