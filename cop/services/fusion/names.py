"""Finding places in what people wrote: known names in any language, numbers, and the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from cop.model.district import DISTRICT_NAMES
from cop.model.site import Site
from cop.reference.tables import default_sites
from cop.services.fusion.wording import (
    COMMON_EN,
    COMMON_ZH,
    JOINTS_ZH,
    LANDMARK_ENDS_EN,
    LANDMARK_ENDS_ZH,
    ROAD_ENDS_EN,
    ROAD_ENDS_ZH,
    SHORT_EN,
)

LONGEST: Final = 1_000
"""Characters of one text that are read."""

_MISSPELT: Final = 86.0
"""Of 100: from here on a road that nobody knows is a known one, misspelt. "Nathen Road" is 91."""

_TOKEN: Final = re.compile(r"[a-z]{0,3}\d{3,5}|\d+[a-z]?\b|[a-z]+")
_MARKS: Final = str.maketrans("", "", "'’`")
_POST_EN: Final = re.compile(
    r"\b(?:lamp\s*-?posts?|lp)\s*(?:no\.?|number|#|:)?\s*([a-z]{0,3}\s?\d{3,5})\b"
)
_POST_ZH: Final = re.compile(r"[燈灯]柱(?:[編编][號号]|[號号])?[:：]?\s*([a-z]{0,3}\s?\d{3,5})")
_HOUSE_ZH: Final = re.compile(
    r"^\s*(?:第)?(\d{1,4})[a-z]?(?:\s*(?:至|-|–)\s*\d{1,4}[a-z]?)?\s*[號号]"
)
_HOUSE_EN: Final = re.compile(r"^(\d{1,4})[a-z]?$")
_WAY_EN: Final = re.compile(r"\b(north|south|east|west)\s*-?\s*bound\b|\b([nsew])/?b\b")
_WAY_ZH: Final = re.compile(r"([東东南西北])行(?![人車车])")
_WAYS: Final = {"東": "e", "东": "e", "南": "s", "西": "w", "北": "n"}
_BOUND_EN: Final = re.compile(r"\b((?:[a-z]+\s){0,3}[a-z]+)\s+bound\b")
_BOUND_ZH: Final = re.compile(r"往([\u3400-\u9fff]{2,6}?)(?:方向|的|$|[\s，,。)）])")
_HAN: Final = re.compile("[\u3400-\u9fff]+")
_ROAD_ZH: Final = re.compile(rf"[\u3400-\u9fff]{{1,6}}?(?:{ROAD_ENDS_ZH})[東南西北中东]?")
_MARK_ZH: Final = re.compile(rf"[\u3400-\u9fff]{{2,6}}?(?:{LANDMARK_ENDS_ZH})")
_ENDING_ZH: Final = re.compile(
    rf"[\u3400-\u9fff]{{0,2}}?(?:{ROAD_ENDS_ZH}|{LANDMARK_ENDS_ZH})(?!面)"
)
_DASH_ZH: Final = re.compile("(?<=[\u3400-\u9fff])\\s*[-–—－]\\s*(?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class Known:
    """A known name: what it names, and of which sort (`road`, `landmark` or `area`)."""

    sort: str
    key: str


@dataclass(slots=True)
class Mentions:
    """What a text speaks of. Keys of known places are the same in every language.

    Attributes:
        roads, landmarks, areas: keys of known places.
        strange: names of roads and landmarks that no table knows, by `road-en`, `mark-zh`…
        houses: house numbers.
        posts: numbers of lamp posts, letters first.
        ways: the directions of traffic: `n`, `s`, `e`, `w`, or the key of a place.
        words: the English words that are left.
        pairs: the pairs of neighbouring Chinese characters that are left.
    """

    roads: set[str] = field(default_factory=set)
    landmarks: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    strange: dict[str, set[str]] = field(default_factory=dict)
    houses: set[int] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    ways: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)

    def add(self, known: Known) -> None:
        """Note that a known place is spoken of."""
        {"road": self.roads, "landmark": self.landmarks, "area": self.areas}[known.sort].add(
            known.key
        )


def english_tokens(words: str) -> list[str]:
    """Give the words of *words*, lower case, with short forms written out."""
    found = _TOKEN.findall(words.lower().translate(_MARKS).replace("&", " and "))
    tokens: list[str] = []
    for word in found:
        if word == "st":  # a street after a name, a saint before one
            named = bool(tokens) and tokens[-1] not in COMMON_EN and not tokens[-1][0].isdigit()
            tokens.append("street" if named else "st")
        elif word == "pass" and tokens and tokens[-1] == "by":
            tokens[-1] = "bypass"
        else:
            tokens.extend(SHORT_EN.get(word, word).split())
    return tokens


class Names:
    """The known names, ready to be found in texts."""

    def __init__(self, sites: Iterable[tuple[str, Site]]) -> None:
        """Take names from *sites*, each with the sort of thing it is."""
        self._english: dict[tuple[str, ...], Known] = {}
        self._chinese: dict[str, dict[str, Known]] = {}
        self._longest = 1
        for sort, site in sites:
            known = Known(sort, site.key)
            for name in (*site.name.values(), *site.aliases):
                self._learn(name, known)
        for codes, names in DISTRICT_NAMES.items():
            for name in names.values():
                self._learn(name, Known("area", codes.value.lower()))
        self._roads = {
            " ".join(name): known for name, known in self._english.items() if known.sort == "road"
        }

    def _learn(self, name: str, known: Known) -> None:
        for spelling in _spellings(name):
            if _HAN.search(spelling):
                self._chinese.setdefault(spelling[:2], {}).setdefault(spelling, known)
            elif tokens := tuple(english_tokens(spelling)):
                self._english.setdefault(tokens, known)
                self._longest = max(self._longest, len(tokens))
        if area := _area(name, known):
            self._learn(area, Known("area", known.key.removesuffix("-mtr")))

    def read(self, words: str, mentions: Mentions) -> None:
        """Add to *mentions* what *words* speak of, whatever their languages are."""
        plain = unicodedata.normalize("NFKC", words[:LONGEST]).lower()
        plain = self._directions(self._posts(plain, mentions), mentions)
        self._read_chinese(_DASH_ZH.sub("", plain), mentions)
        self._read_english(_HAN.sub(" . ", plain), mentions)

    @staticmethod
    def _posts(words: str, mentions: Mentions) -> str:
        for pattern in (_POST_EN, _POST_ZH):
            mentions.posts.update(re.sub(r"\s", "", post) for post in pattern.findall(words))
            words = pattern.sub(" ", words)
        return words

    def _directions(self, words: str, mentions: Mentions) -> str:
        mentions.ways.update((way or letter)[0] for way, letter in _WAY_EN.findall(words))
        mentions.ways.update(_WAYS[way] for way in _WAY_ZH.findall(words))
        for found in _BOUND_EN.finditer(words):
            tokens = english_tokens(found[1])
            starts = (tuple(tokens[n:]) for n in range(len(tokens)))
            known = next((self._english[name] for name in starts if name in self._english), None)
            if known is not None:
                mentions.ways.add(known.key)
                words = words.replace(found[0], " ")
        for found in _BOUND_ZH.finditer(words):
            known = self._chinese.get(found[1][:2], {}).get(found[1])
            if known is not None:
                mentions.ways.add(known.key)
                words = words.replace(found[0], " ")
        return _WAY_ZH.sub(" ", _WAY_EN.sub(" ", words))

    def _read_english(self, words: str, mentions: Mentions) -> None:
        tokens = english_tokens(words)
        left: list[str] = []
        at = 0
        while at < len(tokens):
            length, known = self._match(tokens, at)
            if known is None or (known.sort == "area" and _goes_on(tokens, at + length)):
                left.append(tokens[at])
                at += 1
                continue
            mentions.add(known)
            if known.sort == "road":
                _house_before(left, mentions)
            left.append(".")
            at += length
        for (begin, end), sort, name in _strange_english(left):
            known = self._corrected(name) if sort == "road" else None
            if known is not None:
                mentions.add(known)
            else:
                mentions.strange.setdefault(f"{sort}-en", set()).add(name)
            if sort == "road":
                _house_before(left[:begin], mentions)
            left[begin:end] = ["."] * (end - begin)
        mentions.words.update(
            token
            for token in left
            if len(token) > 2 and token not in COMMON_EN and not token.isdigit()
        )

    def _match(self, tokens: list[str], at: int) -> tuple[int, Known | None]:
        for length in range(min(self._longest, len(tokens) - at), 0, -1):
            known = self._english.get(tuple(tokens[at : at + length]))
            if known is not None:
                return length, known
        return 1, None

    @lru_cache(maxsize=20_000)  # noqa: B019 - there is one set of names for each process
    def _corrected(self, name: str) -> Known | None:
        best = process.extractOne(
            name, self._roads.keys(), scorer=fuzz.ratio, score_cutoff=_MISSPELT
        )
        return None if best is None else self._roads[best[0]]

    def _read_chinese(self, words: str, mentions: Mentions) -> None:
        left: list[str] = []
        at = 0
        while at < len(words):
            name = self._match_chinese(words, at)
            known = self._chinese[name[:2]][name] if name else None
            area = known is not None and known.sort == "area"
            if known is None or (area and _goes_on_chinese(words[at + len(name) :])):
                left.append(words[at])
                at += 1
                continue
            mentions.add(known)
            at += len(name)
            house = _HOUSE_ZH.match(words[at : at + 16]) if known.sort == "road" else None
            if house:
                mentions.houses.add(int(house[1]))
                at += house.end()
            left.append("、")
        _strange_chinese("".join(left), mentions)

    def _match_chinese(self, words: str, at: int) -> str:
        names = self._chinese.get(words[at : at + 2])
        if not names:
            return ""
        return max((n for n in names if words.startswith(n, at)), key=len, default="")


def _spellings(name: str) -> Iterator[str]:
    """Give *name* and the ways in which people shorten it."""
    plain = unicodedata.normalize("NFKC", name)
    if not _HAN.search(plain):
        yield plain
        if plain.endswith(" MTR Station"):
            yield plain.removesuffix(" Station")
            yield plain.removesuffix(" MTR Station") + " Station"
        return
    plain = re.sub(r"[\s\-–—－]+", "", plain)
    yield plain
    if plain[:2] in {"港鐵", "港铁"}:
        yield plain[2:]
        yield plain[2:-1] + plain[:2] + "站"


def _area(name: str, known: Known) -> str:
    """Give the part of the city that a railway station is named after; "" for other names."""
    if not known.key.endswith("-mtr") or known.sort != "landmark":
        return ""
    plain = re.sub(r"^港[鐵铁]|站$", "", name) if _HAN.search(name) else name
    return plain.removesuffix(" MTR Station") if plain != name or not _HAN.search(name) else ""


def _goes_on(tokens: list[str], at: int) -> bool:
    """Tell whether the words after a part of the city make it the name of a road or building."""
    for token in tokens[at : at + 3]:
        if token in ROAD_ENDS_EN or token in LANDMARK_ENDS_EN:
            return True
        if not _can_name(token):
            return False
    return False


def _goes_on_chinese(rest: str) -> bool:
    found = _ENDING_ZH.match(rest)
    return found is not None and COMMON_ZH.match(found[0]) is None


def _house_before(left: list[str], mentions: Mentions) -> None:
    while left and left[-1] in {"no", "nos", "number", "of"}:
        left.pop()
    house = _HOUSE_EN.match(left[-1]) if left else None
    if house:
        mentions.houses.add(int(house[1]))


def _strange_english(tokens: list[str]) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Give names that end as roads or landmarks do: where in *tokens*, sort, name."""
    for end, token in enumerate(tokens):
        sort = "road" if token in ROAD_ENDS_EN else "mark" if token in LANDMARK_ENDS_EN else ""
        if sort == "mark" and _goes_on(tokens, end + 1):
            continue
        begin = end
        while sort and begin > max(0, end - 4) and _can_name(tokens[begin - 1]):
            begin -= 1
        if begin < end:
            side = end + 1 < len(tokens) and tokens[end + 1] in {"north", "south", "east", "west"}
            after = end + 1 + (side and sort == "road")
            yield (begin, after), sort, " ".join(tokens[begin:after])


