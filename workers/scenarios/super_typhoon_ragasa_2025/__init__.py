"""Super Typhoon Ragasa, 22 to 25 September 2025.

On public record, and cited at each fact: the times of signals No. 3, 8, 9, 10, 8 and 3 and of the
amber rainstorm signals; the positions that carry a source; the highest sea levels (3.4 m at the
harbour, 3.8 m at Tai Po Kau and Tsim Bei Tsui), which the surge is fitted to; the numbers of
shelters, people, fallen trees and floods in the releases; Macao's signals. Synthetic: the hour of
No. 1 and the end of No. 3, every other position and wind, all readings, the rain, each road and its
times, which halls were shelters, the hours of the railway, waiting times, flights, speeds,
detectors and cameras. No sentence of a release is a quotation.
"""

from __future__ import annotations

from datetime import UTC
from typing import Final

from cop.model.text import text
from workers.replay import Scenario
from workers.scenarios.super_typhoon_ragasa_2025.ground import BLOCKED, RAILWAYS, _shelters
from workers.scenarios.super_typhoon_ragasa_2025.record import (
    DAY_24,
    END,
    RAGASA,
    RELEASES,
    RTHK_MO,
    SITUATION,
    START,
    TIPS,
    WARNINGS,
    YAHOO,
    after,
)
from workers.simulate.city import City
from workers.simulate.story import SYNTHETIC, Abroad, Cell, Curve, Story, hkt

_SZ: Final = ("440300", ("Shenzhen", "广东省深圳市"))
_ZH: Final = ("440400", ("Zhuhai", "广东省珠海市"))
_JM: Final = ("440700", ("Jiangmen", "广东省江门市"))
ABROAD: Final = (
    Abroad("SMG", "typhoon", "3", hkt(2025, 9, 23, 5), hkt(2025, 9, 23, 17), YAHOO),
    Abroad("SMG", "typhoon", "8", hkt(2025, 9, 23, 17), hkt(2025, 9, 24, 4), YAHOO),
    Abroad("SMG", "typhoon", "9", hkt(2025, 9, 24, 4), hkt(2025, 9, 24, 5, 30), YAHOO),
    Abroad(
        "SMG",
        "typhoon",
        "10",
        hkt(2025, 9, 24, 5, 30),
        hkt(2025, 9, 24, 15),
        f"{YAHOO}; end synthetic",
    ),
    Abroad("SMG", "typhoon", "8", hkt(2025, 9, 24, 15), hkt(2025, 9, 24, 22), RTHK_MO),
    Abroad("SMG", "typhoon", "3", hkt(2025, 9, 24, 22), hkt(2025, 9, 25, 8), SYNTHETIC),
    Abroad(
        "SMG",
        "surge",
        "orange",
        hkt(2025, 9, 23, 13),
        hkt(2025, 9, 23, 21),
        f"{YAHOO}; end synthetic",
    ),
    Abroad(
        "SMG",
        "surge",
        "red",
        hkt(2025, 9, 23, 21),
        hkt(2025, 9, 24, 16),
        f"{YAHOO}; hours synthetic",
    ),
    Abroad("SMG", "surge", "blue", hkt(2025, 9, 24, 16), hkt(2025, 9, 24, 22), RTHK_MO),
    Abroad("NMC", "typhoon", "orange", hkt(2025, 9, 23, 9), hkt(2025, 9, 23, 18), SYNTHETIC, *_SZ),
    Abroad("NMC", "typhoon", "red", hkt(2025, 9, 23, 18), hkt(2025, 9, 24, 19), SYNTHETIC, *_SZ),
    Abroad("NMC", "typhoon", "red", hkt(2025, 9, 23, 20), hkt(2025, 9, 25, 1), SYNTHETIC, *_ZH),
    Abroad("NMC", "typhoon", "red", hkt(2025, 9, 24, 2), hkt(2025, 9, 25, 4), SYNTHETIC, *_JM),
    Abroad("NMC", "rain", "orange", hkt(2025, 9, 24, 5), hkt(2025, 9, 24, 21), SYNTHETIC, *_ZH),
)
CELLS: Final = (
    Cell(DAY_24 + after(-10), DAY_24 + after(-3), (114.75, 22.25), (113.90, 22.55), 14, 14),
    Cell(DAY_24 + after(-4), DAY_24 + after(3), (114.80, 22.05), (113.80, 22.45), 18, 22),
    Cell(DAY_24 + after(1), DAY_24 + after(8), (114.60, 22.05), (113.75, 22.35), 22, 38),
    Cell(DAY_24 + after(4), DAY_24 + after(12), (114.40, 21.95), (113.30, 22.25), 26, 42),
    Cell(DAY_24 + after(7), DAY_24 + after(13), (114.50, 22.30), (113.85, 22.60), 16, 28),
    Cell(DAY_24 + after(14.2), DAY_24 + after(20.2), (114.36, 22.33), (114.25, 22.46), 7.5, 132),
    Cell(DAY_24 + after(14.8), DAY_24 + after(20), (114.30, 22.45), (114.10, 22.53), 8, 66),
    Cell(DAY_24 + after(20), DAY_24 + after(31), (114.45, 22.20), (113.85, 22.50), 18, 9),
)
"""Synthetic rain bands; the sixth for the heavy rain over Sai Kung that the record tells of."""


