"""How people and publishers word the reports of a bad night: streets, phrases, slips."""

from __future__ import annotations

from typing import Final

LOCAL_STREETS: Final = (
    ("Fuk Wing Street", "福榮街", "sham-shui-po-mtr"),
    ("Apliu Street", "鴨寮街", "sham-shui-po-mtr"),
    ("Yen Chow Street", "欽州街", "sham-shui-po-mtr"),
    ("Sai Yeung Choi Street South", "西洋菜南街", "mong-kok-mtr"),
    ("Fa Yuen Street", "花園街", "mong-kok-mtr"),
    ("Tung Choi Street", "通菜街", "mong-kok-mtr"),
    ("Shanghai Street", "上海街", "yau-ma-tei-mtr"),
    ("Reclamation Street", "新填地街", "yau-ma-tei-mtr"),
    ("Temple Street", "廟街", "jordan-mtr"),
    ("Carnarvon Road", "加拿芬道", "tsim-sha-tsui-mtr"),
    ("Granville Road", "加連威老道", "tsim-sha-tsui-mtr"),
    ("Tin Hau Temple Road", "天后廟道", "tin-hau-mtr"),
    ("Electric Road", "電氣道", "tin-hau-mtr"),
    ("Java Road", "渣華道", "north-point-mtr"),
    ("Marble Road", "馬寶道", "north-point-mtr"),
    ("Shau Kei Wan Road", "筲箕灣道", "sai-wan-ho-mtr"),
    ("Hing Wah Street", "興華街", "cheung-sha-wan-mtr"),
    ("Un Chau Street", "元州街", "cheung-sha-wan-mtr"),
    ("Tai Nan Street", "大南街", "prince-edward-mtr"),
    ("Pui Ching Road", "培正道", "ho-man-tin-mtr"),
    ("Ma Tau Wai Road", "馬頭圍道", "to-kwa-wan-mtr"),
    ("Pau Chung Street", "炮仗街", "to-kwa-wan-mtr"),
    ("Junction Road", "聯合道", "lok-fu-mtr"),
    ("Sha Tin Pass Road", "沙田坳道", "wong-tai-sin-mtr"),
    ("Hip Wo Street", "協和街", "kwun-tong-mtr"),
    ("Hoi Yuen Road", "開源道", "kwun-tong-mtr"),
    ("Ngau Tau Kok Road", "牛頭角道", "ngau-tau-kok-mtr"),
    ("Tong Ming Street", "唐明街", "tseung-kwan-o-mtr"),
    ("Po Hong Road", "寶康路", "po-lam-mtr"),
    ("Pak Hok Ting Street", "白鶴汀街", "sha-tin-mtr"),
    ("Kwong Fuk Road", "廣福道", "tai-po-market-mtr"),
    ("Luen Wo Road", "聯和道", "fanling-mtr"),
    ("San Shing Avenue", "新成路", "sheung-shui-mtr"),
    ("Sau Fu Street", "壽富街", "yuen-long-mtr"),
    ("Kau Yuk Road", "教育路", "yuen-long-mtr"),
    ("Tin Yiu Road", "天耀路", "tin-shui-wai-mtr"),
    ("Pui To Road", "杯渡路", "tuen-mun-mtr"),
    ("Sha Tsui Road", "沙咀道", "tsuen-wan-mtr"),
    ("Chung On Street", "眾安街", "tsuen-wan-mtr"),
    ("Hing Fong Road", "興芳路", "kwai-fong-mtr"),
    ("Tsing Yi Road", "青衣路", "tsing-yi-mtr"),
    ("Tat Tung Road", "達東路", "tung-chung-mtr"),
    ("High Street", "高街", "sai-ying-pun-mtr"),
    ("Bonham Road", "般咸道", "sai-ying-pun-mtr"),
    ("Lee Garden Road", "利園山道", "causeway-bay-mtr"),
    ("Wan Chai Road", "灣仔道", "wan-chai-mtr"),
)
"""Streets that no table of ours has, in two languages, and the station that they are near."""

FIRST_PARTS: Final = (
    *(("Fuk", "福"), ("Wing", "永"), ("Hing", "興"), ("Kwong", "廣"), ("On", "安"), ("Tak", "德")),
    *(
        ("Shun", "順"),
        ("Cheung", "昌"),
        ("Fung", "鳳"),
        ("Hoi", "海"),
        ("Lung", "龍"),
        ("Po", "寶"),
    ),
    *(("Sing", "成"), ("Tung", "通"), ("Wo", "和"), ("Yan", "仁"), ("Yee", "怡"), ("Tin", "田")),
)
SECOND_PARTS: Final = (
    *(("Lok", "樂"), ("Ning", "寧"), ("Ming", "明"), ("Wah", "華"), ("Shing", "盛"), ("Man", "文")),
    *(("Yuen", "源"), ("Kei", "基"), ("Lee", "利"), ("Tai", "泰"), ("Yip", "業"), ("Fu", "富")),
    *(("Kin", "建"), ("Sau", "秀"), ("Chi", "志"), ("Hong", "康"), ("Yu", "裕"), ("Ping", "平")),
)
ENDINGS: Final = (("Street", "街"), ("Road", "道"), ("Lane", "里"), ("Path", "徑"))
"""Of these parts, as in Hong Kong, the names of all other streets are made: many are alike."""