def _can_name(token: str) -> bool:
    return token.isalpha() and token not in COMMON_EN and token not in ROAD_ENDS_EN


def _strange_chinese(words: str, mentions: Mentions) -> None:
    plain = COMMON_ZH.sub("、", words)
    for sort, pattern in (("road-zh", _ROAD_ZH), ("mark-zh", _MARK_ZH)):
        rest: list[str] = []
        for piece in JOINTS_ZH.split(plain):
            found = pattern.match(piece) if piece else None
            if found is None:
                rest.append(piece)
                continue
            mentions.strange.setdefault(sort, set()).add(found[0])
            house = _HOUSE_ZH.match(piece[found.end() :]) if sort == "road-zh" else None
            if house:
                mentions.houses.add(int(house[1]))
            rest.append(piece[found.end() :])
        plain = "、".join(rest)
    for run in _HAN.findall(plain):
        mentions.pairs.update(run[n : n + 2] for n in range(len(run) - 1))


@cache
def known_names() -> Names:
    """Give the names of the shipped tables of roads, landmarks, halls and hospitals."""
    tables = (
        ("road", "roads"),
        ("landmark", "landmarks"),
        ("landmark", "ha_hospitals"),
        ("landmark", "community_halls"),
    )
    return Names((sort, site) for sort, key in tables for site in default_sites(key))
