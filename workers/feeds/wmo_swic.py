"""Warnings of Hong Kong, Macao and Guangdong as the World Meteorological Organization relays them.

The list is the whole world's; everything else is ignored. It has no geometry: a warning is placed
at its city or territory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cop.errors import PayloadError
from cop.formats.adcode import find_area, is_in_region
from cop.formats.payload import read_object
from cop.formats.placed import at_site, find_site
from cop.formats.prose import in_language, language_of
from cop.formats.variants import explain
from cop.formats.when import parse_time, time_or_none
from cop.model.entity import Certainty, Placing, Severity, Urgency
from cop.model.kinds import Alert
from cop.model.site import Site
from cop.model.text import text
from workers.feed import Feed, Ignored, Item, Poll, Refused, Source

MEMBERS: Final[Mapping[str, str]] = {"hk-hko": "810000", "mo-smg": "820000"}
"""Source of the relayed message to its territory's code."""

CMA: Final = "001"

SEVERITY: Final = (
    Severity.UNKNOWN,
    Severity.MINOR,
    Severity.MODERATE,
    Severity.SEVERE,
    Severity.EXTREME,
)
URGENCY: Final = (
    Urgency.UNKNOWN,
    Urgency.PAST,
    Urgency.FUTURE,
    Urgency.EXPECTED,
    Urgency.IMMEDIATE,
)
CERTAINTY: Final = (
    Certainty.UNKNOWN,
    Certainty.UNLIKELY,
    Certainty.POSSIBLE,
    Certainty.LIKELY,
    Certainty.OBSERVED,
)

_ADCODE = re.compile(r"(\d{6})41600000_\d{12,14}")
_GUANGDONG = re.compile(r"guangdong|广东|廣東", re.IGNORECASE)


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one alert per warning of the region."""
    rows = read_object(poll.one("all")).get("items")
    if not isinstance(rows, list):
        raise PayloadError("no list `items`: not the list of warnings")
    for row in rows:
        try:
            yield _warning(row, poll)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            name = row.get("id") if isinstance(row, dict) else row
            yield Refused(str(name)[:80], explain(error))


def _warning(row: dict[str, Any], poll: Poll) -> Alert | Ignored:
    number = str(row["id"]).strip()
    path = str(row.get("url") or row.get("capURL") or "").strip().lstrip("/")
    known, site = _area(row, number, path, poll)
    if not known:
        return Ignored(number, f"outside the region (member {row.get('mid')})")
    urgency: Urgency = _level(URGENCY, row.get("u"))
    if urgency is Urgency.PAST:
        return Ignored(number, "it has ended (urgency Past)")
    sent = parse_time(row["sent"], zone=UTC)
    starts = _time(row.get("effective")) or sent
    expires = _time(row.get("expires"))
    headline, area = str(row.get("headline") or ""), str(row.get("areaDesc") or "")
    event = str(row.get("event") or "").strip()
    return Alert(
        id=f"wmo_swic:{re.sub(r'[^!-~]+', '_', number)[:180]}",
        feed="wmo_swic",
        publisher="WMO",
        title=in_language(headline or event, language_of(headline or event)),
        event_type=event.lower() or "weather",
        severity=_level(SEVERITY, row.get("s")),
        urgency=urgency,
        certainty=_level(CERTAINTY, row.get("c")),
        issued_at=sent,
        observed_at=sent,
        valid_from=starts,
        expires_at=expires if expires is not None and expires > starts else None,
        area=in_language(area, language_of(area)),
        place=in_language(area, language_of(area)),
        identifier=number,
        link=f"https://severeweather.wmo.int/v2/cap-alerts/{path}" if _is_path(path) else None,
        **at_site(site, Placing.REGION),
    )


def _area(row: dict[str, Any], number: str, path: str, poll: Poll) -> tuple[bool, Site | None]:
    """Tell whether the warning is of the region, and where, if its city is known."""
    areas = poll.table("adcodes")
    for member, adcode in MEMBERS.items():
        if path.startswith(member):
            return True, find_area(areas, adcode)
    if str(row.get("mid")).zfill(3) != CMA and not path.startswith("cn-"):
        return False, None
    found = _ADCODE.match(number)
    if found is not None:
        return is_in_region(found[1]), find_area(areas, found[1])
    desc = str(row.get("areaDesc") or "")
    site = find_site(areas, [desc])
    return site is not None or _GUANGDONG.search(desc) is not None, site


def _time(raw: object) -> datetime | None:
    return time_or_none(raw, zone=UTC)


def _level(scale: tuple[Any, ...], raw: object) -> Any:
    words = str(raw).strip()
    return scale[int(words)] if words.isdecimal() and int(words) < len(scale) else scale[0]


def _is_path(path: str) -> bool:
    return re.fullmatch(r"[\w./-]{5,300}", path) is not None and ".." not in path


FEED = Feed(
    key="wmo_swic",
    title=text("WMO severe weather hub", "世界氣象組織惡劣天氣資訊", "世界气象组织恶劣天气信息"),
    publisher="WMO",
    licence="Free display with credit to the issuing authority and WMO (severeweather.wmo.int)",
    sources=(
        Source(
            name="all",
            url="https://severeweather.wmo.int/json/wmo_all.json",
            looks_like=lambda body: b'"items"' in body[:200] and b'"mid"' in body,
        ),
    ),
    every=timedelta(minutes=5),
    stale_after=timedelta(minutes=30),
    parse=parse,
    expected=(0, 2000),
    max_loss=0.8,
    joins=("adcodes",),
    max_bytes=20_000_000,
)
