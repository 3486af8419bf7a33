"""Shelter announcements in press releases: which places opened or closed, by whatever name.

The publisher has no fixed form. Seen, or documented: a block of name and address, parted by tabs
or as a table, headed by a sentence; prose that opens further places; prose that closes one by
name. What is read here is a name, an address and whether the place is open or closed; help desks
are not shelters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from cop.formats.halls import SUFFIX
from cop.formats.prose import sentences
from cop.model.district import DISTRICT_NAMES, find_district
from cop.model.text import Lang

_SHELTER = re.compile(
    r"臨時(?:庇護|避寒|避暑|收容|安置)|庇護中心|避寒中心|避暑中心"
    r"|临时(?:庇护|避寒|避暑|收容|安置)|庇护中心|避寒中心|避暑中心"
    r"|(?:temporary|cold|heat|overnight|typhoon)\s+(?:\w+\s+)?shelters?",
    re.IGNORECASE,
)
_HELP_DESK = re.compile(r"援助站|求助站|help\s*desk", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:現已|已經|已|現時|均已|經已|现已|已经)(?:全部)?(?:關閉|關門|停止開放|停用|关闭|停止开放)"
    r"|(?:於|在).{1,20}?(?:關閉|关闭)"
    r"|\b(?:ha(?:s|ve)|had|was|were|is|are)\s+(?:now\s+|already\s+|all\s+|been\s+)*closed\b",
    re.IGNORECASE,
)
_MEANS_SHELTER = re.compile(
    r"社區(?:會堂|中心)|社区(?:会堂|中心)|開放|开放|\bopened\b|\bcommunity\s+(?:hall|centre)",
    re.IGNORECASE,
)
"""A closing without the word shelter speaks of one only with these: libraries close too."""

_LATER = re.compile(
    r"(?:將|将|會於|会于|會在|会在)[^，,。已]{0,20}(?:關閉|关闭|停止開放|停止开放)|\bwill\s+(?:be\s+)?clos",
    re.IGNORECASE,
)
_OPENING_ZH = re.compile(
    r"(?:開放|開設|加開|增開|開啟|设立|開闢|开放|开设|加开)(?!的|予|時間|时间|情況)(?P<list>.+?)"
    r"(?:作為|作爲|作为|用作|作|為|为)(?:\w{0,4})?(?:臨時|临时|庇護|庇护)"
)
_OPENED_ZH = re.compile(
    r"(?P<list>[^，,。]+?)(?:亦|也|均|現|现|都)?(?:已經|已经|已|現已|现已)?(?:獲|获)?(?:開放|开放)"
    r"(?:以|作|供|予|為|为|給|给)"
)
_OPENINGS_EN = (
    re.compile(
        r"\bopened\s+(?P<list>.+?)\s+as\s+(?:an?\s+|additional\s+|the\s+)*"
        r"(?:temporary|cold|heat)\s+",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bopened\s+(?:\S+\s+){0,6}?shelters?\s+(?:at|in)\s+(?P<list>.+?)"
        r"(?:\s+(?:for\s+(?:people|residents|those)|to\s+(?:provide|accommodate))\b|\.?$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:The\s+)?(?:(?:temporary|cold|heat)\s+shelters?\s+(?:at|in)\s+)?(?P<list>.+?)\s+"
        r"(?:has|have|had|was|were|is|are)\s+(?:also\s+|now\s+|been\s+)*open(?:ed)?\b",
        re.IGNORECASE,
    ),
)
_EVACUATION = re.compile(
    r"庇護|庇护|安置|疏散|收容|避寒|避暑|accommodat|evacuat|take refuge", re.IGNORECASE
)
_ALL = re.compile(
    r"(?:所有|全部|各|全港)\S{0,12}(?:庇護中心|庇护中心)|\ball\s+(?:the\s+|of\s+the\s+)?"
    r"(?:\w+\s+)?(?:temporary\s+)?shelters",
    re.IGNORECASE,
)
_VENUE_ZH = (
    "會堂|中心|體育館|运动场|運動場|學校|中學|小學|書院|學院|大樓|樓|場館|大會堂|教會|教堂|宿舍|营|營|"
    "社區會堂|綜合大樓|幼稚園|会堂|体育馆|学校|中学|小学|书院|大厦|大廈|祠堂|公所|賓館|酒店|度假村"
)
_VENUE = re.compile(
    rf"(?:{_VENUE_ZH})|\b(?:Hall|Centre|Center|School|College|Complex|Stadium|Gymnasium|Church|"
    r"Hostel|Camp|Pavilion|House|Hotel|Institute|Academy|Kindergarten)\b"
)
_ENDS_AS_VENUE = re.compile(
    r"(?:會堂|中心|體育館|學校|中學|小學|書院|学校|中学|小学|书院|会堂)$"
    r"|\b(?:Hall|Centre|Center|School|College|Church|Gymnasium|Stadium)$"
)
_ADDRESS = re.compile(
    r"^(?:\d|No\.|Shop|Unit|(?:[A-Z]{1,2}|\d+)/F)|\d+[號号]|\d+[樓楼]|[街道路邨村]$|地下$"
    r"|\b(?:Road|Street|Avenue|Lane|Path|Estate|Village|Terrace)\b",
)
_REGION = re.compile(
    r"(?:Hong Kong Island|Kowloon|(?:The )?New Territories(?: (?:East|West))?|Outlying Islands"
    r"|港島|九龍|新界|新界[東西]|港岛|九龙|離島)(?:區|区)?",
    re.IGNORECASE,
)
_HEADINGS = {
    "name": re.compile(
        r"^(?:.{0,8}(?:名稱|名称|中心|場地|场地|地點|地点)"
        r"|(?:name|shelter|venue|centre)s?\b.{0,30}|temporary shelters?.{0,20})$",
        re.IGNORECASE,
    ),
    "address": re.compile(r"^(?:地址|所在地|address(?:es)?|location)$", re.IGNORECASE),
    "district": re.compile(r"^(?:地區|区域|區域|分區|地区|district|region)$", re.IGNORECASE),
}
_BRACKETS = re.compile(
    r"\s*[（(](?P<inside>[^（()）]*(?:[（(][^（()）]*[)）][^（()）]*)?)[)）]\s*$"
)
_OPENED_EARLIER = re.compile(
    r"\s*(?:opened\s+(?:earlier|today|yesterday|previously)\S*|which\s+(?:was|were)\s+opened.*)\s*",
    re.IGNORECASE,
)

_LONGEST: Final = 100_000
"""Characters of a release that are read; of one sentence of it, and of one cell:"""
_LONGEST_SENTENCE: Final = 2_000
_LONGEST_CELL: Final = 300


@dataclass(frozen=True, slots=True)
class Announcement:
    """One place that a release says is open or closed.

    Attributes:
        name: as the release has it; "" for a closing of all shelters at once.
        address: as the release has it; "" where it gives none. Of a closing of all: the district
            that it is limited to, "" for the whole city.
        is_open: false where the release says that it has closed.
    """

    name: str
    address: str
    is_open: bool


def mentions_shelter(words: str) -> bool:
    """Tell whether *words* are about shelters at all."""
    return _SHELTER.search(words) is not None


def read_announcements(body: str) -> Iterator[Announcement]:
    """List what the plain text *body* says of shelters, in its order.

    A later announcement of the same place supersedes an earlier one of the same release.
    """
    block = _Block()
    waiting: Announcement | None = None  # a listed name whose address may be the next line
    for line in body[:_LONGEST].split("\n"):
        cells = _cells(line)
        if waiting is not None and len(cells) == 1 and _is_address(cells[0]):
            yield replace(waiting, address=cells[0])
            waiting = None
            continue
        if waiting is not None and cells:
            yield waiting
            waiting = None
        heading = _heading(cells)
        if heading:
            block = replace(block, columns=heading, open=True)
        elif len(cells) > 1:
            row = _row(cells, block.columns, is_open=not block.closing)
            if row is not None and not block.elsewhere:
                yield row
        elif cells and not _is_caption(cells[0]):
            listed = _bare(line) if block.open and not block.elsewhere else None
            if listed is not None:
                found = Announcement(*listed, is_open=not block.closing)
                waiting = None if found.address else found
                yield from () if waiting is not None else (found,)
            else:
                block = _introduced_by(line)
                yield from _prose(line)
    if waiting is not None:
        yield waiting


def _is_caption(cell: str) -> bool:
    """Tell whether *cell* only names a district or region over a part of the list."""
    words = cell.strip(" -–—:：*[]【】")
    return _REGION.fullmatch(words) is not None or find_district(words) is not None


def _is_address(line: str) -> bool:
    """Tell whether a line of its own is an address: it begins like one, or has a street's words."""
    if line.endswith(("。", ".", ":", "：")) or _is_caption(line):
        return False
    return _ADDRESS.search(line) is not None and _ENDS_AS_VENUE.search(line) is None


