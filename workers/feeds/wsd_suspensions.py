"""Suspensions of water supply, from the Water Supplies Department.

Text in Big5 (with HKSCS), fields parted by bars without quoting. The host speaks only old TLS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.payload import decode_text
from cop.formats.placing import Gazetteer
from cop.formats.roads import Stretch
from cop.formats.variants import explain
from cop.formats.when import parse_time, time_or_none
from cop.model.district import District, find_district
from cop.model.entity import Placing, Severity
from cop.model.kinds import Incident, IncidentStatus
from cop.model.text import LANGS, Text, text
from workers.feed import DATA_GOV_HK, Feed, Ignored, Item, Poll, Refused, Source

COLUMNS: Final = (
    "SUSPENSION_ID",
    "WATER_TYPE_DESCRIPTION",
    "DISTRICT_ENG",
    "NATURE_DESCRIPTION",
    "SUSPENSION_DATE_TIME",
    "LONG_ADDRESS",
    "STATUS",
)
"""Columns without which the document is another one."""

_RESUMED = re.compile(r"resum|恢復", re.IGNORECASE)
_NOT_YET = re.compile(r"not yet|未開始", re.IGNORECASE)
_GOING_ON = re.compile(r"being suspended|現正停水", re.IGNORECASE)
_EMERGENCY = re.compile(r"emergency|緊急", re.IGNORECASE)

CONCERNS: Final[tuple[tuple[re.Pattern[str], Text], ...]] = (
    (
        re.compile(r"\bhospital\b|醫院", re.IGNORECASE),
        text("hospital", "醫院"),
    ),
    (
        re.compile(r"\bhydrants?\b|消防栓|消防龍頭|\b(?:PH|SN)\s?\d{2,}", re.IGNORECASE),
        text("fire hydrants", "消防栓"),
    ),
    (
        re.compile(r"fire service|消防用水|消防供水", re.IGNORECASE),
        text("fire service water", "消防用水"),
    ),
    (
        re.compile(
            r"\b(?:elderly|nursing) home\b|\bcare home\b|安老院|護老院|護養院", re.IGNORECASE
        ),
        text("care home", "院舍"),
    ),
)
"""What is worth flagging in an address: pattern to words."""

Row = Mapping[str, str]


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one incident per suspension that is going on or to come; resumed ones are ignored."""
    lines = [line for line in decode_text(poll.one("all")).splitlines() if line.strip()]
    header = [cell.strip().upper() for cell in next(iter(lines), "").split("|")]
    absent = [column for column in COLUMNS if column not in header]
    if absent:
        raise PayloadError(f"not the list of suspensions: no column {absent[0]}")
    gazetteer = Gazetteer.of(roads={}, landmarks=poll.table("landmarks"))
    seen: set[str] = set()
    for number, line in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in line.split("|")]
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) != len(header):
            yield Refused(f"line {number}", f"{len(cells)} columns instead of {len(header)}")
            continue
        row = dict(zip(header, cells, strict=True))
        try:
            yield from _suspension(row, seen, gazetteer)
        except (KeyError, TypeError, ValueError) as error:
            yield Refused(row["SUSPENSION_ID"] or f"line {number}", explain(error))


def _both(row: Row, column: str, chinese: str = "") -> Text:
    return text(row.get(column), row.get(chinese or f"{column}_ZHT"))


def _suspension(row: Row, seen: set[str], gazetteer: Gazetteer) -> Iterator[Item]:
    number = row["SUSPENSION_ID"]
    if not number:
        raise ValueError("a suspension without an id")
    status = " ".join(_both(row, "STATUS").values())
    if _RESUMED.search(status) or (
        row.get("ACTUAL_RESUMPTION_DATE_TIME") and not _GOING_ON.search(status)
    ):
        yield Ignored(number, "the supply has resumed")
        return
    to_come = bool(_NOT_YET.search(status))
    if not to_come and not _GOING_ON.search(status):
        raise ValueError(f"unknown status {status!r}")
    starts = parse_time(row["SUSPENSION_DATE_TIME"])
    emergency = bool(_EMERGENCY.search(" ".join(_both(row, "NATURE_DESCRIPTION").values())))
    concerns = _concerns(row)
    key = re.sub(r"[^\w.-]+", "-", number)
    if key in seen:
        key = "-".join(
            (key, *re.sub(r"[^a-z ]", "", row["WATER_TYPE_DESCRIPTION"].lower()).split())
        )
    seen.add(key)
    yield Incident(
        id=f"wsd_suspensions:{key}",
        feed="wsd_suspensions",
        publisher="WSD",
        title=_title(row, emergency=emergency),
        description=_description(row, concerns),
        observed_at=None if to_come else starts,
        valid_from=starts,
        incident_type="water_supply",
        status=IncidentStatus.VERIFIED if to_come else IncidentStatus.RESPONDING,
        severity=_severity(concerns, emergency=emergency),
        reported_at=_announced(number, starts) if to_come else starts,
        verified=True,
        lead_agency="WSD",
        number=number,
        **_place(row, gazetteer),
    )


