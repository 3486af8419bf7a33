"""What is on record of the sky and of the announcements, with its sources."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from cop.model.text import text
from workers.simulate.story import SYNTHETIC, Said, Warned, hkt

SCMP: Final = "South China Morning Post, 7 September 2023, article 3233782"
SCMP_LIVE: Final = "South China Morning Post, 8 September 2023, article 3233842"
GOV: Final = "info.gov.hk press release P2023090800080, 8 September 2023"
RESERVOIR: Final = "Government announcement of 23:44, 7 September 2023 (via South Lantau Life)"
TD_LIST: Final = (
    "Transport Department list of flooded roads of 8 September 2023, as reported by Dot Dot News"
    " that day; the times are synthetic"
)
MTR: Final = "MTR statement of 01:57 on 8 September 2023, as reported by The Epoch Times Hong Kong"
HKFP: Final = "Hong Kong Free Press, 8 September 2023"
REVIEW: Final = "researchain.net, a review of the 2023 rainstorm: announcement at 19:50"
LOWERED: Final = "South Lantau Life, 8 September 2023: all rainstorm signals lowered by 16:45"
MACAO: Final = "Wikipedia (zh), 2023年華南暴雨: two red signals on 8 September; hours synthetic"
SHENZHEN: Final = "Wikipedia (zh), 2023年華南暴雨: red warnings that night; hours synthetic"
START: Final = hkt(2023, 9, 7, 22, 40)
END: Final = hkt(2023, 9, 8, 20)
DAY_7: Final = hkt(2023, 9, 7)
DAY_8: Final = hkt(2023, 9, 8)


def after(hours: float) -> timedelta:
    """Give a span of *hours*."""
    return timedelta(hours=hours)


WARNINGS: Final = (
    Warned("WTS", "WTS", DAY_7 + after(18.5), DAY_8 + after(18), SYNTHETIC),
    Warned("WFNTSA", "WFNTSA", DAY_7 + timedelta(hours=19, minutes=50), DAY_8 + after(15), REVIEW),
    Warned("WRAIN", "WRAINA", hkt(2023, 9, 7, 21, 25), hkt(2023, 9, 7, 21, 50), SCMP),
    Warned("WRAIN", "WRAINR", hkt(2023, 9, 7, 21, 50), hkt(2023, 9, 7, 23, 5), SCMP),
    Warned(
        "WL",
        "WL",
        DAY_7 + after(22.25),
        DAY_8 + after(30),
        f"{GOV}: in force that night; hours synthetic",
    ),
    Warned(
        "WRAIN", "WRAINB", hkt(2023, 9, 7, 23, 5), hkt(2023, 9, 8, 15, 40), f"{SCMP}; {SCMP_LIVE}"
    ),
    Warned("WRAIN", "WRAINA", hkt(2023, 9, 8, 15, 40), hkt(2023, 9, 8, 16, 45), LOWERED),
)
TIPS: Final = (
    Said(
        DAY_7 + after(22.5),
        {},
        text(
            "Intense rain is affecting the northern New"
            " Territories; flooding is serious in places.",
            "大雨正影響新界北部，部分地區水浸嚴重。",
            "大雨正影响新界北部，部分地区水浸严重。",
        ),
        SYNTHETIC,
    ),
    Said(
        DAY_7 + after(23.5),
        {},
        text(
            "Hourly rain over Wong Tai Sin, Kowloon City, Eastern and Southern exceeds 100 mm.",
            "黃大仙、九龍城、東區及南區過去一小時雨量超過100毫米。",
            "黄大仙、九龙城、东区及南区过去一小时雨量超过100毫米。",
        ),
        SYNTHETIC,
    ),
    Said(
        DAY_8 + after(0.1),
        {},
        text(
            "158.1 mm fell at the Observatory in the hour up to midnight, the most since 1884.",
            "天文台總部在截至午夜的一小時錄得158.1毫米雨量，是1884年有記錄以來的最高紀錄。",
            "天文台总部在截至午夜的一小时录得158.1毫米雨量，是1884年有记录以来的最高纪录。",
        ),
        GOV,
    ),
)
RELEASES: Final = (
    Said(
        hkt(2023, 9, 7, 23, 5),
        text("Emergency centres activated", "緊急應變中心啟動"),
        text(
            "The Emergency Monitoring and Support Centre and the"
            " emergency co-ordination centre of the"
            " Home Affairs Department have been activated.",
            "緊急事故監察及支援中心及民政事務總署緊急事故協調中心已經啟動。",
        ),
        GOV,
    ),
    Said(
        hkt(2023, 9, 7, 23, 44),
        text("Water to be discharged from Shenzhen reservoir", "深圳水庫將會排洪"),
        text(
            "The Shenzhen authorities have said that water will be discharged from the Shenzhen"
            " reservoir from midnight. Parts of the New Territories may be flooded.",
            "深圳當局通知，深圳水庫將於午夜零時起排洪，一些新界地區可能出現水浸。",
        ),
        RESERVOIR,
    ),
    Said(
        hkt(2023, 9, 8, 1, 30),
        text("Response to flooding", "政府應對各區水浸"),
        text(
            "As at 1am there were 12 confirmed cases of flooding; 40 emergency teams were at work.",
            "截至凌晨1時，確認水浸個案有12宗，40支緊急隊伍正處理水浸。",
        ),
        GOV,
    ),
    Said(
        hkt(2023, 9, 8, 5, 20),
        text("Classes suspended; extreme conditions", "停課及「極端情況」"),
        text(
            "All classes are suspended. Employers are asked to"
            " follow the arrangements for Signal No. 8.",
            "全日停課。僱主應參考八號風球下的工作安排。",
        ),
        "Wikipedia (zh), 2023年華南暴雨: shortly after 5am; minute synthetic",
    ),
    Said(
        hkt(2023, 9, 8, 15, 0),
        text("Extreme conditions extended", "「極端情況」延長"),
        text(
            "Extreme conditions continue at least until midnight."
            " 117 people had been taken to hospital"
            " as at 2.15pm.",
            "「極端情況」至少維持至午夜。截至下午2時15分，共有117人送院。",
        ),
        f"{SCMP_LIVE}; {HKFP}",
    ),
)
SITUATION: Final = (
    Said(
        DAY_7,
        text(
            "A trough of low pressure associated with the"
            " remnant of Haikui is bringing heavy rain to"
            " the coast of Guangdong.",
            "與海葵殘餘相關的低壓槽正為廣東沿岸帶來大雨。",
            "与海葵残余相关的低压槽正为广东沿岸带来大雨。",
        ),
        text(
            "Cloudy with heavy rain and thunderstorms.",
            "多雲，有大雨及雷暴。",
            "多云，有大雨及雷暴。",
        ),
        GOV,
    ),
    Said(
        DAY_8 + after(16),
        text(
            "The trough is moving away and weakening.",
            "低壓槽正遠離並減弱。",
            "低压槽正远离并减弱。",
        ),
        text("Cloudy with showers.", "多雲，有驟雨。", "多云，有骤雨。"),
        SYNTHETIC,
    ),
)
