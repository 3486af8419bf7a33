"""Lines of advice that several warnings share, and the pages that have the last word on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cop.model.text import LANGS, Text, text


@dataclass(frozen=True, slots=True)
class Source:
    """Where more is said, by whoever has the last word on it.

    Attributes:
        name: of the page, in words.
        links: its address in each language.
    """

    name: Text
    links: Text


@dataclass(frozen=True, slots=True)
class Meaning:
    """A thing in plain words.

    Attributes:
        what: what it means: one or two short sentences.
        do: what to do: three to six short lines, the most urgent first.
        source: where it is said by whoever has the last word on it.
    """

    what: Text
    do: tuple[Text, ...]
    source: Source


def _page(name: Text, link: str) -> Source:
    """Name a page; `{}` in *link* stands for its publisher's word for the language."""
    words = {"en": "en", "zh-Hant": "tc", "zh-Hans": "sc"}
    return Source(name, {lang: link.format(words[lang]) for lang in LANGS})


_HKO: Final = text("Hong Kong Observatory", "香港天文台", "香港天文台")
HKO: Final = _page(_HKO, "https://www.hko.gov.hk/{}/wxinfo/dailywx/wxwarntoday.htm")
HKO_CYCLONE: Final = _page(_HKO, "https://www.hko.gov.hk/{}/informtc/tcsignal.htm")
HKO_RAIN: Final = _page(_HKO, "https://www.hko.gov.hk/{}/wservice/warning/rainstor.htm")
HKO_HOT_COLD: Final = _page(_HKO, "https://www.hko.gov.hk/{}/wservice/warning/coldhot.htm")
SMG: Final = _page(
    text("Macao Meteorological and Geophysical Bureau", "澳門地球物理氣象局", "澳门地球物理气象局"),
    "https://www.smg.gov.mo/",
)
WMO: Final = _page(
    text("World Meteorological Organization", "世界氣象組織", "世界气象组织"),
    "https://severeweather.wmo.int/",
)
LABOUR: Final = _page(text("Labour Department", "勞工處", "劳工处"), "https://www.labour.gov.hk/")
SLOPES_PAGE: Final = _page(
    text(
        "Hong Kong Slope Safety, CEDD",
        "土木工程拓展署「香港斜坡安全」",
        "土木工程拓展署「香港斜坡安全」",
    ),
    "https://hkss.cedd.gov.hk/",
)
DRAINAGE: Final = _page(
    text("Drainage Services Department", "渠務署", "渠务署"), "https://www.dsd.gov.hk/"
)
FIRE_SERVICES: Final = _page(
    text("Fire Services Department", "消防處", "消防处"), "https://www.hkfsd.gov.hk/"
)
POLICE: Final = _page(
    text("Hong Kong Police Force", "香港警務處", "香港警务处"), "https://www.police.gov.hk/"
)
TRANSPORT: Final = _page(
    text("Transport Department", "運輸署", "运输署"),
    "https://www.td.gov.hk/{}/special_news/spnews.htm",
)
TREES: Final = _page(
    text(
        "Greening, Landscape and Tree Management Section",
        "綠化、園境及樹木管理組",
        "绿化、园境及树木管理组",
    ),
    "https://www.greening.gov.hk/",
)
BUILDINGS: Final = _page(text("Buildings Department", "屋宇署", "屋宇署"), "https://www.bd.gov.hk/")
WATER: Final = _page(
    text("Water Supplies Department", "水務署", "水务署"), "https://www.wsd.gov.hk/"
)
ELECTRICITY: Final = _page(
    text("Electrical and Mechanical Services Department", "機電工程署", "机电工程署"),
    "https://www.emsd.gov.hk/",
)
AIR: Final = _page(
    text("Air Quality Health Index", "空氣質素健康指數", "空气质素健康指数"),
    "https://www.aqhi.gov.hk/",
)
HOME_AFFAIRS: Final = _page(
    text("Home Affairs Department", "民政事務總署", "民政事务总署"), "https://www.had.gov.hk/"
)
GOVERNMENT: Final = _page(
    text("GovHK", "香港政府一站通", "香港政府一站通"), "https://www.gov.hk/{}/"
)

CALL_999: Final = text("In danger? Call 999.", "遇到危險，請打 999。", "遇到危险，请打 999。")
NEWS: Final = text("Follow the latest weather news.", "留意最新天氣消息。", "留意最新天气消息。")
OFFICIAL_NEWS: Final = text(
    "Follow the news from the Government.", "留意政府的最新消息。", "留意政府的最新消息。"
)
SCHOOL: Final = text(
    "Students: check the Education Bureau's news about school.",
    "學生請留意教育局有關上課的公布。",
    "学生请留意教育局有关上课的公布。",
)
CHECK_TRAVEL: Final = text(
    "Check roads and transport before you go out.",
    "出門前，先查看道路及交通情況。",
    "出门前，先查看道路及交通情况。",
)
OTHER_WAY: Final = text("Go another way.", "改用其他路線。", "改用其他路线。")
MORE_TIME: Final = text(
    "Leave more time for your trip.", "預留更多時間出行。", "预留更多时间出行。"
)

