"""Neighbours and the world: Macao, mainland warnings, the WMO hub, GDACS and USGS."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Any, Final

from cop.reference.tables import default_sites
from workers.simulate.ask import Ask, iso, json_of, local, xml
from workers.simulate.story import SYNTHETIC, Abroad, Story
from workers.simulate.weather import place_of, rain_at, rain_sum, rows, tide_at, wind_at

_SMG_EVENTS: Final = {
    "rainstorm": ("rain", "Rainstorm warning signal", "暴雨警告信號"),
    "typhoon": ("typhoon", "Tropical cyclone signal", "熱帶氣旋信號"),
    "stormsurge": ("surge", "Storm surge warning", "風暴潮警告"),
    "thunderstorm": ("thunder", "Thunderstorm warning", "雷暴警告"),
    "monsoon": ("monsoon", "Strong monsoon signal", "強烈季候風信號"),
    "tsunami": ("tsunami", "Tsunami warning", "海嘯警告"),
}
_SMG_ROOTS: Final = {
    "rainstorm": ("RainstormWarning", "Rainstorm"),
    "typhoon": ("TyphoonWarning", "TropicalCyclone"),
    "stormsurge": ("StormsurgeWarning", "Stormsurge"),
    "thunderstorm": ("ThunderstormWarning", "Thunderstorm"),
    "monsoon": ("MonsoonWarning", "Monsoon"),
    "tsunami": ("TsunamiWarning", "Tsunami"),
}
_COLOURS: Final = {
    "blue": ("Blue", "藍色", "蓝色", 4),
    "yellow": ("Yellow", "黃色", "黄色", 3),
    "orange": ("Orange", "橙色", "橙色", 2),
    "red": ("Red", "紅色", "红色", 1),
    "black": ("Black", "黑色", "黑色", 1),
}


def _abroad(story: Story, ask: Ask, publisher: str) -> list[Abroad]:
    return [
        warned
        for warned in story.abroad
        if warned.publisher == publisher and warned.start <= ask.at < warned.end
    ]


def _head(ask: Ask) -> str:
    lang = "English" if ask.path.rpartition("/")[2].startswith("e_") else "Chinese"
    return (
        f"<System><SysAuthor>SMG</SysAuthor><SysPubdate>{local(ask.at):%Y-%m-%d %H:%M} GMT+8"
        f"</SysPubdate><SysLanguage>{lang}</SysLanguage><version>2</version></System>"
    )


def _english(ask: Ask) -> bool:
    return ask.path.rpartition("/")[2].startswith("e_")


def macao_warning(story: Story, ask: Ask) -> bytes | None:
    """Give one kind of Macao's warnings, in force or not."""
    kind = ask.path.rpartition("/")[2][2:].removesuffix(".xml")
    if kind not in _SMG_EVENTS:
        return None
    event, name, chinese = _SMG_EVENTS[kind]
    root, inner = _SMG_ROOTS[kind]
    found = [warned for warned in _abroad(story, ask, "SMG") if warned.event == event]
    if not found:
        said = (
            "<Warncode>NIL</Warncode><Action>NIL</Action><Inforce>0</Inforce><Status>NIL</Status>"
        )
    else:
        warned = found[-1]
        colour = _COLOURS.get(warned.level)
        level = colour[0].lower() if colour else f"No. {warned.level}"
        level_tc = colour[1] if colour else f"{warned.level}號"
        words = f"{name}: {level}." if _english(ask) else f"{chinese}：{level_tc}。"
        issued = f"{local(warned.start):%Y-%m-%d %H:%M}"
        said = (
            f"<Warncode>{warned.level}</Warncode><Action>Issue</Action>"
            f"<IssuedAt>{issued}</IssuedAt><SignalChangedAt>{issued}</SignalChangedAt>"
            f"<Inforce>1</Inforce><Status>1</Status><Description>{words}</Description>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>{_head(ask)}<Custom>'
        f"<{inner}>{said}</{inner}></Custom></{root}>"
    ).encode()


def macao_channel(story: Story, ask: Ask) -> bytes:
    """Give the channel of CAP addresses: it names one file for each kind in force."""
    kinds = {warned.event for warned in _abroad(story, ask, "SMG")}
    items = "".join(
        f"<item><title>{name}</title><link>https://rss.smg.gov.mo/cap_{kind}.xml</link></item>"
        for kind, (event, name, _) in _SMG_EVENTS.items()
        if event in kinds
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>SMG CAP</title><link>https://www.smg.gov.mo/</link>{items}</channel></rss>"
    ).encode()


