"""The Transport Department's measurements and lists: detectors, segments, journeys, cameras."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final

import numpy as np

from cop.model.geometry import Position
from workers.simulate import network
from workers.simulate.ask import Ask, json_of, local, naive, xml
from workers.simulate.network import Detector, Spot
from workers.simulate.observatory_files import BOM
from workers.simulate.story import Story
from workers.simulate.weather import (
    KM_PER_DEG_LAT,
    KM_PER_DEG_LON,
    Numbers,
    noise,
    rain_rate,
    rows,
)

AT_KM: Final = 0.6
"""Within this of a closure a road is closed."""
QUEUE_KM: Final = 2.2
"""Within this of a closure traffic queues."""

_LANES: Final = ("Fast Lane", "Middle Lane", "Slow Lane")


@cache
def _detector_places() -> Numbers:
    return rows([detector.spot.place for detector in network.detectors()])


@cache
def _segment_places() -> Numbers:
    return rows([segment.middle for segment in network.segments()])


@cache
def _lists() -> dict[str, str]:
    """Keep what never changes: road of each detector and segment, lower case."""
    return {s.road.key: s.road.name["en"].lower() for s in network.spots()}


def flow_of_day(moment: datetime) -> float:
    """Give 0.1 to 1: how much traffic there is at this hour."""
    hour = local(moment).hour + local(moment).minute / 60
    morning = math.exp(-((hour - 8.5) ** 2) / 4)
    evening = math.exp(-((hour - 18.3) ** 2) / 6)
    day = 0.75 if 7 <= hour <= 22 else 0.15 + 0.6 * max(0.0, 1 - min(abs(hour - 22), 24 - hour) / 2)
    return min(1.0, max(0.12, day * 0.75 + 0.35 * (morning + evening)))


def _nearness(story: Story, places: Numbers, names: Sequence[str], moment: datetime) -> Numbers:
    """Give km to the nearest closure on the same road; far away where there is none."""
    nearest = np.full(len(places), 99.0)
    for blocked in story.blocked:
        if not blocked.start <= moment < blocked.end or blocked.place is None:
            continue
        apart = (places - np.array(blocked.place)) * (KM_PER_DEG_LON, KM_PER_DEG_LAT)
        far = np.hypot(apart[:, 0], apart[:, 1])
        road = blocked.road[0].lower()
        same = np.array([name in road or road in name for name in names])
        nearest = np.minimum(nearest, np.where(same, far, 99.0))
    return nearest


def speed_factors(
    story: Story, places: Numbers, names: Sequence[str], moment: datetime
) -> tuple[Numbers, Numbers]:
    """Give the share of the limit that traffic does, and km to the nearest closure."""
    rain = rain_rate(story, places, moment)
    near = _nearness(story, places, names, moment)
    busy = 0.28 * flow_of_day(moment)
    factor = (1 - busy) * (1 - 0.55 * np.minimum(1, rain / 70)) * (1 - story.slowness.at(moment))
    queue = np.where(near < QUEUE_KM, 0.25 + 0.2 * near / QUEUE_KM, 1.0)
    return np.clip(factor * queue, 0.06, 1.05), near


def _lane(detector: Detector, lane: int, share: float, flow: float, beat: str) -> str:
    wobble = noise(f"{detector.id}{lane}{beat}")
    number = max(0, round(14 * flow * (0.5 + wobble) * (1 if share > 0.2 else 0.6)))
    bad = wobble > 0.985
    speed = (
        detector.spot.limit_kmh
        if number == 0
        else round(detector.spot.limit_kmh * share * (0.92 + 0.16 * wobble) * (1.05 - 0.07 * lane))
    )
    taken = 0 if number == 0 else min(95, round(4 + number * 28 / max(8.0, speed) * 2))
    name = _LANES[lane] if detector.lanes == 3 else ("Fast Lane", "Slow Lane")[lane]
    return (
        f"<lane><lane_id>{name}</lane_id><speed>{max(1, speed)}</speed>"
        f"<occupancy>{taken}</occupancy><volume>{number}</volume>"
        f"<s.d.>{round(3 + 9 * wobble, 1)}</s.d.><valid>{'N' if bad else 'Y'}</valid></lane>"
    )


def detectors(story: Story, ask: Ask) -> bytes:
    """Give two periods of half a minute of all detectors, five minutes late like the real file."""
    known = network.detectors()
    end = local(ask.at) - timedelta(minutes=5)
    names = [_lists()[d.spot.road.key] for d in known]
    shares, near = speed_factors(story, _detector_places(), names, end)
    flow = flow_of_day(end)
    periods = []
    for start in (end - timedelta(minutes=1), end - timedelta(seconds=30)):
        rows_of = []
        for detector, share, apart in zip(known, shares.tolist(), near.tolist(), strict=True):
            moving = 0.0 if apart < AT_KM else flow
            lanes = "".join(
                _lane(detector, lane, share, moving, f"{start:%H%M%S}")
                for lane in range(detector.lanes)
            )
            rows_of.append(
                f"<detector><detector_id>{detector.id}</detector_id>"
                f"<direction>{detector.direction}</direction><lanes>{lanes}</lanes></detector>\n"
            )
        until = start + timedelta(seconds=30)
        periods.append(
            f"<period><period_from>{start:%H:%M:%S}</period_from>"
            f"<period_to>{until:%H:%M:%S}</period_to><detectors>\n{''.join(rows_of)}"
            "</detectors></period>"
        )
    return (
        '<raw_speed_volume_list xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="https://static.data.gov.hk/td/'
        'traffic-data-strategic-major-roads/info/SpeedVolOcc-BR.xsd">'
        f"<date>{end - timedelta(minutes=1):%Y-%m-%d}</date><periods>{''.join(periods)}"
        "</periods></raw_speed_volume_list>"
    ).encode()


def _csv(header: str, lines: list[list[object]]) -> bytes:
    out = io.StringIO()
    out.write(header + "\n")
    csv.writer(out, lineterminator="\n").writerows(lines)
    return BOM + out.getvalue().encode()


_BOUNDS: Final = (
    ("Northbound", "Eastbound", "Southbound", "Westbound"),
    ("北行", "東行", "南行", "西行"),
    ("北行", "东行", "南行", "西行"),
)


def _where(spot: Spot) -> tuple[str, str, str]:
    road, near = spot.road.name, spot.near
    return (
        f"{road['en']} near {near.get('en', '')}",
        f"{road['zh-Hant']}近{near.get('zh-Hant', '')}",
        f"{road['zh-Hans']}近{near.get('zh-Hans', '')}",
    )


def detector_sites(_story: Story, _ask: Ask) -> bytes:
    """Give the locations of the detectors."""
    lines: list[list[object]] = []
    for detector in network.detectors():
        spot = detector.spot
        east, north = network.to_grid(spot.place)
        lon, lat = spot.place
        area = network.district_name(spot.district)
        rotation = round(detector.bearing_deg)
        heading = round(detector.bearing_deg / 90) % 4
        where = [
            f"{words} - {bounds[heading]}"
            for words, bounds in zip(_where(spot), _BOUNDS, strict=True)
        ]
        lines.append(
            [detector.id, area, *where, east, north, lat, lon, detector.direction, rotation]
        )
    header = (
        "AID_ID_Number,District,Road_EN,Road_TC,Road_SC,Easting,Northing,"
        "Latitude,Longitude,Direction,Rotation"
    )
    return _csv(header, lines)


def segment_speeds(story: Story, ask: Ask) -> bytes:
    """Give the speed of each segment, and of two that the network does not know."""
    known = network.segments()
    names = [_lists().get(s.road.key, s.road.name["en"].lower()) for s in known]
    shares, near = speed_factors(story, _segment_places(), names, ask.at)
    at = local(ask.at)
    parts = [
        f"<segment><segment_id>{segment.id}</segment_id>"
        f"<speed>{max(2.0, segment.limit_kmh * share):.1f}</speed>"
        f"<valid>{'N' if apart < AT_KM else 'Y'}</valid></segment>\n"
        for segment, share, apart in zip(known, shares.tolist(), near.tolist(), strict=True)
    ]
    return (
        "<segment_speed_list>"
        f"<date>{at:%Y-%m-%d}</date><time>{at:%H:%M:%S}</time><irn_version>20221210</irn_version>"
        f"<segments>\n{''.join(parts)}</segments></segment_speed_list>"
    ).encode()


def segment_list(_story: Story, _ask: Ask) -> bytes:
    """Give the list of the segments, and whether each is on a major route."""
    rows_of = (f"{s.id},{'Y' if s.limit_kmh >= 80 else 'N'}" for s in network.segments())
    return "\n".join(["irn_id,ucase(route)", *rows_of, ""]).encode()


def segment_lines(_story: Story, ask: Ask) -> bytes:
    """Give the lines of the segments that the condition names; of all where it names none."""
    wanted = {int(number) for number in re.findall(r"\d{6}", ask.params.get("where", ""))}
    return json_of(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": segment.id,
                    "geometry": {"type": "LineString", "coordinates": segment.line},
                    "properties": {
                        "ROUTE_ID": segment.id,
                        "STREET_ENAME": segment.road.name["en"].upper(),
                        "STREET_CNAME": segment.road.name["zh-Hant"],
                    },
                }
                for segment in network.segments()
                if not wanted or segment.id in wanted
            ],
        }
    )


JOURNEYS: Final[tuple[tuple[str, str, Position, int], ...]] = (
    ("H1", "CH", (114.173, 22.278), 8), ("H1", "EH", (114.173, 22.278), 12),
    ("H1", "WH", (114.173, 22.278), 9), ("H2", "CH", (114.190, 22.282), 7),
    ("H2", "EH", (114.190, 22.282), 8), ("H2", "WH", (114.190, 22.282), 12),
    ("H3", "CH", (114.228, 22.280), 14), ("H3", "EH", (114.228, 22.280), 6),
    ("H3", "WH", (114.228, 22.280), 18), ("H11", "CH", (114.175, 22.250), 10),
    ("H11", "EH", (114.175, 22.250), 15), ("K01", "CH", (114.176, 22.318), 9),
    ("K01", "WH", (114.176, 22.318), 8), ("K02", "CH", (114.188, 22.312), 8),
    ("K02", "EH", (114.188, 22.312), 10), ("K03", "CH", (114.178, 22.333), 12),
    ("K03", "EH", (114.178, 22.333), 14), ("K03", "WH", (114.178, 22.333), 11),
    ("K04", "CH", (114.208, 22.334), 13), ("K04", "WH", (114.208, 22.334), 16),
    ("K05", "CH", (114.222, 22.312), 12), ("K05", "EH", (114.222, 22.312), 7),
    ("N01", "TWCP", (113.99, 22.412), 22), ("N01", "TWTM", (113.99, 22.412), 18),
    ("N02", "LRT", (114.185, 22.372), 10), ("N02", "SMT", (114.185, 22.372), 9),
    ("N03", "TSCA", (114.19, 22.39), 13), ("N05", "LRT", (114.20, 22.41), 12),
    ("N06", "SMT", (114.17, 22.45), 15), ("N07", "TKTL", (114.14, 22.49), 20),
)  # fmt: skip
"""Indicator, destination, its place (about), usual minutes: synthetic figures."""

_TUNNELS: Final = {"CH": "cross-harbour tunnel", "EH": "eastern harbour", "WH": "western harbour"}


def journey_times(story: Story, ask: Ask) -> bytes:
    """Give journey times; a tunnel that is closed is a sign, not minutes."""
    shut = {
        code
        for code, name in _TUNNELS.items()
        for blocked in story.blocked
        if blocked.start <= ask.at < blocked.end
        and blocked.lanes == "all"
        and name in blocked.road[0].lower()
    }
    places = rows([place for _, _, place, _ in JOURNEYS])
    shares, _ = speed_factors(story, places, [""] * len(JOURNEYS), ask.at)
    parts = []
    for (start, end, _, usual), share in zip(JOURNEYS, shares.tolist(), strict=True):
        minutes = min(95, round(usual * 0.75 / max(0.12, share)))
        colour = 3 if minutes < usual * 1.3 else 2 if minutes < usual * 2 else 1
        kind, data, shown = (2, 3, -1) if end in shut else (1, minutes, colour)
        parts.append(
            f"<jtis_journey_time><LOCATION_ID>{start}</LOCATION_ID>"
            f"<DESTINATION_ID>{end}</DESTINATION_ID><CAPTURE_DATE>{naive(ask.at)}</CAPTURE_DATE>"
            f"<JOURNEY_TYPE>{kind}</JOURNEY_TYPE><JOURNEY_DATA>{data}</JOURNEY_DATA>"
            f"<COLOUR_ID>{shown}</COLOUR_ID><JOURNEY_DESC/></jtis_journey_time>\n"
        )
    return (
        '<jtis_journey_list xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://data.one.gov.hk/td'
        ' http://data.one.gov.hk/xsd/td/journeytime.xsd"'
        f' xmlns="http://data.one.gov.hk/td">\n{"".join(parts)}</jtis_journey_list>'
    ).encode()


_REGIONS: Final = {
    "H": ("Hong Kong Island", "香港島", "香港岛"),
    "K": ("Kowloon", "九龍", "九龙"),
    "N": ("New Territories", "新界", "新界"),
}


def cameras(_story: Story, ask: Ask) -> bytes:
    """Give the list of cameras."""
    which = ("en", "zh-Hant", "zh-Hans").index(ask.lang)
    parts = []
    for key, spot in network.camera_spots():
        east, north = network.to_grid(spot.place)
        area = network.district_name(spot.district, ask.lang)
        parts.append(
            f"<image><key>{key}</key><region>{_REGIONS[key[0]][which]}</region>"
            f"<district>{xml(area)}</district>"
            f"<description>{xml(_where(spot)[which])} [{key}]</description>"
            f"<easting>{east:.0f}</easting><northing>{north:.0f}</northing>"
            f"<latitude>{spot.place[1]}</latitude><longitude>{spot.place[0]}</longitude>"
            f"<url>http://tdcctv.data.one.gov.hk/{key}.JPG</url></image>\n"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<image-list>{"".join(parts)}</image-list>'
    ).encode()
