"""The Observatory's JSON API: warnings, tips, readings, rain by gauge, forecasts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from cop.model.district import DISTRICT_NAMES, District
from cop.model.site import Site
from cop.model.text import Text, text
from cop.reference.tables import default_sites, default_table
from workers.simulate.ask import Ask, clock_words, iso, json_of, local, say_in
from workers.simulate.story import Story, Warned, latest
from workers.simulate.warning_words import NAMES, TYPES, advice
from workers.simulate.weather import noise, place_of, rain_rate, rain_sum, rows

HOUR: Final = timedelta(hours=1)
CANCELLED_FOR: Final = timedelta(minutes=30)
"""How long a warning that was cancelled stays in the summary, saying so."""

WRONG: Final = (
    b"Please include valid parameters in API request. For details, please refer to the"
    b" Hong Kong Observatory Open Data API Documentation.\r\n<br><br>\r\n"
)

LONG_NAMES: Final = {
    District.CENTRAL_AND_WESTERN: "Central & Western District",
    District.EASTERN: "Eastern District",
    District.ISLANDS: "Islands District",
    District.NORTH: "North District",
    District.SOUTHERN: "Southern District",
}

MIDDLES: Final = {
    "CW": (114.148, 22.280), "EST": (114.222, 22.278), "STH": (114.170, 22.245),
    "WCH": (114.178, 22.274), "KC": (114.188, 22.322), "KT": (114.228, 22.315),
    "SSP": (114.160, 22.333), "WTS": (114.200, 22.344), "YTM": (114.170, 22.308),
    "ISL": (113.945, 22.262), "KWT": (114.125, 22.356), "NTH": (114.145, 22.510),
    "SK": (114.272, 22.370), "ST": (114.195, 22.388), "TP": (114.175, 22.455),
    "TW": (114.110, 22.372), "TM": (113.975, 22.395), "YL": (114.030, 22.445),
}  # fmt: skip
"""A built-up place in each district, longitude and latitude."""

_AROUND: Final = ((0.0, 0.0), (0.012, 0.0), (-0.012, 0.0), (0.0, 0.011), (0.0, -0.011))

TEMPERATURE_STATIONS: Final = (
    "King's Park", "Hong Kong Observatory", "Wong Chuk Hang", "Ta Kwu Ling", "Lau Fau Shan",
    "Tai Po", "Sha Tin", "Tuen Mun", "Tseung Kwan O", "Sai Kung", "Cheung Chau",
    "Chek Lap Kok", "Tsing Yi", "Shek Kong", "Tsuen Wan Ho Koon", "Tsuen Wan Shing Mun Valley",
    "Hong Kong Park", "Shau Kei Wan", "Kowloon City", "Happy Valley", "Wong Tai Sin", "Stanley",
    "Kwun Tong", "Sham Shui Po", "Kai Tak Runway Park", "Yuen Long Park", "Tai Mei Tuk",
)  # fmt: skip


def station(name: str) -> Site:
    """Give a weather station of the reference table."""
    return default_table("hko_stations")[name]


def _entry(warned: Warned, ask: Ask, **extra: str) -> dict[str, str]:
    entry = {"name": say_in(ask, NAMES[warned.family]), "code": warned.code}
    if warned.code in TYPES:
        entry["type"] = say_in(ask, TYPES[warned.code])
    issued = iso(warned.start)
    return entry | {"actionCode": "ISSUE", "issueTime": issued} | extra


def warnsum(story: Story, ask: Ask) -> bytes:
    """Give the warning summary; cancelled ones stay for a while."""
    summary: dict[str, Any] = {}
    for warned in story.warnings:
        if warned.family == "WTCPRE8":
            continue
        if warned.start <= ask.at < warned.end:
            extra = {"expireTime": iso(warned.end)} if warned.family == "WTS" else {}
            summary[warned.family] = _entry(warned, ask, **extra, updateTime=iso(warned.start))
        elif warned.end <= ask.at < warned.end + CANCELLED_FOR:
            ended = {"actionCode": "CANCEL", "updateTime": iso(warned.end)}
            summary.setdefault(warned.family, _entry(warned, ask) | ended)
    return json_of(summary)


def warning_info(story: Story, ask: Ask) -> bytes:
    """Give the texts of the warnings in force."""
    details = []
    for warned in story.in_force(ask.at):
        name = say_in(ask, TYPES.get(warned.code, NAMES[warned.family]))
        if warned.family == "WRAIN":
            name = (
                f"{name} {say_in(ask, NAMES['WRAIN'])}"
                if ask.lang == "en"
                else (name + say_in(ask, NAMES["WRAIN"]))
            )
        issued = text(
            f"Issued at {clock_words(warned.start, 'en')}.",
            f"{clock_words(warned.start, 'zh-Hant')}發出。",
            f"{clock_words(warned.start, 'zh-Hans')}发出。",
        )
        contents = [name, say_in(ask, issued), *(say_in(ask, t) for t in advice(warned.code))]
        detail = {"contents": contents, "warningStatementCode": warned.family}
        if warned.family in {"WRAIN", "WTCSGNL"}:
            detail["subtype"] = warned.code
        details.append(detail | {"updateTime": iso(warned.start)})
    return json_of({"details": details} if details else {})


def tips(story: Story, ask: Ask) -> bytes:
    """Give the special weather tips, newest first."""
    said = latest(story.tips, ask.at, timedelta(hours=3))
    return json_of({"swt": [{"desc": say_in(ask, s.body), "updateTime": iso(s.at)} for s in said]})


def _district_rain(story: Story, ask: Ask) -> list[dict[str, Any]]:
    end = ask.at - timedelta(minutes=local(ask.at).minute % 15)
    data = []
    for code in District:
        lon, lat = MIDDLES[code.value]
        places = rows([(lon + east, lat + north) for east, north in _AROUND])
        fell = rain_sum(story, places, end, HOUR)
        most, least = round(float(fell.max())), round(float(fell.min()))
        names = DISTRICT_NAMES[code] | {"en": LONG_NAMES.get(code, DISTRICT_NAMES[code]["en"])}
        row = {"unit": "mm", "place": say_in(ask, names), "max": most, "main": "FALSE"}
        data.append(row | ({"min": least} if most else {}))
    return data


def _lightning(story: Story, ask: Ask) -> list[dict[str, str]]:
    codes = list(District)
    rate = rain_rate(story, rows([MIDDLES[code.value] for code in codes]), ask.at)
    return [
        {"place": say_in(ask, DISTRICT_NAMES[code]), "occur": "true"}
        for code, value in zip(codes, rate, strict=True)
        if value > 40
    ]


def temperature(story: Story, name: str, ask: Ask) -> float:
    """Give degrees Celsius at a station."""
    swing = 0.4 * noise(f"t{ask.at.timestamp() // 3600}{name}")
    return story.temperature_c.at(ask.at) + 1.6 * (noise(name) - 0.5) + swing


def current(story: Story, ask: Ask) -> bytes:
    """Give the current weather report."""
    window = {"startTime": iso(ask.at - HOUR), "endTime": iso(ask.at)}
    strikes = _lightning(story, ask)
    readings = [
        {
            "place": say_in(ask, station(name).name),
            "value": round(temperature(story, name, ask)),
            "unit": "C",
        }
        for name in TEMPERATURE_STATIONS
    ]
    messages = [
        say_in(ask, NAMES[warned.family]) + ("." if ask.lang == "en" else "。")
        for warned in story.in_force(ask.at)
        if warned.family in NAMES
    ]
    humidity = {
        "unit": "percent",
        "value": round(story.humidity_percent.at(ask.at)),
        "place": say_in(ask, station("Hong Kong Observatory").name),
    }
    report: dict[str, Any] = {
        "rainfall": {"data": _district_rain(story, ask)} | window,
        "warningMessage": messages or "",
        "icon": [64 if strikes else 63 if messages else 51],
        "iconUpdateTime": iso(ask.at),
        "uvindex": "",
        "updateTime": iso(ask.at),
        "temperature": {"data": readings, "recordTime": iso(ask.at)},
        "tcmessage": "",
        "mintempFrom00To09": "",
        "rainfallFrom00To12": "",
        "rainfallLastMonth": "",
        "rainfallJanuaryToLastMonth": "",
        "humidity": {"recordTime": iso(ask.at), "data": [humidity]},
    }
    if strikes:
        report["lightning"] = {"data": strikes} | window
    return json_of(report)


def gauges(story: Story, ask: Ask) -> bytes:
    """Give the past hour's rain at each gauge; one gauge is under maintenance."""
    sites = default_sites("hko_gauge_sites")
    fell = rain_sum(story, rows([place_of(site) for site in sites]), ask.at, HOUR)
    return json_of(
        {
            "obsTime": iso(ask.at),
            "hourlyRainfall": [
                {
                    "automaticWeatherStation": say_in(ask, site.name),
                    "automaticWeatherStationID": site.key,
                    "value": "M" if site.key == "N12" else str(round(float(value))),
                    "unit": "mm",
                }
                for site, value in zip(sites, fell, strict=True)
            ],
        }
    )


