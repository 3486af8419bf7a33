"""What a warning or hazard means and what to do about it, in plain words.

Written for readers of twelve: short sentences, one action a line, nothing that the publisher or
the government does not itself advise widely. The tables stand in `meaning_*.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from cop.ui.public.meaning_city import CITY
from cop.ui.public.meaning_cyclone import CYCLONE
from cop.ui.public.meaning_hazards import GENERAL, HAZARDS
from cop.ui.public.meaning_lines import SMG, WMO, Meaning, Source
from cop.ui.public.meaning_macao import MACAO
from cop.ui.public.meaning_weather import WEATHER

__all__ = ["MEANINGS", "Meaning", "Source", "meaning_of"]

Key = tuple[str, str, str]

TABLES: Final = (CYCLONE, WEATHER, MACAO, HAZARDS, CITY)

MEANINGS: Final[Mapping[Key, Meaning]] = MappingProxyType(
    {key: meaning for table in TABLES for key, meaning in table.items()}
)
"""Kind, type and signal (or status, or band) to its words; "" as the signal: whatever it is."""

_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "typhoon": "tropical_cyclone",
        "tc_cone": "tropical_cyclone",
        "tc_position": "tropical_cyclone",
        "tc_track": "tropical_cyclone",
        "very_hot_weather": "very_hot",
        "high_temperature": "very_hot",
        "heat_wave": "very_hot",
        "cold_weather": "cold",
        "cold_wave": "cold",
        "low_temperature": "cold",
        "gale": "strong_wind",
        "wind": "strong_wind",
        "gale_at_sea": "strong_wind",
        "severe_convection": "thunderstorm",
        "thunderstorm_wind": "thunderstorm",
        "thunderstorm_gale": "thunderstorm",
        "lightning": "thunderstorm",
        "hail": "thunderstorm",
        "forest_fire": "fire_danger",
        "wildfire": "fire_danger",
        "geological_disaster": "landslip",
        "landslide": "landslip",
        "flash_flood": "flood",
        "flooding": "flood",
        "mountain_torrents": "flood",
        "heavy_fog": "fog",
        "dense_fog": "fog",
        "road_icing": "frost",
        "icy_road": "frost",
    }
)
"""Other publishers' words for warnings and hazards to ours."""

_SHELTERS: Final = frozenset(["cold_shelter", "heat_shelter", "community_hall"])
_GENERAL_KINDS: Final = frozenset(["alert", "hazard", "incident"])
_SOURCES: Final[Mapping[str, Source]] = MappingProxyType({"SMG": SMG, "WMO": WMO})
_MACAO_SIGNAL: Final = "MO-"


def meaning_of(
    kind: str,
    type_: str,
    signal: str | None = None,
    severity: str = "Unknown",
    *,
    publisher: str = "",
) -> Meaning | None:
    """Tell in plain words what a thing means and what to do; None: it needs no words.

    Alerts, hazards and incidents always have words: those of an unknown type the general ones of
    their *severity*. What another place's publisher says links to that publisher.

    Args:
        kind: of the entity.
        type_: event type of an alert, phenomenon of a hazard, type of an incident or facility,
            measure of an observation, status of a road.
        signal: the publisher's code of an alert's level, the status of a facility, the English
            word for an observation's value (`Very High`).
        severity: in the words of CAP 1.2.
        publisher: code of who says so.
    """
    word = re.sub(r"[^a-z0-9]+", "_", type_.lower().removeprefix("cap_")).strip("_")
    natural = kind in {"alert", "hazard"}
    if natural:
        word = _ALIASES.get(word, word)
    elif kind == "facility" and word in _SHELTERS:
        word = "shelter"
    kinds = dict.fromkeys((kind, "alert", "hazard")) if natural else (kind,)
    found = next(
        (
            MEANINGS[key]
            for one in kinds
            for key in ((one, word, signal or ""), (one, word, ""))
            if key in MEANINGS
        ),
        None,
    )
    if found is None and kind in _GENERAL_KINDS:
        found = GENERAL.get(severity) or GENERAL["Unknown"]
    if found is None:
        return None
    macao = (signal or "").startswith(_MACAO_SIGNAL)
    source = SMG if macao else _SOURCES.get(publisher)
    return found if source is None else replace(found, source=source)
