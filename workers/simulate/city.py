"""Which simulated publisher answers which address, how often it renews, and what is remembered."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from cop.model.text import Lang
from workers.replay import Reply
from workers.simulate import (
    cyclones,
    government,
    neighbours,
    observatory,
    observatory_files,
    road_news,
    services,
    traffic,
)
from workers.simulate.ask import Ask
from workers.simulate.story import Story, floor

REMEMBERED_BYTES: Final = 24_000_000
"""How much of what was rendered is kept, the latest asked for."""

Renderer = Callable[[Story, Ask], bytes | None]
Cameras = Callable[[str, datetime], Reply | None]

_LANG_PARAM: Final[Mapping[str, Lang]] = {"en": "en", "tc": "zh-Hant", "sc": "zh-Hans"}
_LANG_PATHS: Final[tuple[tuple[re.Pattern[str], Lang], ...]] = (
    (re.compile(r"(?:_sc|-sc|_ChS|_Sc)\.|/sc/"), "zh-Hans"),
    (re.compile(r"(?:_uc|_tc|-tc|_ChT|_Tc|_zh)\.|/tc/|/chi/|/c_"), "zh-Hant"),
)


@dataclass(frozen=True, slots=True)
class Route:
    """One document of a publisher.

    Attributes:
        pattern: matches `host/path`, with `?dataType=…` where that decides.
        every: how often the publisher renews it.
        content_type: as the publisher sends it.
        lag: how long after the full step it is out.
    """

    pattern: re.Pattern[str]
    render: Renderer
    every: timedelta
    content_type: str = "application/octet-stream"
    lag: timedelta = timedelta(0)


def _route(
    pattern: str, render: Renderer, minutes: float, kind: str = "octet-stream", lag_min: float = 0
) -> Route:
    prefix = "text" if kind in {"xml", "csv"} else "application"
    return Route(
        re.compile(pattern),
        render,
        timedelta(minutes=minutes),
        f"{prefix}/{kind}",
        timedelta(minutes=lag_min),
    )


def _snapshot(story: Story, ask: Ask) -> bytes | None:
    """Draw what a roadside camera sees; only who asks for a picture loads what draws it."""
    from workers.simulate.sights.roadside import snapshot

    return snapshot(story, ask)


_HKO = r"data\.weather\.gov\.hk/weatherAPI/opendata/"
_DATA = r"data\.weather\.gov\.hk/weatherAPI/hko_data/"
_REGION = _DATA + "regional-weather/"
_TD = r"resource\.data\.one\.gov\.hk/td/"
_CSDI = r"portal\.csdi\.gov\.hk/"
_EPD = r"www\.aqhi\.gov\.hk/epd/ddata/html/out/"
_DAY: Final = 1440

ROUTES: Final = (
    _route(_HKO + r"weather\.php\?dataType=warnsum$", observatory.warnsum, 1, "json"),
    _route(_HKO + r"weather\.php\?dataType=warningInfo$", observatory.warning_info, 1, "json"),
    _route(_HKO + r"weather\.php\?dataType=swt$", observatory.tips, 1, "json"),
    _route(_HKO + r"weather\.php\?dataType=rhrread$", observatory.current, 10, "json", 2),
    _route(_HKO + r"weather\.php\?dataType=flw$", observatory.forecast, 60, "json"),
    _route(_HKO + r"weather\.php\?dataType=fnd$", observatory.nine_days, 720, "json"),
    _route(_HKO + r"hourlyRainfall\.php$", observatory.gauges, 15, "json", 3),
    _route(_HKO + r"hsww\.php$", observatory.nothing, _DAY, "json"),
    _route(_HKO + r"earthquake\.php\?dataType=qem$", observatory.earthquake, _DAY, "json"),
    _route(_HKO + r"earthquake\.php\?dataType=feltearthquake$", observatory.nothing, _DAY, "json"),
    _route(r"www\.hko\.gov\.hk/wxinfo/hkhi/hkhi_icon\.xml$", observatory.heat_icon, 60, "xml"),
    _route(_HKO + r"opendata\.php\?dataType=LTMV$", observatory_files.visibility, 10, lag_min=2),
    _route(_HKO + r"opendata\.php\?dataType=LHL$", observatory_files.lightning, 60, lag_min=5),
    _route(_HKO + r"opendata\.php\?dataType=HHOT$", observatory_files.tides, _DAY),
    _route(_REGION + r"latest_10min_wind(_uc|_sc)?\.csv$", observatory_files.wind, 10, lag_min=2),
    _route(
        _REGION + r"latest_1min_temperature\w*\.csv$", observatory_files.temperatures, 10, lag_min=2
    ),
    _route(_REGION + r"latest_1min_humidity\w*\.csv$", observatory_files.humidities, 10, lag_min=2),
    _route(_REGION + r"latest_1min_pressure\w*\.csv$", observatory_files.pressures, 10, lag_min=2),
    _route(_DATA + r"tide/ALL_(en|tc|sc)\.csv$", observatory_files.sea_levels, 5, lag_min=1),
    _route(_DATA + r"F3/Gridded_rainfall_nowcast\w*\.csv$", observatory_files.nowcast, 12),
    _route(_CSDI + r".*hko_rcd_1634995599372_15888", observatory_files.stations, _DAY, "json"),
    _route(_CSDI + r".*rainfall-in-the-past-hour", observatory_files.stations, _DAY, "json"),
    _route(
        r"www\.(weather|hko)\.gov\.hk/wxinfo/currwx/tc_list\.xml$", cyclones.cyclone_list, 10, "xml"
    ),
    _route(
        r"www\.(weather|hko)\.gov\.hk/wxinfo/currwx/hko_tctrack_\d+\.xml$",
        cyclones.track,
        60,
        "xml",
    ),
    _route(r"alerts\.weather\.gov\.hk/V1/cap_atom\.xml$", cyclones.cap_feed, 1, "xml"),
    _route(r"alerts\.weather\.gov\.hk/V1/urn-[\w.-]+\.xml$", cyclones.cap_message, 1, "xml"),
    _route(
        r"www\.td\.gov\.hk/\w\w/special_news/trafficnews\.xml$",
        road_news.second_generation,
        1,
        "xml",
    ),
    _route(_TD + r"\w\w/specialtrafficnews\.xml$", road_news.first_generation, 2, "xml"),
    _route(_TD + r"traffic-detectors/rawSpeedVol-all\.xml$", traffic.detectors, 1, "xml"),
    _route(_TD + r"traffic-detectors/irnAvgSpeed-all\.xml$", traffic.segment_speeds, 2, "xml"),
    Route(
        re.compile(r"tdcctv\.data\.one\.gov\.hk/\w+\.JPG$"),
        _snapshot,
        timedelta(minutes=2),
        "image/jpeg",
    ),
    _route(_TD + r"jss/Journeytimev2\.xml$", traffic.journey_times, 2, "xml"),
    _route(
        _TD + r"roadworks-location/get_all_the_roadworks\.json$", road_news.roadworks, _DAY, "json"
    ),
    _route(
        r"static\.data\.gov\.hk/td/.*/traffic_speed_volume_occ_info\.csv$",
        traffic.detector_sites,
        _DAY,
    ),
    _route(
        r"static\.data\.gov\.hk/td/.*/Traffic_Camera_Locations_\w\w\.xml$",
        traffic.cameras,
        _DAY,
        "xml",
    ),
    _route(
        r"www\.td\.gov\.hk/datagovhk_tis/traffic-notices/\w+\.xml$", road_news.notices, _DAY, "xml"
    ),
    _route(r"static\.data\.gov\.hk/td/.*/speed_segments_info\.csv$", traffic.segment_list, _DAY),
    _route(_CSDI + r".*(CENTERLINE|RdNet_IRNP|td_rcd)", traffic.segment_lines, _DAY, "json"),
    _route(_EPD + r"aqhi_ind_rss_\w+\.xml$", services.air_rss, 10, "xml"),
    _route(_EPD + r"24aqhi_\w+\.xml$", services.air_hours, 10, "xml"),
    _route(r"dashboard\.data\.gov\.hk/api/aqhi-individual", services.air_dashboard, 10, "json"),
    _route(
        r"www\.ha\.org\.hk/opendata/aed/aedwtdata2-(en|tc|sc)\.json$", services.waiting, 15, "json"
    ),
    _route(_CSDI + r".*ha_rcd_1629267205213_58940", services.hospitals, _DAY, "json"),
    _route(
        r"rt\.data\.gov\.hk/v1/transport/mtr/getSchedule\.php$", services.next_trains, 1, "json"
    ),
    _route(r"www\.hongkongairport\.com/flightinfo-rest/rest/flights$", services.flights, 2, "json"),
    _route(r"secure1\.info\.gov\.hk/immd/.*/CPQueueTime[RV]\.json$", services.queues, 15, "json"),
    _route(r"www\.sb\.gov\.hk/bwt/json/overview_tc\.json$", services.overview, 15, "json"),
    _route(r"www\.esd\.wsd\.gov\.hk/wsms_open_data/WSMS_OPEN_DATA\(all\)\.csv$", services.water, 5),
    _route(r"www\.had\.gov\.hk/psi/.*\.csv$", government.halls, _DAY, "csv"),
    _route(r"www\.info\.gov\.hk/gia/rss/general_(en|zh)\.xml$", government.press, 2, "xml"),
    _route(
        r"www\.news\.gov\.hk/(eng|chi)/categories/\w+/html/articlelist\.rss\.xml$",
        government.news,
        2,
        "xml",
    ),
    Route(neighbours.MACAO_WARNING, neighbours.macao_warning, timedelta(minutes=2), "text/xml"),
    _route(r"rss\.smg\.gov\.mo/cap_rss\.xml$", neighbours.macao_channel, 2, "xml"),
    _route(r"rss\.smg\.gov\.mo/cap_\w+\.xml$", neighbours.macao_cap, 2, "xml"),
    _route(r"xml\.smg\.gov\.mo/[ce]_actualweather\.xml$", neighbours.macao_weather, 10, "xml"),
    _route(r"xml\.smg\.gov\.mo/[ce]_ftgms\.xml$", neighbours.flood_gauges, 2, "xml"),
    _route(r"www\.nmc\.cn/rest/findAlarm$", neighbours.mainland, 2, "json"),
    _route(r"severeweather\.wmo\.int/json/wmo_all\.json$", neighbours.hub, 5, "json"),
    _route(r"www\.gdacs\.org/xml/rss(_24h|_7d)?\.xml$", neighbours.gdacs, 10, "xml"),
    _route(
        r"www\.gdacs\.org/gdacsapi/api/Events/geteventlist/allpaging$",
        neighbours.gdacs_events,
        _DAY,
        "json",
    ),
    _route(
        r"earthquake\.usgs\.gov/earthquakes/feed/v1\.0/summary/\w+[.\w]*\.geojson$",
        neighbours.usgs,
        5,
        "json",
    ),
)


def _find_route(target: str, query: str, params: Mapping[str, str]) -> Route | None:
    """Find who answers *target* (host and path); a few are told apart by their query."""
    if "csdi" in target:
        target = f"{target}?{unquote(query)}"
    elif "dataType" in params:
        target = f"{target}?dataType={params['dataType']}"
    return next((route for route in ROUTES if route.pattern.search(target)), None)


def _language(path: str, params: Mapping[str, str]) -> Lang:
    named = params.get("lang", "").lower()
    if named in _LANG_PARAM:
        return _LANG_PARAM[named]
    return next((lang for pattern, lang in _LANG_PATHS if pattern.search(path)), "en")


class City:
    """The publishers of one story; called with an address and a time, from any thread."""

    def __init__(
        self,
        story: Story,
        *,
        remembered_bytes: int = REMEMBERED_BYTES,
        cameras: Cameras | None = None,
    ) -> None:
        """Tell *story*.

        Args:
            story: what happens.
            remembered_bytes: so much of what was rendered is kept.
            cameras: the answers of the story's own cameras, asked before any publisher; each
                moment has its own picture, so none is kept.
        """
        self.story = story
        self._cameras = cameras
        self.held_bytes = 0
        self._limit = remembered_bytes
        self._kept: OrderedDict[tuple[str, datetime], Reply | None] = OrderedDict()
        self._lock = Lock()

    def __call__(self, url: str, now: datetime) -> Reply | None:
        """Answer a GET of *url* at *now*; None where no publisher has such a document."""
        if self._cameras is not None and (seen := self._cameras(url, now)) is not None:
            return seen
        parts = urlsplit(url)
        params = dict(parse_qsl(parts.query))
        route = _find_route(f"{parts.hostname}{unquote(parts.path)}", parts.query, params)
        if route is None:
            wrong = "data.weather.gov.hk/weatherAPI/opendata/" in url
            return Reply(observatory.WRONG, content_type="text/html") if wrong else None
        at = floor(now - route.lag, route.every)
        key = (url, at)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        ask = Ask(unquote(parts.path), params, _language(parts.path, params), at)
        body = route.render(self.story, ask)
        reply = None if body is None else Reply(body, at, route.content_type)
        self._keep(key, reply)
        return reply

    def _keep(self, key: tuple[str, datetime], reply: Reply | None) -> None:
        with self._lock:
            if key not in self._kept:
                self.held_bytes += len(reply.body) if reply else 0
            self._kept[key] = reply
            while self.held_bytes > self._limit and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self.held_bytes -= len(old.body) if old else 0
