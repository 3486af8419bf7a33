"""The Observatory's other warnings, in plain words; they also serve for neighbours' warnings."""

from __future__ import annotations

from typing import Final

from cop.model.text import text
from cop.ui.public.meaning_lines import (
    CALL_999,
    CHECK_OLD,
    CHECK_TRAVEL,
    COOL,
    DRAINS,
    DRINK,
    DRIVE_SLOWLY,
    FEEL_UNWELL,
    FLOOD_WATER,
    GO_INSIDE,
    HIGHER,
    HILL_ROADS,
    HKO,
    HKO_HOT_COLD,
    HKO_RAIN,
    LABOUR,
    LOCK,
    LOOSE,
    LOW_HOME,
    LOW_LYING,
    NEWS,
    RIVERS,
    SCHOOL,
    SHORE,
    SLOPES,
    STAY_INDOORS,
    STAY_PUT,
    TOO_HOT,
    WATER_SPORTS,
    Meaning,
)

_NO_FIRES: Final = text(
    "Do not light fires in the countryside.", "不要在郊外生火。", "不要在郊外生火。"
)
_SMOKING: Final = text(
    "Put out every match and cigarette fully.", "徹底弄熄火柴和煙蒂。", "彻底弄熄火柴和烟蒂。"
)
_GRAVES: Final = text(
    "At graves, put out incense and candles before you leave.",
    "掃墓後，弄熄香燭才離開。",
    "扫墓后，弄熄香烛才离开。",
)
_SEE_FIRE: Final = text(
    "See a hill fire? Get away, then call 999.",
    "見到山火，先離開，再打 999。",
    "见到山火，先离开，再打 999。",
)
_REST: Final = text(
    "Take the rest breaks that the level calls for.", "按警告級別小休。", "按警告级别小休。"
)
_STOP_WORK: Final = text(
    "Feel unwell? Stop work and tell your boss.",
    "感到不適，停止工作並告知上司。",
    "感到不适，停止工作并告知上司。",
)
_NOT_IN_SUN: Final = text(
    "Work in the shade where you can.", "盡量在陰涼處工作。", "尽量在阴凉处工作。"
)
_LIGHTNING: Final = (
    GO_INSIDE,
    text("Get out of the water.", "立即離開水中。", "立即离开水中。"),
    text(
        "Keep away from hilltops, trees and poles.",
        "遠離山頂、樹木和旗杆。",
        "远离山顶、树木和旗杆。",
    ),
    text(
        "Do not touch metal fences or pipes outside.",
        "不要觸碰戶外的金屬圍欄和喉管。",
        "不要触碰户外的金属围栏和喉管。",
    ),
    NEWS,
)