@dataclass(frozen=True, slots=True)
class _Block:
    """What the lines that follow are: a list, of places that closed, or of something else."""

    columns: tuple[str, ...] = ()
    open: bool = False
    closing: bool = False
    elsewhere: bool = False


def _introduced_by(line: str) -> _Block:
    introduces = line.rstrip().endswith((":", "："))
    closed = _CLOSING.search(line) is not None and _LATER.search(line) is None
    return _Block(
        open=introduces and mentions_shelter(line),
        closing=introduces and closed,
        elsewhere=introduces and _HELP_DESK.search(line) is not None and not mentions_shelter(line),
    )


def part_list(words: str, lang: Lang) -> list[tuple[str, str]]:
    """Part a list in prose into names and addresses: `A (x), B and C`, `A（甲）、B和C`."""
    joints = r"、|，|,|；|以及|及|和|與|与" if lang != "en" else r",|;|\band\b|\bas well as\b"
    parts = [part.strip() for part in _part_outside_brackets(words, joints)]
    found: list[tuple[str, str]] = []
    for part in filter(None, parts):
        name, address = _name_and_address(part)
        if found and not _VENUE.search(name):
            before, known = found[-1]
            found[-1] = (before, ", ".join(filter(None, (known, part))))
        elif _VENUE.search(name) or address:
            found.append((name, address))
    return [(name, address) for name, address in found if 2 < len(name) <= 120]


