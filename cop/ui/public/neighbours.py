"""Which districts lie next to which, also across the harbour where a tunnel or ferry joins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cop.model.district import District

_ROWS: Final = (
    "CW STH WCH YTM ISL",
    "EST STH WCH KT",
    "STH CW EST WCH",
    "WCH CW EST STH YTM",
    "KC KT SSP WTS YTM ST",
    "KT EST KC WTS SK",
    "SSP KC YTM KWT ST",
    "WTS KC KT SK ST",
    "YTM KC SSP CW WCH",
    "ISL TW CW KWT TM",
    "KWT SSP ST TW ISL",
    "NTH TP YL",
    "SK KT WTS ST TP",
    "ST KC SSP WTS KWT SK TP TW",
    "TP NTH SK ST TW YL",
    "TW KWT ST TP TM YL ISL",
    "TM TW YL ISL",
    "YL NTH TP TW TM",
)

NEIGHBOURS: Final[Mapping[District, tuple[District, ...]]] = {
    District(code): tuple(map(District, near)) for code, *near in (row.split() for row in _ROWS)
}
"""District to those next to it; whoever is next to another has it next to itself."""
