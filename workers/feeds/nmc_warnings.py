"""Warnings in force in Guangdong, from the list of the National Meteorological Centre.

The list is the whole country's: other provinces' warnings are ignored. A warning that was lifted
is simply no longer listed. No open licence is stated: for display inside the organisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urljoin

from cop.errors import PayloadError
from cop.formats.adcode import find_area
from cop.formats.payload import read_object
from cop.formats.placed import at_site
from cop.formats.prose import safe_link
from cop.formats.variants import explain
from cop.formats.when import parse_time, time_or_none
from cop.model.entity import Certainty, Placing, Severity, Urgency
from cop.model.kinds import Alert
from cop.model.text import text
from workers.feed import Feed, Ignored, Item, Poll, Refused, Source

GUANGDONG: Final = "44"

LEVELS: Final[Mapping[str, tuple[str, Severity]]] = {
    "红": ("red", Severity.EXTREME),
    "橙": ("orange", Severity.SEVERE),
    "黄": ("yellow", Severity.MODERATE),
    "蓝": ("blue", Severity.MINOR),
    "白": ("white", Severity.MINOR),
}
"""Colour of the title to its English name and severity: levels I to IV; white is Guangdong's V."""

PICTURES: Final[Mapping[str, str]] = {"001": "红", "002": "橙", "003": "黄", "004": "蓝"}

EVENTS: Final[Mapping[str, str]] = {
    "台风": "tropical_cyclone",
    "暴雨": "rainstorm",
    "高温": "very_hot_weather",
    "大雾": "fog",
    "大风": "strong_wind",
    "冰雹": "hail",
    "雷电": "thunderstorm",
    "雷雨大风": "thunderstorm_wind",
    "雷暴大风": "thunderstorm_wind",
    "强对流": "severe_convection",
    "地质灾害": "landslide",
    "山洪": "flash_flood",
    "寒潮": "cold_wave",
    "寒冷": "cold_weather",
    "灰霾": "haze",
    "森林火险": "forest_fire",
    "风暴潮": "storm_surge",
    "海上大风": "gale_at_sea",
    "道路结冰": "road_icing",
    "干旱": "drought",
    "霜冻": "frost",
}
"""Chinese type to ours; a longer type is tried first. Unknown types keep the publisher's word."""

_ID = re.compile(r"(\d{6})\d*_(\d{12,14})")
_TITLE = re.compile(
    r"(?:发布|更新|变更|升级|继续发布)(?P<event>.+?)(?P<colour>[红橙黄蓝白])色?预警"
)
_LIFTED = re.compile(r"解除|撤销|取消")
_BASE: Final = "https://www.nmc.cn"


def parse(poll: Poll) -> Iterator[Item]:
    """Yield one alert per warning of Guangdong; the province's own list repeats some."""
    document = read_object(poll.one("list"))
    data = document.get("data")
    page = data.get("page") if isinstance(data, dict) else None
    if (
        not isinstance(data, dict)
        or not isinstance(page, dict)
        or document.get("code") not in (0, "0")
    ):
        raise PayloadError(f"the list says {str(document.get('msg'))[:80]!r}")
    rows = page.get("list")
    if not isinstance(rows, list):
        raise PayloadError("no list of warnings")
    pages = page.get("totalPage") or 1
    if isinstance(pages, int) and pages > 1:
        yield Refused("page 2 on", f"the list has {pages} pages and only the first was read")
    seen: set[str] = set()
    repeated = data.get("provinceAlarms")
    for row in [*rows, *(repeated if isinstance(repeated, list) else [])]:
        try:
            yield _warning(row, seen, poll)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield Refused(str(row)[:80], explain(error))


def _warning(row: dict[str, Any], seen: set[str], poll: Poll) -> Alert | Ignored:
    number, title = str(row["alertid"]).strip(), str(row["title"]).strip()
    found = _ID.match(number)
    if found is None:
        raise ValueError(f"not an id of a warning: {number[:60]!r}")
    if number in seen:
        return Ignored(number, "listed before")
    seen.add(number)
    adcode = found[1]
    if not adcode.startswith(GUANGDONG):
        return Ignored(number, "outside Guangdong")
    if _LIFTED.search(title) is not None:
        return Ignored(number, "lifted")
    issued = time_or_none(str(row.get("issuetime") or "")) or parse_time(found[2])
    event, colour = _event(title, str(row.get("pic") or ""))
    level, severity = LEVELS.get(colour, ("", Severity.UNKNOWN))
    area = find_area(poll.table("adcodes"), adcode)
    place = re.split(r"气象|发布", title)[0]
    return Alert(
        id=f"nmc_warnings:{number}",
        feed="nmc_warnings",
        publisher="NMC",
        title={"zh-Hans": title},
        event_type=EVENTS.get(event, event or "weather"),
        signal=f"CN-{level}" if level else None,
        severity=severity,
        urgency=Urgency.UNKNOWN,
        certainty=Certainty.UNKNOWN,
        issued_at=issued,
        observed_at=issued,
        area={"zh-Hans": place} if place else {},
        place=area.name if area is not None else {},
        identifier=number,
        link=safe_link(urljoin(_BASE, str(row.get("url") or ""))),
        **at_site(area, Placing.REGION),
    )


def _event(title: str, picture: str) -> tuple[str, str]:
    """Read type and colour from the title; the colour from the picture where the title has none."""
    found = _TITLE.search(title)
    code = re.search(r"p\d{4}(\d{3})\.", picture)
    colour = PICTURES.get(code[1], "") if code else ""
    if found is not None:
        event = found["event"].strip("“”\"' ")
        colour = found["colour"]
    else:
        event = title
    known = next((word for word in sorted(EVENTS, key=len, reverse=True) if word in event), "")
    return known or (event if found else ""), colour


FEED = Feed(
    key="nmc_warnings",
    title=text("Guangdong weather warnings", "廣東省氣象預警", "广东省气象预警"),
    publisher="NMC",
    licence="No open licence stated; source: National Meteorological Centre (nmc.cn)",
    sources=(
        Source(
            name="list",
            url=f"{_BASE}/rest/findAlarm?pageNo=1&pageSize=300&signaltype=&signallevel=&province=",
            headers={
                "Referer": f"{_BASE}/",
                "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
            },
            looks_like=lambda body: b'"alertid"' in body or b'"provinceAlarms"' in body,
        ),
    ),
    every=timedelta(minutes=2),
    stale_after=timedelta(minutes=20),
    parse=parse,
    expected=(0, 2000),
    max_loss=0.8,
    joins=("adcodes",),
    timeout=timedelta(seconds=40),
)
