"""Queues at the land boundary control points, from the Immigration Department.

Built from documentation: no payload was seen. Residents' and visitors' queues come in two
documents of one shape; the Security Bureau's overview adds the words for vehicles and coaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.number import read_number
from cop.formats.payload import read_object
from cop.formats.placed import at_site, find_site, slug
from cop.formats.variants import explain
from cop.formats.when import time_or_none
from cop.model.kinds import Facility, FacilityStatus
from cop.model.text import Text, text
from workers.feed import DATA_GOV_HK, ContentAt, Feed, Ignored, Item, Poll, Refused, Source

CLOSED: Final = 99
MAINTENANCE: Final = 4
VERY_BUSY: Final = 2

QUEUES: Final[Mapping[int, Text]] = {
    0: text("Normal", "正常", "正常"),
    1: text("Busy", "繁忙", "繁忙"),
    VERY_BUSY: text("Very busy", "非常繁忙", "非常繁忙"),
    MAINTENANCE: text("System under maintenance", "系統維護中", "系统维护中"),
    CLOSED: text("Closed", "關閉", "关闭"),
}
OVERVIEW: Final[Mapping[int, int]] = {1: 0, 2: 1, 3: VERY_BUSY, 9: CLOSED}
"""The overview's numbers to those of the queues; 0 there means "does not apply"."""

DIRECTIONS: Final[Mapping[str, str]] = {"arrQueue": "arrival", "depQueue": "departure"}
DOCUMENTS: Final = ("residents", "visitors")

Levels = dict[str, int]
"""Queue to its number; a queue is `residents_arrival` and the like."""


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one facility per control point, of all documents that arrived."""
    points: dict[str, Levels] = {}
    extra: dict[str, dict[str, Text]] = {}
    names: dict[str, Text] = {}
    if not poll.payloads:
        raise PayloadError("no document arrived")
    for document in DOCUMENTS:
        for payload in poll.all(document):
            yield from _read_queues(document, payload.body, points)
    for payload in poll.all("overview"):
        yield from _read_overview(payload.body, points, extra, names)
    if not points:
        raise PayloadError("no control point in any document")
    for code, levels in points.items():
        if not code.strip():
            yield Refused("''", "a control point without a code")
            continue
        yield _control_point(code, levels, extra.get(code, {}), names.get(code, {}), poll)


def _read_queues(document: str, body: bytes, points: dict[str, Levels]) -> Iterator[Item]:
    rows = read_object(body)
    if not any(isinstance(row, dict) and DIRECTIONS.keys() & row.keys() for row in rows.values()):
        raise PayloadError("no control point with its queues")
    for code, row in rows.items():
        if not isinstance(row, dict):
            at = time_or_none(row)
            if at is None:
                yield Ignored(code, "not a control point")
            else:
                yield ContentAt(at)
            continue
        levels = points.setdefault(code.strip().upper(), {})
        for field, direction in DIRECTIONS.items():
            try:
                levels[f"{document}_{direction}"] = _level(row[field])
            except (KeyError, ValueError) as error:
                yield Refused(f"{document} {code} {field}", explain(error))


def _level(raw: Any) -> int:
    number = read_number(raw)
    if number is None or number not in QUEUES:
        raise ValueError(f"unknown queue {raw!r}")
    return int(number)


def _read_overview(
    body: bytes,
    points: dict[str, Levels],
    extra: dict[str, dict[str, Text]],
    names: dict[str, Text],
) -> Iterator[Item]:
    document = read_object(body)
    rows = document.get("cpInfoList")
    if not isinstance(rows, list):
        raise PayloadError("no list `cpInfoList` of control points")
    at = time_or_none(document.get("updateDate"))
    if at is not None:
        yield ContentAt(at)
    for row in rows:
        if not isinstance(row, dict) or not row.get("code"):
            yield Refused(str(row)[:80], "a control point without a code")
            continue
        code = str(row["code"]).strip().upper()
        points.setdefault(code, {})
        names[code] = text(tc=str(row.get("cpName") or ""))
        try:
            extra[code] = _overview_words(row)
        except (AttributeError, TypeError, ValueError) as error:
            yield Refused(f"overview {code}", explain(error))


def _overview_words(row: Mapping[str, Any]) -> dict[str, Text]:
    """Give each queue of a control point in words, those that do not apply left out."""
    said: dict[str, Text] = {}
    for direction in DIRECTIONS.values():
        for group, queue in (row.get(direction) or {}).items():
            level = OVERVIEW.get(int(read_number(queue.get("status")) or 0))
            if level is not None:
                said[f"overview_{direction}_{slug(str(group))}"] = QUEUES[level]
    return said


def _control_point(
    code: str, levels: Levels, extra: dict[str, Text], name: Text, poll: Poll
) -> Facility:
    site = find_site(poll.table("boundary_points"), [code, *name.values()])
    title = site.name if site is not None else name or {"en": code}
    queues = {key: level for key, level in levels.items() if level not in (CLOSED, MAINTENANCE)}
    return Facility(
        id="boundary_queues:" + "-".join(code.split())[:100],
        feed="boundary_queues",
        publisher="IMMD",
        title=title,
        facility_type="boundary_control_point",
        status=_status([*levels.values()]),
        measures={f"{key}_level": float(level) for key, level in queues.items()},
        words={key: QUEUES[level] for key, level in levels.items()} | extra,
        **at_site(site),
    )


def _status(levels: list[int]) -> FacilityStatus:
    known = [level for level in levels if level != MAINTENANCE]
    if not known:
        return FacilityStatus.UNKNOWN
    if all(level == CLOSED for level in known):
        return FacilityStatus.CLOSED
    if any(level >= VERY_BUSY for level in known):
        return FacilityStatus.LIMITED
    return FacilityStatus.OPEN


_IMMD = "https://secure1.info.gov.hk/immd/mobileapps/2bb9ae17/data/CPQueueTime"


def _has_queues(body: bytes) -> bool:
    return b'"arrQueue"' in body or b'"depQueue"' in body


FEED = Feed(
    key="boundary_queues",
    title=text("Boundary control points", "陸路口岸", "陆路口岸"),
    publisher="IMMD",
    licence=DATA_GOV_HK.format(department="Immigration Department"),
    sources=(
        Source(name="residents", url=f"{_IMMD}R.json", optional=True, looks_like=_has_queues),
        Source(name="visitors", url=f"{_IMMD}V.json", optional=True, looks_like=_has_queues),
        Source(
            name="overview",
            url="https://www.sb.gov.hk/bwt/json/overview_tc.json",
            optional=True,
            looks_like=lambda body: b'"cpInfoList"' in body,
        ),
    ),
    every=timedelta(minutes=10),
    stale_after=timedelta(hours=1),
    parse=parse,
    expected=(1, 40),
    joins=("boundary_points",),
)