THINGS: Final = {
    "fallen_tree": (
        ("Fallen tree", "Tree collapsed", "Tree down", "Uprooted tree", "Large branch fallen"),
        ("塌樹", "大樹倒塌", "有樹倒下", "樹木連根拔起", "樹枝折斷墮下"),
    ),
    "flooding": (
        ("Flooding", "Road flooded", "Serious flooding", "Water knee deep", "Blocked drain, flood"),
        ("水浸", "嚴重水浸", "馬路積水", "水深及膝", "渠道淤塞水浸"),
    ),
    "landslide": (
        ("Landslip", "Landslide", "Mud and rocks from slope", "Slope failure"),
        ("山泥傾瀉", "斜坡山泥塌下", "塌泥", "泥石流落馬路"),
    ),
    "road_blockage": (
        ("Road blocked", "Lane closed by debris", "Obstruction on carriageway", "Scaffold on road"),
        ("道路受阻", "雜物阻塞行車線", "路面有障礙物", "棚架倒塌阻路"),
    ),
    "traffic_accident": (
        ("Traffic accident", "Car crash", "Collision of two cars", "Taxi hit railing"),
        ("交通意外", "兩車相撞", "車輛失控撞欄", "的士撞壆"),
    ),
    "structural": (
        ("Signboard loose", "Window fallen", "Scaffolding collapsed", "Wall cladding fell"),
        ("招牌鬆脫", "窗戶墮下", "棚架倒塌", "外牆剝落"),
    ),
    "power_failure": (
        ("Power failure", "No electricity in the building", "Blackout"),
        ("停電", "大廈停電", "全座停電"),
    ),
}
"""What has happened, by type: English words, Chinese words."""

SHARES: Final = (
    ("fallen_tree", 0.42),
    ("flooding", 0.22),
    ("road_blockage", 0.12),
    ("landslide", 0.07),
    ("traffic_accident", 0.08),
    ("structural", 0.06),
    ("power_failure", 0.03),
)

EXTRAS: Final = (
    (
        "blocking one lane",
        "blocking the pavement",
        "please send someone",
        "a van is trapped",
        "no one hurt",
        "traffic is slow",
        "crews on the way",
        "one person injured",
        "cars cannot pass",
        "near the bus stop",
        "outside the restaurant",
        "by the school gate",
        "white minibus damaged",
        "water still rising",
        "clearing expected to take hours",
    ),
    (
        "阻塞一條行車線",
        "阻塞行人路",
        "請派員處理",
        "有貨車被困",
        "無人受傷",
        "交通擠塞",
        "人員正前往",
        "一人受傷",
        "車輛不能通過",
        "近巴士站",
        "茶餐廳門口",
        "學校門外",
        "一架小巴損毀",
        "水位仍然上升",
        "預計清理需時",
    ),
)
"""What is added now and then; index by index the same in both languages."""

TEMPLATES: Final = {
    "1823": (
        (
            "Case received by hotline: {what} at {where}. Caller requests follow-up. {extra}",
            "Complaint - {what}: {where}. {extra}",
        ),
        ("市民來電報稱{where}{what}，要求跟進。{extra}", "投訴個案：{where}{what}。{extra}"),
    ),
    "FSD": (
        ("SPECIAL SERVICE CALL - {what} - {where}. {extra}", "{where}: {what}. Appliances sent."),
        ("特別服務召喚：{what}，{where}。{extra}", "{where}，{what}，消防出動。"),
    ),
    "HKPF": (
        ("Police report: {what}, {where}. {extra}", "999 call. {where}. {what}. {extra}"),
        ("警方接報：{where}有{what}。{extra}", "999報案，{where}，{what}。{extra}"),
    ),
    "DSD": (
        ("DSD emergency control: {what} at {where}. Team deployed.", "{what}, {where}. {extra}"),
        ("渠務署緊急控制中心：{where}{what}，已派隊。", "{where}{what}。{extra}"),
    ),
    "HYD": (
        ("HyD: {what}, {where}. Contractor attending. {extra}", "{where} - {what}. {extra}"),
        ("路政署：{where}{what}，承辦商處理中。{extra}", "{where}：{what}。{extra}"),
    ),
    "LCSD": (
        ("Tree Team: {what} at {where}. {extra}", "{what} reported at {where}."),
        ("樹木組：{where}{what}。{extra}", "{where}{what}，待清理。"),
    ),
    "TD": (
        ("Due to {what}, part of the lanes of {where} is closed. {extra}", "{where}: {what}."),
        ("因{what}，{where}部分行車線封閉。{extra}", "{where}：{what}。"),
    ),
    "public": (
        ("{what} {where} {extra}", "omg {what} at {where}!!", "{where} {what}", "{what}, {where}"),
        (
            "{where}{what} {extra}",
            "{where}有{what}呀！快啲派人嚟",
            "{what}！{where}",
            "{where}{what}",
        ),
    ),
    "field": (
        ("On scene: {what}, {where}. {extra}", "Patrol found {what} at {where}. {extra}"),
        ("現場：{where}{what}。{extra}", "巡邏發現{where}{what}。{extra}"),
    ),
}
"""By publisher: English and Chinese ways to say it."""
