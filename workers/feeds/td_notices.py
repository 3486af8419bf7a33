"""Traffic notices of the Transport Department: planned closures and special arrangements.

Eight files, each of one kind of notice, with HTML escaped into XML. A file that did not arrive
ends nothing: its notices are recalled. The format was not seen: it is known from documentation.
https://data.gov.hk/en-data/dataset/hk-td-tis_22-traffic-notices
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.payload import child_text, children, read_xml
from cop.formats.when import time_or_none
from cop.model.entity import Placing
from cop.model.kinds import Note
from cop.model.text import Text, text
from workers.feed import DATA_GOV_HK, Feed, Ignored, Item, Payload, Poll, Refused, Source

LONGEST: Final = 6_000
"""Characters of a notice that are kept; some hold whole tables of bus stops."""

_KINDS: Final[Mapping[str, Text]] = {
    "Notices_on_Temporary_Road_Closure": text("Temporary road closure", "臨時封路", "临时封路"),
    "Special_Traffic_and_Transport_Arrangement": text(
        "Special traffic and transport arrangement", "特別交通及運輸安排", "特别交通及运输安排"
    ),
    "Notices_on_Expressways": text("Expressways", "快速公路", "快速公路"),
    "Notices_on_Temporary_Speed_Limits": text(
        "Temporary speed limit", "臨時車速限制", "临时车速限制"
    ),
    "Notices_on_Clearways": text("Clearway", "禁止停車區", "禁止停车区"),
    "Notices_on_Prohibited_Zone": text("Prohibited zone", "禁區", "禁区"),
    "Notices_on_Public_Transports": text("Public transport", "公共交通", "公共交通"),
    "Other_Notices": text("Other notice", "其他通告", "其他通告"),
}
_BREAK: Final = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
_DROP: Final = re.compile(
    r"<(script|style)\b(?:(?!<(?:script|style)\b).)*?</\1\s*>|<!--(?:(?!<!--).)*?-->",
    re.IGNORECASE | re.DOTALL,
)
_TAG: Final = re.compile(r"<[^<>]*>")


def strip_html(raw: str) -> str:
    """Give the words of escaped HTML, one paragraph a line, cut to `LONGEST`."""
    words = raw
    if "<" not in words:
        words = html.unescape(words)
    words = _TAG.sub(" ", _BREAK.sub("\n", _DROP.sub(" ", words)))
    words = html.unescape(html.unescape(words)).replace("\xa0", " ")
    lines = (" ".join(line.split()) for line in words.splitlines())
    whole = "\n".join(line for line in lines if line)
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def _words(notice: etree._Element, name: str) -> Text:
    return text(*(strip_html(child_text(notice, f"{name}_{code}")) for code in ("EN", "TC", "SC")))


def _note(notice: etree._Element, key: str, kind: str) -> Note:
    title = _words(notice, "Title")
    content = _words(notice, "Content")
    if not title and not content:
        raise ValueError("it has neither a title nor a content")
    return Note(
        id=f"{FEED.key}:{key}",
        feed=FEED.key,
        publisher=FEED.publisher,
        title=title or {lang: words.split("\n")[0][:120] for lang, words in content.items()},
        description=content,
        valid_from=time_or_none(child_text(notice, "StartEffectiveDate")),
        placing=Placing.REGION,
        topic="notice",
        words={"kind": _KINDS[kind]},
    )


def _read(payload: Payload, met: set[str]) -> Iterator[Item]:
    root = read_xml(payload.body, root="List")
    for number, notice in enumerate(children(root, "Notice"), 1):
        key = "".join(child_text(notice, "TNID").split())[:60]
        row = f"{payload.source.name} notice {number} {key}"
        if not key:
            yield Refused(row, "it has no TNID")
        elif key in met:
            yield Ignored(row, "the notice also stands in another file, or twice in this one")
        else:
            try:
                yield _note(notice, key, payload.source.name)
                met.add(key)
            except ValueError as error:
                yield Refused(row, str(error))


def parse(poll: Poll) -> Iterator[Item]:
    """Give a note per notice; keep those of files that did not arrive or cannot be read."""
    met: set[str] = set()
    broken: dict[str, str] = {}
    for payload in poll.payloads:
        try:
            yield from list(_read(payload, met))
        except PayloadError as error:
            broken[payload.source.name] = str(error)
            yield Refused(payload.source.name, str(error))
    if len(broken) == len(poll.payloads):
        raise PayloadError("; ".join(dict.fromkeys(broken.values())) or "no file arrived")
    read = {payload.source.name for payload in poll.payloads} - set(broken)
    unread = [_KINDS[name] for name in _KINDS if name not in read]
    for key, note in poll.known.items():
        if key.partition(":")[2] not in met and isinstance(note, Note) and _kind(note) in unread:
            yield note


def _kind(note: Note) -> Text:
    return note.words.get("kind", {})


FEED = Feed(
    key="td_notices",
    title=text("Traffic notices", "交通通告", "交通通告"),
    publisher="TD",
    licence=DATA_GOV_HK.format(department="Transport Department"),
    sources=tuple(
        Source(
            name=name,
            url=f"https://www.td.gov.hk/datagovhk_tis/traffic-notices/{name}.xml",
            optional=True,
        )
        for name in _KINDS
    ),
    every=timedelta(minutes=15),
    stale_after=timedelta(hours=2),
    parse=parse,
    expected=(0, 5_000),
    recalls=True,
)
