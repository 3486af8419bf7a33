"""What is on record of the sky and of the announcements, with its sources."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from cop.model.text import text
from workers.simulate.story import SYNTHETIC, Cyclone, Fix, Said, Warned, hkt

CDAILY_23: Final = "China Daily Hong Kong, 23 September 2025, article 620412"
CDAILY_24: Final = "China Daily Hong Kong, 24 September 2025, article 620479"
CDAILY_LIVE: Final = "China Daily Hong Kong, live report of 24 September 2025"
HKFP: Final = "Hong Kong Free Press, 24 September 2025"
RTHK_10: Final = "RTHK, 24 September 2025, 1824328"
RTHK_8: Final = "RTHK, 24 September 2025, 1824446"
XINHUA: Final = "Xinhua, 23 September 2025"
HAD: Final = "info.gov.hk press release P2025092200935, 22 September 2025; halls synthetic"
BULLETIN: Final = "Hong Kong Observatory, tropical cyclone warning bulletin of that hour"
DARILAUT: Final = "Hong Kong Observatory at 18:00, as reported by Darilaut, 23 September 2025"
HKO_22: Final = (
    "Hong Kong Observatory bulletin of 22 September 2025, as reported by The Economic Times"
)
OUTLOOK: Final = "Hong Kong Observatory forecast of 21 September 2025, as reported by HKFP"
YAHOO: Final = "Macao SMG, as reported by Yahoo News Hong Kong, 23 and 24 September 2025"
RTHK_MO: Final = "RTHK, 24 September 2025, 1824518: still No. 8 and blue at 18:50; end synthetic"
START: Final = hkt(2025, 9, 23, 13, 30)
END: Final = hkt(2025, 9, 25, 12)
DAY_24: Final = hkt(2025, 9, 24)


def after(hours: float) -> timedelta:
    """Give a span of *hours*."""
    return timedelta(hours=hours)


NO_1: Final = hkt(2025, 9, 22, 12, 20)
NO_3: Final = hkt(2025, 9, 22, 21, 40)
NO_8: Final = hkt(2025, 9, 23, 14, 20)
NO_9: Final = hkt(2025, 9, 24, 1, 40)
NO_10: Final = hkt(2025, 9, 24, 2, 40)
DOWN_8: Final = hkt(2025, 9, 24, 13, 20)
DOWN_3: Final = hkt(2025, 9, 24, 20, 20)
DOWN_1: Final = hkt(2025, 9, 25, 8, 20)
OVER: Final = hkt(2025, 9, 25, 11, 20)
WARNINGS: Final = (
    Warned("WTCSGNL", "TC1", NO_1, NO_3, f"{HKO_22}: in force at 13:45; hour of issue synthetic"),
    Warned("WTCSGNL", "TC3", NO_3, NO_8, CDAILY_23),
    Warned("WTCPRE8", "WTCPRE8", hkt(2025, 9, 23, 12, 20), NO_8, CDAILY_23),
    Warned("WTCSGNL", "TC8NW", NO_8, NO_9, f"{CDAILY_23}; {XINHUA}"),
    Warned("WTCSGNL", "TC9", NO_9, NO_10, f"{BULLETIN}; {HKFP}"),
    Warned("WTCSGNL", "TC10", NO_10, DOWN_8, f"{RTHK_10}; {RTHK_8}"),
    Warned("WTCSGNL", "TC8SE", DOWN_8, DOWN_3, f"{RTHK_8}; {CDAILY_LIVE}"),
    Warned("WTCSGNL", "TC3", DOWN_3, DOWN_1, f"{CDAILY_LIVE}: at least until 07:00; end synthetic"),
    Warned("WTCSGNL", "TC1", DOWN_1, OVER, SYNTHETIC),
    Warned("WRAIN", "WRAINA", hkt(2025, 9, 24, 2, 45), hkt(2025, 9, 24, 11, 50), CDAILY_24),
    Warned(
        "WRAIN",
        "WRAINA",
        hkt(2025, 9, 24, 15, 20),
        hkt(2025, 9, 24, 20),
        f"{CDAILY_24}; {CDAILY_LIVE}",
    ),
    Warned("WTS", "WTS", DAY_24 + after(14.5), DAY_24 + after(21), SYNTHETIC),
    Warned("WL", "WL", DAY_24 + after(16.2), DAY_24 + after(22), SYNTHETIC),
)
RAGASA: Final = Cyclone(
    "2518",
    "RAGASA",
    "樺加沙",
    (
        Fix(hkt(2025, 9, 21, 20), 18.9, 124.6, 195, "Super Typhoon", SYNTHETIC),
        Fix(hkt(2025, 9, 22, 2), 19.1, 123.7, 210, "Super Typhoon", SYNTHETIC),
        Fix(hkt(2025, 9, 22, 8), 19.3, 122.6, 220, "Super Typhoon", SYNTHETIC),
        Fix(hkt(2025, 9, 22, 14), 19.4, 121.6, 230, "Super Typhoon", f"{HKO_22}; wind synthetic"),
        Fix(hkt(2025, 9, 22, 20), 19.7, 120.4, 230, "Super Typhoon", SYNTHETIC),
        Fix(hkt(2025, 9, 23, 2), 20.0, 119.3, 220, "Super Typhoon", SYNTHETIC),
        Fix(hkt(2025, 9, 23, 8), 20.2, 118.2, 210, "Super Typhoon", SYNTHETIC),
        Fix(hkt(2025, 9, 23, 16), 20.5, 116.8, 205, "Super Typhoon", f"{BULLETIN}; wind synthetic"),
        Fix(hkt(2025, 9, 23, 18), 20.7, 116.5, 205, "Super Typhoon", f"{DARILAUT}; wind synthetic"),
        Fix(hkt(2025, 9, 24, 2), 21.1, 114.9, 205, "Super Typhoon", f"{BULLETIN}; wind synthetic"),
        Fix(hkt(2025, 9, 24, 5), 21.2, 114.3, 205, "Super Typhoon", f"{BULLETIN}; wind synthetic"),
        Fix(
            hkt(2025, 9, 24, 13),
            21.4,
            112.9,
            180,
            "Severe Typhoon",
            f"{RTHK_8}: class; place synthetic",
        ),
        Fix(
            hkt(2025, 9, 24, 16), 21.5, 112.3, 165, "Severe Typhoon", f"{BULLETIN}; wind synthetic"
        ),
        Fix(hkt(2025, 9, 24, 20), 21.6, 111.4, 140, "Typhoon", SYNTHETIC),
        Fix(hkt(2025, 9, 25, 8), 21.3, 108.7, 110, "Severe Tropical Storm", OUTLOOK),
        Fix(hkt(2025, 9, 26, 8), 20.2, 104.9, 75, "Tropical Storm", OUTLOOK),
    ),
)
TIPS: Final = (
    Said(
        hkt(2025, 9, 23, 16, 10),
        {},
        text(
            "Winds will strengthen quickly tonight. Finish all precautions.",
            "今晚風力將迅速增強，請完成所有防風措施。",
            "今晚风力将迅速增强，请完成所有防风措施。",
        ),
        SYNTHETIC,
    ),
    Said(
        hkt(2025, 9, 24, 5, 15),
        {},
        text(
            "The sea has begun to rise; it will be highest around noon. Stay away from the shore.",
            "海水水位已開始上升，將於正午前後達至最高。請遠離岸邊。",
            "海水水位已开始上升，将于正午前后达至最高。请远离岸边。",
        ),
        BULLETIN,
    ),
    Said(
        hkt(2025, 9, 24, 16, 5),
        {},
        text(
            "Hourly rain exceeds 70 mm over North and Tai Po and 140 mm over Sai Kung.",
            "北區及大埔區每小時雨量超過70毫米，西貢區超過140毫米。",
            "北区及大埔区每小时雨量超过70毫米，西贡区超过140毫米。",
        ),
        f"{CDAILY_24}; minute synthetic",
    ),
)


def _figures(hour: tuple[int, int, int], en: str, tc: str, source: str) -> Said:
    day, at, minute = hour
    title = text("Situation as Ragasa affects Hong Kong", "樺加沙影響香港的情況")
    return Said(hkt(2025, 9, day, at, minute), title, text(en, tc), source)


RELEASES: Final = (
    _figures(
        (23, 20, 0),
        "48 temporary shelters hold 599 people. Three people have gone to hospitals.",
        "48個臨時庇護中心接收599人，三人到醫院求醫。",
        XINHUA,
    ),
    _figures(
        (24, 7, 30),
        "As at 7am 738 people were in temporary shelters; 19 were injured; there were 33 and"
        " 135 reports of fallen trees, four of flooding and one landslide.",
        "截至早上7時，738人入住臨時庇護中心，19人受傷；塌樹報告分別有33宗及135宗，水浸四宗，山泥傾瀉一宗。",
        HKFP,
    ),
    _figures(
        (24, 13, 30),
        "As at noon there were 437 reports of fallen trees, 15 of flooding and one landslide;"
        " 62 people had gone to hospitals.",
        "截至正午，塌樹報告437宗，水浸15宗，山泥傾瀉一宗，62人求醫。",
        RTHK_8,
    ),
    _figures(
        (24, 20, 30),
        "As at 8pm 905 people were in 50 temporary shelters; 101 were injured; 718, 498 and"
        " eight reports of fallen trees, 22 floods and four landslides.",
        "截至晚上8時，50個臨時庇護中心共接收905人；101人受傷；塌樹報告分別有718宗、498宗及8宗，水浸22宗，山泥傾瀉四宗。",
        CDAILY_LIVE,
    ),
    Said(
        hkt(2025, 9, 24, 16, 45),
        text("Airport to resume from 6am", "機場早上6時起恢復"),
        text(
            "There are no passenger flights before midnight;"
            " the airport recovers from 6am tomorrow.",
            "午夜前沒有客運航班；機場將於明早6時起逐步恢復。",
        ),
        CDAILY_LIVE,
    ),
)
SITUATION: Final = (
    Said(
        hkt(2025, 9, 22),
        text(
            "Super Typhoon Ragasa is crossing the northern part of the South China Sea.",
            "超強颱風樺加沙正橫過南海北部。",
            "超强台风桦加沙正横过南海北部。",
        ),
        text(
            "Gale to storm force winds, heavy squally showers.",
            "烈風至暴風程度，有狂風大驟雨。",
            "烈风至暴风程度，有狂风大骤雨。",
        ),
        SYNTHETIC,
    ),
    Said(
        hkt(2025, 9, 24, 20),
        text(
            "Ragasa is over western Guangdong and weakening.",
            "樺加沙正橫過廣東西部並減弱。",
            "桦加沙正横过广东西部并减弱。",
        ),
        text("Squally showers at first.", "初時有狂風驟雨。", "初时有狂风骤雨。"),
        SYNTHETIC,
    ),
)
