"""Tropical cyclones: where they are, where they came from, where they are forecast to go.

The list names the storms; each has a bulletin of its own, found by the storm's id (the address in
the list has white space and no TLS). Only a few points of a forecast carry an intensity and a
time; the time of the others is the analysis plus their index in hours.

The cone is the area within which the Observatory expects the centre with a probability of 70 %,
after the radii that it publishes with its track map ("Potential Track Area": analysed position
30 km, 24 h 125 km, 48 h 225 km, 72 h 325 km, 96 h 400 km, 120 h 500 km, as on
m.weather.gov.hk/wxreport/tcp.htm), joined between those hours in a straight line. The
Observatory revises them now and then: the cone is ours, not part of the bulletin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any, Final

from cop.formats.cone import cone
from cop.formats.hko import refuse_text_page
from cop.formats.hko_track import INTENSITIES, Listed, Track, TrackPoint, read_list, read_track
from cop.formats.payload import local_name, read_xml
from cop.model.entity import Certainty, Placing, Severity
from cop.model.geometry import line, point
from cop.model.kinds import Hazard
from cop.model.text import Text, merge, text
from workers.feed import DATA_GOV_HK, Feed, Item, Poll, Refused, Source

KEY: Final = "hko_cyclones"
BASE: Final = "https://www.weather.gov.hk/wxinfo/currwx/"
ROOTS: Final = ("TropicalCycloneList", "TropicalCycloneTrack")

RADII_KM: Final = ((0, 30.0), (24, 125.0), (48, 225.0), (72, 325.0), (96, 400.0), (120, 500.0))
"""Hours after the analysis to the radius of the 70 % area."""

SEVERITIES: Final = {
    "low pressure area": Severity.MINOR,
    "extratropical low": Severity.MINOR,
    "tropical depression": Severity.MODERATE,
    "tropical storm": Severity.MODERATE,
    "severe tropical storm": Severity.SEVERE,
    "typhoon": Severity.SEVERE,
    "severe typhoon": Severity.EXTREME,
    "super typhoon": Severity.EXTREME,
}
CYCLONE: Final = text("Tropical cyclone", "熱帶氣旋", "热带气旋")
MAX_STORMS: Final = 20
_CONE_EVERY_H: Final = 3.0


def follow(poll: Poll) -> Iterable[Source]:
    """Name the bulletin of each storm in the list; raises PayloadError when it is no list."""
    for storm in read_list(read_xml(poll.one("list")))[:MAX_STORMS]:
        if isinstance(storm, Listed):
            yield Source(
                name=f"track_{storm.storm}",  # of its own: one that fails must fail the poll
                url=f"{BASE}hko_tctrack_{storm.storm}.xml",
                looks_like=partial(_is_track, storm.storm),
            )


def _is_track(storm: str, body: bytes) -> bool:
    return f'tcid="{storm}"'.encode() in body


def parse(poll: Poll) -> Iterator[Item]:
    """Give a position, a past track, a forecast track and a cone for each storm."""
    if not poll.payloads:
        poll.one("list")
    listed: dict[str, Listed] = {}
    tracks: dict[str, Track] = {}
    for payload in poll.payloads:
        refuse_text_page(payload.body)
        root = read_xml(payload.body, root=ROOTS)
        if local_name(root) == "TropicalCycloneTrack":
            track = read_track(root)
            tracks[track.storm] = track
            continue
        for storm in read_list(root):
            if isinstance(storm, Listed):
                listed[storm.storm] = storm
            else:
                yield Refused(*storm)
    for storm_id in sorted(listed.keys() - tracks.keys()):
        yield Refused(f"storm {storm_id}", "it is listed, but its track did not come")
    for storm_id, track in tracks.items():
        yield from (Refused(f"storm {storm_id} {row}", reason) for row, reason in track.refused)
        known = listed[storm_id].name if storm_id in listed else {}
        yield from _storm(track, _name(known, track))


def _name(known: Text, track: Track) -> Text:
    """Give the storm's name; one without a name is called by its number."""
    english = known.get("en") or track.name
    if english:
        return merge(known, {"en": english})
    return text(f"No. {track.storm}", f"{track.storm}號", f"{track.storm}号")


def _storm(track: Track, name: Text) -> Iterator[Item]:
    here = track.analysis
    if here is None:
        yield Refused(f"storm {track.storm}", "the bulletin has no analysed position")
    else:
        yield _position(track, here, name)
    been = [*track.past, *([here] if here else [])]
    if len(been) > 1:
        yield _track(track, been, name, forecast=False)
    if here is None or not track.forecast:
        return
    ahead = [here, *track.forecast]
    yield _track(track, ahead, name, forecast=True)
    for anchor in track.forecast:
        if anchor.intensity or anchor.wind_kmh is not None:
            yield _position(track, anchor, name)
    yield _cone(track, ahead, name)


