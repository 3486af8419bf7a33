"""What a CAP message warns of, as the picture calls it; else its publisher's own word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from cop.formats.cap import CapInfo
from cop.formats.placed import slug

_EVENTS: Final[tuple[tuple[str, str], ...]] = (
    (r"pre-?no\.? ?8|預警八號", "pre_no8"),
    (r"storm ?surge|風暴潮|风暴潮|高潮", "storm_surge"),
    (r"tsunami|海嘯|海啸|津波", "tsunami"),
    (
        r"typhoon|cyclone|hurricane|tropical (?:storm|depression)|颱風|台风|熱帶氣旋|热带气旋",
        "tropical_cyclone",
    ),
    (
        r"rain ?storm|torrential|(?:heavy|severe|extreme) rain|rainfall|暴雨|豪雨|大雨|降雨|强降水",
        "rainstorm",
    ),
    (r"thunder|lightning|雷暴|雷電|雷电|强对流|強對流|冰雹|\bhail", "thunderstorm"),
    (r"land ?sl(?:ip|ide)|mud ?slide|山泥|滑坡|地质灾害|地質災害|泥石流|土石流|土砂", "landslip"),
    (r"flood|inundation|水浸|洪|渍涝|淹水", "flood"),
    (r"monsoon|季候風|季候风|季風", "monsoon"),
    (r"earthquake|seismic|s[ií]smo|terremoto|gempa|地震", "earthquake"),
    (r"wild ?fire|bush ?fire|forest fire|fire danger|火險|火险|火災危險|山火", "fire_danger"),
    (r"\bhot\b|\bheat|高温|高溫|酷熱|酷热", "very_hot"),
    (r"frost|road icing|霜|道路结冰|道路結冰", "frost"),
    (r"\bcold\b|low temperature|寒冷|寒潮|低温|低溫", "cold"),
    (r"\bfog\b|大霧|大雾|浓雾|濃霧", "fog"),
    (r"strong wind|high wind|\bgale|squall|大風|大风|強風|强风|暴風", "strong_wind"),
)
"""Pattern of the event's words to its type, the more particular first."""

_PATTERNS: Final = tuple((re.compile(words, re.IGNORECASE), event) for words, event in _EVENTS)
_LONGEST: Final = 60


def event_type_of(infos: Iterable[CapInfo]) -> str:
    """Give the type of what *infos*, language variants of one warning, warn of: `other` for none.

    The event is looked at first, then the headline.
    """
    infos = tuple(infos)
    for words in [*(info.event for info in infos), *(info.headline for info in infos)]:
        for pattern, event in _PATTERNS:
            if pattern.search(words):
                return event
    named = [info for info in infos if info.lang == "en" and info.event] or list(infos)
    said = slug(named[0].event)[:_LONGEST].replace("-", "_").strip("_") if named else ""
    return said.removeprefix("cap_") or "other"
