"""The Observatory's tropical cyclones (list and tracks) and its CAP messages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from cop.model.text import LANGS
from workers.simulate.ask import Ask, iso, xml
from workers.simulate.observatory_files import utc_stamp
from workers.simulate.story import Cyclone, Fix, Story, Warned, floor
from workers.simulate.warning_words import NAMES, TYPES, advice

SIX_HOURS: Final = timedelta(hours=6)
GRADES: Final = (
    (185, "Super Typhoon"),
    (150, "Severe Typhoon"),
    (118, "Typhoon"),
    (88, "Severe Tropical Storm"),
    (63, "Tropical Storm"),
    (41, "Tropical Depression"),
)


def listed(story: Story, ask: Ask) -> list[Cyclone]:
    """List the cyclones that the Observatory still writes bulletins on."""
    return [c for c in story.cyclones if c.fixes[0].at <= ask.at < c.fixes[-1].at]


def cyclone_list(story: Story, ask: Ask) -> bytes:
    """Give the list of cyclones; their addresses with the publisher's trailing line break."""
    rows = "".join(
        "    <TropicalCyclone>\n"
        f"        <TropicalCycloneID>{c.number}</TropicalCycloneID>\n"
        f"        <TropicalCycloneChineseName>{c.chinese}</TropicalCycloneChineseName>\n"
        f"        <TropicalCycloneEnglishName>{c.name}</TropicalCycloneEnglishName>\n"
        f"        <TropicalCycloneURL>http://www.weather.gov.hk/wxinfo/currwx/hko_tctrack_{c.number}"
        ".xml\n        </TropicalCycloneURL>\n    </TropicalCyclone>\n"
        for c in listed(story, ask)
    )
    return f"<TropicalCycloneList>\n{rows}</TropicalCycloneList>\n".encode()


def grade(wind_kmh: float) -> str:
    """Give the Observatory's word for a cyclone of that wind."""
    return next((word for least, word in GRADES if wind_kmh >= least), "Low Pressure Area")


def _place(lat: float, lon: float) -> str:
    return f"<Latitude>{lat:.2f}N</Latitude><Longitude>{lon:.2f}E</Longitude>"


def _strength(intensity: str, wind: float, at: datetime) -> str:
    speed = f"{5 * round(wind / 5)}km/h"
    return (
        f"<Intensity>{intensity}</Intensity><MaximumWind>{speed}</MaximumWind>"
        f"<Time>{utc_stamp(at)}</Time>"
    )


def _past(index: int, fix: Fix) -> str:
    strength = _strength(fix.intensity, fix.wind_kmh, fix.at)
    where = _place(fix.lat, fix.lon)
    return f"<PastInformation><Index>{index}</Index>{strength}{where}</PastInformation>"


def _future(cyclone: Cyclone, index: int, now: datetime) -> str:
    at = now + timedelta(hours=index)
    lat, lon, wind = cyclone.position(at)
    strength = _strength(grade(wind), wind, at) if index % 24 == 0 else ""
    where = _place(lat, lon)
    return f"<ForecastInformation><Index>{index}</Index>{strength}{where}</ForecastInformation>"


def track(story: Story, ask: Ask) -> bytes | None:
    """Give one cyclone's track: past fixes, the position now, hourly forecast to its end."""
    number = re.findall(r"_(\d+)\.xml", ask.path)
    cyclone = next((c for c in listed(story, ask) if [c.number] == number), None)
    if cyclone is None:
        return None
    now = floor(ask.at, timedelta(hours=1))
    past = "".join(
        _past(index, fix)
        for index, fix in enumerate((f for f in cyclone.fixes if f.at < now), start=1)
    )
    lat, lon, wind = cyclone.position(now)
    hours = min(96, int((cyclone.fixes[-1].at - now) / timedelta(hours=1)))
    ahead = "".join(_future(cyclone, index, now) for index in range(1, hours + 1))
    return (
        f'<TropicalCycloneTrack tcid="{cyclone.number}"><BulletinHeader>'
        "<BulletinName>Tropical Cyclone Track</BulletinName><BulletinType>R</BulletinType>"
        "<BulletinProvider>Hong Kong Observatory</BulletinProvider>"
        f"<BulletinTime>{iso(now)}</BulletinTime></BulletinHeader>"
        f"<WeatherReport><TropicalCycloneName>{cyclone.name}</TropicalCycloneName>{past}"
        f"<AnalysisInformation>{_strength(grade(wind), wind, now)}{_place(lat, lon)}"
        f"</AnalysisInformation>{ahead}</WeatherReport></TropicalCycloneTrack>"
    ).encode()


