"""Hospitals, air quality, railway, airport, control points and water, in publishers' forms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from cop.clock import HONG_KONG
from cop.reference.tables import default_sites, default_table
from workers.simulate.ask import Ask, json_of, local, naive, say_in, xml
from workers.simulate.story import Story
from workers.simulate.weather import noise

_MINUTES: Final = {"en": " minutes", "zh-Hant": " 分鐘", "zh-Hans": " 分钟"}
_HOURS: Final = {"en": " hours", "zh-Hant": " 小時", "zh-Hans": " 小时"}
_UNDER: Final = {
    "en": "less than 15 minutes",
    "zh-Hant": "少於 15 分鐘",
    "zh-Hans": "少于 15 分钟",
}
_BUSY: Final = {
    "en": "Managing multiple resuscitation cases",
    "zh-Hant": "多名病人正在搶救中",
    "zh-Hans": "多名病人正在抢救中",
}
_NOT: Final = {"en": "N/A", "zh-Hant": "不適用", "zh-Hans": "不适用"}
_NO: Final = {"en": "N", "zh-Hant": "否", "zh-Hans": "否"}


def _clock(ask: Ask) -> str:
    at = local(ask.at)
    hour = (at.hour + 11) % 12 + 1
    if ask.lang == "en":
        return (
            f"{at.day}/{at.month}/{at.year} {hour}:{at.minute:02}{'PM' if at.hour > 11 else 'AM'}"
        )
    half = "上午" if at.hour < 12 else "下午"
    mark = "時" if ask.lang == "zh-Hant" else "时"
    return f"{at.year}年{at.month}月{at.day}日 {half}{hour}{mark}{at.minute}分"


def _hospital(story: Story, name: str, code: str, ask: Ask) -> dict[str, str]:
    lang = ask.lang
    strain = story.strain.at(ask.at)
    own = 0.7 + 0.8 * noise(f"ae {code}")
    wave = 0.85 + 0.3 * noise(f"ae {code} {ask.at:%d%H}")
    urgent = round(16 * own * wave * strain)
    later = round(2 * (1.1 + 2 * own * wave * strain)) / 2
    overrun = strain * own > 2.6
    row = {"hospName": name}
    if overrun:
        row |= {"t1wt": _BUSY[lang], "manageT1case": _NOT[lang]}
        row |= {"t2wt": _BUSY[lang], "manageT2case": _NOT[lang]}
    else:
        row |= {"t1wt": f"0{_MINUTES[lang]}".rstrip("s"), "manageT1case": _NO[lang]}
        row |= {"t2wt": _UNDER[lang], "manageT2case": _NO[lang]}
    return row | {
        "t3p50": f"{urgent}{_MINUTES[lang]}",
        "t3p95": f"{round(urgent * 2.4)}{_MINUTES[lang]}",
        "t45p50": f"{later:g}{_HOURS[lang]}",
        "t45p95": f"{later * 1.8:.1f}{_HOURS[lang]}",
    }


def waiting(story: Story, ask: Ask) -> bytes:
    """Give the accident and emergency waiting times."""
    rows = [
        _hospital(story, say_in(ask, site.name), site.key, ask)
        for site in default_sites("ha_hospitals")
    ]
    return json_of({"waitTime": rows, "updateTime": _clock(ask)})


def hospitals(_story: Story, _ask: Ask) -> bytes:
    """Give the positions of the hospitals."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": site.geometry.coordinates},
            "properties": {
                "hospName_EN": site.name["en"],
                "hospName_TC": site.name["zh-Hant"],
                "hospName_SC": site.name["zh-Hans"],
            },
        }
        for site in default_sites("ha_hospitals")
    ]
    return json_of({"type": "FeatureCollection", "features": features})


_BANDS: Final = (
    (3, "Low", "低", "低"),
    (6, "Moderate", "中", "中"),
    (7, "High", "高", "高"),
    (10, "Very High", "甚高", "甚高"),
)
_ROADSIDE: Final = frozenset({"Causeway Bay", "Central", "Mong Kok"})


def _aqhi(name: str, at: datetime) -> int:
    street = 2 if name in _ROADSIDE else 1
    return min(10, street + round(2.4 * noise(f"aqhi {name} {at:%d%H}")))


def _risk(value: int, which: int) -> str:
    return next(str(band[which + 1]) for band in _BANDS if value <= int(band[0]))


def _hour_of(ask: Ask) -> datetime:
    at = local(ask.at)
    return at.replace(minute=30, second=0) - timedelta(hours=1 if at.minute < 30 else 0)