STAY_INDOORS: Final = text(
    "Stay indoors until it is safe.", "留在室內，直至安全為止。", "留在室内，直至安全为止。"
)
STAY_PUT: Final = text(
    "In a safe place? Stay there.", "如身處安全地方，便留在那裏。", "如身处安全地方，便留在那里。"
)
GO_INSIDE: Final = text(
    "If you are outside, go into a safe building now.",
    "如在戶外，立即進入安全的建築物。",
    "如在户外，立即进入安全的建筑物。",
)
HOME_EARLY: Final = text(
    "Go home or to a safe place before the wind gets strong.",
    "在風力增強前，回家或到安全地方。",
    "在风力增强前，回家或到安全地方。",
)
SHELTER: Final = text(
    "No safe home? Go to an open temporary shelter.",
    "住處不安全的話，可前往已開放的臨時庇護中心。",
    "住处不安全的话，可前往已开放的临时庇护中心。",
)
RIVERS: Final = text(
    "Keep away from rivers, streams and open drains.",
    "遠離河流、溪澗和明渠。",
    "远离河流、溪涧和明渠。",
)
SLOPES: Final = text(
    "Keep away from steep slopes and retaining walls.",
    "遠離陡峭斜坡和擋土牆。",
    "远离陡峭斜坡和挡土墙。",
)
FLOOD_WATER: Final = text(
    "Do not walk or drive through flood water.",
    "不要涉水步行，也不要駕車駛過水浸的道路。",
    "不要涉水步行，也不要驾车驶过水浸的道路。",
)
BASEMENTS: Final = text(
    "Keep out of basements and underground car parks.",
    "不要進入地庫或地下停車場。",
    "不要进入地库或地下停车场。",
)
HIGHER: Final = text(
    "If water rises, move to a higher place.",
    "水位上升時，移往較高的地方。",
    "水位上升时，移往较高的地方。",
)
LOW_LYING: Final = text("Keep away from low-lying places.", "遠離低窪地方。", "远离低洼地方。")
LOW_HOME: Final = text(
    "Live in a low place? Be ready to leave early.",
    "如住在低窪地區，準備及早離開。",
    "如住在低洼地区，准备及早离开。",
)
DRAINS: Final = text(
    "Clear leaves and rubbish from drains.", "清理渠口的落葉和垃圾。", "清理渠口的落叶和垃圾。"
)
SHORE: Final = text(
    "Keep away from the shore and the waves.", "遠離岸邊和大浪。", "远离岸边和大浪。"
)
WATER_SPORTS: Final = text(
    "Do not swim or play water sports.", "不要游泳或進行水上活動。", "不要游泳或进行水上活动。"
)
LOOSE: Final = text(
    "Bring in flower pots and things that can blow away.",
    "把花盆和會被風吹走的物件搬進室內。",
    "把花盆和会被风吹走的物件搬进室内。",
)
LOCK: Final = text(
    "Shut and lock all windows and doors.", "關好及鎖好所有門窗。", "关好及锁好所有门窗。"
)
WINDOWS: Final = text(
    "Keep away from windows and glass doors.", "遠離窗戶和玻璃門。", "远离窗户和玻璃门。"
)
WIRES: Final = text("Do not touch fallen wires.", "不要觸碰跌下的電線。", "不要触碰跌下的电线。")
DRIVE_SLOWLY: Final = text(
    "Drivers: slow down and keep your distance.",
    "駕駛人士請減速，保持車距。",
    "驾驶人士请减速，保持车距。",
)
HILL_ROADS: Final = text(
    "Drivers: keep off hill roads.", "駕駛人士請避免使用山邊道路。", "驾驶人士请避免使用山边道路。"
)
FEEL_UNWELL: Final = text(
    "Feel unwell? Tell someone and get help.",
    "感到不適，告訴別人並求助。",
    "感到不适，告诉别人并求助。",
)
DRINK: Final = text("Drink water often.", "經常喝水。", "经常喝水。")
COOL: Final = text(
    "Stay in the shade or in a cool room.", "留在陰涼或有冷氣的地方。", "留在阴凉或有冷气的地方。"
)
TOO_HOT: Final = text(
    "Dizzy or sick? Rest in a cool place and get help.",
    "感到頭暈或不適，到陰涼處休息並求助。",
    "感到头晕或不适，到阴凉处休息并求助。",
)
CHECK_OLD: Final = text("Check on old people who live alone.", "關心獨居長者。", "关心独居长者。")
KEEP_CLEAR: Final = text(
    "Keep away. Let rescue teams work.", "遠離現場，讓救援人員工作。", "远离现场，让救援人员工作。"
)
TOLD_TO_LEAVE: Final = text(
    "If rescuers tell you to leave, go.",
    "如救援人員叫你離開，便要離開。",
    "如救援人员叫你离开，便要离开。",
)
NO_LIFTS: Final = text("Do not use lifts.", "不要使用升降機。", "不要使用升降机。")