_POLYGON: Final = "22.57,113.80 22.57,114.45 22.15,114.45 22.15,113.80 22.57,113.80"
_CAP_BASE: Final = "https://alerts.weather.gov.hk/V1/"


def _identifier(warned: Warned) -> str:
    return f"urn-oid-2.49.0.0.344.0.{warned.start:%Y%m%d%H%M}.{warned.code.lower()}"


def _severity(code: str) -> str:
    extreme = {"WRAINB", "TC9", "TC10"}
    severe = {"WRAINR", "WL", "WFNTSA", "TC8NE", "TC8NW", "TC8SE", "TC8SW"}
    return "Extreme" if code in extreme else "Severe" if code in severe else "Moderate"


def _names(warned: Warned) -> list[str]:
    """Give type and name in English, Traditional and Simplified Chinese."""
    names, types = NAMES[warned.family], TYPES.get(warned.code, {})
    return [" ".join(filter(None, (types.get(lang, ""), names[lang]))) for lang in LANGS]


def cap_feed(story: Story, ask: Ask) -> bytes:
    """Give the Atom feed of the alerts in force."""
    entries = "".join(
        f"<entry><id>{_identifier(w)}</id><title>{xml(_names(w)[0])}</title>"
        f"<updated>{iso(w.start)}</updated><published>{iso(w.start)}</published>"
        f'<link rel="alternate" type="application/cap+xml" href="{_CAP_BASE}{_identifier(w)}.xml"/>'
        f"<cap:event>{xml(_names(w)[0])}</cap:event><cap:urgency>Immediate</cap:urgency>"
        f"<cap:severity>{_severity(w.code)}</cap:severity><cap:certainty>Observed</cap:certainty>"
        "<cap:areaDesc>Hong Kong</cap:areaDesc></entry>"
        for w in story.in_force(ask.at)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<id>{_CAP_BASE}cap_atom.xml</id><title>Hong Kong Observatory warnings</title>"
        f"<updated>{iso(story.changed_at(ask.at))}</updated>{entries}</feed>"
    ).encode()


def _info(warned: Warned, which: int) -> str:
    lang = LANGS[which]
    code, area = (("en-US", "Hong Kong"), ("zh-HK", "香港"), ("zh-CN", "香港"))[which]
    name = _names(warned)[which]
    words = " ".join(said[lang] for said in advice(warned.code))
    return (
        f"<info><language>{code}</language><category>Met</category><event>{xml(name)}</event>"
        "<urgency>Immediate</urgency>"
        f"<severity>{_severity(warned.code)}</severity><certainty>Observed</certainty>"
        f"<effective>{iso(warned.start)}</effective><senderName>Hong Kong Observatory</senderName>"
        f"<headline>{xml(name)}</headline><description>{xml(words)}</description>"
        f"<area><areaDesc>{area}</areaDesc><polygon>{_POLYGON}</polygon></area></info>"
    )


def cap_message(story: Story, ask: Ask) -> bytes | None:
    """Give one CAP message; a message stays where it is after its warning has ended."""
    wanted = ask.path.rpartition("/")[2].removesuffix(".xml")
    found = [w for w in story.warnings if _identifier(w) == wanted and w.start <= ask.at]
    if not found:
        return None
    infos = "".join(_info(found[0], which) for which in range(3))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{wanted}</identifier><sender>urn:oid:2.49.0.0.344.0</sender>"
        f"<sent>{iso(found[0].start)}</sent><status>Actual</status><msgType>Alert</msgType>"
        f"<scope>Public</scope>{infos}</alert>"
    ).encode()
