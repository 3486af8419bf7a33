"""The Transport Department's words: special traffic news (both generations), notices, works."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from workers.simulate import network
from workers.simulate.ask import Ask, json_of, local, naive, xml
from workers.simulate.story import Blocked, Story
from workers.simulate.weather import noise

OVER_FOR: Final = timedelta(minutes=40)
"""How long the news go on saying that a road is open again."""

_LANES: Final = {
    "all": ("All lanes", "全線", "are closed to all traffic", "現已封閉"),
    "part": ("Part of the lanes", "部份行車線", "is closed to all traffic", "現已封閉"),
    "slow": ("The slow lane", "慢線", "is closed to all traffic", "現已封閉"),
}


def _order(story: Story) -> list[tuple[datetime, str, Blocked]]:
    """List the messages of the whole story in the order of their announcement."""
    messages = [(b.start, "NEW", b) for b in story.blocked]
    messages += [(b.end, "CLOSED", b) for b in story.blocked]
    return sorted(messages, key=lambda message: message[0])


def number_of(story: Story, blocked: Blocked) -> str:
    """Give the case number, from a block of its own."""
    return f"IN-{local(story.start):%y}-9{story.blocked.index(blocked) + 1:04}"


def sentences(blocked: Blocked, status: str) -> tuple[str, str]:
    """Write the news in English and Traditional Chinese."""
    lanes, lanes_tc, shut, shut_tc = _LANES[blocked.lanes]
    bound = f" ({blocked.bound[0]} bound)" if blocked.bound[0] else " (both bounds)"
    bound_tc = f"(往{blocked.bound[1]}方向)" if blocked.bound[1] else "(來回方向)"
    where = f"{blocked.road[0]}{bound} near {blocked.near[0]}"
    where_tc = f"{blocked.road[1]}{bound_tc}近{blocked.near[1]}的{lanes_tc}"
    cause = blocked.cause[0].lower()
    if status == "CLOSED":
        were, are = ("were", "are") if blocked.lanes == "all" else ("was", "is")
        over = f"which {were} closed due to {cause} {are} re-opened to all traffic."
        return (
            f"{lanes} of {where} {over}",
            f"較早前因{blocked.cause[1]}而封閉的{where_tc}現已解封。",
        )
    return (
        f"Due to {cause} , {lanes.lower()} of {where} {shut}. \nTraffic is busy now. ",
        f"因{blocked.cause[1]}，{where_tc}{shut_tc}。 \n現時上址交通繁忙。",
    )


def _pair(name: str, english: str, chinese: str) -> str:
    if not english and not chinese:
        return f"<{name}_EN/><{name}_CN/>"
    return f"<{name}_EN>{xml(english)}</{name}_EN><{name}_CN>{xml(chinese)}</{name}_CN>"


def _second(story: Story, number: int, at: datetime, status: str, blocked: Blocked) -> str:
    english, chinese = sentences(blocked, status)
    said = {"NEW": ("NEW", "最新情況"), "CLOSED": ("CLOSED", "完結")}[status]
    case = number_of(story, blocked)
    placed = blocked.place is not None and noise(case) > 0.45
    lat, lon = (blocked.place[1], blocked.place[0]) if placed and blocked.place else ("", "")
    where = f"<LATITUDE>{lat}</LATITUDE><LONGITUDE>{lon}</LONGITUDE>"
    return "".join(
        (
            f"  <message>\n<INCIDENT_NUMBER>{case}</INCIDENT_NUMBER>",
            _pair("INCIDENT_HEADING", "Road Incident", "道路事故"),
            _pair("INCIDENT_DETAIL", *blocked.cause),
            _pair("LOCATION", *blocked.road),
            _pair("DISTRICT", *blocked.district),
            _pair("DIRECTION", *blocked.bound),
            f"<ANNOUNCEMENT_DATE>{naive(at)}</ANNOUNCEMENT_DATE>",
            _pair("INCIDENT_STATUS", *said),
            _pair("NEAR_LANDMARK", *blocked.near),
            _pair("BETWEEN_LANDMARK", "", ""),
            f"<ID>{number}</ID>",
            _pair("CONTENT", english, chinese),
            where if placed else "<LATITUDE/><LONGITUDE/>",
            "\n  </message>\n",
        )
    )


def second_generation(story: Story, ask: Ask) -> bytes:
    """Give the newest message, alone in its file."""
    told = [m for m in enumerate(_order(story), start=190_001) if m[1][0] <= ask.at]
    body = ""
    if told:
        number, (at, status, blocked) = told[-1]
        body = _second(story, number, at, status, blocked)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<list xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="https://www.td.gov.hk/en/special_news/trafficnews.xsd">\n'
        f"{body}</list>"
    ).encode()


def _first(number: int, english: str, chinese: str, stamp: str) -> str:
    return (
        f"<message>\n<msgID>{number}</msgID>\n<CurrentStatus>2</CurrentStatus>\n"
        f"<ChinText>{xml(chinese)}</ChinText>\n<ChinShort>{xml(chinese)}</ChinShort>\n"
        f"<EngText>{xml(english)}</EngText>\n<EngShort>{xml(english)}</EngShort>\n"
        f"<ReferenceDate>{stamp}</ReferenceDate>\n<IncidentRefNo></IncidentRefNo>\n"
        "<CountofDistricts>0</CountofDistricts>\n<ListOfDistrict>\n</ListOfDistrict>\n</message>\n"
    )


def first_generation(story: Story, ask: Ask) -> bytes:
    """Give every message that still holds, and re-openings for a while."""
    at = local(ask.at)
    half = "上午" if at.hour < 12 else "下午"
    clock = f"{(at.hour + 11) % 12 + 1:02}:{at:%M:%S}"
    stamp = f" {at.year}/{at.month}/{at.day} {half} {clock}"
    parts = []
    for number, (when, status, blocked) in enumerate(_order(story), start=990_001):
        holds = when <= ask.at < (blocked.end if status == "NEW" else when + OVER_FOR)
        if holds:
            parts.append(_first(number, *sentences(blocked, status), stamp))
    for number, disrupted in enumerate(story.railways, start=995_001):
        if disrupted.start <= ask.at < disrupted.end:
            parts.append(_first(number, *disrupted.words, stamp))
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        "<body xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
        " xsi:schemaLocation='http://data.one.gov.hk/td"
        " http://data.one.gov.hk/xsd/td/specialtrafficnews.xsd'"
        f" xmlns='http://data.one.gov.hk/td'>\n{''.join(parts)}</body>"
    ).encode()


def notices(story: Story, ask: Ask) -> bytes:
    """Give planned arrangements: one invented notice, in the road closure file only."""
    body = ""
    if ask.path.endswith("Notices_on_Temporary_Road_Closure.xml"):
        day = local(story.start)
        html = "&lt;p&gt;{}&amp;nbsp;&lt;/p&gt;"
        english = html.format("Exercise notice: part of Example Street is closed at night.")
        chinese = html.format("演習通告：示例街部分路段於晚間封閉。")
        body = (
            "<Notice><TNID>990001</TNID><TrafficNoticesTypeID>1</TrafficNoticesTypeID>"
            "<TrafficNoticesDistrictID>1</TrafficNoticesDistrictID>"
            "<Title_EN>Temporary Road Closure (exercise)</Title_EN>"
            "<Title_TC>臨時封路（演習）</Title_TC><Title_SC>临时封路（演习）</Title_SC>"
            f"<Content_EN>{english}</Content_EN><Content_TC>{chinese}</Content_TC>"
            f"<Content_SC>{html.format('演习通告：示例街部分路段于晚间封闭。')}</Content_SC>"
            f"<StartEffectiveDate>{day.day}.{day.month}.{day.year}</StartEffectiveDate></Notice>"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<List>{body}</List>'.encode()


def roadworks(story: Story, ask: Ask) -> bytes:
    """Give road works at every fortieth place along the roads; synthetic."""
    works = []
    for number, spot in enumerate(network.spots()[::40], start=1):
        lon, lat = spot.place
        road, near = spot.road.name, spot.near
        begun = noise(f"works {number}") > 0.3
        works.append(
            {
                "roadworks_id": f"EX{number:05}",
                "latitude": lat,
                "longitude": lon,
                "roadname_en": road["en"],
                "roadname_tc": road["zh-Hant"],
                "roadname_sc": road["zh-Hans"],
                "locdesc_en": f"near {near['en']}",
                "locdesc_tc": f"近{near['zh-Hant']}",
                "locdesc_sc": f"近{near['zh-Hans']}",
                "lane_en": "Slow lane",
                "lane_tc": "慢線",
                "lane_sc": "慢线",
                "worksstatus_en": "In progress" if begun else "Planned",
                "worksstatus_tc": "進行中" if begun else "預備中",
                "worksstatus_sc": "进行中" if begun else "预备中",
                "starttime": f"{local(story.start) - timedelta(days=3):%Y-%m-%d} 09:00",
                "endtime": f"{local(ask.at) + timedelta(days=9):%Y-%m-%d} 17:00",
            }
        )
    return json_of(works)