def _cells(line: str) -> list[str]:
    parts = line.split("\t") if "\t" in line else re.split(r"\s{3,}|\u3000{2,}|\s*\|\s*", line)
    return [cell.strip()[:_LONGEST_CELL] for cell in parts if cell.strip()]


def _heading(cells: list[str]) -> tuple[str, ...]:
    """Tell which column is which, when *cells* head a table; () when they do not."""
    columns = tuple(
        next((key for key, words in _HEADINGS.items() if words.match(cell)), "") for cell in cells
    )
    return columns if len(cells) > 1 and "name" in columns and "address" in columns else ()


def _row(cells: list[str], columns: tuple[str, ...], *, is_open: bool) -> Announcement | None:
    if len(cells) == len(columns):
        by_column = dict(zip(columns, cells, strict=True))
    else:
        rest = [cell for cell in cells if find_district(cell) is None and not cell.isdecimal()]
        if not rest or not (columns or _VENUE.search(rest[0])):
            return None
        by_column = {"name": rest[0], "address": " ".join(rest[1:])}
    name = by_column.get("name", "")
    if not name or _HELP_DESK.search(name):
        return None
    return Announcement(_clean(name), by_column.get("address", ""), is_open)


def _bare(line: str) -> tuple[str, str] | None:
    """Read a line of a list that has no columns: `Name, address`, `Name (address)`, a bullet."""
    words = re.sub(r"^(?:[-*•‧·]|\(?\d{1,2}[.)、])\s*", "", line.strip())
    if len(words) > 160 or words.endswith(("。", ".", ":", "：")) or not _VENUE.search(words):
        return None
    name, address = _name_and_address(words)
    if not address:
        parted = re.split(r"\s*[:：－–—,，]\s*|\s+-\s+", words, maxsplit=1)
        name, address = parted[0], parted[1] if len(parted) > 1 else ""
    return (_clean(name), address) if _VENUE.search(name) else None


def _prose(line: str) -> Iterator[Announcement]:
    for whole in sentences(line):
        sentence = " ".join(whole[:_LONGEST_SENTENCE].split())
        if _HELP_DESK.search(sentence) and not mentions_shelter(sentence):
            continue
        if _LATER.search(sentence):
            continue
        if _CLOSING.search(sentence):
            if _MEANS_SHELTER.search(sentence) or mentions_shelter(sentence):
                yield from _closings(sentence)
        else:
            yield from _openings(sentence)