def _position(track: Track, at: TrackPoint, name: Text) -> Hazard:
    """Make the point where the storm is, or (with hours) is forecast to be."""
    intensity = INTENSITIES.get(at.intensity.lower(), text(at.intensity))
    hours = at.hours if at is not track.analysis else None
    lead = "" if hours is None else f" +{hours:g} h"
    measures = {} if at.wind_kmh is None else {"wind_kmh": at.wind_kmh}
    if hours is not None:
        measures["lead_h"] = hours
    return _hazard(
        track,
        "" if hours is None else f":+{hours:g}h",
        title={
            lang: f"{intensity.get(lang, intensity.get('en', CYCLONE[lang]))} {words}{lead}"
            for lang, words in name.items()
        },
        observed_at=at.at if hours is None else None,
        valid_from=None if hours is None else at.at,
        geometry=point(*at.place),
        placing=Placing.GIVEN,
        precision_m=_radius_km(hours or 0.0) * 1000,
        phenomenon="tropical_cyclone" if hours is None else "tc_position",
        severity=SEVERITIES.get(at.intensity.lower(), Severity.UNKNOWN),
        certainty=Certainty.OBSERVED if hours is None else Certainty.LIKELY,
        measures=measures,
        intensity=intensity,
        forecast=hours is not None,
    )


def _track(track: Track, points: list[TrackPoint], name: Text, *, forecast: bool) -> Hazard:
    word = (
        text("forecast track", "預測路徑", "预测路径")
        if forecast
        else text("past track", "過去路徑", "过去路径")
    )
    times = [place.at for place in points if place.at is not None]
    hours = (times[-1] - times[0]).total_seconds() / 3600
    measures = {"points": float(len(points)), "hours": hours}
    if winds := [place.wind_kmh for place in points if place.wind_kmh is not None]:
        measures["max_wind_kmh"] = max(winds)
    return _hazard(
        track,
        ":forecast" if forecast else ":past",
        title={lang: f"{words} {word[lang]}" for lang, words in name.items()},
        description=text("\n".join(_anchor(place) for place in points if place.intensity)),
        observed_at=track.analysis.at if track.analysis else times[-1],
        valid_from=times[0],
        geometry=line(place.place for place in points),
        placing=Placing.GIVEN,
        phenomenon="tc_track",
        certainty=Certainty.LIKELY if forecast else Certainty.OBSERVED,
        measures=measures,
        forecast=forecast,
    )


def _anchor(place: TrackPoint) -> str:
    wind = "" if place.wind_kmh is None else f", {place.wind_kmh:g} km/h"
    return f"{place.at:%Y-%m-%d %H:%M}Z {place.intensity}{wind}"


def _cone(track: Track, points: list[TrackPoint], name: Text) -> Hazard:
    chosen, last = [points[0]], 0.0
    for place in points[1:]:
        hours = place.hours or 0.0
        if hours - last >= _CONE_EVERY_H or place is points[-1]:
            chosen.append(place)
            last = hours
    circles = [
        (place.place, _radius_km(place.hours or 0.0 if place is not points[0] else 0.0))
        for place in chosen
    ]
    word = text(
        "area of 70% probability of the centre",
        "中心有七成機會出現的範圍",
        "中心有七成机会出现的范围",
    )
    return _hazard(
        track,
        ":cone",
        title={lang: f"{words} {word[lang]}" for lang, words in name.items()},
        observed_at=track.analysis.at if track.analysis else None,
        valid_from=points[0].at,
        geometry=cone(circles),
        placing=Placing.GIVEN,
        phenomenon="tc_cone",
        certainty=Certainty.LIKELY,
        measures={"probability_percent": 70.0, "hours": points[-1].hours or 0.0},
        forecast=True,
    )


def _radius_km(hours: float) -> float:
    """Give the radius of the 70 % area *hours* after the analysis."""
    for (early, small), (late, large) in pairwise(RADII_KM):
        if hours <= late:
            return small + (large - small) * max(0.0, hours - early) / (late - early)
    return RADII_KM[-1][1]


def _hazard(track: Track, part: str, **fields: Any) -> Hazard:
    return Hazard(id=f"{KEY}:{track.storm}{part}", feed=KEY, publisher="HKO", **fields)


FEED = Feed(
    key=KEY,
    title=text("Tropical cyclones", "熱帶氣旋", "热带气旋"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=(
        Source(
            name="list",
            url=BASE + "tc_list.xml",
            looks_like=lambda body: b"TropicalCycloneList" in body,
            repeats=True,
        ),
    ),
    every=timedelta(seconds=300),
    stale_after=timedelta(minutes=30),
    parse=parse,
    follow=follow,
    expected=(0, 400),
)
