"""What alerts of our own, and what is looked at before they go, say in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from cop.model.exchange import Category
from cop.model.text import LANGS, Lang, Text, text


class Event(NamedTuple):
    """What an alert may warn of: its name, and where CAP counts it."""

    words: Text
    categories: tuple[Category, ...]


_FLOOD: Final = Event(text("Flooding", "水浸", "水浸"), ("Met", "Safety"))
_SLIP: Final = Event(text("Landslide", "山泥傾瀉", "山泥倾泻"), ("Geo", "Safety"))
_STORM: Final = Event(text("Tropical cyclone", "熱帶氣旋", "热带气旋"), ("Met",))
_RAIN: Final = Event(text("Heavy rain", "大雨", "大雨"), ("Met",))

EVENTS: Final[Mapping[str, Event]] = {
    "flooding": _FLOOD,
    "flood": _FLOOD,
    "landslide": _SLIP,
    "landslip": _SLIP,
    "fallen_tree": Event(text("Fallen tree", "塌樹", "塌树"), ("Safety",)),
    "road_blockage": Event(text("Road blocked", "道路阻塞", "道路阻塞"), ("Transport",)),
    "structural": Event(text("Unsafe structure", "結構危險", "结构危险"), ("Infra", "Safety")),
    "fire": Event(text("Fire", "火警", "火警"), ("Fire",)),
    "power_failure": Event(text("Power failure", "停電", "停电"), ("Infra",)),
    "crowd": Event(text("Dangerous crowding", "人群擠迫", "人群拥挤"), ("Safety",)),
    "tropical_cyclone": _STORM,
    "tc_track": _STORM,
    "tc_cone": _STORM,
    "rain_nowcast": _RAIN,
    "rainstorm": _RAIN,
    "storm_surge": Event(text("Storm surge", "風暴潮", "风暴潮"), ("Met",)),
    "earthquake": Event(text("Earthquake", "地震", "地震"), ("Geo",)),
    "tsunami": Event(text("Tsunami", "海嘯", "海啸"), ("Geo",)),
    "wildfire": Event(text("Hill fire", "山火", "山火"), ("Fire",)),
}
_OTHER: Final = Event(text("Danger", "危險", "危险"), ("Safety",))

CITY: Final = text("Hong Kong", "香港", "香港")
OUTSIDE: Final = text("Outside Hong Kong", "香港境外", "香港境外")
HEADLINE: Final = text("{event}: {area}", "{event}：{area}", "{event}：{area}")
CANCELLED: Final = text("Cancelled: {title}", "取消：{title}", "取消：{title}")
OVER: Final = text(
    "This warning is cancelled. It no longer holds.",
    "此警告已取消，不再生效。",
    "此警告已取消，不再生效。",
)
EXERCISE: Final = "EXERCISE {operation}. Nothing in this message is real. 演習，並非真實情況。"
_AND: Final[Text] = {"en": ", ", "zh-Hant": "、", "zh-Hans": "、"}


def event_of(code: str) -> Event:
    """Give what an alert of type *code* warns of; danger in general where that is not known."""
    return EVENTS.get(code, _OTHER)


def filled(words: Text, **gaps: Mapping[Lang, str] | str | int) -> Text:
    """Give *words* with each gap filled, by a text in its own language or the same in all."""
    return {
        lang: words[lang].format(
            **{
                name: value.get(lang, "") if isinstance(value, Mapping) else value
                for name, value in gaps.items()
            }
        )
        for lang in LANGS
    }


def listed(names: Iterable[Mapping[Lang, str]]) -> Text:
    """Give *names* one after the other."""
    given = list(names)
    return {lang: _AND[lang].join(name.get(lang, "") for name in given) for lang in LANGS}