def _curve(*points: tuple[float, float]) -> Curve:
    """Make a curve; times are hours from midnight of 23 to 24 September."""
    return Curve(tuple((DAY_24 + after(hours), value) for hours, value in points))


STORY: Final = Story(
    key="super-typhoon-ragasa-2025",
    start=START,
    end=END,
    warnings=WARNINGS,
    tips=TIPS,
    releases=RELEASES,
    blocked=BLOCKED,
    shelters=_shelters(),
    railways=RAILWAYS,
    abroad=ABROAD,
    cells=CELLS,
    situation=SITUATION,
    cyclones=(RAGASA,),
    wind_kmh=_curve(
        (-36, 14),
        (-12, 28),
        (-8, 38),
        (-2, 58),
        (2, 72),
        (5, 85),
        (9, 85),
        (13, 68),
        (16, 56),
        (20, 44),
        (30, 32),
        (36, 22),
        (48, 14),
    ),
    wind_from_deg=_curve((-12, 320), (-2, 355), (2, 380), (5, 410), (8, 450), (11, 485), (20, 500)),
    temperature_c=_curve((-12, 30.2), (-4, 27.6), (4, 25.8), (12, 26.4), (24, 26.8), (36, 28.6)),
    humidity_percent=_curve((-12, 66), (0, 88), (8, 96), (20, 94), (36, 84)),
    pressure_hpa=_curve(
        (-24, 1004), (-12, 998.5), (0, 988), (6, 978), (10, 980), (18, 993), (36, 1003)
    ),
    surge_m=_curve(
        (-12, 0.15),
        (0, 0.5),
        (4, 0.8),
        (8, 1.7),
        (11, 2.0),
        (13, 1.9),
        (17, 1.2),
        (24, 0.5),
        (36, 0.1),
    ),
    strain=_curve((-12, 0.8), (0, 0.5), (10, 0.7), (16, 1.3), (22, 1.9), (34, 2.3), (44, 1.2)),
    cancelled=_curve(
        (-16, 0.1), (-12, 0.35), (-6, 0.9), (-4, 1.0), (24, 1.0), (30, 0.25), (36, 0.08)
    ),
    slowness=_curve((-12, 0.02), (-4, 0.1), (3, 0.3), (13, 0.25), (20, 0.08), (30, 0.02)),
)
SCENARIO: Final = Scenario(
    key=STORY.key,
    title=text(
        "Super Typhoon Ragasa, September 2025",
        "超強颱風樺加沙，2025年9月",
        "超强台风桦加沙，2025年9月",
    ),
    summary=text(
        "From Signal No. 8 through No. 10 to recovery."
        " Signals, marked positions, sea levels and the"
        " figures in releases are real; everything else is synthetic.",
        "由八號信號至十號颶風信號及善後。信號、註明的位置、海水高度及公布數字屬實，其餘為模擬。",
        "由八号信号至十号飓风信号及善后。信号、注明的位置、海水高度及公布数字属实，其余为模拟。",
    ),
    start=START.astimezone(UTC),
    end=END.astimezone(UTC),
    default_speed=60.0,
    answer=City(STORY),
)
