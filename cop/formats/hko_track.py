"""The Observatory's tropical cyclone list and track bulletins (XML) to plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from cop.errors import PayloadError
from cop.formats.number import read_number, read_quantity
from cop.formats.payload import child, child_text, children, local_name
from cop.formats.when import parse_time
from cop.model.geometry import Position
from cop.model.text import Text, text

_DEGREES: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:°\s*)?([NSEWnsew])\s*")
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,20}")

INTENSITIES: Final[dict[str, Text]] = {
    words["en"].lower(): words
    for words in (
        text("Low Pressure Area", "低壓區", "低压区"),
        text("Tropical Depression", "熱帶低氣壓", "热带低气压"),
        text("Tropical Storm", "熱帶風暴", "热带风暴"),
        text("Severe Tropical Storm", "強烈熱帶風暴", "强烈热带风暴"),
        text("Typhoon", "颱風", "台风"),
        text("Severe Typhoon", "強颱風", "强台风"),
        text("Super Typhoon", "超強颱風", "超强台风"),
        text("Extratropical Low", "溫帶氣旋", "温带气旋"),
    )
}
"""The classes in the bulletin's spelling, lower case, to their names."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A storm in the list: its id and its names; blank for a storm without a name."""

    storm: str
    name: Text


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """A place on a track. `hours` is the time after the analysis, for forecast points."""

    place: Position
    at: datetime | None
    hours: float | None
    intensity: str
    wind_kmh: float | None


@dataclass(frozen=True, slots=True)
class Track:
    """A bulletin: past points in order, the analysis, forecast points in order of their hours."""

    storm: str
    name: str
    issued_at: datetime | None
    past: tuple[TrackPoint, ...]
    analysis: TrackPoint | None
    forecast: tuple[TrackPoint, ...]
    refused: tuple[tuple[str, str], ...]


def read_list(root: etree._Element) -> list[Listed | tuple[str, str]]:
    """Read the list in *root*; an entry without a usable id gives (row, reason).

    Raises:
        PayloadError: *root* is not the list.
    """
    if local_name(root) != "TropicalCycloneList":
        raise PayloadError(f"not the list of tropical cyclones but {local_name(root)!r}")
    found: list[Listed | tuple[str, str]] = []
    for element in root:
        storm = child_text(element, "TropicalCycloneID")
        if local_name(element) != "TropicalCyclone" or not _ID.fullmatch(storm):
            found.append((f"{local_name(element)} {storm[:40]}", "no usable id"))
            continue
        chinese = child_text(element, "TropicalCycloneChineseName")
        english = child_text(element, "TropicalCycloneEnglishName")
        found.append(Listed(storm, text(english, chinese)))
    return found


def read_track(root: etree._Element) -> Track:
    """Read the bulletin in *root*; points that cannot be read are named in `refused`.

    Raises:
        PayloadError: *root* is not a track, or it has no report or no storm id.
    """
    report = child(root, "WeatherReport")
    storm = str(root.get("tcid") or "").strip()
    if local_name(root) != "TropicalCycloneTrack" or report is None or not _ID.fullmatch(storm):
        raise PayloadError("not a tropical cyclone track: no report, or no storm id")
    refused: list[tuple[str, str]] = []
    header = child(root, "BulletinHeader")
    issued_at = None
    if header is not None:
        try:
            issued_at = parse_time(child_text(header, "BulletinTime"))
        except ValueError as error:
            refused.append((f"{storm} BulletinTime", str(error)))
    analyses = _points(report, "AnalysisInformation", refused)
    past = {point.at: point for point in _points(report, "PastInformation", refused) if point.at}
    analysis = analyses[-1] if analyses else None
    forecast = _timed(storm, _points(report, "ForecastInformation", refused), analysis, refused)
    return Track(
        storm=storm,
        name=child_text(report, "TropicalCycloneName"),
        issued_at=issued_at,
        past=tuple(past[at] for at in sorted(past)),
        analysis=analysis,
        forecast=tuple(forecast),
        refused=tuple(refused),
    )


def degrees(raw: str) -> float:
    """Read `24.70N` or `114.60E`; south and west are negative. Raises ValueError otherwise."""
    found = _DEGREES.fullmatch(raw)
    if found is None:
        raise ValueError(f"not a coordinate: {raw[:20]!r}")
    value = float(found[1])
    return -value if found[2] in "SWsw" else value


def _points(report: etree._Element, name: str, refused: list[tuple[str, str]]) -> list[TrackPoint]:
    points = []
    for element in children(report, name):
        try:
            points.append(_point(element, timed=name != "ForecastInformation"))
        except ValueError as error:
            refused.append((f"{name} {child_text(element, 'Index')}".strip(), str(error)))
    return points


def _point(element: etree._Element, *, timed: bool) -> TrackPoint:
    lat = degrees(child_text(element, "Latitude"))
    lon = degrees(child_text(element, "Longitude"))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"not a place on earth: {lat}, {lon}")
    raw = child_text(element, "Time")
    if timed and not raw:
        raise ValueError("a point without a time")
    wind = read_quantity(child_text(element, "MaximumWind"))
    if wind is not None and wind[1].lower() not in {"km/h", "kmh", ""}:
        raise ValueError(f"the wind is in {wind[1]!r}, not km/h")
    return TrackPoint(
        place=(lon, lat),
        at=parse_time(raw) if raw else None,
        hours=read_number(child_text(element, "Index")),
        intensity=child_text(element, "Intensity"),
        wind_kmh=None if wind is None else wind[0],
    )


def _timed(
    storm: str,
    points: list[TrackPoint],
    analysis: TrackPoint | None,
    refused: list[tuple[str, str]],
) -> list[TrackPoint]:
    """Give forecast points their time: the analysis plus the hours that their index says."""
    timed: dict[float, TrackPoint] = {}
    for point in points:
        hours, at = point.hours, point.at
        if analysis is None or analysis.at is None or (hours is None and at is None):
            refused.append((f"{storm} forecast {hours}", "its time is not known"))
            continue
        if at is not None:
            hours = (at - analysis.at).total_seconds() / 3600
        if hours is None or hours <= 0 or hours > 24 * 10:
            refused.append((f"{storm} forecast {hours}", "not after the analysis"))
            continue
        if at is None:
            at = analysis.at + timedelta(hours=hours)
        timed[hours] = TrackPoint(point.place, at, hours, point.intensity, point.wind_kmh)
    return [timed[hours] for hours in sorted(timed)]