_MACAO: Final = "22.10,113.54\n\t\t22.21,113.54 22.21,113.60\n\t\t22.10,113.60 22.10,113.54"


def macao_cap(story: Story, ask: Ask) -> bytes | None:
    """Give the CAP message of one kind: the same address for every message, no expiry."""
    kind = ask.path.rpartition("/")[2].removeprefix("cap_").removesuffix(".xml")
    if kind not in _SMG_EVENTS:
        return None
    event, name, chinese = _SMG_EVENTS[kind]
    before = story.start - timedelta(days=9)
    past = Abroad("SMG", event, "1", before, before + timedelta(hours=6), SYNTHETIC)
    told = [w for w in story.abroad if (w.publisher, w.event) == ("SMG", event)]
    warned = max((w for w in told if w.start <= ask.at), key=lambda w: w.start, default=past)
    over = ask.at >= warned.end
    sent = iso(warned.end if over else warned.start)
    infos = "".join(
        f"<info><language>{lang}</language><category>Met</category><event>{said}</event>"
        f"<responseType>{'AllClear' if over else 'Prepare'}</responseType>"
        f"<urgency>{'Past' if over else 'Immediate'}</urgency><severity>Severe</severity>"
        f"<certainty>Observed</certainty><effective>{sent}</effective>"
        f"<headline>{said} ({warned.level})</headline><description>{said} ({warned.level})"
        f"</description><area><areaDesc>澳門</areaDesc><polygon>{_MACAO}</polygon></area></info>"
        for lang, said in (("zh-mo", chinese), ("pt-PT", name), ("en", name))
    )
    number = story.abroad.index(warned) + 1 if warned in told else 0
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>SMG-Weather_{kind}_{local(warned.start):%Y}_9{number:02}_01</identifier>"
        f"<sender>meteo@smg.gov.mo</sender><sent>{sent}</sent><status>Actual</status>"
        f"<msgType>{'Update' if over else 'Alert'}</msgType><scope>Public</scope>{infos}</alert>"
    ).encode()


def macao_weather(story: Story, ask: Ask) -> bytes:
    """Give the present weather at six Macao stations."""
    stamp = f"{local(ask.at):%Y-%m-%d %H:%M}"
    parts = []
    for site in [s for s in default_sites("smg_stations") if len(s.key) == 2][:6]:
        place = rows([place_of(site)])
        hour = float(rain_sum(story, place, ask.at, timedelta(hours=1))[0])
        mean, gust, degrees = wind_at(story, site.key, ask.at)
        readings = (
            ("Temperature", "°C", "3", story.temperature_c.at(ask.at)),
            ("Humidity", "%", "3", story.humidity_percent.at(ask.at)),
            ("WindSpeed", "km/h", "3", mean),
            ("WindGust", "km/h", "3", gust),
            ("Rainfall", "mm", "3", rain_at(story, place_of(site), ask.at) / 6),
            ("Rainfall", "mm", "4", hour),
            ("Rainfall", "mm", "5", hour * 1.8),
            ("MeanSeaLevelPressure", "hPa", "3", story.pressure_hpa.at(ask.at)),
        )
        body = "".join(
            f"<{tag}><MeasureUnit>{unit}</MeasureUnit><Type>{kind}</Type>"
            f"<Value>{round(value)}</Value><dValue>{value:.1f}</dValue></{tag}>"
            for tag, unit, kind, value in readings
        )
        name = site.name["en" if _english(ask) else "zh-Hant"]
        parts.append(
            f'<station code="{site.key}"><stationname>{xml(name)}</stationname>'
            f"<RecordTime>{stamp}</RecordTime>{body}<WindDirection><Type>3</Type>"
            f"<Degree>{degrees:.0f}</Degree></WindDirection></station>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ActualWeather>{_head(ask)}<Custom>'
        f"<WeatherReport>{''.join(parts)}</WeatherReport></Custom></ActualWeather>"
    ).encode()


