"""The words that say nothing about which place is meant, and how names of places end."""

from __future__ import annotations

import re
from typing import Final

SHORT_EN: Final = {
    "rd": "road",
    "str": "street",
    "ave": "avenue",
    "hwy": "highway",
    "kln": "kowloon",
    "stn": "station",
    "bldg": "building",
    "ctr": "centre",
    "center": "centre",
    "est": "estate",
    "gdn": "garden",
    "gdns": "gardens",
    "jn": "junction",
    "jct": "junction",
    "junc": "junction",
    "nr": "near",
    "opp": "opposite",
    "shatin": "sha tin",
    "taipo": "tai po",
    "hosp": "hospital",
}
"""Short forms to what they stand for."""


def _listed(words: str) -> list[str]:
    return words.split()


ROAD_ENDS_EN: Final = frozenset(
    _listed(
        "road street avenue highway drive lane path terrace praya crescent circuit boulevard bypass"
        " flyover tunnel bridge corridor"
    )
)
LANDMARK_ENDS_EN: Final = frozenset(
    _listed(
        "estate garden gardens court station hospital plaza centre park market school college"
        " temple village mansion tower building playground pier"
    )
)
ROAD_ENDS_ZH: Final = "公路|隧道|大橋|大桥|天橋|天桥|繞道|绕道|大道|道|路|街|里|徑|径|坊"
LANDMARK_ENDS_ZH: Final = (
    "邨|村|苑|花園|花园|中心|廣場|广场|醫院|医院|學校|学校|中學|小學|公園|公园"
    "|碼頭|街市|大廈|大厦|站"
)

COMMON_EN: Final = frozenset(
    _listed("""
    the a an of and at in on to by for from with near nearby opposite outside between junction
    along towards toward bound side front behind next beside onto over under is are was were be
    been has have had it its this that there here some very please pls urgent asap help now still
    also no not can cannot reported report reports caller calls case received request requires
    assistance need needs attend attended attention staff team police fire services department
    officer public member situation scene location site about around approx approximately due
    tree trees fallen fell fall down branch branches uprooted collapsed collapse leaning trunk
    flood flooded flooding water deep depth rising drain drains blocked block blocking blockage
    obstruct obstructing obstruction obstructed road street lane lanes closed closure traffic
    carriageway pavement footpath vehicle vehicles car cars landslide landslip mud slope soil
    debris rock rocks accident collision crash hit injured person persons people lift trapped
    power failure outage electricity smoke burning scaffolding signboard window glass hanging
    partly part full fully both one two three large big huge whole heavy rain typhoon wind storm
    during night morning passengers pedestrians passing impassable slow congestion bus lamp post
    posts mtr hong kong kowloon new territories what why who someone something stuck dangerous
    completely knee ankle high cm metre metres m km out up off just saw see seen came way only
    """)
)
"""Words that most reports share."""

COMMON_ZH: Final = re.compile(
    "|".join(
        sorted(
            _listed("""
            塌樹 塌树 大樹 大树 樹木 树木 倒塌 倒下 塌下 樹枝 树枝 折斷 斷枝 連根拔起 一棵 有樹 棵樹
            水浸 積水 积水 嚴重 淹水 浸水 水深 水位 渠道 淤塞 去水 山泥傾瀉 山泥倾泻 塌泥 泥石 斜坡
            阻塞 堵塞 阻礙 受阻 封閉 封闭 封路 交通 意外 相撞 撞車 車輛 车辆 行車線 行车线 行人路
            馬路 马路 路面 道路 行人 市民 報稱 報告 接報 收到 投訴 要求 協助 派員 到場 跟進 處理
            盡快 尽快 危險 危险 發現 发现 現場 现场 附近 對出 对出 對面 對開 门口 門口
            旁邊 交界 一帶 位置
            颱風 台风 暴雨 大雨 風暴 停電 停电 電力 中斷 升降機 被困 火警 起火 冒煙
            棚架 招牌 玻璃 墮下
            傷者 受傷 人士 有人 現時 现时 目前 已經 已经 全線 部分 部份 慢線 快線
            中線 雙程 方向 香港
            請 请 急 仲 咁 啲 嘅 咗 喺 冇 唔
            """),
            key=len,
            reverse=True,
        )
    )
)
"""The same in Chinese; the longest first, since one may begin another."""

JOINTS_ZH: Final = re.compile(r"[、，。；：,.;:()（）\s在於于近與及和同有的沿往至被約了!！?？]+")
"""Between what may be names."""
