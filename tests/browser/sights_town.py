"""What cameras count on a made-up evening: every level, the unknown, alarms, cameras that fail."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from cop.model.district import District
from cop.model.entity import Entity, Placing, Severity
from cop.model.geometry import Polygon, point, polygon
from cop.model.kinds import Camera, FeedState, FeedStatus, Observation, Quality
from cop.model.sight import Alarm, CameraState, Outlook, Reading, Sight, Unknown, Watched
from cop.model.text import Text, text
from tests.browser.town import feed_status

PIER: Final = (114.1686, 22.2936)
"""Where the camera with most zones looks, longitude and latitude."""
BESIDE: Final = "114.1670,22.2925,114.1705,22.2950"
STEP: Final = 0.0006
"""Degrees between two zones: about 60 m."""
_LEVELS: Final = (("A", 0.2), ("B", 0.38), ("C", 0.6), ("D", 0.9), ("E", 1.7), ("F", 3.4))


def outline(lon: float, lat: float, half_m: float = 12) -> Polygon:
    """Make a square on the ground about a place."""
    dx, dy = half_m / 103_000, half_m / 110_700
    ring = [(-dx, -dy), (dx, -dy), (dx, dy), (-dx, dy), (-dx, -dy)]
    return polygon([(lon + x, lat + y) for x, y in ring])


def readings(now: datetime, last: float | None, *, rise: float = 0.0) -> tuple[Reading, ...]:
    """Give half an hour of readings up to *last*, some of which could not be told."""
    found = []
    for n in range(40):
        value = max(0.0, (last or 1.0) - rise * (39 - n) + 0.06 * ((n * 7) % 5 - 2))
        dark = 14 <= n < 18 or (last is None and n >= 36)
        found.append(
            Reading(at=now - timedelta(seconds=45 * (39 - n)), value=None if dark else value)
        )
    if last is not None:
        found[-1] = Reading(at=now, value=last)
    return tuple(found)


def zone(
    name: str, at: tuple[float, float], now: datetime, *, camera: str = "pier", **fields: Any
) -> Observation:
    """Make what is counted in one zone; fields of `Sight` and of the observation are mixed."""
    value = fields.pop("value", None)
    of_sight = {key: fields.pop(key) for key in list(fields) if key in Sight.model_fields}
    rise = fields.pop("rise", 0.0)
    sight = {
        "camera": f"camera:{camera}",
        "zone": name,
        "use": "walkway",
        "area_m2": 48.0,
        "method": "thermal",
        "confidence": 0.82,
        "error": None if value is None else round(0.08 * value + 0.05, 2),
        "unknown": Unknown.UNSURE if value is None else None,
        "recent": readings(now, value, rise=rise),
    } | of_sight
    values: dict[str, Any] = {
        "measure": "crowd_density",
        "unit": "1/m2",
        "title": text(f"Zone {name}", f"監察區 {name}", f"监察区 {name}"),
        "place": text("Star Ferry Pier", "天星碼頭", "天星码头"),
        "publisher": "HKPF",
        "observed_at": now - timedelta(seconds=12),
        "geometry": outline(*at),
        "placing": Placing.GIVEN,
        "quality": Quality.MISSING if value is None else Quality.OK,
        "district": District.YAU_TSIM_MONG,
    }
    return Observation(
        id=f"vision:{camera}.{name}",
        feed="vision",
        value=value,
        sight=Sight(**sight),
        **(values | fields),
    )


def alarm(watched: Watched, severity: Severity, now: datetime, minutes: float = 4) -> Alarm:
    """Make an alarm that stands since some minutes."""
    return Alarm(watched=watched, severity=severity, since=now - timedelta(minutes=minutes))


def rising(now: datetime, rate: float, threshold: float, minutes: float) -> Outlook:
    """Make an outlook with a range of a third about the time."""
    return Outlook(
        rate_per_min=rate,
        threshold=threshold,
        at=now + timedelta(minutes=minutes),
        earliest=now + timedelta(minutes=minutes * 0.7),
        latest=now + timedelta(minutes=minutes * 1.6),
        made_at=now,
    )


def camera(name: str, at: tuple[float, float], words: Text, now: datetime, **fields: Any) -> Camera:
    """Make a counting camera."""
    values: dict[str, Any] = {
        "publisher": "HKPF",
        "frame_at": now - timedelta(seconds=12),
        "refresh_s": 30,
        "state": CameraState.OK,
        "state_since": now - timedelta(hours=3),
        "counts": ("walkway",),
        "bearing_deg": 140.0,
        "view": "command",
        "geometry": point(*at),
        "placing": Placing.GIVEN,
        "district": District.YAU_TSIM_MONG,
    }
    return Camera(id=f"camera:{name}", feed="vision", title=words, **(values | fields))


def cameras(now: datetime) -> Iterator[Camera]:
    """Give cameras that work and cameras that do not."""
    lon, lat = PIER
    yield camera(
        "pier",
        (lon, lat + STEP),
        text("Star Ferry Pier", "天星碼頭", "天星码头"),
        now,
        thermal=True,
    )
    yield camera(
        "stairs",
        (lon + 3 * STEP, lat + 2 * STEP),
        text("MTR exit E, stairs", "港鐵站 E 出口樓梯", "港铁站 E 出口楼梯"),
        now,
        counts=("stairs", "queue"),
        view="responder",
    )
    yield camera(
        "salisbury",
        (lon + 2 * STEP, lat + 1.5 * STEP),
        text("Salisbury Road underpass", "梳士巴利道隧道", "梳士巴利道隧道"),
        now,
        counts=("road", "water", "heat"),
        publisher="TD",
    )
    broken = (
        ("turned", CameraState.MOVED, "Canton Road", "廣東道"),
        ("dark", CameraState.BLACK, "Peking Road", "北京道"),
        ("still", CameraState.FROZEN, "Nathan Road", "彌敦道"),
    )
    for n, (name, state, en, zh) in enumerate(broken):
        words = text(en, zh, {"廣東道": "广东道", "彌敦道": "弥敦道"}.get(zh, zh))
        yield camera(
            name,
            (lon + (n - 1) * STEP, lat + 3 * STEP),
            words,
            now,
            state=state,
            state_since=now - timedelta(minutes=9 + n),
            view="nobody",
        )


def sights(now: datetime) -> Iterator[Entity]:
    """Give the feed, the cameras and their zones."""
    yield feed_status(
        "vision", "Counting cameras", "點算攝影機", now, every_s=30, stale_after_s=180
    )
    yield from cameras(now)
    lon, lat = PIER
    for n, (level, value) in enumerate(_LEVELS):
        more: dict[str, Any] = {}
        if level == "E":
            more = {
                "outlook": rising(now, 0.03, 2.15, 15),
                "rise": 0.02,
                "alarms": (alarm(Watched.DENSE, Severity.MODERATE, now),),
            }
        if level == "F":
            more = {
                "alarms": (
                    alarm(Watched.STOPPED, Severity.EXTREME, now, 2),
                    alarm(Watched.DENSE, Severity.SEVERE, now, 7),
                ),
                "rise": 0.05,
            }
        yield zone(
            level.lower(),
            (lon + (n % 3 - 1) * STEP, lat - (n // 3) * STEP),
            now,
            value=value,
            level=level,
            measures={
                "people": round(value * 48),
                "people_error": 4,
                "flow_deg": (40 + 70 * n) % 360,
                "flow_mps": round(1.3 - 0.23 * n, 2),
                "flow_per_m_min": 30.0,
                "moving_percent": 90.0 - 12 * n,
            },
            **more,
        )
    yield zone("unlit", (lon - 2 * STEP, lat), now)
    yield from _of_roads(now)


def _of_roads(now: datetime) -> Iterator[Observation]:
    lon, lat = PIER
    at = (lon + 2 * STEP, lat + 0.4 * STEP)
    yield zone(
        "lanes",
        at,
        now,
        camera="salisbury",
        use="road",
        method="background",
        measure="vehicle_count",
        unit="1",
        value=14.0,
        error=1.2,
        measures={"queue_m": 92.0, "occupied_percent": 61.0, "moving_percent": 9.0},
        alarms=(alarm(Watched.QUEUE, Severity.MODERATE, now),),
    )
    yield zone(
        "gauge",
        (at[0] + STEP, at[1]),
        now,
        camera="salisbury",
        use="water",
        method="background",
        measure="water_depth",
        unit="cm",
        value=34.0,
        error=2.0,
        measures={"rise_per_min": 0.8},
        alarms=(alarm(Watched.WATER, Severity.SEVERE, now, 11),),
        outlook=rising(now, 0.8, 50, 20),
        rise=0.6,
    )
    yield zone(
        "kiosk",
        (at[0] + STEP, at[1] - STEP),
        now,
        camera="salisbury",
        use="heat",
        measure="surface_temperature",
        unit="Cel",
        value=86.0,
        error=1.0,
        measures={"hot_area_m2": 1.4},
        alarms=(alarm(Watched.HEAT, Severity.SEVERE, now, 6),),
    )


def many_zones(now: datetime, count: int = 300, seed: int = 5) -> Iterator[Observation]:
    """Give as many zones as a great evening has, over the harbour front and the town."""
    dice = random.Random(seed)
    for n in range(count):
        lon = 114.12 + 0.09 * dice.random()
        lat = 22.276 + 0.06 * dice.random()
        for part in range(3):
            level, value = dice.choice((*_LEVELS, ("", 0.0)))
            yield zone(
                f"z{part}",
                (lon + part * 0.0003, lat),
                now,
                camera=f"many-{n}",
                value=value or None,
                level=level or None,
                measures={"flow_deg": dice.uniform(0, 359), "flow_mps": dice.uniform(0, 1.5)},
            )


def silent(now: datetime) -> FeedStatus:
    """Give the feed as it is when no camera has been looked at for an hour."""
    return feed_status(
        "vision",
        "Counting cameras",
        "點算攝影機",
        now,
        every_s=30,
        stale_after_s=180,
        fetched_at=now - timedelta(minutes=61),
        content_at=now - timedelta(minutes=61),
        state=FeedState.FAILING,
    )
