"""What a scenario is made of: facts with their times, each saying where it is known from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from cop.clock import HONG_KONG
from cop.model.geometry import Position
from cop.model.text import Text

SYNTHETIC: Final = "synthetic"
"""The source of what was made up for the exercise; every other source names a public record."""


def hkt(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Make a moment from Hong Kong wall time."""
    return datetime(year, month, day, hour, minute, tzinfo=HONG_KONG)


def floor(moment: datetime, step: timedelta) -> datetime:
    """Give the last multiple of *step* (counted from midnight UTC of 1970), in UTC."""
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(step.total_seconds()), UTC)


@dataclass(frozen=True, slots=True)
class Curve:
    """A number that changes in straight lines between known moments, level outside them."""

    points: tuple[tuple[datetime, float], ...]

    def at(self, moment: datetime) -> float:
        """Give the number at *moment*."""
        index = bisect_right(self.points, moment, key=lambda point: point[0])
        if index == 0:
            return self.points[0][1]
        if index == len(self.points):
            return self.points[-1][1]
        (before, low), (after, high) = self.points[index - 1], self.points[index]
        return low + (high - low) * ((moment - before) / (after - before))


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning of the Observatory in force from *start* until *end*.

    Attributes:
        family: key of the warning summary, for example `WRAIN`.
        code: the level, for example `WRAINB`.
    """

    family: str
    code: str
    start: datetime
    end: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """Words published at a time: a weather tip, a news item, a press release."""

    at: datetime
    title: Text
    body: Text
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A place on a road that traffic news speak of.

    Attributes:
        road, bound, near: as the Transport Department writes them, English and Chinese; *bound*
            empty for both directions.
        lanes: "all", "part" or "slow".
        cause: English and Chinese.
        place: longitude and latitude; None where the message has none.
    """

    start: datetime
    end: datetime
    road: tuple[str, str]
    bound: tuple[str, str] = ("", "")
    near: tuple[str, str]
    district: tuple[str, str]
    cause: tuple[str, str] = ("Flooding", "水浸")
    lanes: str = "all"
    place: Position | None = None
    source: str = SYNTHETIC


class Closing(NamedTuple):
    """A row of a timeline: a closure, its times in hours from a midnight."""

    times: tuple[float, float]
    road: tuple[str, str]
    bound: tuple[str, str]
    near: tuple[str, str]
    district: tuple[str, str]
    place: Position
    lanes: str = "all"
    cause: tuple[str, str] = ("Flooding", "水浸")

    def on(self, midnight: datetime, source: str) -> Blocked:
        """Make the closure that the row tells of."""
        begun, ended = (midnight + timedelta(hours=hours) for hours in self.times)
        words = {"road": self.road, "bound": self.bound, "near": self.near, "cause": self.cause}
        return Blocked(
            start=begun,
            end=ended,
            district=self.district,
            place=self.place,
            lanes=self.lanes,
            source=source,
            **words,
        )


@dataclass(frozen=True, slots=True)
class Sheltered:
    """A temporary shelter, open from *start* until *end*."""

    start: datetime
    end: datetime
    hall: str
    source: str = SYNTHETIC


@dataclass(frozen=True, slots=True)
class Disrupted:
    """A railway line that is late (or suspended) from *start* until *end*."""

    line: str
    start: datetime
    end: datetime
    words: tuple[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A moving patch of rain: its rate falls off from *peak_mm_h* at its middle.

    It moves in a straight line from one place to the other and grows and fades over its life.
    """

    start: datetime
    end: datetime
    begin: Position
    finish: Position
    radius_km: float
    peak_mm_h: float


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a tropical cyclone was, and how strong."""

    at: datetime
    lat: float
    lon: float
    wind_kmh: int
    intensity: str
    source: str


@dataclass(frozen=True, slots=True)
class Cyclone:
    """A tropical cyclone; its fixes before now are its past, those after now its forecast."""

    number: str
    name: str
    chinese: str
    fixes: tuple[Fix, ...]

    def position(self, moment: datetime) -> tuple[float, float, float]:
        """Give latitude, longitude and wind in km/h at *moment*."""
        lat = Curve(tuple((fix.at, fix.lat) for fix in self.fixes)).at(moment)
        lon = Curve(tuple((fix.at, fix.lon) for fix in self.fixes)).at(moment)
        wind = Curve(tuple((fix.at, float(fix.wind_kmh)) for fix in self.fixes)).at(moment)
        return lat, lon, wind


@dataclass(frozen=True, slots=True)
class Abroad:
    """A warning of a neighbour, in force from *start* until *end*.

    Attributes:
        publisher: `SMG` or `NMC`.
        event: `rain`, `typhoon`, `surge`, `thunder`.
        level: `blue`, `yellow`, `orange`, `red`, `black`, or a cyclone signal's number.
        adcode: six digits, for the mainland.
        place: English and Simplified Chinese.
    """

    publisher: str
    event: str
    level: str
    start: datetime
    end: datetime
    source: str
    adcode: str = ""
    place: tuple[str, str] = ("Macao", "澳门")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that happens, in order of kind.

    Attributes:
        wind_kmh, wind_from_deg: mean wind over the harbour.
        temperature_c, humidity_percent, pressure_hpa: at the Observatory.
        surge_m: rise of the sea above the astronomical tide.
        strain: 1 on a usual day; how many times longer people wait at A&E.
        cancelled: share of flights cancelled, 0 to 1.
        slowness: share of speed that all roads lose by themselves, 0 to 1.
        situation: the forecast's general situation by time.
    """

    key: str
    start: datetime
    end: datetime
    warnings: tuple[Warned, ...]
    tips: tuple[Said, ...]
    releases: tuple[Said, ...]
    blocked: tuple[Blocked, ...]
    shelters: tuple[Sheltered, ...]
    railways: tuple[Disrupted, ...]
    abroad: tuple[Abroad, ...]
    cells: tuple[Cell, ...]
    situation: tuple[Said, ...]
    wind_kmh: Curve
    wind_from_deg: Curve
    temperature_c: Curve
    humidity_percent: Curve
    pressure_hpa: Curve
    surge_m: Curve
    strain: Curve
    cancelled: Curve
    slowness: Curve
    cyclones: tuple[Cyclone, ...] = ()

    def in_force(self, moment: datetime) -> list[Warned]:
        """List the Observatory's warnings in force."""
        return [warned for warned in self.warnings if warned.start <= moment < warned.end]

    def changed_at(self, moment: datetime) -> datetime:
        """Give the last time that a warning began or ended; the story's start before the first."""
        edges = [edge for warned in self.warnings for edge in (warned.start, warned.end)]
        return max((edge for edge in edges if edge <= moment), default=min(edges))


def latest(said: Iterable[Said], moment: datetime, within: timedelta) -> list[Said]:
    """List what was published up to *moment* and not longer ago than *within*, newest first."""
    kept = [item for item in said if moment - within < item.at <= moment]
    return sorted(kept, key=lambda item: item.at, reverse=True)