def flood_gauges(story: Story, ask: Ask) -> bytes:
    """Give the water above the street at Macao's gauges: the sea when it overtops the quay."""
    sites = [site for site in default_sites("smg_stations") if len(site.key) > 2][14:32]
    sea = tide_at("QUB", ask.at) + story.surge_m.at(ask.at)
    parts = []
    for number, site in enumerate(sites, start=1):
        rain = rain_at(story, place_of(site), ask.at) / 400
        level = max(0.0, sea - 2.9 - 0.05 * number) + rain
        name = site.name["en" if _english(ask) else "zh-Hant"]
        parts.append(
            f'<station categoryID="1" code="{number:02}"><stationname>{xml(name)}</stationname>'
            f"<Waterlevel>{level:.2f}</Waterlevel></station>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<FTGMS>{_head(ask)}<Custom>'
        f"<WLReport>{''.join(parts)}</WLReport></Custom></FTGMS>"
    ).encode()


_NMC_EVENTS: Final = {
    "rain": ("暴雨", "0002", "Rainstorm"),
    "typhoon": ("台风", "0001", "Typhoon"),
    "surge": ("风暴潮", "0021", "Storm surge"),
    "thunder": ("雷雨大风", "0015", "Thunderstorm wind"),
}
_NMC_LEVELS: Final = {"red": "001", "orange": "002", "yellow": "003", "blue": "004"}


def _alert_id(warned: Abroad) -> str:
    return f"{warned.adcode}41600000_{local(warned.start):%Y%m%d%H%M}05"


def mainland(story: Story, ask: Ask) -> bytes:
    """Give the list of mainland warnings; the province's appear twice, as in reality."""
    rows_of = []
    for warned in sorted(_abroad(story, ask, "NMC"), key=lambda w: w.start, reverse=True):
        event, picture, _ = _NMC_EVENTS[warned.event]
        identity = _alert_id(warned)
        rows_of.append(
            {
                "alertid": identity,
                "issuetime": f"{local(warned.start):%Y/%m/%d %H:%M}",
                "title": f"{warned.place[1]}气象台发布{event}{_COLOURS[warned.level][2]}预警信号",
                "url": f"/publish/alarm/{identity}.html",
                "pic": "https://image.nmc.cn/assets/img/alarm/"
                f"p{picture}{_NMC_LEVELS[warned.level]}.png",
            }
        )
    page = {"pageNo": 1, "pageSize": 300, "count": len(rows_of), "prev": 1, "next": 1}
    again = [row for row in rows_of if str(row["alertid"]).startswith("440000")]
    none = {"r": 0, "b": 0, "y": 0, "o": 0}
    stat = {"province": none, "city": none, "county": none}
    data = {"page": page | {"list": rows_of, "totalPage": 1}, "provinceAlarms": again, "stat": stat}
    return json_of({"msg": "success", "code": 0, "data": data})


def _hub_row(warned: Abroad) -> dict[str, Any]:
    event = _NMC_EVENTS[warned.event][2]
    colour = _COLOURS[warned.level]
    start = warned.start.astimezone(UTC)
    stamp = f"{start:%Y-%m-%d %H:%M:%S}"
    return {
        "id": _alert_id(warned),
        "event": event,
        "headline": f"{warned.place[0]} Meteorological Observatory issues {colour[0].lower()}"
        f" warning for {event.lower()}",
        "sent": stamp,
        "expires": f"{start + timedelta(days=1):%Y-%m-%d %H:%M:%S}",
        "areaDesc": warned.place[0],
        "mid": "001",
        "ra": "2",
        "s": 5 - colour[3],
        "u": 0,
        "c": 0,
        "url": f"cn-cma-xx/{start:%Y/%m/%d/%H/%M}/05-{_alert_id(warned)}.xml",
        "effective": stamp,
    }


def hub(story: Story, ask: Ask) -> bytes:
    """Give the WMO hub: the mainland's warnings, and one of another country."""
    elsewhere = {
        "id": "EX.1", "event": "Heat", "headline": "Exercise: heat elsewhere",
        "sent": f"{story.start.astimezone(UTC):%Y-%m-%d %H:%M:%S}", "expires": "",
        "areaDesc": "Example", "mid": "999", "ra": "6", "s": 2, "u": 3, "c": 3,
        "capURL": "xx-example/1.xml", "effective": "",
    }  # fmt: skip
    return json_of({"items": [*map(_hub_row, _abroad(story, ask, "NMC")), elsewhere]})


