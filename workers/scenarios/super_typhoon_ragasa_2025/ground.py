"""Roads, shelters and railways in the story."""

from __future__ import annotations

from typing import Final

from cop.reference.tables import default_sites
from workers.scenarios.super_typhoon_ragasa_2025.record import CDAILY_LIVE, DAY_24, HAD, NO_9, after
from workers.simulate.story import SYNTHETIC, Closing, Disrupted, Sheltered, hkt

_FALLEN: Final = ("Fallen tree", "塌樹")
_SEA: Final = ("Flooding", "水浸")
_BOTH: Final = ("", "")
_CLOSINGS: Final = (
    Closing(
        (-9.3, -6.0),
        ("Castle Peak Road", "青山公路"),
        ("Tuen Mun", "屯門"),
        ("Sham Tseng", "深井"),
        ("Tsuen Wan", "荃灣"),
        (114.058, 22.367),
        "slow",
        _FALLEN,
    ),
    Closing(
        (-4.5, 16.5),
        ("South Lantau Road", "嶼南道"),
        _BOTH,
        ("Tong Fuk", "塘福"),
        ("Islands", "離島"),
        (113.932, 22.227),
        "all",
        _FALLEN,
    ),
    Closing(
        (-2.0, 15.5),
        ("Tai Tam Road", "大潭道"),
        _BOTH,
        ("Stanley", "赤柱"),
        ("Southern", "南區"),
        (114.212, 22.230),
        "all",
        _FALLEN,
    ),
    Closing(
        (1.2, 17.0),
        ("Clear Water Bay Road", "清水灣道"),
        ("Kowloon", "九龍"),
        ("Fei Ngo Shan Road", "飛鵝山道"),
        ("Sai Kung", "西貢"),
        (114.2225, 22.334),
        "part",
        _FALLEN,
    ),
    Closing(
        (2.9, 15.2),
        ("Tsing Ma Bridge", "青馬大橋"),
        _BOTH,
        ("Ma Wan", "馬灣"),
        ("Kwai Tsing", "葵青"),
        (114.074, 22.351),
        "all",
        ("Strong winds", "強風"),
    ),
    Closing(
        (3.0, 15.0),
        ("Stonecutters Bridge", "昂船洲大橋"),
        _BOTH,
        ("Kwai Tsing Container Terminals", "葵青貨櫃碼頭"),
        ("Kwai Tsing", "葵青"),
        (114.118, 22.326),
        "all",
        ("Strong winds", "強風"),
    ),
    Closing(
        (3.8, 20.0),
        ("Waterloo Road", "窩打老道"),
        ("Mong Kok", "旺角"),
        ("Hong Kong Baptist Hospital", "浸會醫院"),
        ("Kowloon City", "九龍城"),
        (114.1808, 22.339),
        "part",
        _FALLEN,
    ),
    Closing(
        (5.5, 19.0),
        ("Tai O Road", "大澳道"),
        _BOTH,
        ("Tai O", "大澳"),
        ("Islands", "離島"),
        (113.864, 22.253),
        "all",
        _SEA,
    ),
    Closing(
        (7.2, 15.8),
        ("Wan Po Road", "環保大道"),
        _BOTH,
        ("Tseung Kwan O Industrial Estate", "將軍澳工業邨"),
        ("Sai Kung", "西貢"),
        (114.272, 22.285),
        "all",
        _SEA,
    ),
    Closing(
        (7.8, 16.8),
        ("Tai Po Road", "大埔公路"),
        ("Sha Tin", "沙田"),
        ("Tai Po Kau", "大埔滘"),
        ("Tai Po", "大埔"),
        (114.184, 22.435),
        "part",
        _SEA,
    ),
    Closing(
        (8.4, 17.5),
        ("Ting Kok Road", "汀角路"),
        _BOTH,
        ("Tai Po Industrial Estate", "大埔工業邨"),
        ("Tai Po", "大埔"),
        (114.190, 22.460),
        "all",
        _SEA,
    ),
    Closing(
        (9.0, 18.0),
        ("Aberdeen Praya Road", "香港仔海傍道"),
        _BOTH,
        ("Aberdeen Fish Market", "香港仔魚市場"),
        ("Southern", "南區"),
        (114.150, 22.248),
        "all",
        _SEA,
    ),
    Closing(
        (10.0, 16.0),
        ("Lei Yue Mun Road", "鯉魚門道"),
        _BOTH,
        ("Lam Tin", "藍田"),
        ("Kwun Tong", "觀塘"),
        (114.236, 22.303),
        "part",
        _SEA,
    ),
    Closing(
        (15.9, 19.6),
        ("Hiram's Highway", "西貢公路"),
        _BOTH,
        ("Sai Kung Town", "西貢市"),
        ("Sai Kung", "西貢"),
        (114.268, 22.376),
        "all",
        _SEA,
    ),
    Closing(
        (16.4, 22.0),
        ("Sai Sha Road", "西沙路"),
        _BOTH,
        ("Ma On Shan", "馬鞍山"),
        ("Sha Tin", "沙田"),
        (114.247, 22.426),
        "all",
        ("Landslide", "山泥傾瀉"),
    ),
)
BLOCKED: Final = tuple(closing.on(DAY_24, SYNTHETIC) for closing in _CLOSINGS)


def _shelters() -> tuple[Sheltered, ...]:
    """Open 46 halls at 08:00 on 23 September, two more by the evening, two more the next day."""
    opening = [hkt(2025, 9, 23, 8)] * 46 + [hkt(2025, 9, 23, 17)] * 2 + [hkt(2025, 9, 24, 9)] * 2
    halls = [site.key for site in default_sites("community_halls")]
    later = hkt(2025, 9, 25, 9, 30)
    return tuple(
        Sheltered(at, later, hall, HAD if at.hour == 8 else f"{CDAILY_LIVE}: count; time synthetic")
        for at, hall in zip(opening, halls, strict=False)
    )


def _stopped(line: str, english: str, chinese: str) -> Disrupted:
    words = (
        f"Train service on open sections of part of the {english} is suspended for strong winds.",
        f"因強風影響，{chinese}部分露天路段列車服務暫停。",
    )
    return Disrupted(line, NO_9, DAY_24 + after(15), words, SYNTHETIC)


RAILWAYS: Final = (
    _stopped("EAL", "East Rail Line", "東鐵綫"),
    _stopped("TML", "Tuen Ma Line", "屯馬綫"),
    _stopped("TCL", "Tung Chung Line", "東涌綫"),
    _stopped("AEL", "Airport Express", "機場快綫"),
    _stopped("DRL", "Disneyland Resort Line", "迪士尼綫"),
)