def _closings(sentence: str) -> Iterator[Announcement]:
    if _ALL.search(sentence):
        yield Announcement("", _district_named_in(sentence), is_open=False)
        return
    match = _CLOSING.search(sentence)
    subject = sentence[: match.start()] if match else ""
    lang: Lang = "zh-Hant" if re.search(r"[\u4e00-\u9fff]", subject) else "en"
    if lang == "en":
        subject = _OPENED_EARLIER.sub(" ", subject)
        subject = re.sub(r"^.*?\bshelters?\s+(?:at|in)\s+", "", subject, flags=re.IGNORECASE)
        subject = re.sub(r"^(?:In\s+addition|Meanwhile|Besides)\b,?\s*", "", subject)
    else:
        subject = re.sub(r"^.*(?:開放|開設|設立|开放|开设|设立)的", "", subject)
        subject = re.split(r"[，,]", subject)[-1] if "、" not in subject else subject
        subject = re.sub(r"^(?:位於|設於|在|另外|而|其中)|(?:現已|經已|已經|已|均)++$", "", subject)
    for name, address in part_list(subject, lang):
        yield Announcement(_clean(name), address, is_open=False)


def _district_named_in(sentence: str) -> str:
    """Give the code of the one district that *sentence* names; "" for none or several."""
    named = {
        code.value
        for code, names in DISTRICT_NAMES.items()
        if any(
            re.search(rf"{re.escape(name.rstrip('區区'))}(?:區|区|\b)", sentence)
            for name in names.values()
            if len(name) > 2 or not name.isascii()
        )
    }
    return named.pop() if len(named) == 1 else ""


def _openings(sentence: str) -> Iterator[Announcement]:
    lang: Lang = "zh-Hant" if re.search(r"[\u4e00-\u9fff]", sentence) else "en"
    if _EVACUATION.search(sentence) is None and not mentions_shelter(sentence):
        return
    patterns = _OPENINGS_EN if lang == "en" else (_OPENING_ZH, _OPENED_ZH)
    matches = (pattern.search(sentence) for pattern in patterns)
    match = next(filter(None, matches), None)
    listed = (
        re.sub(r"^(?:the|a|an)\s+", "", match["list"].strip(), flags=re.IGNORECASE) if match else ""
    )
    for name, address in part_list(listed, lang):
        if _VENUE.search(name) and not _HELP_DESK.search(name) and not _SHELTER.fullmatch(name):
            yield Announcement(_clean(name), address, is_open=True)


def _name_and_address(part: str) -> tuple[str, str]:
    """Take the last bracket, if it closes *part*, as the address; brackets before it are name."""
    part = SUFFIX.sub("", part).strip()
    brackets = _BRACKETS.search(part)
    if brackets is None:
        return part, ""
    return SUFFIX.sub("", part[: brackets.start()]).strip(), brackets["inside"].strip()


def _clean(name: str) -> str:
    name = re.sub(r"^(?:the\s+|以下|包括|including\s+)", "", name.strip(), flags=re.IGNORECASE)
    shortened = SUFFIX.sub("", name).strip(" 　,，、:：")
    return shortened or name.strip()


def _part_outside_brackets(words: str, joints: str) -> Iterator[str]:
    """Part *words* at *joints* that stand outside brackets, but not inside a known word."""
    depth = start = 0
    for match in re.finditer(rf"[（(]|[)）]|{joints}", words):
        mark = match.group()
        if mark in "（(":
            depth += 1
        elif mark in ")）":
            depth = max(0, depth - 1)
        elif depth == 0 and _is_joint(words, match.start(), match.end()):
            yield words[start : match.start()]
            start = match.end()
    yield words[start:]


def _is_joint(words: str, start: int, end: int) -> bool:
    """Tell whether the mark parts two items: 和 and 及 also stand inside names (太和, 和興)."""
    if words[start:end] not in ("和", "及", "與", "与"):
        return True
    before = words[:start]
    return before.endswith(("）", ")")) or re.search(rf"(?:{_VENUE_ZH})$", before) is not None
