"""The warnings of Macao's observatory, in plain words."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text
from cop.ui.public.meaning_lines import (
    BASEMENTS,
    CALL_999,
    FLOOD_WATER,
    GO_INSIDE,
    HIGHER,
    HOME_EARLY,
    LOCK,
    LOOSE,
    LOW_HOME,
    LOW_LYING,
    NEWS,
    SHORE,
    SLOPES,
    SMG,
    STAY_INDOORS,
    STAY_PUT,
    TOLD_TO_LEAVE,
    WATER_SPORTS,
    WINDOWS,
    Meaning,
)

_BRIDGES: Final = text(
    "Check bridges, ferries and buses before you travel.",
    "出行前，查看大橋、船和巴士的情況。",
    "出行前，查看大桥、船和巴士的情况。",
)


def _surge(depth: Text, do: tuple[Text, ...]) -> Meaning:
    return Meaning(depth, do, SMG)


MACAO: Final[dict[tuple[str, str, str], Meaning]] = {
    ("alert", "tropical_cyclone", "MO-1"): Meaning(
        text(
            "A tropical cyclone may affect Macao.",
            "熱帶氣旋可能影響澳門。",
            "热带气旋可能影响澳门。",
        ),
        (
            text("Check windows and balconies.", "檢查窗戶和露台。", "检查窗户和露台。"),
            _BRIDGES,
            NEWS,
        ),
        SMG,
    ),
    ("alert", "tropical_cyclone", "MO-3"): Meaning(
        text(
            "Strong wind is here or coming in Macao. It blows at 41 to 62 km an hour.",
            "澳門正吹或即將吹強風，時速 41 至 62 公里。",
            "澳门正吹或即将吹强风，时速 41 至 62 公里。",
        ),
        (LOOSE, SHORE, WATER_SPORTS, HOME_EARLY, _BRIDGES, NEWS),
        SMG,
    ),
    ("alert", "tropical_cyclone", "MO-8"): Meaning(
        text(
            "Very strong wind is here or coming in Macao. It blows at 63 to 117 km an hour.",
            "澳門正吹或即將吹烈風或暴風，時速 63 至 117 公里。",
            "澳门正吹或即将吹烈风或暴风，时速 63 至 117 公里。",
        ),
        (STAY_INDOORS, LOCK, WINDOWS, SHORE, _BRIDGES, CALL_999),
        SMG,
    ),
    ("alert", "tropical_cyclone", "MO-9"): Meaning(
        text(
            "The cyclone is close to Macao. It is very dangerous outside.",
            "熱帶氣旋正逼近澳門，戶外非常危險。",
            "热带气旋正逼近澳门，户外非常危险。",
        ),
        (STAY_INDOORS, WINDOWS, STAY_PUT, SHORE, CALL_999),
        SMG,
    ),
    ("alert", "tropical_cyclone", "MO-10"): Meaning(
        text(
            "Hurricane wind is here or coming in Macao. It is very dangerous outside.",
            "澳門正吹或即將吹颶風，戶外非常危險。",
            "澳门正吹或即将吹飓风，户外非常危险。",
        ),
        (STAY_INDOORS, WINDOWS, STAY_PUT, SHORE, CALL_999),
        SMG,
    ),
    ("alert", "rainstorm", "MO-YELLOW"): Meaning(
        text(
            "Heavy rain is here or coming in Macao.",
            "澳門正在或即將下大雨。",
            "澳门正在或即将下大雨。",
        ),
        (_BRIDGES, LOW_LYING, FLOOD_WATER, NEWS),
        SMG,
    ),
    ("alert", "rainstorm", "MO-RED"): Meaning(
        text(
            "Very heavy rain is here or coming in Macao. Roads may flood.",
            "澳門正在或即將下暴雨，道路可能水浸。",
            "澳门正在或即将下暴雨，道路可能水浸。",
        ),
        (STAY_INDOORS, LOW_LYING, FLOOD_WATER, SLOPES, CALL_999),
        SMG,
    ),
    ("alert", "rainstorm", "MO-BLACK"): Meaning(
        text(
            "Extreme rain is here or coming in Macao. Do not go out.",
            "澳門正在或即將下豪雨，不要外出。",
            "澳门正在或即将下豪雨，不要外出。",
        ),
        (STAY_PUT, GO_INSIDE, FLOOD_WATER, SLOPES, CALL_999),
        SMG,
    ),
    ("alert", "storm_surge", "MO-BLUE"): _surge(
        text(
            "The sea may flood low streets in Macao, less than 0.5 m deep.",
            "海水可能淹浸澳門低窪街道，水深少於 0.5 米。",
            "海水可能淹浸澳门低洼街道，水深少于 0.5 米。",
        ),
        (LOW_LYING, SHORE, BASEMENTS, NEWS),
    ),
    ("alert", "storm_surge", "MO-YELLOW"): _surge(
        text(
            "The sea may flood low streets in Macao, 0.5 to 1 m deep.",
            "海水可能淹浸澳門低窪街道，水深 0.5 至 1 米。",
            "海水可能淹浸澳门低洼街道，水深 0.5 至 1 米。",
        ),
        (LOW_LYING, SHORE, BASEMENTS, LOW_HOME, FLOOD_WATER, NEWS),
    ),
    ("alert", "storm_surge", "MO-ORANGE"): _surge(
        text(
            "The sea may flood low streets in Macao, 1 to 1.5 m deep.",
            "海水可能淹浸澳門低窪街道，水深 1 至 1.5 米。",
            "海水可能淹浸澳门低洼街道，水深 1 至 1.5 米。",
        ),
        (LOW_HOME, BASEMENTS, SHORE, FLOOD_WATER, TOLD_TO_LEAVE, CALL_999),
    ),
    ("alert", "storm_surge", "MO-RED"): _surge(
        text(
            "The sea may flood low streets in Macao, 1.5 to 2.5 m deep.",
            "海水可能淹浸澳門低窪街道，水深 1.5 至 2.5 米。",
            "海水可能淹浸澳门低洼街道，水深 1.5 至 2.5 米。",
        ),
        (TOLD_TO_LEAVE, HIGHER, BASEMENTS, SHORE, FLOOD_WATER, CALL_999),
    ),
    ("alert", "storm_surge", "MO-BLACK"): _surge(
        text(
            "The sea may flood low streets in Macao, more than 2.5 m deep.",
            "海水可能淹浸澳門低窪街道，水深超過 2.5 米。",
            "海水可能淹浸澳门低洼街道，水深超过 2.5 米。",
        ),
        (TOLD_TO_LEAVE, HIGHER, BASEMENTS, SHORE, FLOOD_WATER, CALL_999),
    ),
}