def _announced(number: str, starts: datetime) -> datetime:
    """Give the day that an id begins with: a planned suspension was made known before it starts."""
    day = time_or_none(number[:8]) if len(number) > 8 else None
    return day if day is not None and starts - timedelta(days=400) < day <= starts else starts


def _severity(concerns: Text, *, emergency: bool) -> Severity:
    if not emergency:
        return Severity.MINOR
    return Severity.SEVERE if "hospital" in concerns.get("en", "") else Severity.MODERATE


def _place(row: Row, gazetteer: Gazetteer) -> dict[str, Any]:
    """Give the one landmark of the address, else the district where exactly one is named."""
    names = [name for name in re.split(r"\s*[,;、/]\s*", row["DISTRICT_ENG"]) if name]
    if not names:
        names = [name for name in re.split(r"\s*[,、]\s*", row.get("DISTRICT_ZHT", "")) if name]
    districts: set[District | None] = {find_district(name) for name in names}
    place = {"place": _both(row, "LONG_ADDRESS") or _both(row, "DISTRICT_ENG", "DISTRICT_ZHT")}
    if len(districts) != 1 or None in districts:
        return place
    district = districts.pop()
    landmark = _landmark(row, district, gazetteer)
    if landmark is not None:
        return place | landmark
    return place | {"district": district, "placing": Placing.DISTRICT}


def _landmark(row: Row, district: District | None, gazetteer: Gazetteer) -> dict[str, Any] | None:
    """Place an address that is the name of one known landmark and nothing more."""
    spot = gazetteer.place(Stretch(near=_both(row, "LONG_ADDRESS")), district=district)
    if spot.geometry is None or spot.placing is not Placing.LANDMARK:
        return None
    return {
        "geometry": spot.geometry,
        "placing": spot.placing,
        "precision_m": spot.precision_m,
        "district": district,
    }


def _concerns(row: Row) -> Text:
    address = " ".join(_both(row, "LONG_ADDRESS").values())
    found = [words for pattern, words in CONCERNS if pattern.search(address)]
    joints = {"en": ", ", "zh-Hant": "、", "zh-Hans": "、"}
    return {
        lang: joints[lang].join(words[lang] for words in found)
        for lang in LANGS
        if found and lang in found[0]
    }


def _title(row: Row, *, emergency: bool) -> Text:
    water = _both(row, "WATER_TYPE_DESCRIPTION")
    where = _both(row, "DISTRICT_ENG", "DISTRICT_ZHT")
    kinds = (
        text("Emergency suspension", "緊急停水")
        if emergency
        else text("Planned suspension", "計劃停水")
    )
    return text(
        f"{kinds['en']} of {water.get('en', 'water').lower()}: {where.get('en', '')}".strip(" :"),
        f"{where.get('zh-Hant', '')}{kinds['zh-Hant']}（{water.get('zh-Hant', '供水')}）",
    )


def _description(row: Row, concerns: Text) -> Text:
    parts = [_both(row, "LONG_ADDRESS"), _both(row, "CAUSE"), _both(row, "STATUS")]
    flags = {
        "en": f"Concerns: {concerns.get('en', '')}",
        "zh-Hant": f"涉及：{concerns.get('zh-Hant', '')}",
    }
    lines = {
        "en": [part["en"] for part in parts if "en" in part],
        "zh-Hant": [part["zh-Hant"] for part in parts if "zh-Hant" in part],
    }
    if concerns:
        for lang, flag in flags.items():
            lines[lang].append(flag)
    return text("\n".join(lines["en"]), "\n".join(lines["zh-Hant"]))


FEED = Feed(
    key="wsd_suspensions",
    title=text("Water suspensions", "停水消息", "停水消息"),
    publisher="WSD",
    licence=DATA_GOV_HK.format(department="Water Supplies Department"),
    sources=(
        Source(
            name="all",
            url="https://www.esd.wsd.gov.hk/wsms_open_data/WSMS_OPEN_DATA%28all%29.csv",
            looks_like=lambda body: b"SUSPENSION_ID" in body[:400],
            legacy_tls=True,
        ),
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=30),
    parse=parse,
    expected=(0, 2000),
    max_loss=0.8,
    joins=("landmarks",),
)