WEATHER: Final[dict[tuple[str, str, str], Meaning]] = {
    ("alert", "rainstorm", "WRAINA"): Meaning(
        text(
            "Heavy rain: more than 30 mm in an hour, here or coming. Low places may flood.",
            "大雨：每小時雨量超過 30 毫米，正在下或即將下。低窪地方可能水浸。",
            "大雨：每小时雨量超过 30 毫米，正在下或即将下。低洼地方可能水浸。",
        ),
        (CHECK_TRAVEL, RIVERS, FLOOD_WATER, DRAINS, NEWS),
        HKO_RAIN,
    ),
    ("alert", "rainstorm", "WRAINR"): Meaning(
        text(
            "Very heavy rain: more than 50 mm in an hour, here or coming. Roads may flood badly.",
            "暴雨：每小時雨量超過 50 毫米，正在下或即將下。道路可能嚴重水浸。",
            "暴雨：每小时雨量超过 50 毫米，正在下或即将下。道路可能严重水浸。",
        ),
        (STAY_INDOORS, FLOOD_WATER, RIVERS, SLOPES, SCHOOL, CALL_999),
        HKO_RAIN,
    ),
    ("alert", "rainstorm", "WRAINB"): Meaning(
        text(
            "Extreme rain: more than 70 mm in an hour, here or coming. Do not go out.",
            "豪雨：每小時雨量超過 70 毫米，正在下或即將下。不要外出。",
            "豪雨：每小时雨量超过 70 毫米，正在下或即将下。不要外出。",
        ),
        (STAY_PUT, GO_INSIDE, FLOOD_WATER, RIVERS, SLOPES, CALL_999),
        HKO_RAIN,
    ),
    ("alert", "rainstorm", ""): Meaning(
        text(
            "Heavy rain is here or coming. Low places may flood.",
            "正在或即將下大雨，低窪地方可能水浸。",
            "正在或即将下大雨，低洼地方可能水浸。",
        ),
        (CHECK_TRAVEL, RIVERS, FLOOD_WATER, SLOPES, NEWS, CALL_999),
        HKO_RAIN,
    ),
    ("alert", "landslip", ""): Meaning(
        text(
            "The ground is very wet. Slopes may slide down suddenly.",
            "泥土吸滿雨水，斜坡可能突然倒塌。",
            "泥土吸满雨水，斜坡可能突然倒塌。",
        ),
        (
            SLOPES,
            STAY_INDOORS,
            text(
                "See cracks, mud or stones coming down? Leave at once.",
                "見到裂縫、泥水或石塊滑下，立即離開。",
                "见到裂缝、泥水或石块滑下，立即离开。",
            ),
            HILL_ROADS,
            CALL_999,
        ),
        HKO,
    ),
    ("alert", "flooding_nnt", ""): Meaning(
        text(
            "Heavy rain may flood low land in the northern New Territories.",
            "大雨可能令新界北部低窪地方水浸。",
            "大雨可能令新界北部低洼地方水浸。",
        ),
        (LOW_HOME, RIVERS, FLOOD_WATER, HIGHER, NEWS, CALL_999),
        HKO,
    ),
    ("alert", "flood", ""): Meaning(
        text(
            "Water may cover roads and low land, sometimes fast.",
            "洪水可能淹浸道路和低窪地方，有時來得很快。",
            "洪水可能淹浸道路和低洼地方，有时来得很快。",
        ),
        (RIVERS, FLOOD_WATER, HIGHER, LOW_HOME, NEWS, CALL_999),
        HKO,
    ),
    ("alert", "thunderstorm", ""): Meaning(
        text(
            "Lightning and sudden strong wind may come soon.",
            "短時間內可能有閃電和猛烈陣風。",
            "短时间内可能有闪电和猛烈阵风。",
        ),
        _LIGHTNING,
        HKO,
    ),
    ("alert", "monsoon", ""): Meaning(
        text(
            "Strong monsoon wind is here or coming. Seas are rough.",
            "正吹或即將吹強烈季候風，海面有大浪。",
            "正吹或即将吹强烈季候风，海面有大浪。",
        ),
        (LOOSE, SHORE, WATER_SPORTS, NEWS),
        HKO,
    ),
    ("alert", "strong_wind", ""): Meaning(
        text("Strong wind is here or coming.", "正吹或即將吹強風。", "正吹或即将吹强风。"),
        (LOOSE, LOCK, SHORE, NEWS),
        HKO,
    ),
    ("alert", "very_hot", ""): Meaning(
        text(
            "It is very hot. Too much heat can make you ill.",
            "天氣酷熱，過熱會令人不適。",
            "天气酷热，过热会令人不适。",
        ),
        (
            DRINK,
            COOL,
            text(
                "Do not do hard exercise in the sun.",
                "不要在烈日下做劇烈運動。",
                "不要在烈日下做剧烈运动。",
            ),
            CHECK_OLD,
            TOO_HOT,
            CALL_999,
        ),
        HKO_HOT_COLD,
    ),
    ("alert", "cold", ""): Meaning(
        text(
            "It is or will be cold. Cold can make people ill.",
            "天氣寒冷或即將轉冷，寒冷會令人不適。",
            "天气寒冷或即将转冷，寒冷会令人不适。",
        ),
        (
            text(
                "Wear warm clothes and eat enough.",
                "穿夠保暖衣物，吃得飽足。",
                "穿够保暖衣物，吃得饱足。",
            ),
            text(
                "Let fresh air in when you use a heater.",
                "使用暖爐時，保持空氣流通。",
                "使用暖炉时，保持空气流通。",
            ),
            text(
                "Keep heaters away from things that burn.",
                "暖爐要遠離易燃物品。",
                "暖炉要远离易燃物品。",
            ),
            CHECK_OLD,
            FEEL_UNWELL,
        ),
        HKO_HOT_COLD,
    ),
    ("alert", "frost", ""): Meaning(
        text(
            "Ice may form on high ground or inland.",
            "高地或內陸地方可能結霜。",
            "高地或内陆地方可能结霜。",
        ),
        (
            text(
                "Keep off icy paths and high hills.",
                "不要走結冰的路，也不要上高山。",
                "不要走结冰的路，也不要上高山。",
            ),
            text("Wear warm clothes.", "穿上保暖衣物。", "穿上保暖衣物。"),
            text(
                "Farmers: protect plants and animals.",
                "農民請保護農作物和牲畜。",
                "农民请保护农作物和牲畜。",
            ),
            DRIVE_SLOWLY,
        ),
        HKO,
    ),
    ("alert", "fire_danger", "WFIREY"): Meaning(
        text(
            "It is dry. The risk of fire is high.",
            "天氣乾燥，火災危險性頗高。",
            "天气干燥，火灾危险性颇高。",
        ),
        (_NO_FIRES, _SMOKING, _GRAVES, _SEE_FIRE),
        HKO,
    ),
    ("alert", "fire_danger", "WFIRER"): Meaning(
        text(
            "It is very dry. The risk of fire is extreme.",
            "天氣非常乾燥，火災危險性極高。",
            "天气非常干燥，火灾危险性极高。",
        ),
        (_NO_FIRES, _SMOKING, _GRAVES, _SEE_FIRE),
        HKO,
    ),
    ("alert", "fire_danger", ""): Meaning(
        text("Grass and trees can catch fire easily.", "草木容易着火。", "草木容易着火。"),
        (_NO_FIRES, _SMOKING, _GRAVES, _SEE_FIRE),
        HKO,
    ),
    ("alert", "tsunami", ""): Meaning(
        text(
            "Big waves from the sea may hit the shore. More than one wave may come.",
            "海嘯大浪可能湧到岸邊，而且不止一次。",
            "海啸大浪可能涌到岸边，而且不止一次。",
        ),
        (
            text(
                "Leave the shore and beaches now.", "立即離開岸邊和沙灘。", "立即离开岸边和沙滩。"
            ),
            text("Go inland or to a high place.", "往內陸或高處走。", "往内陆或高处走。"),
            text("Do not go to look at the waves.", "不要到岸邊看浪。", "不要到岸边看浪。"),
            text(
                "Do not go back until told it is safe.",
                "未獲告知安全前，不要返回岸邊。",
                "未获告知安全前，不要返回岸边。",
            ),
            CALL_999,
        ),
        HKO,
    ),
    ("alert", "weather_tip", ""): Meaning(
        text(
            "The Observatory has a tip about the weather right now.",
            "天文台對現時天氣有提示。",
            "天文台对现时天气有提示。",
        ),
        (
            text("Read the tip.", "細閱提示內容。", "细阅提示内容。"),
            text(
                "See if it is about your area.",
                "看看是否與你所在地區有關。",
                "看看是否与你所在地区有关。",
            ),
            NEWS,
        ),
        HKO,
    ),
    ("alert", "fog", ""): Meaning(
        text("It is hard to see far in thick fog.", "濃霧中難以看遠。", "浓雾中难以看远。"),
        (
            DRIVE_SLOWLY,
            text("Take care when you cross roads.", "過馬路要小心。", "过马路要小心。"),
            CHECK_TRAVEL,
        ),
        HKO,
    ),
    ("alert", "haze", ""): Meaning(
        text("The air is dusty and not clear.", "空氣混濁，視野不清。", "空气混浊，视野不清。"),
        (
            text(
                "Do less hard exercise outside.", "減少在戶外做劇烈運動。", "减少在户外做剧烈运动。"
            ),
            FEEL_UNWELL,
            DRIVE_SLOWLY,
        ),
        HKO,
    ),
    ("alert", "storm_surge", ""): Meaning(
        text(
            "The sea may rise and flood low places near the shore.",
            "海水可能上漲，淹浸沿岸低窪地方。",
            "海水可能上涨，淹浸沿岸低洼地方。",
        ),
        (SHORE, LOW_LYING, HIGHER, FLOOD_WATER, LOW_HOME, CALL_999),
        HKO,
    ),
    ("alert", "heat_stress", "AMBER"): Meaning(
        text(
            "For people at work: the risk of heat illness is high.",
            "工作人士注意：中暑風險高。",
            "工作人士注意：中暑风险高。",
        ),
        (DRINK, _REST, _NOT_IN_SUN, _STOP_WORK, TOO_HOT),
        LABOUR,
    ),
    ("alert", "heat_stress", "RED"): Meaning(
        text(
            "For people at work: the risk of heat illness is very high.",
            "工作人士注意：中暑風險很高。",
            "工作人士注意：中暑风险很高。",
        ),
        (DRINK, _REST, _NOT_IN_SUN, _STOP_WORK, TOO_HOT),
        LABOUR,
    ),
    ("alert", "heat_stress", "BLACK"): Meaning(
        text(
            "For people at work: the risk of heat illness is extreme.",
            "工作人士注意：中暑風險極高。",
            "工作人士注意：中暑风险极高。",
        ),
        (DRINK, _REST, _NOT_IN_SUN, _STOP_WORK, TOO_HOT, CALL_999),
        LABOUR,
    ),
    ("alert", "heat_stress", ""): Meaning(
        text(
            "For people at work: heat can make you ill.",
            "工作人士注意：炎熱天氣可令人中暑。",
            "工作人士注意：炎热天气可令人中暑。",
        ),
        (DRINK, _REST, _NOT_IN_SUN, _STOP_WORK, TOO_HOT),
        LABOUR,
    ),
}
