"""The two formats of the Transport Department's special traffic news, read to one shape."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import child_text, children, read_xml, strip_unseen
from cop.formats.placing import fold
from cop.formats.roads import Stretch, cause_of, read_stretch, split_list, status_of
from cop.formats.when import parse_time, time_or_none
from cop.model.district import District, find_district
from cop.model.geometry import Position
from cop.model.kinds import RoadStatus
from cop.model.text import Text, text

_BARE_AND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_MOST_DIGITS: Final = 18
_BOTH: Final = re.compile(r"\s+(?:and|&)\s+|與|和|及|至")
_BOUND: Final = re.compile(r"\s*\bbound$|方向$|^往", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing that the news say of one place.

    Attributes:
        row: which message it is from, for reports on rows.
        message: the publisher's number of the message; a later one is higher.
        number: the publisher's number of the case (second generation only).
        at: when it was announced (second generation only), UTC.
        labels: heading and detail of the case (second generation only).
        sentence: the full words.
        said: the words that tell its status: its own, and those said of a whole list.
        stretch: the road, direction and landmarks.
        closed: the publisher says that the case is over.
    """

    row: str
    message: int
    number: str | None = None
    at: datetime | None = None
    labels: tuple[Text, ...] = ()
    sentence: Text = field(default_factory=dict)
    said: Text = field(default_factory=dict)
    stretch: Stretch = field(default_factory=Stretch)
    district: District | None = None
    given: Position | None = None
    closed: bool = False
    part: int = 0

    @property
    def status(self) -> RoadStatus:
        """What the road can carry, by status and words."""
        said = status_of(self.said)
        if self.closed and said is not RoadStatus.RESTRICTED:
            return RoadStatus.REOPENED
        return status_of(merge_words(*self.labels)) if said is RoadStatus.UNKNOWN else said

    @property
    def cause(self) -> str:
        """Why; see `cop.formats.roads.cause_of`."""
        return cause_of(self.said, *self.labels)

    @property
    def key(self) -> str:
        """The same for every message on the same occurrence: road, direction, place and cause."""
        stretch = self.stretch
        places = [stretch.near, *stretch.ends]
        parts = [stretch.road, stretch.bound, *(place for place in places if place)]
        words = [fold(part.get("en") or part.get("zh-Hant", "")) for part in parts]
        if not words[0]:
            said = self.sentence.get("en") or "".join(self.sentence.values())
            words = ["news", hashlib.sha256(said.encode()).hexdigest()[:16]]
        return "/".join([*words, self.cause])


def merge_words(*texts: Text) -> Text:
    """Join several texts into one, language by language."""
    return {
        lang: " ".join(words[lang] for words in texts if words.get(lang))
        for lang in ("en", "zh-Hant", "zh-Hans")
        if any(words.get(lang) for words in texts)
    }


def _clean(words: str) -> str:
    lines = (" ".join(line.split()) for line in strip_unseen(html.unescape(words)).splitlines())
    return "\n".join(line for line in lines if line)


def _pair(message: etree._Element, name: str) -> Text:
    """Give a field of the second generation in both its languages; `_CN` is Traditional."""
    return text(
        _clean(child_text(message, f"{name}_EN")), _clean(child_text(message, f"{name}_CN"))
    )


def _number(identifier: str) -> int:
    """Give the number of a message; 0 where it is none that could be."""
    return int(identifier) if identifier.isdecimal() and len(identifier) <= _MOST_DIGITS else 0


def _coordinate(message: etree._Element) -> Position | None:
    try:
        lon = read_number(child_text(message, "LONGITUDE"))
        lat = read_number(child_text(message, "LATITUDE"))
    except ValueError:
        return None
    return None if lon is None or lat is None else (lon, lat)


def _ends(between: Text, near: Text) -> tuple[Text, Text]:
    first: Text = {}
    second: Text = {}
    for lang, words in between.items():
        halves = _BOTH.split(words, maxsplit=1)
        if len(halves) == 2 and all(halves):
            first[lang], second[lang] = halves[0].strip(), halves[1].strip()
        elif lang in near:
            first[lang], second[lang] = near[lang], words
    return first, second