def gdacs(story: Story, ask: Ask) -> bytes:
    """Give GDACS's events: the story's cyclones, as RSS with a byte order mark."""
    items = []
    for cyclone in story.cyclones:
        if not cyclone.fixes[0].at <= ask.at < cyclone.fixes[-1].at:
            continue
        lat, lon, wind = cyclone.position(ask.at)
        begin, number = cyclone.fixes[0].at.astimezone(UTC), f"9{cyclone.number}"
        level = "Red" if wind >= 185 else "Orange" if wind >= 118 else "Green"
        fields: dict[str, object] = {
            "eventtype": "TC", "alertlevel": level, "episodealertlevel": level,
            "eventid": number, "episodeid": 1, "eventname": f"{cyclone.name}-{begin:%y}",
            "iso3": "CHN", "country": "China", "iscurrent": "true",
            "fromdate": format_datetime(begin), "todate": format_datetime(ask.at.astimezone(UTC)),
            "bbox": f"{lon - 4:.2f} {lon + 4:.2f} {lat - 4:.2f} {lat + 4:.2f}", "cap": "",
        }  # fmt: skip
        body = "".join(f"<gdacs:{tag}>{value}</gdacs:{tag}>" for tag, value in fields.items())
        items.append(
            f"<item><title>{level} alert for tropical cyclone {cyclone.name}</title>"
            f"<description>Maximum wind {wind:.0f} km/h</description>"
            f"<link>https://www.gdacs.org/report.aspx?eventtype=TC&amp;eventid={number}</link>"
            f"<pubDate>{format_datetime(ask.at.astimezone(UTC))}</pubDate>"
            f'<guid isPermaLink="false">TC{number}</guid>{body}'
            f'<gdacs:severity unit="km/h" value="{wind:.0f}">Wind {wind:.0f} km/h</gdacs:severity>'
            f"<georss:point>{lat:.2f} {lon:.2f}</georss:point>"
            f"<geo:Point><geo:lat>{lat:.2f}</geo:lat><geo:long>{lon:.2f}</geo:long></geo:Point>"
            "</item>\n"
        )
    return (
        b"\xef\xbb\xbf"
        + (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"'
            ' xmlns:gdacs="http://www.gdacs.org" xmlns:georss="http://www.georss.org/georss"'
            ' xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:glide="http://glidenumber.net">'
            f"<channel><title>GDACS</title><link>https://www.gdacs.org</link>"
            f"<pubDate>{format_datetime(ask.at.astimezone(UTC))}</pubDate>{''.join(items)}"
            "</channel></rss>"
        ).encode()
    )


def gdacs_events(_story: Story, _ask: Ask) -> bytes:
    """Give the event list: only the first feature, which has no geometry."""
    meta = {"type": "Feature", "geometry": None, "properties": {"meta": {"count": 0}}}
    return json_of({"type": "FeatureCollection", "features": [meta]})


def usgs(story: Story, ask: Ask) -> bytes:
    """Give the USGS list: one invented event far away, and one without a magnitude."""
    when = int((story.start - timedelta(hours=20)).timestamp() * 1000)
    common: dict[str, Any] = {
        "tz": None, "alert": None, "status": "automatic", "tsunami": 0, "net": "ex",
        "types": ",origin,", "magType": "mb", "type": "earthquake", "url": None, "felt": None,
    }  # fmt: skip
    events = (("exercise1", 4.8, 151.3, -6.1), ("exercise2", None, 142.1, 27.3))
    features = [
        {
            "type": "Feature",
            "id": identity,
            "properties": common
            | {"mag": size, "place": "Exercise event", "time": when, "updated": when + 900_000}
            | {"code": identity, "ids": f",{identity},", "sig": 350, "title": "Exercise event"},
            "geometry": {"type": "Point", "coordinates": [lon, lat, 35.2]},
        }
        for identity, size, lon, lat in events
    ]
    meta = {"generated": int(ask.at.timestamp() * 1000), "status": 200, "count": 2}
    named = meta | {"title": "USGS Magnitude 4.5+ Earthquakes, Past Day", "api": "2.7.0"}
    return json_of({"type": "FeatureCollection", "metadata": named, "features": features})


Renderer = Callable[[Story, Ask], bytes | None]
MACAO_WARNING: Final = re.compile(r"/[cpe]_(?:" + "|".join(_SMG_EVENTS) + r")\.xml")