def forecast(story: Story, ask: Ask) -> bytes:
    """Give the local forecast."""
    said = next(iter(latest(story.situation, ask.at, timedelta(days=30))), story.situation[0])
    period = text(
        "Weather forecast for tonight and tomorrow", "今晚及明日天氣預測", "今晚及明日天气预测"
    )
    outlook = text("Showers ease gradually.", "驟雨逐漸減少。", "骤雨逐渐减少。")
    return json_of(
        {
            "generalSituation": say_in(ask, said.title),
            "tcInfo": say_in(ask, _cyclone_words(story, ask)),
            "fireDangerWarning": "",
            "forecastPeriod": say_in(ask, period),
            "forecastDesc": say_in(ask, said.body),
            "outlook": say_in(ask, outlook),
            "updateTime": iso(ask.at),
        }
    )


def _cyclone_words(story: Story, ask: Ask) -> Text:
    if not story.cyclones:
        return {}
    cyclone = story.cyclones[0]
    lat, lon, _ = cyclone.position(ask.at)
    when = {lang: clock_words(ask.at, lang) for lang in ("en", "zh-Hant", "zh-Hans")}
    return text(
        f"At {when['en']}, {cyclone.name.title()} was centred near {lat:.1f} degrees north"
        f" {lon:.1f} degrees east.",
        f"在{when['zh-Hant']}，{cyclone.chinese}集結在北緯{lat:.1f}度，東經{lon:.1f}度附近。",
        f"在{when['zh-Hans']}，{cyclone.chinese}集结在北纬{lat:.1f}度，东经{lon:.1f}度附近。",
    )


