"""The black rainstorm of 7 to 8 September 2023.

On public record, and cited at each fact: the times of the amber, red and black signals and of their
end; 158.1 mm at the Observatory from 23:00 to 24:00; the special announcement on flooding; the
opening of the emergency centres and of the first shelter; the discharge of the Shenzhen reservoir;
the roads that the Transport Department named as flooded; the Kwun Tong Line; the figures in the
releases. Synthetic: the rain everywhere else and how it moves, wind, tide and every other reading;
when each road was closed and re-opened; which halls were shelters; waiting times, flights, speeds,
detectors, cameras; everything that a camera sees, and who is counted in it; the hours of the
neighbours' warnings. No sentence of a release is a quotation.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cop.model.text import text
from workers.replay import Reply, Scenario
from workers.scenarios.black_rainstorm_2023.ground import BLOCKED, RAILWAYS, SHELTERS
from workers.scenarios.black_rainstorm_2023.record import (
    DAY_7,
    DAY_8,
    END,
    MACAO,
    RELEASES,
    SHENZHEN,
    SITUATION,
    START,
    TIPS,
    WARNINGS,
    after,
)
from workers.simulate.city import City
from workers.simulate.story import SYNTHETIC, Abroad, Cell, Curve, Story

ABROAD: Final = (
    Abroad(
        "NMC",
        "rain",
        "orange",
        DAY_7 + after(19.2),
        DAY_7 + after(22.4),
        SHENZHEN,
        "440300",
        ("Shenzhen", "广东省深圳市"),
    ),
    Abroad(
        "NMC",
        "rain",
        "red",
        DAY_7 + after(22.4),
        DAY_8 + after(9),
        SHENZHEN,
        "440300",
        ("Shenzhen", "广东省深圳市"),
    ),
    Abroad(
        "NMC",
        "rain",
        "red",
        DAY_8 + after(0.6),
        DAY_8 + after(8),
        SHENZHEN,
        "441900",
        ("Dongguan", "广东省东莞市"),
    ),
    Abroad(
        "NMC",
        "rain",
        "orange",
        DAY_8 + after(1.5),
        DAY_8 + after(12),
        SHENZHEN,
        "440100",
        ("Guangzhou", "广东省广州市"),
    ),
    Abroad(
        "NMC",
        "thunder",
        "yellow",
        DAY_7 + after(20),
        DAY_8 + after(10),
        SYNTHETIC,
        "440400",
        ("Zhuhai", "广东省珠海市"),
    ),
    Abroad("SMG", "thunder", "yellow", DAY_7 + after(23.4), DAY_8 + after(12), SYNTHETIC),
    Abroad("SMG", "rain", "yellow", DAY_8 + after(3.2), DAY_8 + after(5.4), SYNTHETIC),
    Abroad("SMG", "rain", "red", DAY_8 + after(5.4), DAY_8 + after(7.1), MACAO),
    Abroad("SMG", "rain", "red", DAY_8 + after(8.3), DAY_8 + after(9.8), MACAO),
)
CELLS: Final = (
    Cell(DAY_7 + after(17.5), DAY_8 + after(1.0), (114.25, 22.57), (114.10, 22.51), 6.5, 78),
    Cell(DAY_7 + after(21.2), DAY_8 + after(1.0), (114.130, 22.43), (114.20, 22.21), 8.5, 113.98),
    Cell(DAY_7 + after(22.3), DAY_8 + after(4.4), (114.265, 22.33), (114.235, 22.225), 5.5, 74),
    Cell(DAY_7 + after(22.6), DAY_8 + after(3.8), (114.185, 22.385), (114.215, 22.355), 5.0, 42),
    Cell(DAY_7 + after(22.0), DAY_8 + after(6.0), (114.14, 22.58), (114.05, 22.55), 12.0, 72),
    Cell(DAY_8 + after(0.8), DAY_8 + after(7.0), (114.32, 22.42), (114.20, 22.43), 8.0, 48),
    Cell(DAY_8 + after(3.8), DAY_8 + after(10.0), (114.28, 22.25), (113.95, 22.27), 9.0, 44),
    Cell(DAY_8 + after(4.6), DAY_8 + after(10.5), (113.60, 22.10), (113.52, 22.26), 10.0, 46),
    Cell(DAY_8 + after(7.5), DAY_8 + after(13.5), (113.90, 22.40), (114.30, 22.36), 11.0, 33),
    Cell(DAY_8 + after(10.8), DAY_8 + after(16.2), (113.95, 22.25), (114.30, 22.30), 12.0, 24),
    Cell(DAY_7 + after(17.0), DAY_8 + after(17.5), (114.25, 22.40), (114.10, 22.32), 38.0, 6),
)
"""Synthetic; the second is fitted to give 158.1 mm at the Observatory from 23:00 to 24:00."""

CAMERAS: Final = "https://cameras.cop.example/"
"""Where the cameras of the exercise answer; nothing else has this name."""


def _curve(*points: tuple[float, float]) -> Curve:
    """Make a curve; times are hours from midnight of 7 to 8 September."""
    return Curve(tuple((DAY_8 + after(hours), value) for hours, value in points))


STORY: Final = Story(
    key="black-rainstorm-2023",
    start=START,
    end=END,
    warnings=WARNINGS,
    tips=TIPS,
    releases=RELEASES,
    blocked=BLOCKED,
    shelters=SHELTERS,
    railways=RAILWAYS,
    abroad=ABROAD,
    cells=CELLS,
    situation=SITUATION,
    wind_kmh=_curve((-6, 12), (-1, 22), (1, 26), (6, 18), (14, 14)),
    wind_from_deg=_curve((-6, 120), (0, 170), (8, 200), (16, 190)),
    temperature_c=_curve((-6, 28.6), (-1, 26.2), (1, 24.9), (8, 25.4), (14, 27.0), (20, 27.4)),
    humidity_percent=_curve((-6, 88), (-1, 96), (8, 97), (16, 90), (20, 87)),
    pressure_hpa=_curve((-6, 1004.5), (2, 1003.2), (12, 1005.0), (20, 1005.8)),
    surge_m=_curve((-6, 0.05), (2, 0.12), (12, 0.05)),
    strain=_curve((-3, 1.0), (0, 1.25), (4, 1.7), (10, 2.3), (15, 2.6), (20, 1.9), (30, 1.1)),
    cancelled=_curve((-3, 0.01), (0, 0.04), (2, 0.1), (8, 0.06), (16, 0.02)),
    slowness=_curve((-3, 0.0), (0, 0.12), (6, 0.1), (16, 0.02)),
)


def _seen(url: str, now: datetime) -> Reply | None:
    """Answer for the cameras of the exercise; None for every other address."""
    if not url.startswith(CAMERAS):
        return None
    # only who asks for a picture loads what draws it
    from workers.scenarios.black_rainstorm_2023.sights import POSTS
    from workers.simulate.sights.post import answer

    return answer(POSTS, url, now)


SCENARIO: Final = Scenario(
    key=STORY.key,
    title=text(
        "Black rainstorm, 7–8 September 2023",
        "黑色暴雨，2023年9月7至8日",
        "黑色暴雨，2023年9月7至8日",
    ),
    summary=text(
        "The longest black rainstorm signal on record. Signals, the record rain at the Observatory,"
        " flooded roads and announcements are real; everything else is synthetic.",
        "史上生效時間最長的黑色暴雨警告信號。信號、天文台破紀錄雨量、水浸道路及公布屬實，其餘為模擬。",
        "史上生效时间最长的黑色暴雨警告信号。信号、天文台破纪录雨量、水浸道路及公布属实，其余为模拟。",
    ),
    start=START.astimezone(UTC),
    end=END.astimezone(UTC),
    default_speed=30.0,
    answer=City(STORY, cameras=_seen),
    cameras_dir=Path(__file__).with_name("cameras"),
)