def air_rss(_story: Story, ask: Ask) -> bytes:
    """Give the present index of each station as RSS."""
    which = ("en", "zh-Hant", "zh-Hans").index(ask.lang)
    at = _hour_of(ask)
    stamp = format_datetime(at)[:-9]
    kinds = (
        ("General Stations", "一般監測站", "一般监测站"),
        ("Roadside Stations", "路邊監測站", "路边监测站"),
    )
    items = []
    for site in default_sites("epd_stations"):
        value = _aqhi(site.key, at)
        name, risk = say_in(ask, site.name), _risk(value, which)
        kind = kinds[site.key in _ROADSIDE][which]
        items.append(
            f"<item><title>{xml(name)} : {value} : {risk}</title><guid>{xml(site.key)}</guid>"
            f"<pubDate>{format_datetime(at)}</pubDate><description><![CDATA[{name} - {kind}:"
            f" {value} {risk} - {stamp}]]></description></item>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        "<title>Current AQHI</title><link>https://www.aqhi.gov.hk/</link>"
        f"<lastBuildDate>{format_datetime(at)}</lastBuildDate>{''.join(items)}</channel></rss>"
    ).encode()


def air_hours(_story: Story, ask: Ask) -> bytes:
    """Give the index of the past 24 hours of each station."""
    newest = _hour_of(ask).replace(minute=0)
    items = []
    for site in default_sites("epd_stations"):
        kind = "Roadside Stations" if site.key in _ROADSIDE else "General Stations"
        for back in range(23, -1, -1):
            at = newest - timedelta(hours=back)
            value = _aqhi(site.key, at.replace(minute=30))
            items.append(
                f"<item><type>{kind}</type><StationName>{xml(site.name['en'])}</StationName>"
                f"<DateTime>{format_datetime(at)}</DateTime><aqhi>{value}</aqhi></item>\n"
            )
    return (
        "<AQHI24HrReport><title>AQHI</title>"
        f"<lastBuildDate>{format_datetime(_hour_of(ask))}</lastBuildDate>{''.join(items)}"
        "</AQHI24HrReport>"
    ).encode()


def air_dashboard(_story: Story, ask: Ask) -> bytes:
    """Give the present index of each station as JSON."""
    at = _hour_of(ask)
    return json_of(
        [
            {
                "station": site.name["en"],
                "aqhi": _aqhi(site.key, at),
                "health_risk": _risk(_aqhi(site.key, at), 0),
                "publish_date": naive(at),
            }
            for site in default_sites("epd_stations")
        ]
    )


def next_trains(story: Story, ask: Ask) -> bytes:
    """Give the next trains at one station, or why there are none."""
    line, place = ask.params.get("line", ""), ask.params.get("sta", "")
    stamp = f"{local(ask.at):%Y-%m-%d %H:%M:%S}"
    late = [d for d in story.railways if d.line == line and d.start <= ask.at < d.end]
    answer: dict[str, Any] = {"sys_time": stamp, "curr_time": stamp}
    trains = [] if late else [_train(seq, ask.at) for seq in range(1, 5)]
    here = {"curr_time": stamp, "sys_time": stamp, "UP": trains, "DOWN": trains}
    answer |= {"data": {f"{line}-{place}": here}, "isdelay": "Y" if late else "N"}
    if late:
        words = late[0].words[0 if ask.params.get("lang", "EN").upper() == "EN" else 1]
        return json_of(answer | {"status": 0, "message": words, "url": "https://www.mtr.com.hk/"})
    return json_of(answer | {"status": 1, "message": "successful"})


def _train(seq: int, now: datetime) -> dict[str, str]:
    due = local(now) + timedelta(minutes=3 * seq)
    stamp = f"{due:%Y-%m-%d %H:%M:%S}"
    return {
        "seq": str(seq), "dest": "EXA", "plat": "1", "time": stamp,
        "ttnt": str(3 * seq), "valid": "Y", "source": "-",
    }  # fmt: skip


_PLACES: Final = ("TPE", "NRT", "SIN", "BKK", "ICN", "PVG", "KUL", "MNL", "SYD", "LHR")


