"""What can be wrong with a camera's file although each of its fields is well-formed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import cos, dist, hypot, isfinite, radians
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from shapely.geometry import Polygon
from shapely.validation import explain_validity

from cop.formats.grid import EASTINGS, NORTHINGS, grid_to_wgs84
from cop.model.geometry import Position
from cop.model.levels import USES
from cop.model.publisher import PUBLISHERS
from cop.model.text import LANGS, say
from workers.vision.plan import CameraPlan, GroundPlan, ZonePlan

SIDES: Final = (32, 4096)
"""Least and most pixels of a side of a frame."""
MOST_AWAY_M: Final = 5_000.0
"""Between a camera and the ground that it sees."""
SCHEMES: Final = {
    "snapshot": ("http", "https"),
    "mjpeg": ("http", "https"),
    "stream": ("rtsp", "rtsps", "http", "https"),
}

_MOST_PIXELS: Final = 80_000_000
"""Of all frames of one look; each takes three or four bytes."""
_LEAST_ZONE_PX2: Final = 64.0
_FLAT: Final = 0.004
"""Area of three points, over the square of their longest distance, below which they are a line."""
_DEGREE_M: Final = 111_320.0


def faults_of(plan: CameraPlan, path: Path) -> list[str]:
    """Say everything that is wrong with *plan*, read from *path*; [] where nothing is."""
    return [
        *_about_itself(plan, path),
        *_about_source(plan, path),
        *_about_ground(plan),
        *_about_zones(plan),
        *_about_detector(plan),
    ]


def address_faults(kind: str, url: str, *, filled: bool = False) -> Iterator[str]:
    """Say what is wrong with an address; *filled*: its variables have been replaced.

    No part of the address is repeated but its scheme: it may hold a password.
    """
    if not filled:
        if url.startswith("${"):
            return  # is known when it is asked for
        url = re.sub(r"\$\{[^}]*\}", "0", url)
    if "://" not in url:
        if filled or kind != "stream":  # a variable names no file
            yield "is no address: write one that begins with https://"
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield "is no address: look at its host and port"
        return
    if parts.scheme not in SCHEMES[kind]:
        wanted = ", ".join(SCHEMES[kind])
        yield f"begins with {parts.scheme}://, which kind {kind} does not read: it reads {wanted}"
    elif not host:
        yield "names no host: write it after ://"
    elif any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        yield "holds blanks or control characters: write them as %20 and the like"


def _about_itself(plan: CameraPlan, path: Path) -> Iterator[str]:
    if plan.id != path.stem:
        yield f'id: is "{plan.id}", the file is {path.name}: name the file {plan.id}.toml'
    if plan.publisher not in PUBLISHERS:
        yield (
            f'publisher: "{plan.publisher}" is not known: write one of {", ".join(PUBLISHERS)},'
            " or add a row to cop/model/publisher.py"
        )
    for where, title in (
        ("title", plan.title),
        *((f"zones[{zone.id}].title", zone.title) for zone in plan.zones),
    ):
        if not any(say(title, lang).strip() for lang in LANGS):
            yield f'{where}: has no words: write for example {{ en = "Pier 4" }}'
    for name, side in zip(("width", "height"), plan.frame.size, strict=True):
        if not SIDES[0] <= side <= SIDES[1]:
            yield f"frame.size: the {name} {side} is not between {SIDES[0]} and {SIDES[1]} pixels"
    numbers = (plan.frame.scale, plan.frame.offset)
    if not all(map(isfinite, numbers)) or plan.frame.scale == 0:
        yield "frame.scale, frame.offset: must be numbers, the scale not 0: write for example 0.01"


def _about_source(plan: CameraPlan, path: Path) -> Iterator[str]:
    source = plan.source
    yield from (f"source.url: {words}" for words in address_faults(source.kind, source.url))
    if re.search(r"\$\{(?![A-Za-z_][A-Za-z0-9_]*\})", source.url):
        yield "source.url: ${ must be followed by the name of a variable and }"
    if re.search(r"://[^/@]*:(?!\$\{)[^/@]+@", source.url):
        yield (
            "source.url: holds a password: write ${NAME} in its place and give the environment"
            " variable NAME to the vision worker"
        )
    if source.kind == "stream" and not re.search(r"://|\$\{", source.url):
        yield from _about_video(Path(source.url), path)
    if source.kind == "snapshot" and source.frames > 1:
        yield (
            f"source.frames: is {source.frames}, but a snapshot is one picture: write frames = 1,"
            ' or kind = "mjpeg" or "stream"'
        )
    if source.kind == "stream" and plan.frame.thermal:
        yield 'source.kind: a stream has no temperatures: write "snapshot" or "mjpeg"'
    if source.frames * plan.frame.size[0] * plan.frame.size[1] > _MOST_PIXELS:
        yield f"source.frames: {source.frames} of that size are too many at once: take fewer"
    took = source.frames * source.gap_s
    if took > min(source.every_s, 30):
        yield (
            f"source: {source.frames} frames {source.gap_s:g} s apart take {took:g} s, longer than"
            f" {min(source.every_s, 30):g} s: take fewer or closer ones"
        )


def _about_video(video: Path, path: Path) -> Iterator[str]:
    folder = path.parent.resolve()
    if not video.is_relative_to(folder):
        yield f"source.url: is a file outside {folder.name}: put the video into that folder"
    elif not video.is_file():
        yield f"source.url: there is no file {video.relative_to(folder)} in {folder.name}"


def _about_ground(plan: CameraPlan) -> Iterator[str]:
    image, grid = plan.ground.image, plan.ground.grid
    if len(image) != len(grid):
        yield (
            f"ground: {len(image)} points in image, {len(grid)} in grid: give the same points in"
            " both, in the same order"
        )
        return
    outside = [number for number, point in enumerate(image, 1) if not _in_frame(plan, point)]
    for number in outside:
        yield f"ground.image: point {number} is outside the frame, {_size(plan)}"
    away = False
    for number, (east, north) in enumerate(grid, 1):
        if not (EASTINGS[0] <= east <= EASTINGS[1] and NORTHINGS[0] <= north <= NORTHINGS[1]):
            away = True
            yield (
                f"ground.grid: point {number} is not in or near Hong Kong: write easting, northing"
                " of the Hong Kong 1980 Grid in metres, for example [834010, 816020]"
            )
    if outside or away:
        return
    yield from _about_shape(plan.ground)
    ground = grid_to_wgs84(
        sum(east for east, _ in grid) / len(grid), sum(north for _, north in grid) / len(grid)
    )
    far = _metres(plan.place, ground)
    if not far <= MOST_AWAY_M:
        yield (
            f"place: is {far / 1000:,.1f} km from the points of the ground: write longitude,"
            " latitude, for example [114.1585, 22.2870]"
        )


def _about_shape(ground: GroundPlan) -> Iterator[str]:
    """Say whether a plane can be laid through the points, seen from above."""
    turns = {
        three: (
            _turn([ground.image[index] for index in three]),
            _turn([ground.grid[index] for index in three]),
        )
        for three in combinations(range(len(ground.image)), 3)
    }
    spread = {three for three, both in turns.items() if min(map(abs, both)) > _FLAT}
    if not any(
        all(three in spread for three in combinations(four, 3))
        for four in combinations(range(len(ground.image)), 4)
    ):
        yield (
            "ground: too many of the points lie on one line: choose four that make a wide"
            " four-sided figure, no three of them on a line"
        )
    elif any(turns[three][0] * turns[three][1] > 0 for three in spread):
        # y runs down in a picture: what goes round one way there goes the other way on the map
        yield (
            "ground: the points go round one way in the picture and another on the map: give them"
            " in the same order in image and grid, easting before northing"
        )


def _about_zones(plan: CameraPlan) -> Iterator[str]:
    for name, times in Counter(zone.id for zone in plan.zones).items():
        if times > 1:
            yield f'zones: {times} have the id "{name}": give each its own'
    for zone in plan.zones:
        yield from (f"zones[{zone.id}].{words}" for words in _about_zone(plan, zone))


def _about_zone(plan: CameraPlan, zone: ZonePlan) -> Iterator[str]:
    outside = [number for number, at in enumerate(zone.outline, 1) if not _in_frame(plan, at)]
    if outside:
        yield f"outline: point {outside[0]} is outside the frame, {_size(plan)}"
        return
    shape = Polygon(zone.outline)
    if not shape.is_valid:
        yield (
            f"outline: crosses or touches itself ({explain_validity(shape)}): give its corners in"
            " the order in which one walks round it"
        )
    elif shape.area < _LEAST_ZONE_PX2:
        yield f"outline: is only {shape.area:.0f} square pixels: draw it larger"
    if zone.way_deg is not None and plan.source.frames < 2:
        yield "way_deg: needs frames = 2 or more in [source]: one picture shows no movement"
    if zone.way_deg is not None and zone.use not in USES:
        yield f"way_deg: is for people, this zone's use is {zone.use}: remove it"
    if zone.use == "heat" and not plan.frame.thermal:
        yield "use: heat needs a thermal camera: write thermal = true in [frame], or another use"
    if zone.use in {"road", "water"} and plan.frame.thermal:
        yield f"use: {zone.use} needs a visible camera: write another use"
    if zone.gauge is not None:
        yield from _about_gauge(plan, zone)


def _about_gauge(plan: CameraPlan, zone: ZonePlan) -> Iterator[str]:
    if zone.gauge is None or zone.use != "water":
        yield f"gauge: is for water, this zone's use is {zone.use}: remove it"
        return
    foot, top = zone.gauge.line
    if not (_in_frame(plan, foot) and _in_frame(plan, top)):
        yield f"gauge.line: is outside the frame, {_size(plan)}"
    elif dist(foot, top) < 8:
        yield "gauge.line: is shorter than 8 pixels: nothing can be read from it"
    elif foot[1] <= top[1]:
        yield "gauge.line: its foot is above its top: write the foot first"


def _about_detector(plan: CameraPlan) -> Iterator[str]:
    detector, thermal = plan.detector, plan.frame.thermal
    if thermal and detector.name != "thermal":
        yield f'detector.name: {detector.name} is for visible frames: write name = "thermal"'
    if not thermal and detector.name == "thermal":
        yield 'detector.name: thermal needs thermal = true in [frame], or write "background"'
    if detector.name != "onnx":
        if detector.model is not None:
            yield f'detector.model: {detector.name} needs none: remove it, or write name = "onnx"'
    elif detector.model is None:
        yield 'detector.model: is missing: write the file of the model, model = "crowd.onnx"'
    elif not detector.model.is_file():
        yield f"detector.model: there is no file {detector.model.name} where it says"
    if detector.input_size is not None and not all(8 <= n <= SIDES[1] for n in detector.input_size):
        yield f"detector.input_size: both must be between 8 and {SIDES[1]}"


def _in_frame(plan: CameraPlan, at: tuple[float, float]) -> bool:
    return 0 <= at[0] <= plan.frame.size[0] and 0 <= at[1] <= plan.frame.size[1]


def _size(plan: CameraPlan) -> str:
    return f"which is {plan.frame.size[0]} × {plan.frame.size[1]} pixels"


def _turn(three: Sequence[tuple[float, float]]) -> float:
    """Give the signed area of a triangle over the square of its longest side."""
    (ax, ay), (bx, by), (cx, cy) = three
    longest = max(dist(three[0], three[1]), dist(three[1], three[2]), dist(three[2], three[0]))
    doubled = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    return doubled / 2 / longest**2 if longest else 0.0


def _metres(one: Position, other: Position) -> float:
    """Give the distance of two places near each other."""
    wide = cos(radians(other[1]))
    return _DEGREE_M * hypot((one[0] - other[0]) * wide, one[1] - other[1])
