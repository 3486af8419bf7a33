"""What sentences of road news say: which road, which way, near what, how bad and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cop.model.kinds import RoadStatus
from cop.model.text import Lang, Text

LONGEST: Final = 2_000
"""Characters of a message that are searched for a place."""

_END: Final = (
    "Road|Street|Highway|Tunnels?|Bridge|By-?[Pp]ass|Corridor|Flyover|Way|Lane|Avenue|Path|Drive"
    "|Link|Terrace|Praya|Boulevard|Crossing|Interchange|Roundabout|Circuit|Crescent|Twisk"
)
_WORD: Final = r"(?:[A-Z][\w'’.]*(?:-[A-Z]\w*)*|[-–]|of)"
_ROAD_EN: Final = (
    rf"(?P<road>[A-Z][\w'’.]*\s(?:{_WORD}\s+)*?(?:{_END})\b(?:\s+(?:{_END})\b)*"
    r"(?:\s+(?:North|South|East|West|Central)\b(?![\w\s]*?bound\b\s*\)?\s*bound))?"
    r"(?:\s*[-–]\s*[A-Z]\w+(?:\s[A-Z]\w+)*?(?=\s*(?:[(,.;]|near|between|is|are|both|$|[A-Z]\w+\s"
    r"(?:[A-Z]\w+\s)?bound)))?)"
)
_BOUND_EN: Final = re.compile(
    r"\s*\(?\s*(?P<bound>both\s+bounds|[A-Z][\w'’. ]*?(?=\s+bound\b)"
    r"|(?:north|south|east|west)bound)"
)
_STOP_EN: Final = (
    r"(?=\s+(?:is|are|was|were|which|has|have|will|due|remains?|still)\b"
    r"|\s*[,;(]|(?<!\bSt)(?<!\bNo)(?<!\bNos)\.(?:\s|$)|\s*$)"
)
_AFTER_EN: Final = re.compile(rf"\b(?:of|on|at|along|via|in)\s+(?:the\s+)?{_ROAD_EN}")
_ANYWHERE_EN: Final = re.compile(_ROAD_EN)
_NEAR_EN: Final = re.compile(rf"\bnear\s+(?:the\s+)?(?P<near>\S.*?){_STOP_EN}")
_BETWEEN_EN: Final = re.compile(
    rf"\bbetween\s+(?:the\s+)?(?P<from>\S.*?)\s+and\s+(?:the\s+)?(?P<to>\S.*?){_STOP_EN}"
)
_DUE_EN: Final = re.compile(
    r"\b(?:due to|owing to|because of)\s+(.+?)(?=\s*,"
    r"|\s+(?:is|are|has|have|the|all|part|traffic at)\b|\.(?:\s|$)|$)",
    re.IGNORECASE,
)

_ROAD_TC: Final = re.compile(
    r"(?P<road>[^\s，,。；;：:（）()、的在]{1,14}?(?:公路|隧道|大橋|大桥|繞道|绕道|走廊|天橋|天桥|幹線|干线"
    r"|路|道|街|橋|桥|里|徑|径|坊|臺|台)[東西南北中东]?"
    r"(?:\s*[-–—－]\s*[^\s（(往近，,。]{1,8}?段)?)"
    r"(?=\s*(?:[（(往近的介由在現现及和，,。]|[東西南北东]行|雙向|双向|兩|两|全線|交通|$))"
)
_BOUND_TC: Final = re.compile(
    r"往\s*(?P<bound>[^)）]{1,20}?)\s*方向|(?P<way>[東西南北东]行|雙向|双向)"
)
_NEAR_TC: Final = re.compile(r"近(?P<near>[^，,。;；的()（）]{1,40}?)(?=的|現|现|，|,|。|因|而|$)")
_BETWEEN_TC: Final = re.compile(
    r"介乎(?P<from>[^，。]{1,30}?)(?:與|和|及|至|与)(?P<to>[^，。]{1,30}?)(?=之間|之间|的|，|。|$)"
)
_LEAD_TC: Final = re.compile(
    r"^\s*(?:較早前|较早前|早前)?因[^，,。]*?(?:而(?:封閉|封闭|受阻)的|[，,])"
)
_DUE_TC: Final = re.compile(r"(?:因為|因|由於|由于)(.+?)(?=[，,。]|而|，|$)")

_INTRO: Final = re.compile(
    r"following\s+(?:\w+\s+)?(?:road\s+sections?|roads?|sections?)|(?:下列|以下)之?(?:路段|道路|路面)",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(
    r"(?:^|\s)(?:\d{1,2}[.)、](?!\d)|\((?:[ivx]{1,5}|[a-z]|\d{1,2})\)|[（(][一二三四五六七八九十]{1,3}[)）])\s*"
)

_ENDED: Final = re.compile(
    r"re-?opened|resumed?\s+(?:to\s+)?normal|is\s+(?:now\s+)?over\b|has\s+been\s+cleared"
    r"|解封|恢復正常|恢复正常|重新開放|重新开放|已開通",
    re.IGNORECASE,
)
_LASTS: Final = re.compile(
    r"(?:still|remains?)\s+(?:temporarily\s+)?(?:closed|suspended)|仍然?(?:須|需)?封[閉闭]",
    re.IGNORECASE,
)
_SHUT: Final = re.compile(r"\bclos(?:ed|ure)\b|blocked|封[閉闭]|封路|受阻", re.IGNORECASE)
_PARTLY: Final = re.compile(
    r"part\s+of\s+the|(?:fast|middle|slow|left|right|one|single)\s+(?:and\s+\w+\s+)?lanes?\b"
    r"|lane\s+no|hard\s+shoulder|intermittent|部[份分]|快線|慢線|中線|快线|慢线|中线|第[一二三四\d]線|路肩|間歇",
    re.IGNORECASE,
)
_SLOW: Final = re.compile(
    r"\bbusy\b|congest|heavy\s+traffic|queue|\bslow\s+traffic|繁忙|[擠挤]塞|[緩缓]慢|車龍|车龙",
    re.IGNORECASE,
)

CAUSES: Final[Mapping[str, re.Pattern[str]]] = {
    cause: re.compile(words, re.IGNORECASE)
    for cause, words in {
        "flooding": "flood|水浸|積水|积水",
        "landslide": "landslip|landslide|mudslide|mudslip|rockfall|山泥[傾倾]瀉|山泥倾泻|塌泥|山泥",
        "fallen_tree": r"(?:fallen|collapsed|leaning)\s+(?:trees?|branch)|tree\s+(?:fall|collapse)"
        "|塌樹|塌树|樹木倒塌|大樹倒塌|倒塌的?樹|树木倒塌",
        "fire": r"\bfire\b|ablaze|火警|[着著]火|起火|冒[煙烟]",
        "accident": r"accident|collision|交通意外|相撞|[撞]車",
        "breakdown": r"break-?down|broken\s+down|壞車|坏车|故障",
        "works": r"road\s*works?|works\b|repair|maintenance|工程|維修|维修",
        "event": r"\bevent|race|parade|procession|assembly|ceremony|celebration"
        "|活動|遊行|巡遊|賽事|集會",
        "congestion": "congest|heavy traffic|busy|車輛較多|繁忙|擠塞|挤塞|交通擠",
    }.items()
}
"""Cause to the words that give it away, the more serious first."""

_DEBRIS: Final = re.compile(
    r"scaffold|fallen|collapse|debris|burst|sink|subsid|棚架|倒塌|墮下|爆裂|下陷|塌陷",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of road in words, each in the languages that say it.

    Attributes:
        road: its name.
        bound: the direction, without the word "bound".
        near: the landmark that it is near.
        ends: the two landmarks that it lies between.
    """

    road: Text = field(default_factory=dict)
    bound: Text = field(default_factory=dict)
    near: Text = field(default_factory=dict)
    ends: tuple[Text, Text] = field(default_factory=lambda: ({}, {}))