def _flight(story: Story, day: date, number: int, ask: Ask, *, arrival: bool) -> dict[str, Any]:
    minute = number * 7 % 60
    due = datetime(day.year, day.month, day.day, number * 7 // 60 % 24, minute, tzinfo=HONG_KONG)
    luck = noise(f"flight {day} {number} {arrival}")
    known = ask.at + timedelta(hours=12)
    status = "" if due > ask.at else f"{'At gate' if arrival else 'Dep'} {due:%H:%M}"
    if due < known and luck < story.cancelled.at(min(due, known)):
        status = "Cancelled"
    elif due < known and luck < story.cancelled.at(due) + 0.12:
        status = f"Est at {due + timedelta(minutes=70):%H:%M}"
    places = [_PLACES[number % len(_PLACES)]]
    return {
        "time": f"{due:%H:%M}",
        "flight": [{"no": f"EX {100 + number}", "airline": "EXA"}],
        "status": status,
        "statusCode": None,
        "terminal": "T1",
        **({"origin": places, "baggage": "5", "hall": "A"} if arrival else {"destination": places}),
    }


def flights(story: Story, ask: Ask) -> bytes:
    """Give a day's passenger flights, the day before in front; invented flight numbers."""
    arrival = ask.params.get("arrival") == "true"
    wanted = date.fromisoformat(ask.params.get("date", f"{local(ask.at):%Y-%m-%d}"))
    days = []
    for day in (wanted - timedelta(days=1), wanted):
        listed = [_flight(story, day, n, ask, arrival=arrival) for n in range(50, 200)]
        updated = naive(ask.at) + "+08:00" if day == wanted else None
        days.append(
            {"date": f"{day}", "arrival": arrival, "cargo": False, "list": listed}
            | {"lastUpdatedTime": updated}
        )
    return json_of(days)


_BY_NIGHT: Final = frozenset({"LMC", "HZM", "SBC", "HYW"})
_HIGH_WIND_KMH: Final = 75


def _levels(story: Story, ask: Ask, group: str) -> dict[str, int]:
    """Give 0 normal, 1 busy, 99 closed by control point; most close at night, all in a gale."""
    hour = local(ask.at).hour
    gale = story.wind_kmh.at(ask.at) > _HIGH_WIND_KMH
    levels = {}
    for code in (site.key for site in default_sites("boundary_points") if len(site.key) == 3):
        shut = gale or (code not in _BY_NIGHT and not 6 <= hour < 23)
        levels[code] = 99 if shut else int(noise(f"{code} {ask.at:%d%H} {group}") * 1.6)
    return levels


def queues(story: Story, ask: Ask) -> bytes:
    """Give the queues of residents, or of visitors, at the control points."""
    levels = _levels(story, ask, ask.path.removesuffix(".json")[-1])
    return json_of({code: {"arrQueue": n, "depQueue": n} for code, n in levels.items()})


def overview(story: Story, ask: Ask) -> bytes:
    """Give the Security Bureau's overview of the control points; built from documentation."""
    names = default_table("boundary_points")
    rows = []
    for code, level in _levels(story, ask, "R").items():
        said = {"resident": {"status": 9 if level == 99 else level + 1}}
        row = {"code": code, "cpName": names[code].name["zh-Hant"], "arrival": said}
        rows.append(row | {"departure": said})
    answer = {"updateDate": f"{local(ask.at):%Y-%m-%d %H:%M:%S}", "cpInfoList": rows}
    return json_of(answer | {"otherInfo": "", "remark": ""})


_WSD_HEADER: Final = (
    "SUSPENSION_ID|WATER_TYPE_DESCRIPTION|WATER_TYPE_DESCRIPTION_ZHT|DISTRICT_ENG|DISTRICT_ZHT|"
    "NATURE_DESCRIPTION|NATURE_DESCRIPTION_ZHT|SUSPENSION_DATE_TIME|ACTUAL_RESUMPTION_DATE_TIME|"
    "LONG_ADDRESS|LONG_ADDRESS_ZHT|CAUSE|CAUSE_ZHT|STATUS|STATUS_ZHT"
)
_PLANNED: Final = (
    ("Sha Tin", "沙田區", "Planned", "計劃停水", 9, 8),
    ("Tuen Mun, Yuen Long", "屯門區, 元朗區", "Planned", "計劃停水", 33, 7),
)
_BURSTS: Final = (
    ("Wong Tai Sin", "黃大仙區", "Emergency", "緊急停水", 3, 9),
    ("Eastern", "東區", "Emergency", "緊急停水", 5, 14),
)


def water(story: Story, ask: Ask) -> bytes:
    """Give the water suspensions, in Big5; all invented, two of them bursts in the storm."""
    lines = [_WSD_HEADER]
    for number, (area, area_tc, nature, nature_tc, after, hours) in enumerate(
        (*_PLANNED, *_BURSTS)
    ):
        start = local(story.start) + timedelta(hours=after)
        end = start + timedelta(hours=hours)
        if nature == "Emergency" and ask.at < start:
            continue
        status = ("Supply being suspended", "現正停水")
        if ask.at < start:
            status = ("Suspension not yet started", "停水仍未開始")
        elif ask.at >= end:
            status = ("Supply resumed", "供水已恢復")
        cells = (
            f"{local(story.start):%Y%m%d}99{number:03}", "Fresh Water", "食水", area, area_tc,
            nature, nature_tc, f"{start:%d-%m-%Y %H:%M}",
            f"{end:%d-%m-%Y %H:%M}" if ask.at >= end else "",
            "EXERCISE: AREA AROUND EXAMPLE STREET", "演習：示例街一帶",
            "Repairing of water main", "維修水管工程", *status,
        )  # fmt: skip
        lines.append("|".join(cells))
    return ("\r\n".join(lines) + "\r\n").encode("big5hkscs")