def _fields_stretch(message: etree._Element, sentence: Text) -> Stretch:
    road = _pair(message, "LOCATION")
    if not road:
        return read_stretch(sentence)
    bound = {
        lang: _BOUND.sub("", words).strip() for lang, words in _pair(message, "DIRECTION").items()
    }
    near = _pair(message, "NEAR_LANDMARK")
    return Stretch(road, bound, near, _ends(_pair(message, "BETWEEN_LANDMARK"), near))


def _second(message: etree._Element) -> Report:
    """Read a message of the second generation; raises ValueError when it cannot be one."""
    number = child_text(message, "INCIDENT_NUMBER")
    identifier = child_text(message, "ID")
    if not number:
        raise ValueError("it has no INCIDENT_NUMBER")
    sentence = _pair(message, "CONTENT")
    if not sentence and not child_text(message, "LOCATION_EN"):
        raise ValueError("it has neither a CONTENT nor a LOCATION")
    labels = (_pair(message, "INCIDENT_HEADING"), _pair(message, "INCIDENT_DETAIL"))
    words = sentence or merge_words(*labels, _pair(message, "LOCATION"))
    district = _pair(message, "DISTRICT")
    status = {child_text(message, f"INCIDENT_STATUS_{code}").upper() for code in ("EN", "CN")}
    return Report(
        row=f"{number} message {identifier}",
        message=_number(identifier),
        number=number,
        at=parse_time(child_text(message, "ANNOUNCEMENT_DATE")),
        labels=labels,
        sentence=words,
        said=words,
        stretch=_fields_stretch(message, words),
        district=next((d for n in district.values() if (d := find_district(n))), None),
        given=_coordinate(message),
        closed=bool(status & {"CLOSED", "完結"}),
    )


def read_second_generation(body: bytes) -> Iterator[Report | tuple[str, str]]:
    """Read `trafficnews.xml`: reports, and (row, reason) of what cannot be read.

    Files with a bare `&` are mended.

    Raises:
        PayloadError: it is not such a document.
    """
    try:
        root = read_xml(body, root="list")
    except PayloadError:
        mended = _BARE_AND.sub(b"&amp;", body)
        if mended == body:
            raise
        root = read_xml(mended, root="list")
    for place, message in enumerate(children(root, "message")):
        try:
            yield from expand(_second(message))
        except ValueError as error:
            row = child_text(message, "INCIDENT_NUMBER") or f"message {place}"
            yield row[:80], str(error)


def read_first_generation(body: bytes) -> Iterator[Report | tuple[str, str]]:
    """Read `specialtrafficnews.xml`: reports, and (row, reason) of what cannot be read.

    The time in it is that of the batch, the same for every message: it is not given out.

    Raises:
        PayloadError: it is not such a document.
    """
    for place, message in enumerate(children(read_xml(body, root="body"), "message")):
        identifier = child_text(message, "msgID")
        sentence = text(
            _clean(child_text(message, "EngText") or child_text(message, "EngShort")),
            _clean(child_text(message, "ChinText") or child_text(message, "ChinShort")),
        )
        row = f"msgID {identifier or f'missing ({place})'}"[:80]
        if not sentence:
            yield row, "it has no words"
            continue
        report = Report(
            row=row,
            message=_number(identifier),
            sentence=sentence,
            said=sentence,
            stretch=read_stretch(sentence),
        )
        yield from expand(report)


def batch_time(body: bytes) -> datetime | None:
    """Give the time at which a first generation document was made; None if it does not say."""
    times = [
        time_or_none(child_text(message, "ReferenceDate"))
        for message in children(read_xml(body, root="body"), "message")
    ]
    return max((at for at in times if at), default=None)


def expand(report: Report) -> Iterator[Report]:
    """Give a report for each road section that *report* lists, or itself if it lists none."""
    lists = {lang: split_list(words) for lang, words in report.sentence.items()}
    counts = {len(items) for _, items in lists.values() if items}
    if not counts:
        yield report
        return
    longest = max(counts)
    fit = {lang: found for lang, found in lists.items() if len(found[1]) == longest}
    for part in range(longest):
        sentence: Text = {lang: items[part] for lang, (_, items) in fit.items()}
        intro: Text = {lang: head for lang, (head, _) in fit.items()}
        yield replace(
            report,
            row=f"{report.row} section {part + 1}",
            sentence=sentence,
            said=merge_words(sentence, intro),
            stretch=read_stretch(sentence),
            given=None,
            part=part + 1,
        )
