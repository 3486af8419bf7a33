"""What happens in the city: incidents, closed roads, shelters; in plain words."""

from __future__ import annotations

from typing import Final

from cop.model.text import text
from cop.ui.public.meaning_lines import (
    BASEMENTS,
    BUILDINGS,
    CALL_999,
    CHECK_TRAVEL,
    DRAINAGE,
    DRIVE_SLOWLY,
    ELECTRICITY,
    FIRE_SERVICES,
    FLOOD_WATER,
    HIGHER,
    HOME_AFFAIRS,
    KEEP_CLEAR,
    MORE_TIME,
    NO_LIFTS,
    OFFICIAL_NEWS,
    OTHER_WAY,
    POLICE,
    RIVERS,
    SLOPES,
    SLOPES_PAGE,
    TOLD_TO_LEAVE,
    TRANSPORT,
    TREES,
    WATER,
    WIRES,
    Meaning,
)

_SIGNS: Final = text(
    "Follow road signs and the police.", "遵從路牌和警察的指示。", "遵从路牌和警察的指示。"
)

CITY: Final[dict[tuple[str, str, str], Meaning]] = {
    ("incident", "flooding", ""): Meaning(
        text(
            "Water covers this place. It can be deep or fast.",
            "這裏水浸，水可能很深或很急。",
            "这里水浸，水可能很深或很急。",
        ),
        (FLOOD_WATER, HIGHER, BASEMENTS, RIVERS, WIRES, CALL_999),
        DRAINAGE,
    ),
    ("incident", "landslide", ""): Meaning(
        text(
            "Earth or rock has come down here. More may fall.",
            "這裏有山泥或石塊瀉下，可能再有倒塌。",
            "这里有山泥或石块泻下，可能再有倒塌。",
        ),
        (SLOPES, KEEP_CLEAR, OTHER_WAY, TOLD_TO_LEAVE, CALL_999),
        SLOPES_PAGE,
    ),
    ("incident", "fallen_tree", ""): Meaning(
        text(
            "A tree or branch has come down here.",
            "這裏有樹木或樹枝塌下。",
            "这里有树木或树枝塌下。",
        ),
        (
            text(
                "Keep away from the tree. More may fall.",
                "遠離該樹，可能再有樹枝跌下。",
                "远离该树，可能再有树枝跌下。",
            ),
            WIRES,
            OTHER_WAY,
            text(
                "Someone hurt or the road blocked? Call 999.",
                "有人受傷或道路受阻，請打 999。",
                "有人受伤或道路受阻，请打 999。",
            ),
        ),
        TREES,
    ),
    ("incident", "road_blockage", ""): Meaning(
        text("Something blocks the road here.", "這裏的道路受阻。", "这里的道路受阻。"),
        (OTHER_WAY, _SIGNS, DRIVE_SLOWLY, MORE_TIME),
        TRANSPORT,
    ),
    ("incident", "power_failure", ""): Meaning(
        text("There is no electricity at this place.", "這裏停電。", "这里停电。"),
        (
            text(
                "Use a torch, not candles.", "使用手電筒，不要點蠟燭。", "使用手电筒，不要点蜡烛。"
            ),
            NO_LIFTS,
            text(
                "Switch off cookers, irons and heaters.",
                "關掉煮食爐、熨斗和暖爐。",
                "关掉煮食炉、熨斗和暖炉。",
            ),
            text(
                "Stuck in a lift? Press the bell and wait.",
                "如被困升降機，按警鐘並等待救援。",
                "如被困升降机，按警钟并等待救援。",
            ),
            WIRES,
            CALL_999,
        ),
        ELECTRICITY,
    ),
    ("incident", "water_supply", ""): Meaning(
        text(
            "Tap water is cut off, or not normal, here.",
            "這裏的食水供應中斷或不正常。",
            "这里的食水供应中断或不正常。",
        ),
        (
            text("Turn off your taps.", "關好水龍頭。", "关好水龙头。"),
            text(
                "Get water from the water wagon or tank.",
                "到水車或水箱取水。",
                "到水车或水箱取水。",
            ),
            text(
                "Water looks dirty? Do not drink it.",
                "水色異常，便不要飲用。",
                "水色异常，便不要饮用。",
            ),
            OFFICIAL_NEWS,
        ),
        WATER,
    ),
    ("incident", "fire", ""): Meaning(
        text(
            "There is a fire here. Smoke is dangerous.",
            "這裏發生火警，濃煙有危險。",
            "这里发生火警，浓烟有危险。",
        ),
        (
            KEEP_CLEAR,
            text(
                "Close windows if smoke comes your way.",
                "如濃煙飄來，關上窗戶。",
                "如浓烟飘来，关上窗户。",
            ),
            NO_LIFTS,
            text(
                "In the building? Leave by the stairs if it is safe.",
                "如在大廈內，安全的話由樓梯離開。",
                "如在大厦内，安全的话由楼梯离开。",
            ),
            TOLD_TO_LEAVE,
            CALL_999,
        ),
        FIRE_SERVICES,
    ),
    ("incident", "crowd", ""): Meaning(
        text("It is very crowded here.", "這裏人多擠迫。", "这里人多挤迫。"),
        (
            text("Do not go there now.", "現時不要前往。", "现时不要前往。"),
            text(
                "Already there? Walk slowly and do not push.",
                "如已在場，慢慢走，不要推撞。",
                "如已在场，慢慢走，不要推撞。",
            ),
            text(
                "Follow the police and staff.",
                "遵從警察和工作人員的指示。",
                "遵从警察和工作人员的指示。",
            ),
            CALL_999,
        ),
        POLICE,
    ),
    ("incident", "traffic_accident", ""): Meaning(
        text("There has been a road accident here.", "這裏發生交通意外。", "这里发生交通意外。"),
        (KEEP_CLEAR, OTHER_WAY, DRIVE_SLOWLY, _SIGNS),
        TRANSPORT,
    ),
    ("incident", "transport_disruption", ""): Meaning(
        text(
            "Trains, buses or ferries are not running as usual.",
            "鐵路、巴士或渡輪服務受阻。",
            "铁路、巴士或渡轮服务受阻。",
        ),
        (
            CHECK_TRAVEL,
            OTHER_WAY,
            MORE_TIME,
            text(
                "Follow the staff at stations and piers.",
                "遵從車站和碼頭職員的指示。",
                "遵从车站和码头职员的指示。",
            ),
        ),
        TRANSPORT,
    ),
    ("incident", "structural", ""): Meaning(
        text(
            "A building or wall here may not be safe.",
            "這裏的建築物或牆壁可能不安全。",
            "这里的建筑物或墙壁可能不安全。",
        ),
        (
            KEEP_CLEAR,
            TOLD_TO_LEAVE,
            text(
                "See cracks or falling pieces? Get away.",
                "見到裂縫或碎片跌下，立即離開。",
                "见到裂缝或碎片跌下，立即离开。",
            ),
            CALL_999,
        ),
        BUILDINGS,
    ),
    ("road", "closed", ""): Meaning(
        text("No one can drive here now.", "這段路現時不准行車。", "这段路现时不准行车。"),
        (OTHER_WAY, _SIGNS, MORE_TIME),
        TRANSPORT,
    ),
    ("road", "restricted", ""): Meaning(
        text("Only part of this road is open.", "這段路只有部分開放。", "这段路只有部分开放。"),
        (DRIVE_SLOWLY, _SIGNS, MORE_TIME),
        TRANSPORT,
    ),
    ("facility", "shelter", "full"): Meaning(
        text("This shelter has no more room.", "這個庇護中心已經滿額。", "这个庇护中心已经满额。"),
        (
            text(
                "Go to another open shelter.",
                "前往其他已開放的庇護中心。",
                "前往其他已开放的庇护中心。",
            ),
            text(
                "Look in the list for space near you.",
                "在列表查看附近仍有空位的中心。",
                "在列表查看附近仍有空位的中心。",
            ),
            text(
                "Cannot get there safely? Call 999.",
                "未能安全前往，請打 999。",
                "未能安全前往，请打 999。",
            ),
        ),
        HOME_AFFAIRS,
    ),
    ("facility", "first_aid_post", ""): Meaning(
        text("Here people give first aid.", "這裏有人提供急救服務。", "这里有人提供急救服务。"),
        (
            text(
                "Hurt or unwell? Go there or ask staff for help.",
                "受傷或不適，可前往或向職員求助。",
                "受伤或不适，可前往或向职员求助。",
            ),
            text("Do not move a badly hurt person.", "不要移動重傷的人。", "不要移动重伤的人。"),
            text("Life in danger? Call 999.", "有生命危險，請打 999。", "有生命危险，请打 999。"),
        ),
        FIRE_SERVICES,
    ),
    ("facility", "shelter", ""): Meaning(
        text(
            "A temporary shelter is a safe place to stay. It is free.",
            "臨時庇護中心是安全的暫住地方，費用全免。",
            "临时庇护中心是安全的暂住地方，费用全免。",
        ),
        (
            text(
                "Look first if it is open and has space.",
                "先看是否開放和有空位。",
                "先看是否开放和有空位。",
            ),
            text(
                "Bring your medicine, phone and charger.",
                "帶備藥物、電話和充電器。",
                "带备药物、电话和充电器。",
            ),
            text("Go only if the way is safe.", "路上安全才前往。", "路上安全才前往。"),
            CALL_999,
        ),
        HOME_AFFAIRS,
    ),
}
