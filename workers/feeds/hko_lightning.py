"""Lightning counted in the past hour, by kind of stroke and region.

Specification: Hong Kong Observatory Open Data API Documentation, "LHL".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from cop.formats.hko import OPEN_DATA, Documents, read_languages, read_rows, slug
from cop.formats.number import read_number
from cop.formats.when import parse_time
from cop.model.entity import Placing
from cop.model.kinds import Observation, Quality
from cop.model.text import Text, merge, text
from workers.feed import (
    DATA_GOV_HK,
    HKO_LANGS,
    ContentAt,
    Feed,
    Item,
    Poll,
    Refused,
    in_languages,
)

KEY: Final = "hko_lightning"
_KINDS: Final = (
    text("Cloud-to-ground", "雲對地", "云对地"),
    text("Cloud-to-cloud", "雲對雲", "云对云"),
)
_REGIONS: Final = (
    text("New Territories West", "新界西", "新界西"),
    text("New Territories East", "新界東", "新界东"),
    text("Hong Kong Island and Kowloon", "香港島及九龍", "香港岛及九龙"),
    text("Lantau", "大嶼山", "大屿山"),
    text("Hong Kong territory", "香港境內", "香港境内"),
)
"""What the table calls things; the Chinese words were not seen: others stay as they come."""

HEAD: Final = ("lightning", "閃電", "闪电")


def parse(poll: Poll) -> Iterator[Item]:
    """Give one observation for each kind and region; the hour ends at `observed_at`."""
    documents = read_languages(
        poll.by_language("LHL"), lambda body: read_rows(body, least=4, heads=HEAD)[1]
    )
    for lang, reason in documents.problems.items():
        yield Refused(f"document {lang}", reason)
    for index, row in enumerate(documents.first):
        try:
            count = _count(index, row, documents)
        except (ValueError, IndexError) as error:
            yield Refused(",".join(row)[:120], str(error))
            continue
        yield count
        if count.observed_at is not None:
            yield ContentAt(count.observed_at)


def _count(index: int, row: list[str], documents: Documents) -> Observation:
    begin, dash, end = row[0].partition("-")
    if not dash:
        raise ValueError(f"not a period: {row[0]!r}")
    begins = parse_time(begin)
    ends = parse_time(end) + timedelta(minutes=1)  # the last minute is part of the period
    value = read_number(row[3])
    if value is not None and value < 0:
        raise ValueError(f"a negative count: {value}")
    kinds = _known(_column(documents, index, 1), _KINDS)
    regions = _known(_column(documents, index, 2), _REGIONS)
    kind, region = next(iter(kinds.values())), next(iter(regions.values()))
    return Observation(
        id=f"{KEY}:{slug(kind)}:{slug(region)}",
        feed=KEY,
        publisher="HKO",
        title={lang: f"{kinds[lang]} {regions[lang]}" for lang in kinds if lang in regions}
        or {"en": f"{kind} {region}"},
        observed_at=ends,
        valid_from=begins,
        place=regions,
        placing=Placing.REGION,
        measure="lightning",
        value=value,
        unit="1",
        band=kinds,
        quality=Quality.MISSING if value is None else Quality.OK,
        station=region,
    )


def _known(words: Text, names: tuple[Text, ...]) -> Text:
    """Complete *words* where they are one of *names*: one id whatever the language."""
    for name in names:
        if any(name[lang] == said for lang, said in words.items()):
            return merge({"en": name["en"]}, words, name)
    return words


def _column(documents: Documents, index: int, place: int) -> Text:
    """Give a cell in each language; rows of equal period in tables of equal length agree."""
    lead = documents.first
    words: Text = {}
    for lang, rows in documents.by_lang.items():
        same: Any = len(rows) == len(lead) and rows[index][0] == lead[index][0]
        if same and len(rows[index]) > place and rows[index][place]:
            words[lang] = rows[index][place]
    if not words:
        raise ValueError("the kind or the region is missing")
    return words


FEED = Feed(
    key=KEY,
    title=text("Lightning counts", "閃電次數", "闪电次数"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=in_languages(
        "LHL",
        OPEN_DATA + "opendata.php?dataType=LHL&lang={lang}&rformat=csv",
        HKO_LANGS,
        looks_like=lambda body: any(word in body[:600] for word in map(str.encode, HEAD)),
    ),
    every=timedelta(minutes=10),
    stale_after=timedelta(hours=3),
    parse=parse,
    expected=(0, 100),
)