def _one_line(words: str) -> str:
    """Give what is searched of *words*, in one line."""
    return " ".join(words[:LONGEST].replace("\u3000", " ").split())


def _without_tail(item: str) -> str:
    """Take from the end of an item what joins it to the next: marks, and the word *and*."""
    bare = item.rstrip(" ;；,，、.。")
    for joint in (" and", " 及", " 和"):
        bare = bare.removesuffix(joint)
    return bare if bare == item else _without_tail(bare)


def _read_english(words: str) -> dict[str, str]:
    found: dict[str, str] = {}
    road = _AFTER_EN.search(words) or _ANYWHERE_EN.search(words)
    rest = words
    if road:
        found["road"] = road["road"].strip(" -–")
        rest = words[road.end("road") :]
        bound = _BOUND_EN.match(rest)
        if bound:
            found["bound"] = bound["bound"].strip()
    for pattern in (_NEAR_EN, _BETWEEN_EN):
        place = pattern.search(rest)
        if place:
            found.update({key: value.strip() for key, value in place.groupdict().items()})
    return found


def _read_chinese(words: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = _LEAD_TC.sub("", words)
    road = _ROAD_TC.search(rest)
    if road:
        found["road"] = road["road"].strip()
        rest = rest[road.end() :]
    bound = _BOUND_TC.search(rest)
    if bound:
        found["bound"] = (bound["bound"] or bound["way"]).strip()
    for pattern in (_NEAR_TC, _BETWEEN_TC):
        place = pattern.search(rest)
        if place:
            found.update({key: value.strip() for key, value in place.groupdict().items()})
    return found


_READERS: Final[Mapping[Lang, Callable[[str], dict[str, str]]]] = {
    "en": _read_english,
    "zh-Hant": _read_chinese,
    "zh-Hans": _read_chinese,
}


def read_stretch(sentence: Text) -> Stretch:
    """Find in *sentence* the stretch of road that it is about; parts not said stay empty."""
    parts: dict[str, Text] = {}
    for lang, words in sentence.items():
        for name, value in _READERS[lang](_one_line(words)).items():
            if value:
                parts.setdefault(name, {})[lang] = value
    ends = (parts.get("from", {}), parts.get("to", {}))
    return Stretch(parts.get("road", {}), parts.get("bound", {}), parts.get("near", {}), ends)


def split_list(words: str) -> tuple[str, tuple[str, ...]]:
    """Split a message that lists road sections: what it says of all of them, and each section.

    A message that is no such list comes back whole, with no sections.
    """
    intro = _INTRO.search(words)
    if intro is None:
        return words, ()
    head, *items = _BULLET.split(words[intro.end() :])
    sections = [item.split("\n\n")[0] for item in items]
    cleaned = tuple(_without_tail(_one_line(item)) for item in sections)
    kept = tuple(item for item in cleaned if item)
    return (words[: intro.end()] + head, kept) if len(kept) > 1 else (words, ())


def status_of(sentence: Text) -> RoadStatus:
    """Tell from *sentence* what the road can carry now."""
    words = " ".join(sentence.values())
    if _ENDED.search(words):
        return RoadStatus.RESTRICTED if _LASTS.search(words) else RoadStatus.REOPENED
    if _SHUT.search(words):
        return RoadStatus.RESTRICTED if _PARTLY.search(words) else RoadStatus.CLOSED
    return RoadStatus.SLOW if _SLOW.search(words) else RoadStatus.UNKNOWN


def cause_of(sentence: Text, *labels: Text) -> str:
    """Tell why, from the publisher's *labels* first, else from the sentence's "due to …".

    Landmarks are not searched: a road near a fire station does not burn. Several causes at once
    and causes that are none of `CAUSES` are `other`; "" where none is said.
    """
    label = " ".join(words for text in labels for words in text.values())
    for cause, pattern in CAUSES.items():
        if cause != "congestion" and pattern.search(label):
            return cause
    reasons = [found for words in sentence.values() for found in _reasons(_one_line(words))]
    reason = " ".join(reasons)
    named = [cause for cause, pattern in CAUSES.items() if pattern.search(reason)]
    if named:
        return named[0] if len(named) == 1 or not _DEBRIS.search(reason) else "other"
    if reason:
        return "other"
    said = " ".join((label, *sentence.values()))
    return "congestion" if _SLOW.search(said) and not _SHUT.search(said) else ""


def _reasons(words: str) -> list[str]:
    return [*_DUE_EN.findall(words), *_DUE_TC.findall(words)]


def is_debris(sentence: Text) -> bool:
    """Tell whether *sentence* speaks of something fallen, burst or sunk that must be cleared."""
    reasons = [found for words in sentence.values() for found in _reasons(_one_line(words))]
    return _DEBRIS.search(" ".join(reasons)) is not None


_SITE_BOUND: Final = re.compile(
    r"\s*(?:-\s*)?(?P<bound>(?:North|South|East|West|Souht)bound|[東西南北东]行)\s*(?:\(\d+\))?\s*$"
)
_SITE_PARTS: Final = tuple(
    re.compile(words)
    for words in (r"\s(?:near|nr)\s*(?=[A-Z])|近", r"\s*/\s*", r"\s+-\s+|(?<=\w)-\s")
)
_WAY_INSIDE: Final = re.compile(r"\s+(?P<bound>(?:North|South|East|West)bound)$")


def read_site(name: Text) -> Stretch:
    """Take a detector's or camera's *name* apart: `Road near Landmark - Eastbound (2)`."""
    parts: dict[str, Text] = {"road": {}, "bound": {}, "near": {}}
    for lang, words in name.items():
        rest = _one_line(words)
        bound = _SITE_BOUND.search(rest)
        rest = rest[: bound.start()] if bound else rest
        road, near = rest, ""
        for pattern in _SITE_PARTS:
            halves = pattern.split(rest, maxsplit=1)
            if len(halves) > 1 and halves[0]:
                road, near = halves
                break
        inside = _WAY_INSIDE.search(road)
        road = road[: inside.start()] if inside else road
        way = bound or inside
        said = {"road": road, "bound": way["bound"] if way else "", "near": near}
        for part, value in said.items():
            if value.strip():
                parts[part][lang] = value.strip()
    return Stretch(parts["road"], parts["bound"], parts["near"])
