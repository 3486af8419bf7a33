"""Whether an English and a Chinese name are one street: Hong Kong writes one by the other's sound.

Which syllable stands for which character is learnt from the names that the reference tables give in
both languages: 屯門公路 and Tuen Mun Road teach 屯 and 門.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice, product
from typing import Final

from cop.model.district import DISTRICT_NAMES
from cop.model.text import Lang
from cop.reference.tables import default_sites
from cop.services.fusion.wording import (
    LANDMARK_ENDS_EN,
    LANDMARK_ENDS_ZH,
    ROAD_ENDS_EN,
    ROAD_ENDS_ZH,
)

_TABLES: Final = (
    *("roads", "landmarks", "community_halls", "ha_hospitals", "hko_stations", "hko_gauge_sites"),
    *("td_detector_sites", "td_journey_sites", "boundary_points", "mtr_lines", "epd_stations"),
)
_END_ZH: Final = re.compile(rf"(?:{ROAD_ENDS_ZH}|{LANDMARK_ENDS_ZH})$")
_LEAD_ZH: Final = re.compile("^港[鐵铁]")
_HAN: Final = re.compile("^[\u3400-\u9fff]+$")
_SIDES: Final = {"東": "east", "西": "west", "南": "south", "北": "north", "中": "central"}
_IDLE: Final = frozenset({"mtr", "station", "the", "line"})


def _syllables(name: str) -> list[str]:
    tokens = re.findall("[a-z]+", name.lower().replace("'", ""))
    while tokens and (tokens[-1] in ROAD_ENDS_EN | LANDMARK_ENDS_EN | _IDLE):
        tokens.pop()
    return tokens


def _characters(name: str) -> list[str]:
    plain = _LEAD_ZH.sub("", name)
    return list(_END_ZH.sub("", plain))


@cache
def sounds() -> Mapping[str, frozenset[str]]:
    """Give the syllables by which the tables write each character."""
    names: list[Mapping[Lang, str]] = [site.name for key in _TABLES for site in default_sites(key)]
    names += DISTRICT_NAMES.values()
    votes: dict[str, dict[str, int]] = {}
    for name in names:
        english, chinese = _syllables(name.get("en", "")), _characters(name.get("zh-Hant", ""))
        if len(english) != len(chinese) or not _HAN.match("".join(chinese) or "-"):
            continue
        for syllable, character in zip(english, chinese, strict=True):
            counts = votes.setdefault(character, {})
            counts[syllable] = counts.get(syllable, 0) + 1
    return {character: _likely(counts) for character, counts in votes.items()}


def _likely(counts: Mapping[str, int]) -> frozenset[str]:
    most = max(counts.values())
    return frozenset(syllable for syllable, count in counts.items() if count * 4 >= most)


def same_name(english: str, chinese: str) -> bool:
    """Tell whether two names are one by their sounds; False says nothing: names are translated too.

    Every known character must sound as its syllable, and at least half must be known.
    """
    syllables, characters = _syllables(english), _characters(chinese)
    sides = [_SIDES[c] for c in characters if c in _SIDES and len(characters) > 2]
    if sides and syllables[-1:] == sides[-1:]:
        syllables.pop()
        characters.pop(len(characters) - 1 - characters[::-1].index(_side_of(sides[-1])))
    if len(syllables) != len(characters) or not syllables:
        return False
    known = sounds()
    heard = [s in known[c] for s, c in zip(syllables, characters, strict=True) if c in known]
    return 2 * len(heard) >= len(characters) and all(heard)


def sound_of(english: str) -> str:
    """Give the sound of an English name, as `sounds_of` gives it for Chinese ones."""
    return " ".join(_syllables(english))


def sounds_of(chinese: str) -> list[str]:
    """Give the likely sounds of a Chinese name, at most eight; none where one is not known."""
    known = sounds()
    characters = _characters(chinese)
    if not characters or any(character not in known for character in characters):
        return []
    choices = product(*(sorted(known[character]) for character in characters))
    return [" ".join(choice) for choice in islice(choices, 8)]


def _side_of(word: str) -> str:
    return next(character for character, side in _SIDES.items() if side == word)


def any_same(english: Iterable[str], chinese: Iterable[str]) -> bool:
    """Tell whether any two of the names are one by their sounds."""
    return any(same_name(one, other) for one in english for other in chinese)