_DAYS: Final = (
    text("Cloudy with showers.", "多雲有驟雨。", "多云有骤雨。"),
    text("Mainly cloudy with a few showers.", "大致多雲，有幾陣驟雨。", "大致多云，有几阵骤雨。"),
    text("Sunny periods.", "部分時間有陽光。", "部分时间有阳光。"),
)
_WEEK: Final = (
    text("Monday", "星期一", "星期一"), text("Tuesday", "星期二", "星期二"),
    text("Wednesday", "星期三", "星期三"), text("Thursday", "星期四", "星期四"),
    text("Friday", "星期五", "星期五"), text("Saturday", "星期六", "星期六"),
    text("Sunday", "星期日", "星期日"),
)  # fmt: skip


def _day(ask: Ask, ahead: int) -> dict[str, Any]:
    date = local(ask.at) + timedelta(days=ahead)
    calm = min(2, (ahead - 1) // 3)
    wind = text("East force 3 to 4.", "東風3至4級。", "东风3至4级。")
    chance = (
        text("High", "高", "高"), text("Medium", "中", "中"), text("Low", "低", "低"),
    )  # fmt: skip
    return {
        "forecastDate": f"{date:%Y%m%d}",
        "week": say_in(ask, _WEEK[date.weekday()]),
        "forecastWind": say_in(ask, wind),
        "forecastWeather": say_in(ask, _DAYS[calm]),
        "forecastMaxtemp": {"value": 29 + calm, "unit": "C"},
        "forecastMintemp": {"value": 25 + calm // 2, "unit": "C"},
        "forecastMaxrh": {"value": 98 - 3 * calm, "unit": "percent"},
        "forecastMinrh": {"value": 75 - 5 * calm, "unit": "percent"},
        "ForecastIcon": (63, 54, 51)[calm],
        "PSR": say_in(ask, chance[calm]),
    }


def nine_days(story: Story, ask: Ask) -> bytes:
    """Give the 9-day forecast; synthetic."""
    said = story.situation[0]
    north_point = say_in(ask, station("North Point").name)
    sea = {"place": north_point, "value": 28, "unit": "C", "recordTime": iso(ask.at)}
    soil = {
        "place": say_in(ask, station("Hong Kong Observatory").name),
        "value": 28.3,
        "unit": "C",
        "recordTime": iso(ask.at),
        "depth": {"unit": "metre", "value": 0.5},
    }
    return json_of(
        {
            "generalSituation": say_in(ask, said.title),
            "weatherForecast": [_day(ask, ahead) for ahead in range(1, 10)],
            "updateTime": iso(ask.at),
            "seaTemp": sea,
            "soilTemp": [soil],
        }
    )


def earthquake(story: Story, ask: Ask) -> bytes:
    """Give the latest strong earthquake of the world: an invented one, far away and long past."""
    region = text("Off the coast of Example (exercise)", "演習示例附近海域", "演习示例附近海域")
    when = story.start - timedelta(days=2)
    return json_of(
        {
            "lat": -6.1,
            "lon": 151.3,
            "mag": 6.1,
            "region": say_in(ask, region),
            "ptime": iso(when),
            "updateTime": iso(when + timedelta(minutes=13)),
        }
    )


def nothing(_story: Story, _ask: Ask) -> bytes:
    """Give the empty object that says that there is nothing in force."""
    return b"{}"


def heat_icon(_story: Story, ask: Ask) -> bytes:
    """Give the heat stress icon file: none in force."""
    keys = [f"Message{lang}{n}" for lang in ("TC", "EN") for n in (1, 2, 3)]
    keys += ["TitleTC", "TitleEN", "TitleSC", "startIndexTC", "endIndexTC", "startIndexEN"]
    empty: dict[str, Any] = dict.fromkeys([*keys, "endIndexEN", "Push"], "")
    return json_of(empty | {"iconIndex": -1, "date": f"{local(ask.at):%Y%m%d%H%M}"})
