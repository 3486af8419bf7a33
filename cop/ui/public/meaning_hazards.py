"""Natural hazards and readings, and the general words for what no table knows."""

from __future__ import annotations

from typing import Final

from cop.model.text import text
from cop.ui.public.meaning_lines import (
    AIR,
    CALL_999,
    FEEL_UNWELL,
    FLOOD_WATER,
    GO_INSIDE,
    GOVERNMENT,
    HIGHER,
    HKO,
    HKO_CYCLONE,
    HKO_RAIN,
    LOOSE,
    LOW_LYING,
    NEWS,
    NO_LIFTS,
    OFFICIAL_NEWS,
    RIVERS,
    SHORE,
    SLOPES,
    STAY_INDOORS,
    STAY_PUT,
    WATER_SPORTS,
    Meaning,
)

_READ: Final = text("Read what the publisher says.", "細閱發布機構的內容。", "细阅发布机构的内容。")
_AS_USUAL: Final = text("Enjoy your usual activities.", "可如常活動。", "可如常活动。")
_LESS_EFFORT: Final = text(
    "Children, old people, and people with heart or lung illness: do less hard exercise outside.",
    "小童、長者、心臟或呼吸系統病患者，減少戶外劇烈活動。",
    "小童、长者、心脏或呼吸系统病患者，减少户外剧烈活动。",
)
_NO_EFFORT: Final = text(
    "Children, old people, and people with heart or lung illness: avoid exercise outside.",
    "小童、長者、心臟或呼吸系統病患者，避免戶外活動。",
    "小童、长者、心脏或呼吸系统病患者，避免户外活动。",
)
_EVERYONE_LESS: Final = text(
    "Everyone: do less hard exercise outside.",
    "所有人減少戶外劇烈活動。",
    "所有人减少户外剧烈活动。",
)
_BUSY_ROADS: Final = text(
    "Spend less time near busy roads.", "減少在交通繁忙的地方逗留。", "减少在交通繁忙的地方逗留。"
)

