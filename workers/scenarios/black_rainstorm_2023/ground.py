"""Roads, shelters and railways in the story."""

from __future__ import annotations

from typing import Final

from workers.scenarios.black_rainstorm_2023.record import DAY_8, GOV, HKFP, MTR, TD_LIST, after
from workers.simulate.story import Closing, Disrupted, Sheltered, hkt

_BOTH: Final = ("", "")
_EASTERN: Final = ("Eastern", "東區")
_SOUTHERN: Final = ("Southern", "南區")
_WTS: Final = ("Wong Tai Sin", "黃大仙")
_NORTH: Final = ("North", "北區")
_KC: Final = ("Kowloon City", "九龍城")
_SLIDE: Final = ("Landslide", "山泥傾瀉")
_CLOSINGS: Final = (
    Closing(
        (-1.9, 1.6),
        ("Sha Tau Kok Road - Wo Hang", "沙頭角公路 – 禾坑段"),
        _BOTH,
        ("Ma Tseuk Leng", "麻雀嶺"),
        _NORTH,
        (114.2052, 22.5310),
    ),
    Closing(
        (-1.6, 9.2),
        ("Ping Che Road", "坪輋路"),
        _BOTH,
        ("Ta Kwu Ling Police Station", "打鼓嶺警署"),
        _NORTH,
        (114.1580, 22.5300),
    ),
    Closing(
        (-1.0, 13.5),
        ("Chai Wan Road", "柴灣道"),
        _BOTH,
        ("Chai Wan Road Roundabout", "柴灣道迴旋處"),
        _EASTERN,
        (114.2350, 22.2665),
        "part",
    ),
    Closing(
        (-0.6, 16.2),
        ("Lung Cheung Road", "龍翔道"),
        ("Kwun Tong", "觀塘"),
        ("Wong Tai Sin Centre", "黃大仙中心"),
        _WTS,
        (114.1945, 22.3418),
    ),
    Closing(
        (-0.5, 15.1),
        ("Lung Cheung Road", "龍翔道"),
        ("Kwun Tong", "觀塘"),
        ("Lung Cheung Road Park", "龍翔道公園"),
        _WTS,
        (114.1880, 22.3424),
    ),
    Closing(
        (-0.4, 7.8),
        ("Waterloo Road", "窩打老道"),
        ("Lion Rock Tunnel", "獅子山隧道"),
        ("Cornwall Street", "歌和老街"),
        _KC,
        (114.1790, 22.3405),
    ),
    Closing(
        (-0.3, 10.4),
        ("Lion Rock Tunnel Road", "獅子山隧道公路"),
        ("Kowloon", "九龍"),
        ("Sun Tin Wai Estate", "新田圍邨"),
        ("Sha Tin", "沙田"),
        (114.1838, 22.3690),
    ),
    Closing(
        (-0.2, 8.6),
        ("Cross Harbour Tunnel", "海底隧道"),
        _BOTH,
        ("Hung Hom", "紅磡"),
        ("Yau Tsim Mong", "油尖旺"),
        (114.1820, 22.2990),
        "part",
    ),
    Closing(
        (0.1, 9.0),
        ("Lai Cheung Road", "麗翔道"),
        ("Waterloo Road", "窩打老道"),
        ("West Kowloon Government Offices", "西九龍政府合署"),
        ("Yau Tsim Mong", "油尖旺"),
        (114.1650, 22.3110),
    ),
    Closing(
        (0.2, 12.3),
        ("Island Eastern Corridor", "東區走廊"),
        ("Chai Wan", "柴灣"),
        ("Oi Tung Estate", "愛東邨"),
        _EASTERN,
        (114.2250, 22.2830),
        "part",
    ),
    Closing(
        (0.2, 11.2),
        ("Island Eastern Corridor", "東區走廊"),
        ("Chai Wan", "柴灣"),
        ("Shun Tai Road", "順泰道"),
        _EASTERN,
        (114.2405, 22.2700),
        "part",
    ),
    Closing(
        (0.3, 9.8),
        ("Wong Chuk Hang Road", "黃竹坑道"),
        ("Shouson Hill", "壽臣山"),
        ("Aberdeen Tunnel", "香港仔隧道"),
        _SOUTHERN,
        (114.1780, 22.2490),
    ),
    Closing(
        (0.4, 40.0),
        ("Shek O Road", "石澳道"),
        _BOTH,
        ("Lan Nai Wan", "爛泥灣"),
        _SOUTHERN,
        (114.2405, 22.2420),
        "all",
        _SLIDE,
    ),
    Closing(
        (0.5, 22.5),
        ("Tai Tam Road", "大潭道"),
        _BOTH,
        ("Shan Tsui Court", "山翠苑"),
        _EASTERN,
        (114.2330, 22.2610),
        "all",
        _SLIDE,
    ),
    Closing(
        (0.6, 4.5),
        ("Po Lam Road", "寶琳路"),
        _BOTH,
        ("Ma Yau Tong", "馬游塘"),
        ("Sai Kung", "西貢"),
        (114.2450, 22.3180),
    ),
    Closing(
        (0.7, 5.0),
        ("Tai Po Road - Yuen Chau Tsai", "大埔公路 – 元洲仔段"),
        _BOTH,
        ("Kwong Fuk Estate", "廣福邨"),
        ("Tai Po", "大埔"),
        (114.1740, 22.4470),
    ),
    Closing(
        (0.8, 3.6),
        ("Yuen Long Highway", "元朗公路"),
        ("Tuen Mun", "屯門"),
        ("Hung Tin Road", "洪天路"),
        ("Yuen Long", "元朗"),
        (114.0010, 22.4330),
        "part",
    ),
    Closing(
        (1.0, 4.8),
        ("Shing Mun Tunnel", "城門隧道"),
        ("Sha Tin", "沙田"),
        ("Shing Mun Tunnel", "城門隧道"),
        ("Tsuen Wan", "荃灣"),
        (114.1450, 22.3765),
        "slow",
    ),
)
BLOCKED: Final = tuple(closing.on(DAY_8, TD_LIST) for closing in _CLOSINGS)
_FIRST = hkt(2023, 9, 7, 23, 35)
SHELTERS: Final = (
    Sheltered(
        _FIRST,
        DAY_8 + after(19),
        "Luen Wo Hui Community Hall",
        f"{GOV}: first shelter at 23:35; hall synthetic",
    ),
    Sheltered(_FIRST + after(0.5), DAY_8 + after(18), "Tsz Wan Shan Community Hall"),
    Sheltered(_FIRST + after(0.5), DAY_8 + after(18), "Causeway Bay Community Centre"),
    Sheltered(_FIRST + after(1.2), DAY_8 + after(17), "Wah Kwai Community Centre"),
    Sheltered(_FIRST + after(1.2), DAY_8 + after(18.5), "Sha Tau Kok Community Hall"),
    Sheltered(_FIRST + after(2.3), DAY_8 + after(17), "Kwong Fuk Community Hall"),
    Sheltered(_FIRST + after(2.3), DAY_8 + after(17), "Sheung Tak Community Hall"),
    Sheltered(_FIRST + after(3.4), DAY_8 + after(18), "Lek Yuen Community Hall"),
)
RAILWAYS: Final = (
    Disrupted(
        "KTL",
        hkt(2023, 9, 7, 23, 40),
        hkt(2023, 9, 8, 1, 57),
        (
            "Trains on the Kwun Tong Line do not stop at Wong Tai Sin Station because of flooding.",
            "因黃大仙站水浸，觀塘綫列車不停黃大仙站。",
        ),
        f"{HKFP}: the station was flooded; hours synthetic",
    ),
    Disrupted(
        "KTL",
        hkt(2023, 9, 8, 1, 57),
        hkt(2023, 9, 8, 11, 45),
        (
            "Service between Choi Hung and Lok Fu on part of the Kwun Tong Line is suspended.",
            "觀塘綫樂富至彩虹站之間的列車服務暫停。",
        ),
        f"{MTR}; resumed by about noon (Sun Web HK)",
    ),
)