HAZARDS: Final[dict[tuple[str, str, str], Meaning]] = {
    ("hazard", "earthquake", ""): Meaning(
        text(
            "The ground shook at this place. Far away, you may feel nothing.",
            "這裏的地面曾經震動。離得遠的地方可能沒有感覺。",
            "这里的地面曾经震动。离得远的地方可能没有感觉。",
        ),
        (
            text(
                "If it shakes: get down, get under a table and hold on.",
                "如感到震動：蹲下，躲到桌下，抓緊桌腳。",
                "如感到震动：蹲下，躲到桌下，抓紧桌脚。",
            ),
            text(
                "Keep away from windows and things that can fall.",
                "遠離窗戶和會倒下的物件。",
                "远离窗户和会倒下的物件。",
            ),
            NO_LIFTS,
            text(
                "After it stops, leave a damaged building.",
                "震動停止後，離開受損的建築物。",
                "震动停止后，离开受损的建筑物。",
            ),
            CALL_999,
        ),
        HKO,
    ),
    ("hazard", "tropical_cyclone", ""): Meaning(
        text(
            "This is where the cyclone is, or where it may go. The path can change.",
            "這是熱帶氣旋的位置或可能走的路線，路線會變。",
            "这是热带气旋的位置或可能走的路线，路线会变。",
        ),
        (
            text(
                "Look at the signal in force, not only the path.",
                "留意現正生效的信號，不要只看路線。",
                "留意现正生效的信号，不要只看路线。",
            ),
            LOOSE,
            WATER_SPORTS,
            NEWS,
        ),
        HKO_CYCLONE,
    ),
    ("hazard", "rain_nowcast", ""): Meaning(
        text(
            "This is where rain may fall in the next two hours. It is a forecast.",
            "這是未來兩小時可能下雨的地方，屬於預測。",
            "这是未来两小时可能下雨的地方，属于预测。",
        ),
        (
            text("Look again before you go out.", "出門前再看一次。", "出门前再看一次。"),
            text(
                "Keep away from rivers if heavy rain is coming.",
                "大雨將至，遠離河流。",
                "大雨将至，远离河流。",
            ),
            NEWS,
        ),
        HKO_RAIN,
    ),
    ("hazard", "volcano", ""): Meaning(
        text("A volcano is active at this place.", "這裏的火山正在活動。", "这里的火山正在活动。"),
        (text("Do not travel there.", "不要前往當地。", "不要前往当地。"), OFFICIAL_NEWS, _READ),
        GOVERNMENT,
    ),
    ("hazard", "drought", ""): Meaning(
        text(
            "This place has had little rain for a long time.",
            "這裏已很久沒有足夠雨水。",
            "这里已很久没有足够雨水。",
        ),
        (text("Save water.", "節約用水。", "节约用水。"), _READ, OFFICIAL_NEWS),
        GOVERNMENT,
    ),
    ("observation", "rain_1h", ""): Meaning(
        text(
            "This is the rain of the past hour. 30 mm in an hour is heavy.",
            "這是過去一小時的雨量。一小時 30 毫米已是大雨。",
            "这是过去一小时的雨量。一小时 30 毫米已是大雨。",
        ),
        (RIVERS, FLOOD_WATER, SLOPES),
        HKO_RAIN,
    ),
    ("observation", "sea_level", ""): Meaning(
        text(
            "This is the height of the sea. High sea can flood low places near the shore.",
            "這是海水的高度。海水太高，會淹浸沿岸低窪地方。",
            "这是海水的高度。海水太高，会淹浸沿岸低洼地方。",
        ),
        (SHORE, LOW_LYING, HIGHER, FLOOD_WATER, CALL_999),
        HKO,
    ),
    ("observation", "aqhi", "Low"): Meaning(
        text(
            "The air is clean. The health risk is low.",
            "空氣清新，健康風險低。",
            "空气清新，健康风险低。",
        ),
        (
            _AS_USUAL,
            text(
                "Look at the index before you exercise outside.",
                "戶外運動前，先看指數。",
                "户外运动前，先看指数。",
            ),
            FEEL_UNWELL,
        ),
        AIR,
    ),
    ("observation", "aqhi", "Moderate"): Meaning(
        text(
            "The air is fair. The health risk is moderate.",
            "空氣尚可，健康風險中等。",
            "空气尚可，健康风险中等。",
        ),
        (
            _AS_USUAL,
            text(
                "Have symptoms? Think about doing less outside.",
                "有不適症狀，考慮減少戶外活動。",
                "有不适症状，考虑减少户外活动。",
            ),
            FEEL_UNWELL,
        ),
        AIR,
    ),
    ("observation", "aqhi", "High"): Meaning(
        text(
            "The air is polluted. The health risk is high.",
            "空氣污染，健康風險高。",
            "空气污染，健康风险高。",
        ),
        (_LESS_EFFORT, _BUSY_ROADS, FEEL_UNWELL),
        AIR,
    ),
    ("observation", "aqhi", "Very High"): Meaning(
        text(
            "The air is badly polluted. The health risk is very high.",
            "空氣污染嚴重，健康風險甚高。",
            "空气污染严重，健康风险甚高。",
        ),
        (_NO_EFFORT, _EVERYONE_LESS, _BUSY_ROADS, FEEL_UNWELL),
        AIR,
    ),
    ("observation", "aqhi", "Serious"): Meaning(
        text(
            "The air is very badly polluted. The health risk is serious.",
            "空氣污染極嚴重，健康風險屬嚴重。",
            "空气污染极严重，健康风险属严重。",
        ),
        (
            text(
                "Everyone: avoid hard exercise outside.",
                "所有人避免戶外劇烈活動。",
                "所有人避免户外剧烈活动。",
            ),
            _NO_EFFORT,
            text("Stay inside as much as you can.", "盡量留在室內。", "尽量留在室内。"),
            _BUSY_ROADS,
            FEEL_UNWELL,
        ),
        AIR,
    ),
}

GENERAL: Final[dict[str, Meaning]] = {
    "Extreme": Meaning(
        text(
            "This is a very serious danger. Act now.",
            "這是非常嚴重的危險，立即行動。",
            "这是非常严重的危险，立即行动。",
        ),
        (STAY_PUT, GO_INSIDE, _READ, OFFICIAL_NEWS, CALL_999),
        GOVERNMENT,
    ),
    "Severe": Meaning(
        text(
            "This is a serious danger. Get ready now.",
            "這是嚴重的危險，立即做好準備。",
            "这是严重的危险，立即做好准备。",
        ),
        (STAY_INDOORS, _READ, OFFICIAL_NEWS, CALL_999),
        GOVERNMENT,
    ),
    "Moderate": Meaning(
        text(
            "This may be dangerous. Take care.", "這可能有危險，請小心。", "这可能有危险，请小心。"
        ),
        (_READ, OFFICIAL_NEWS, CALL_999),
        GOVERNMENT,
    ),
    "Minor": Meaning(
        text(
            "This is a small danger. Keep an eye on it.",
            "危險不大，但要留意。",
            "危险不大，但要留意。",
        ),
        (_READ, OFFICIAL_NEWS, CALL_999),
        GOVERNMENT,
    ),
    "Unknown": Meaning(
        text(
            "How dangerous this is has not been said.",
            "發布機構沒有說明危險程度。",
            "发布机构没有说明危险程度。",
        ),
        (_READ, OFFICIAL_NEWS, CALL_999),
        GOVERNMENT,
    ),
}
"""By severity: for a warning, hazard or incident of which no table has words of its own."""
